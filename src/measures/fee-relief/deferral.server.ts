/** Deferring what is owed: asked for in one step, moved by itself when the rule is extended, settled by payments. */
import { sql } from 'kysely'
import { lockCharges, mine, moveDue } from '../../commons/accounts/index.server.ts'
import { missingScope, profileOf } from '../../commons/people/index.server.ts'
import { isUuid } from '../../commons/people/index.ts'
import { decideLine, type Benefit, type LivePolicy } from '../../commons/policies/index.ts'
import { policiesInForce, settingOf } from '../../commons/policies/index.server.ts'
import { platform } from '../../core/access.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type Facts } from '../../core/eligibility/facts.ts'
import { UNKNOWN, YES } from '../../core/eligibility/rule.ts'
import { fen, type Fen } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { recordNumber } from '../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce, nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { datesProblem, graces, planDates, stageOf } from './deferral.ts'
import type { Deferral, DeferralBasis, PlanDate, Stage } from './model.ts'
import { factsRead } from './order-relief.ts'
import { pledgeStanding } from './pledges.server.ts'
import { deferralWorkflow } from './workflow.ts'
import './tables.server.ts'

export type Standing = Deferral & { outstanding: bigint; stage: Stage }

/** Deferrals that the actor may see, with what is left of each and the step that it has come to. */
export async function standingOf(
  ctx: Ctx,
  { institutionId, orgId, all }: { institutionId?: string; orgId?: string; all?: boolean } = {},
): Promise<Standing[]> {
  const rows = await ctx.db
    .selectFrom('deferrals as d')
    .selectAll('d')
    .select(
      sql<bigint>`coalesce((select sum(c.outstanding_fen) from charges c where c.province = d.province and c.deferral_id = d.id), 0)::bigint`.as(
        'outstanding',
      ),
    )
    .where(mine(ctx, 'd'))
    .$if(!all, (qb) => qb.where('d.state', '=', 'open'))
    .$if(institutionId !== undefined, (qb) => qb.where('d.institution_id', '=', institutionId!))
    .$if(orgId !== undefined, (qb) => qb.where('d.org_id', '=', orgId!))
    .orderBy('d.term_ends_on')
    .limit(500)
    .execute()
  const today = shanghaiDate(ctx.now)
  return rows.map((row) => ({
    ...(row as unknown as Deferral),
    outstanding: row.outstanding,
    stage: stageOf(row.term_ends_on, row.outstanding, today),
  }))
}

/** The policy that lets this enterprise defer longest by itself, or why none does. */
export async function deferralOffer(
  ctx: Ctx,
  orgId: string,
): Promise<{ policy: LivePolicy; benefit: Benefit; basis: DeferralBasis } | Refusal> {
  const own: Ctx = { ...ctx, actor: platform }
  const today = shanghaiDate(ctx.now)
  const profile = await profileOf(own, orgId)
  if (!profile) return refuse('missing', '没有这家企业，请重新选择。')
  const setting = await settingOf(ctx, today)
  const facts: Facts = { ...profile.facts, acceptedOn: today }
  const policies = (await policiesInForce(ctx, today))
    .map((policy) => ({ policy, content: { ...policy.content, benefits: policy.content.benefits.filter(({ kind }) => kind === 'defer') } }))
    .filter(({ content }) => content.benefits.length > 0)
  const decided = policies.map(({ policy, content }) => ({ policy, line: decideLine(content, facts, setting) }))
  const best = decided
    .filter(({ line }) => line.truth === YES && line.force === 'apply' && line.benefit?.deferDays)
    .toSorted((a, b) => b.line.benefit!.deferDays! - a.line.benefit!.deferDays!)[0]
  if (!best) {
    const asks = decided.filter(({ line }) => line.truth === UNKNOWN && line.force === 'apply').flatMap(({ line }) => line.decision.ask)
    return asks.length > 0
      ? refuse(
          'conflict',
          `还不知道${[...new Set(asks)].map((fact) => `“${catalogue[fact].label}”`).join('、')}，请先在“企业信息”里补充，再申请缓缴。`,
          { code: 'FACTS_MISSING' },
        )
      : refuse('conflict', '现在没有适用于贵单位的缓收政策；51号文二只鼓励缓收，以当地办法为准。可以与机构约定付款日期。', {
          code: 'NO_DEFERRAL_RULE',
        })
  }
  const pledge = await pledgeStanding(own, profile)
  if (pledge === 'broken') return refuse('conflict', '承诺的情况经核查不属实，请先更正企业信息、重新承诺。', { code: 'PLEDGE_BROKEN' })
  if (pledge === 'missing') return refuse('conflict', '请先签承诺书（一次即可），再申请缓缴。', { code: 'PLEDGE_MISSING' })
  const { policy, line } = best
  const read = new Set(factsRead(line.decision.trace))
  const basis: DeferralBasis = {
    slug: policy.slug,
    title: policy.content.title,
    docNumber: policy.content.docNumber,
    article: policy.content.clauses.find(({ id }) => id === line.benefit!.src)?.article ?? null,
    versionId: policy.versionId,
    versionNumber: policy.number,
    deferDays: line.benefit!.deferDays!,
    facts: Object.fromEntries([...read].flatMap((fact) => (facts[fact] === undefined ? [] : [[fact, facts[fact]]]))),
  }
  return { policy, benefit: line.benefit!, basis }
}

