/** 承诺书: signed once, good until what was pledged changes or is found untrue. */
import { sql } from 'kysely'
import { missingScope, profileOf } from '../../commons/people/index.server.ts'
import { isUuid, type Profile } from '../../commons/people/index.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce, canonical } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { pledgeWording, type Pledge } from './model.ts'
import { pledgeReaders, pledgeWorkflow } from './workflow.ts'
import './tables.server.ts'

/** Facts that the enterprise itself reported and that are no list of its ledger: what a pledge is about. */
export function pledgedFacts({ stored }: Pick<Profile, 'stored'>): Facts {
  const own = stored.filter(({ fact, source }) => fact !== 'instruments' && source !== '营业执照' && source !== '器具台账')
  return Object.fromEntries(own.map(({ fact, value }) => [fact, value]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

/** `missing` also where the facts are others than those that were pledged. */
export async function pledgeStanding({ db }: Ctx, profile: Pick<Profile, 'org' | 'stored'>): Promise<'standing' | 'missing' | 'broken'> {
  const row = await db
    .selectFrom('relief_pledges')
    .select(['state', 'facts'])
    .where('province', '=', profile.org.province)
    .where('org_id', '=', profile.org.id)
    .where('state', '<>', 'replaced')
    .orderBy('signed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return 'missing'
  const same = canonical(row.facts) === canonical(pledgedFacts(profile))
  if (row.state === 'broken') return same ? 'broken' : 'missing'
  return same ? 'standing' : 'missing'
}

/** Signed for one's own enterprise; the one before is replaced. Signing what stands already changes nothing. */
export const signPledge = (ctx: Ctx): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const profile = tx.actor.role === 'enterprise' ? await profileOf(tx, tx.actor.org_id) : undefined
    if (!profile) return refuse('forbidden', '承诺书由企业自己签，请以企业身份登录。')
    const beyond = await missingScope(tx, 'policy')
    if (beyond) return beyond
    const { org } = profile
    const before = (await tx.db
      .selectFrom('relief_pledges')
      .selectAll()
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('state', '<>', 'replaced')
      .forUpdate()
      .execute()) as Pledge[]
    const standing = await pledgeStanding(tx, profile)
    if (standing === 'standing') return { id: before[0]!.id }
    if (standing === 'broken')
      return refuse('conflict', '上次承诺的情况经核查不属实，请先更正企业信息，再重新承诺。', { code: 'PLEDGE_BROKEN' })
    for (const row of before) {
      const next = advance(pledgeWorkflow, row, 'replace', tx.actor, tx.now)
      if (isRefusal(next)) return next
      await tx.db
        .updateTable('relief_pledges')
        .set({ state: next.to, version: sql`version + 1` })
        .where('province', '=', org.province)
        .where('id', '=', row.id)
        .execute()
    }
    const id = uuidv7()
    const facts = pledgedFacts(profile)
    await tx.db
      .insertInto('relief_pledges')
      .values({
        province: org.province,
        id,
        org_id: org.id,
        region: org.region,
        state: pledgeWorkflow.start,
        facts: jsonb(facts) as never,
        wording: pledgeWording,
        signed_by: tx.actor.id,
        signed_by_name: tx.actor.name,
        signed_at: tx.now,
        checked_by: null,
        checked_by_name: null,
        checked_at: null,
        opinion: null,
      })
      .execute()
    await tell(tx, { id, province: org.province, region: org.region, org_id: org.id }, 'signed', { facts })
    return { id }
  })

const tell = (
  tx: Ctx,
  row: { id: string; province: string; region: string; org_id: string },
  action: string,
  detail: Record<string, unknown>,
) =>
  announce(tx, {
    subject: 'relief-pledge',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: '减免缓承诺书',
    detail,
  })

export const checkPledge = (
  ctx: Ctx,
  id: string,
  form: { step: 'confirm' | 'break'; opinion: string; version: number },
): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = isUuid(id)
      ? ((await tx.db
          .selectFrom('relief_pledges')
          .selectAll()
          .where('id', '=', id)
          .where(visible(tx.actor, pledgeReaders))
          .forUpdate()
          .executeTakeFirst()) as Pledge | undefined)
      : undefined
    if (!row) return refuse('missing', '没有这份承诺书，或不归您看。')
    if (row.version !== form.version) return refuse('conflict', '这份承诺书刚有变化，请核对后再办理。', { code: 'STALE' })
    const next = advance(pledgeWorkflow, row, form.step, tx.actor, tx.now, form.opinion)
    if (isRefusal(next)) return next
    await tx.db
      .updateTable('relief_pledges')
      .set({
        state: next.to,
        checked_by: tx.actor.id,
        checked_by_name: tx.actor.name,
        checked_at: tx.now,
        opinion: form.opinion.trim() || null,
        version: sql`version + 1`,
      })
      .where('province', '=', row.province)
      .where('id', '=', id)
      .execute()
    await tell(tx, row, form.step === 'confirm' ? 'confirmed' : 'broken', form.opinion.trim() ? { opinion: form.opinion.trim() } : {})
    return { id }
  })

export async function listPledges(
  ctx: Ctx,
  { page = 1, pageSize = 20 }: { page?: number; pageSize?: number } = {},
): Promise<{ rows: (Pledge & { org_name: string })[]; total: number }> {
  const own = ctx.db
    .selectFrom('relief_pledges as p')
    .where(visible(ctx.actor, pledgeReaders, { table: 'p' }))
    .where('p.state', '<>', 'replaced')
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'p.province').onRef('o.id', '=', 'p.org_id'))
    .selectAll('p')
    .select('o.name as org_name')
    .orderBy('p.signed_at', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as (Pledge & { org_name: string })[], total: Number(n) }
}
