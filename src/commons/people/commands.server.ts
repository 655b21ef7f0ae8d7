/** What people do: register, delegate, record what is known of an enterprise. */
import { allowed, roles, type Role } from '../../core/access.ts'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import type { FactId } from '../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { checkUscc } from '../../core/uscc.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { findRegion } from '../../core/regions.ts'
import {
  readPersonNumber,
  type Duty,
  type Membership,
  type Organisation,
  type OrganisationKind,
  type Scope,
  type StoredFact,
} from './model.ts'
import { checkFact, checkFactName, sameValue } from './profile-rules.ts'
import { actingMembership, findMembership, findOrganisation, findPersonByNumber, membershipsOf } from './queries.server.ts'
import { daysProblem, doubleProblem, grantProblem, termProblem } from './rules.ts'
import { missingScope } from './scope.server.ts'
import { toFact, toOrganisation } from './tables.server.ts'
import { workflow, type MembershipStep } from './workflow.ts'

/** Registration is the platform's: codes are checked by GB 32100-2015, one code is one organisation. */
export async function createOrganisation(
  ctx: Ctx,
  given: { kind: OrganisationKind; name: string; uscc: string | null; region: string; demo?: boolean },
): Promise<Organisation | Refusal> {
  if (ctx.actor.role !== 'admin') return refuse('forbidden', '单位由平台管理员登记，您当前的身份不能办理')
  if (!findRegion(given.region)) return refuse('invalid', '地区代码不在 GB/T 2260 中，请核对', { fields: { region: '没有这个地区' } })
  const checked = given.uscc === null ? null : checkUscc(given.uscc)
  if (isRefusal(checked)) return checked
  return inTx(ctx, async (tx) => {
    const province = given.region.slice(0, 2)
    const same = checked && (await tx.db.selectFrom('organisations').select('name').where('uscc', '=', checked.code).executeTakeFirst())
    if (same) return refuse('conflict', `统一社会信用代码已经登记为“${same.name}”，不能重复登记`, { fields: { uscc: '已经登记' } })
    const row = {
      province,
      id: uuidv7(),
      kind: given.kind,
      name: given.name,
      uscc: checked?.code ?? null,
      region: given.region,
      demo: given.demo ?? false,
      created_at: tx.now,
      version: 1,
    }
    await tx.db.insertInto('organisations').values(row).execute()
    await announce(tx, {
      subject: 'organisation',
      subjectId: row.id,
      action: 'registered',
      province,
      region: row.region,
      orgId: row.id,
      title: row.name,
    })
    return toOrganisation(row)
  })
}

export async function createPerson(ctx: Ctx, given: { name: string; userId?: string }): Promise<{ id: string } | Refusal> {
  if (ctx.actor.role !== 'admin') return refuse('forbidden', '人员由平台管理员登记，您当前的身份不能办理')
  const id = uuidv7()
  await ctx.db
    .insertInto('persons')
    .values({ id, user_id: given.userId ?? null, name: given.name, created_at: ctx.now, version: 1 })
    .execute()
  return { id }
}

export interface GrantInput {
  orgId: string
  personId: string
  role: Role
  duty: Duty
  scope: readonly Scope[]
  startsOn: string
  endsOn?: string | undefined
}