/** Defers charges of one's own at one institution: to one day, or to several with equal parts. */
export const deferCharges = (
  ctx: Ctx,
  form: { chargeIds: readonly string[]; days?: readonly string[] | undefined },
): Promise<{ id: string; number: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'enterprise') return refuse('forbidden', '缓缴由企业自己申请，请以企业身份登录。')
    const beyond = await missingScope(tx, 'money')
    if (beyond) return beyond
    const province = tx.actor.region.slice(0, 2)
    const ids = form.chargeIds.filter((id) => isUuid(id))
    const charges = (await lockCharges(tx, province, { ids })).filter(
      ({ org_id, outstanding_fen }) => org_id === tx.actor.org_id && outstanding_fen > 0n,
    )
    if (charges.length === 0 || charges.length < new Set(form.chargeIds).size)
      return refuse('conflict', '请选择还没有付清的费用；刚才的列表可能已有变化，请刷新。', {
        fields: { chargeIds: '请选择还没有付清的费用' },
      })
    const [first] = charges
    if (charges.some(({ institution_id }) => institution_id !== first!.institution_id))
      return refuse('invalid', '一次缓缴只能是同一家机构的费用，请分开申请。')
    const twice = charges.find(({ deferral_id }) => deferral_id !== null)
    if (twice) return refuse('conflict', `“${twice.title}”已经在缓缴中，不能再缓一次。`, { code: 'DEFERRED_ALREADY' })
    const offer = await deferralOffer(tx, tx.actor.org_id)
    if (isRefusal(offer)) return offer
    const today = shanghaiDate(tx.now)
    const termEndsOn = addDays(today, offer.basis.deferDays)
    const total = fen(charges.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n))
    return open(tx, charges, {
      kind: 'rule',
      policyId: offer.policy.policyId,
      basis: offer.basis,
      termEndsOn,
      dates: planDates(total, form.days?.length ? form.days : [termEndsOn]),
      total,
    })
  })

interface Opening {
  kind: Deferral['kind']
  policyId: string | null
  basis: Deferral['basis']
  termEndsOn: string
  dates: PlanDate[]
  total: Fen
}

