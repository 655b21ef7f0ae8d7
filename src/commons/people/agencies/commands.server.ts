/** Consent to an agency, prolong it, take it back, resign it. Each in one transaction with its event. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { readPersonNumber } from '../model.ts'
import { actingMembership, findOrganisation, findPersonByNumber, membershipsOf } from '../queries.server.ts'
import { isInForce } from '../rules.ts'
import { isAgentRole, type Agency, type AgencyScope, type AgentRole } from './model.ts'
import { findAgency } from './queries.server.ts'
import { agencyScopeProblem, agencyTermProblem, consentProblem, mayBeAgent, whoMayBeAgent } from './rules.ts'
import { workflow, type AgencyStep } from './workflow.ts'

export interface ConsentInput {
  personNumber: string
  personName: string
  scope: readonly AgencyScope[]
  purpose: string
  startsOn?: string | undefined
  endsOn: string
}

/** The enterprise of the actor lets one person of another organisation act for it. */
export const consentToAgency = (ctx: Ctx, given: ConsentInput): Promise<Agency | Refusal> =>
  inTx(ctx, async (tx) => {
    const today = shanghaiDate(tx.now)
    const org = tx.actor.role === 'enterprise' ? await findOrganisation(tx, tx.actor.org_id) : undefined
    if (!org) return refuse('forbidden', '代办由企业自己同意，请以企业的法定代表人或管理员身份登录')
    const held = await membershipsOf(tx, org.province, org.id)
    const acting = actingMembership(tx, held)
    const problem = consentProblem(acting, today)
    if (problem || !acting) return refuse('forbidden', problem ?? '您不能同意代办')
    const startsOn = given.startsOn ?? today
    if (startsOn < today) return refuse('invalid', '代办从今天或以后开始，不能倒签日期', { fields: { startsOn: '不能早于今天' } })
    const scopeReason = agencyScopeProblem(acting, given.scope)
    if (scopeReason) return refuse('invalid', scopeReason, { fields: { scope: scopeReason } })
    const termReason = agencyTermProblem(acting, { startsOn, endsOn: given.endsOn }, today)
    if (termReason) return refuse('invalid', termReason, { fields: { endsOn: termReason } })
    const agent = await agentByNumber(tx, given)
    if (isRefusal(agent)) return agent
    if (held.some((each) => each.personId === agent.personId && isInForce(each, today)))
      return refuse('conflict', '此人已有本单位的授权，以自己的身份办理即可，不用代办')
    // One line for all consents of this enterprise: two managers who consent at once must not both succeed.
    await tx.db
      .selectFrom('organisations')
      .select('id')
      .where('province', '=', org.province)
      .where('id', '=', org.id)
      .forUpdate()
      .executeTakeFirst()
    const open = await tx.db
      .selectFrom('agencies')
      .select('ends_on')
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('agent_person_id', '=', agent.personId)
      .where('state', '=', 'active')
      .executeTakeFirst()
    if (open) return refuse('conflict', `本单位对此人已有一份代办（到 ${open.ends_on}），请给它续期；要换范围，请先撤回再重新同意`)
    const id = uuidv7()
    await tx.db
      .insertInto('agencies')
      .values({
        province: org.province,
        id,
        org_id: org.id,
        region: org.region,
        agent_person_id: agent.personId,
        agent_org_name: agent.orgName,
        agent_role: agent.role,
        scope: [...given.scope],
        starts_on: startsOn,
        ends_on: given.endsOn,
        state: workflow.start,
        consented_by: tx.actor.id,
        consented_by_name: tx.actor.name,
        purpose: given.purpose,
        created_at: tx.now,
        ended_at: null,
        version: 1,
      })
      .execute()
    const agency = (await findAgency(tx, id))!
    await tell(tx, agency, 'consented')
    return agency
  })