/** 法定代表人 and staff are registered by the platform; managers and clerks by whoever holds the duty above them. */
export async function grantMembership(ctx: Ctx, given: GrantInput): Promise<Membership | Refusal> {
  return inTx(ctx, async (tx) => {
    const org = await findOrganisation(tx, given.orgId)
    if (!org) return refuse('missing', '没有这个单位，或不归您办理')
    const held = await membershipsOf(tx, org.province, org.id)
    const double = doubleProblem(
      held.filter((each) => each.role === given.role),
      given.personId,
      shanghaiDate(tx.now),
    )
    if (tx.actor.role !== 'admin') {
      const acting = actingMembership(tx, held)
      const reason = grantProblem(acting, { ...given, endsOn: given.endsOn ?? null }, shanghaiDate(tx.now))
      if (reason) return refuse('forbidden', reason)
      // Nobody makes somebody else what they are not: a firm's manager appoints people of the firm, never officials.
      if (given.role !== tx.actor.role)
        return refuse('forbidden', `您以${roles[tx.actor.role]}的身份授权，不能授予${roles[given.role]}的身份`)
    }
    if (double) return refuse('conflict', double)
    const row = {
      province: org.province,
      id: uuidv7(),
      org_id: org.id,
      region: org.region,
      person_id: given.personId,
      role: given.role,
      duty: given.duty,
      scope: [...given.scope],
      granted_by: tx.actor.role === 'admin' ? null : tx.actor.id,
      starts_on: given.startsOn,
      ends_on: given.endsOn ?? null,
      state: 'active' as const,
      created_at: tx.now,
      version: 1,
    }
    await tx.db.insertInto('memberships').values(row).execute()
    await tell(tx, 'granted', row.id, org, { duty: given.duty, scope: given.scope, startsOn: given.startsOn, endsOn: given.endsOn ?? null })
    return (await membershipsOf(tx, org.province, org.id)).find(({ id }) => id === row.id)!
  })
}

/** What a colleague asks for on the page: the person by number and name, the rest as in `grantMembership`, in one's own organisation. */
export async function delegate(
  ctx: Ctx,
  {
    personNumber,
    personName,
    startsOn,
    ...given
  }: Omit<GrantInput, 'orgId' | 'personId' | 'role' | 'startsOn'> & {
    personNumber: string
    personName: string
    startsOn?: string | undefined
  },
): Promise<Membership | Refusal> {
  const number = readPersonNumber(personNumber)
  const person = number && (await findPersonByNumber(ctx, number, personName.trim()))
  if (!person) {
    const reason = '没有编号和姓名都相符的人：请对方登录后，把页面上的个人编号告诉您'
    return refuse('invalid', `${reason}。`, { fields: { personNumber: reason } })
  }
  const { role, org_id: orgId } = ctx.actor
  return grantMembership(ctx, { ...given, orgId, role, personId: person.id, startsOn: startsOn ?? shanghaiDate(ctx.now) })
}

const tell = (ctx: Ctx, action: string, id: string, org: Pick<Organisation, 'province' | 'region' | 'id'>, detail: unknown) =>
  announce(ctx, { subject: 'membership', subjectId: id, action, province: org.province, region: org.region, orgId: org.id, detail })

export const renewMembership = (ctx: Ctx, id: string, given: { endsOn: string; version: number }) => step(ctx, id, 'renew', given)
export const endMembership = (ctx: Ctx, id: string, given: { version: number }) => step(ctx, id, 'end', given)

const staleForm = () => refuse('conflict', '这项授权刚被别人改过，请刷新后再办')

async function step(
  ctx: Ctx,
  id: string,
  name: MembershipStep,
  given: { endsOn?: string; version: number },
): Promise<Membership | Refusal> {
  return inTx(ctx, async (tx) => {
    const held = await findMembership(tx, id)
    if (!held) return refuse('missing', '没有这项授权，或不归您办理')
    if (held.version !== given.version) return staleForm()
    const acting = tx.actor.role === 'admin' ? undefined : actingMembership(tx, await membershipsOf(tx, held.province, held.orgId))
    const row = {
      state: held.state,
      org_id: held.orgId,
      region: held.region,
      person_id: held.personId,
      duty: held.duty,
      scope: held.scope,
      acting,
    }
    const next = advance(workflow, row, name, tx.actor, tx.now)
    if (isRefusal(next)) return next
    const today = shanghaiDate(tx.now)
    const term = { startsOn: held.startsOn, endsOn: given.endsOn ?? null }
    const reason = name === 'end' ? undefined : acting ? termProblem(acting, term, today) : daysProblem(term, today)
    if (reason) return refuse('invalid', reason, { fields: { endsOn: reason } })
    const updated = await tx.db
      .updateTable('memberships')
      .set({ state: next.to, version: held.version + 1, ...(name === 'renew' && { ends_on: given.endsOn! }) })
      .where('province', '=', held.province)
      .where('id', '=', held.id)
      // Two people may decide at the same moment: the second one is told, not overruled.
      .where('version', '=', held.version)
      .returning('id')
      .executeTakeFirst()
    if (!updated) return staleForm()
    await tell(
      tx,
      name === 'renew' ? 'renewed' : 'ended',
      id,
      { province: held.province, region: held.region, id: held.orgId },
      { before: held.endsOn, after: given.endsOn ?? null },
    )
    return { ...held, state: next.to, version: held.version + 1, endsOn: given.endsOn ?? held.endsOn }
  })
}