async function open(
  tx: Ctx,
  charges: Awaited<ReturnType<typeof lockCharges>>,
  opening: Opening,
): Promise<{ id: string; number: string } | Refusal> {
  const today = shanghaiDate(tx.now)
  const problem = datesProblem(opening.dates, { total: opening.total, today, termEndsOn: opening.termEndsOn })
  if (problem) return problem
  const [first] = charges
  const { province, org_id, region, institution_id, institution_name } = first!
  const id = uuidv7()
  const year = Number(today.slice(0, 4))
  const number = recordNumber(province, year, await nextNumber(tx, province, deferralWorkflow.name, year))
  await tx.db
    .insertInto('deferrals')
    .values({
      province,
      id,
      number,
      org_id,
      org_name: tx.actor.role === 'enterprise' ? tx.actor.org_name : await nameOf(tx, province, org_id),
      region,
      institution_id,
      institution_name,
      state: deferralWorkflow.start,
      kind: opening.kind,
      policy_id: opening.policyId,
      basis: jsonb(opening.basis) as never,
      starts_on: today,
      term_ends_on: opening.termEndsOn,
      dates: jsonb(opening.dates) as never,
      total_fen: opening.total,
      asked_by: tx.actor.id,
      asked_by_name: tx.actor.name,
      created_at: tx.now,
      ended_at: null,
    })
    .execute()
  await moveDue(
    tx,
    province,
    charges.map(({ id: charge }) => charge),
    { dueOn: opening.dates.at(-1)!.dueOn, deferralId: id },
  )
  await tellDeferral(tx, { id, number, province, region, org_id }, opening.kind === 'rule' ? 'opened' : 'agreed', {
    totalFen: String(opening.total),
    dates: opening.dates,
    charges: charges.length,
  })
  return { id, number }
}

const nameOf = async ({ db }: Ctx, province: string, id: string): Promise<string> =>
  (await db.selectFrom('organisations').select('name').where('province', '=', province).where('id', '=', id).executeTakeFirstOrThrow()).name

export const tellDeferral = (
  tx: Ctx,
  row: Pick<Deferral, 'id' | 'number' | 'province' | 'region' | 'org_id'>,
  action: string,
  detail: Record<string, unknown> = {},
) =>
  announce(tx, {
    subject: deferralWorkflow.name,
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number,
    detail,
  })

/** After the term: the enterprise and the institution agree on dates; with it new orders are accepted again. At most a year from today. */
export const agreePlan = (
  ctx: Ctx,
  deferralId: string,
  form: { days: readonly string[] },
): Promise<{ id: string; number: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = isUuid(deferralId)
      ? ((await tx.db
          .selectFrom('deferrals as d')
          .selectAll('d')
          .where('d.id', '=', deferralId)
          .where(mine(tx, 'd'))
          .forUpdate()
          .executeTakeFirst()) as Deferral | undefined)
      : undefined
    if (!row) return refuse('missing', '没有这张缓缴单，或不归您办理。')
    if (tx.actor.role === 'enterprise') {
      const beyond = await missingScope(tx, 'money')
      if (beyond) return beyond
    }
    const next = advance(deferralWorkflow, row, 'agree', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const today = shanghaiDate(tx.now)
    if (row.term_ends_on >= today)
      return refuse('conflict', `缓缴期到 ${row.term_ends_on} 才满，现在不用另约付款计划。`, { code: 'IN_TERM' })
    const { rows } = await sql<{
      id: string
    }>`select id from charges where province = ${row.province} and deferral_id = ${row.id} and outstanding_fen > 0`.execute(tx.db)
    const charges = await lockCharges(tx, row.province, { ids: rows.map(({ id }) => id) })
    if (charges.length === 0) return refuse('conflict', '这张缓缴单已经付清，不用再约。')
    const total = fen(charges.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n))
    await tx.db
      .updateTable('deferrals')
      .set({ state: next.to, ended_at: tx.now, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tellDeferral(tx, row, 'ended')
    const termEndsOn = form.days.toSorted().at(-1) ?? today
    if (termEndsOn > addDays(today, 365)) return refuse('invalid', '付款计划最长一年。', { fields: { days: '付款计划最长一年' } })
    return open(tx, charges, {
      kind: 'agreed',
      policyId: null,
      basis: { agreed: `缓缴单 ${row.number} 期满后约定，期满后 ${graces.prepay} 天起新的收费委托须先约定` },
      termEndsOn,
      dates: planDates(total, form.days.toSorted()),
      total,
    })
  })
