/** How far the acting person's powers reach in the enterprise that they act for. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { agenciesOf } from './agencies/queries.server.ts'
import { isAgencyInForce, lapseOf } from './agencies/rules.ts'
import { scopes, type Scope } from './model.ts'
import { actingMembership, listMemberships } from './queries.server.ts'

/**
 * Why the acting person may not do this kind of thing for the enterprise: no delegation or agency in force now, or one that does not
 * reach so far. Nothing for the platform and for authorities, whose powers are grants. Looked up anew: a seat may have been taken away
 * after the page was opened.
 */
export async function missingScope(ctx: Ctx, scope: Scope): Promise<Refusal | undefined> {
  if (ctx.actor.role !== 'enterprise') return undefined
  return ctx.actor.agent ? agentMisses(ctx, ctx.actor.agent.agencyId, scope) : memberMisses(ctx, scope)
}

async function memberMisses(ctx: Ctx, scope: Scope): Promise<Refusal | undefined> {
  const acting = actingMembership(ctx, await listMemberships(ctx))
  if (!acting)
    return refuse('forbidden', '您在本单位没有有效的授权，请本单位法定代表人或管理员授权、续期后再办理', { code: 'SEAT_MISSING' })
  if (acting.scope.includes(scope)) return undefined
  return refuse('forbidden', `您的授权不含“${scopes[scope]}”范围，请由本单位法定代表人或管理员办理，或请其授权`, { code: 'SCOPE_MISSING' })
}

async function agentMisses(ctx: Ctx, agencyId: string, scope: Scope): Promise<Refusal | undefined> {
  const today = shanghaiDate(ctx.now)
  const agency = (await agenciesOf(ctx, ctx.actor.id)).find(({ id, orgId }) => id === agencyId && orgId === ctx.actor.org_id)
  if (!agency || !isAgencyInForce(agency, today))
    return refuse('forbidden', agency ? lapseOf(agency, today) : '您没有代这家企业办理的授权', { code: 'SEAT_MISSING' })
  if ((agency.scope as readonly Scope[]).includes(scope)) return undefined
  const given = agency.scope.map((each) => scopes[each]).join('、')
  return refuse(
    'forbidden',
    `${agency.orgName}让您代办的是“${given}”，不含“${scopes[scope]}”，请由企业自己办理（《民法典》第一百六十二条：代理人在代理权限内办理）`,
    { code: 'SCOPE_MISSING' },
  )
}