export interface FactInput {
  fact: string
  value: unknown
}

/** Records one fact; the same value only becomes fresher. `value: null` takes the fact off the record. */
export const recordFact = (
  ctx: Ctx,
  { orgId, fact, value, source, asOf }: FactInput & { orgId: string; source: string; asOf: string },
): Promise<readonly FactId[] | Refusal> => recordFacts(ctx, orgId, [{ fact, value }], { source, asOf })

/** Records several facts at once, as one event; gives the facts whose value really changed. */
export async function recordFacts(
  ctx: Ctx,
  orgId: string,
  given: readonly FactInput[],
  { source, asOf }: { source: string; asOf: string },
): Promise<readonly FactId[] | Refusal> {
  return inTx(ctx, async (tx) => {
    const org = await findOrganisation(tx, orgId)
    if (!org) return refuse('missing', '没有这家企业，或不归您办理')
    if (!allowed(['enterprise:own', 'regulator:region', 'admin:any'], tx.actor, { org_id: org.id, region: org.region }))
      return refuse('forbidden', '您当前的身份不能更新这家企业的信息')
    const beyond = await missingScope(tx, 'policy')
    if (beyond) return beyond
    if (!isIsoDate(asOf)) return refuse('invalid', '数据日期请按年-月-日填写，如 2026-11-23', { fields: { asOf: '请按年-月-日填写' } })
    if (asOf > shanghaiDate(tx.now)) return refuse('invalid', `数据日期 ${asOf} 晚于今天，请改正`, { fields: { asOf: '不能晚于今天' } })
    const stored = (
      await tx.db
        .selectFrom('profile_facts')
        .selectAll()
        .where('province', '=', org.province)
        .where('org_id', '=', org.id)
        .forUpdate()
        .execute()
    ).map(toFact)
    const changes: { fact: FactId; before: unknown; after: unknown }[] = []
    for (const { fact: name, value } of given) {
      const fact = checkFactName(name)
      if (isRefusal(fact)) return fact
      const before = stored.find((each) => each.fact === fact)
      const after = value === null ? null : checkFact(fact, value, org)
      if (isRefusal(after)) return after
      if (after === null) await forget(tx, org, fact)
      else await keep(tx, org, { fact, value: after, source, asOf })
      if (!sameValue(before?.value, after ?? undefined)) changes.push({ fact, before: before?.value ?? null, after })
    }
    if (changes.length > 0)
      await announce(tx, {
        subject: 'profile',
        subjectId: org.id,
        action: 'changed',
        province: org.province,
        region: org.region,
        orgId: org.id,
        detail: { fact: changes[0]!.fact, before: changes[0]!.before, after: changes[0]!.after, facts: changes, source, asOf },
      })
    return changes.map(({ fact }) => fact)
  })
}

const forget = ({ db }: Ctx, org: Organisation, fact: FactId) =>
  db.deleteFrom('profile_facts').where('province', '=', org.province).where('org_id', '=', org.id).where('fact', '=', fact).execute()

async function keep(
  ctx: Ctx,
  org: Organisation,
  { fact, value, source, asOf }: Pick<StoredFact, 'fact' | 'value' | 'source' | 'asOf'>,
): Promise<void> {
  const columns = { value: jsonb(value), source, as_of: asOf, confirmed_by: ctx.actor.org_id ? ctx.actor.id : null, confirmed_at: ctx.now }
  await ctx.db
    .insertInto('profile_facts')
    .values({ province: org.province, org_id: org.id, fact, ...columns })
    .onConflict((oc) => oc.columns(['province', 'org_id', 'fact']).doUpdateSet(columns))
    .execute()
}