/** By number and name, as for a delegation; one sentence for every reason, so that nobody is found out by trying. */
async function agentByNumber(
  ctx: Ctx,
  { personNumber, personName }: Pick<ConsentInput, 'personNumber' | 'personName'>,
): Promise<{ personId: string; orgName: string; role: AgentRole } | Refusal> {
  const number = readPersonNumber(personNumber)
  const person = number && (await findPersonByNumber(ctx, number, personName.trim()))
  if (!person) {
    const reason = '没有编号和姓名都相符的人：请对方登录后，把页面上的个人编号告诉您'
    return refuse('invalid', `${reason}。`, { fields: { personNumber: reason } })
  }
  const today = shanghaiDate(ctx.now)
  const seats = await ctx.db
    .selectFrom('memberships')
    .innerJoin('organisations', (join) =>
      join.onRef('organisations.province', '=', 'memberships.province').onRef('organisations.id', '=', 'memberships.org_id'),
    )
    .select(['memberships.role', 'organisations.name', 'organisations.kind'])
    .where('memberships.person_id', '=', person.id)
    .where('memberships.state', '=', 'active')
    .where('memberships.starts_on', '<=', today)
    .where((eb) => eb.or([eb('memberships.ends_on', 'is', null), eb('memberships.ends_on', '>=', today)]))
    .orderBy('memberships.created_at')
    .execute()
  const seat = seats.find(({ role, kind }) => mayBeAgent({ role, orgKind: kind }))
  if (!seat || !isAgentRole(seat.role)) return refuse('invalid', `${whoMayBeAgent}。`, { fields: { personNumber: '此人现在不能代办' } })
  return { personId: person.id, orgName: seat.name, role: seat.role }
}

export const renewAgency = (ctx: Ctx, id: string, given: { endsOn: string; version: number }) => step(ctx, id, 'renew', given)
export const revokeAgency = (ctx: Ctx, id: string, given: { version: number }) => step(ctx, id, 'revoke', given)
export const resignAgency = (ctx: Ctx, id: string, given: { version: number }) => step(ctx, id, 'resign', given)

const past: Record<AgencyStep, string> = { renew: 'renewed', revoke: 'revoked', resign: 'resigned' }

const step = (ctx: Ctx, id: string, name: AgencyStep, given: { endsOn?: string; version: number }): Promise<Agency | Refusal> =>
  inTx(ctx, async (tx) => {
    const agency = await findAgency(tx, id)
    if (!agency) return refuse('missing', '没有这份代办，或不归您办理')
    const stale = refuse('conflict', '这份代办刚被别人改过，请刷新后再办', { code: 'STALE' })
    if (agency.version !== given.version) return stale
    const acting = actingMembership(tx, await membershipsOf(tx, agency.province, agency.orgId))
    const row = {
      state: agency.state,
      org_id: agency.orgId,
      region: agency.region,
      assigned: [agency.agentPersonId],
      scope: agency.scope,
      acting,
    }
    const next = advance(workflow, row, name, tx.actor, tx.now)
    if (isRefusal(next)) return next
    if (name === 'renew') {
      const reason = agencyTermProblem(acting!, { startsOn: agency.startsOn, endsOn: given.endsOn ?? '' }, shanghaiDate(tx.now))
      if (reason) return refuse('invalid', reason, { fields: { endsOn: reason } })
    }
    const changed = await tx.db
      .updateTable('agencies')
      .set({
        state: next.to,
        version: agency.version + 1,
        // Who prolongs it consents anew, by their own name.
        ...(name === 'renew'
          ? { ends_on: given.endsOn!, consented_by: tx.actor.id, consented_by_name: tx.actor.name }
          : { ended_at: tx.now }),
      })
      .where('province', '=', agency.province)
      .where('id', '=', agency.id)
      .where('version', '=', agency.version)
      .returning('id')
      .executeTakeFirst()
    if (!changed) return stale
    const after = (await findAgency(tx, id))!
    await tell(tx, after, past[name], { before: agency.endsOn })
    return after
  })

const tell = (ctx: Ctx, agency: Agency, action: string, more: object = {}) =>
  announce(ctx, {
    subject: workflow.name,
    subjectId: agency.id,
    action,
    province: agency.province,
    region: agency.region,
    orgId: agency.orgId,
    title: `${agency.agentName}（${agency.agentOrgName}）`,
    detail: { scope: agency.scope, purpose: agency.purpose, startsOn: agency.startsOn, endsOn: agency.endsOn, ...more },
  })
