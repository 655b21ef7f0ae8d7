/** Delegations as their cards show them, and the form on a card. Used by the organisation itself and by the platform's administrator. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { delegate, endMembership, renewMembership } from '../commands.server.ts'
import type { Membership } from '../model.ts'
import { actingMembership } from '../queries.server.ts'
import type { Contact } from '../personal/model.ts'
import { contactsOf } from '../personal/contacts.server.ts'
import { askedRenewals, askForRenewal } from '../renewal.server.ts'
import { endsSoon, isExpired, renewedUntil, sayEnd, sayRenewers, whoCanRenew } from '../rules.ts'
import { grantForm } from '../schema.ts'
import { workflow } from '../workflow.ts'

/** `all`: every delegation of one organisation. Contacts are shown to colleagues only, and only of those who agree to it. */
export async function delegationRows(ctx: Ctx, all: readonly Membership[]) {
  const today = shanghaiDate(ctx.now)
  const acting = actingMembership(ctx, all)
  const ids = (list: readonly Membership[]) => list.map(({ personId }) => personId)
  const contacts = acting ? await contactsOf(ctx, ids(all), 'contact-colleagues') : new Map<string, Contact>()
  const asked = await askedRenewals(
    ctx,
    all.map(({ id }) => id),
  )
  return all.map((each) => {
    const steps = choices(
      workflow,
      { state: each.state, org_id: each.orgId, region: each.region, person_id: each.personId, duty: each.duty, scope: each.scope, acting },
      ctx.actor,
      ctx.now,
    )
    const due = each.state === 'active' && (isExpired(each, today) || asked.has(each.id) || endsSoon(each, today))
    const renewable = steps.some(({ name, disabledReason }) => name === 'renew' && !disabledReason)
    return {
      ...each,
      expired: isExpired(each, today),
      renewers: sayRenewers(whoCanRenew(each, all, today)),
      choices: steps,
      contact: each.state === 'active' ? contacts.get(each.personId) : undefined,
      asked: asked.get(each.id),
      /** Says that it ends soon or has ended, where something can be done about it. */
      ends: due && each.endsOn ? sayEnd(each.endsOn, today) : undefined,
      /** The day of a renewal with one click. */
      renewTo: due && renewable ? renewedUntil(acting, today) : undefined,
      mayAsk: due && each.personId === ctx.actor.id && !asked.has(each.id),
    }
  })
}
export type DelegationRow = Awaited<ReturnType<typeof delegationRows>>[number]

/** What was typed into the form for a new delegation. */
export const typedGrant = (form: FormData) => ({
  ...(Object.fromEntries(
    ['personNumber', 'personName', 'duty', 'startsOn', 'endsOn'].map((name) => [name, String(form.get(name) ?? '')]),
  ) as {
    personNumber: string
    personName: string
    duty: string
    startsOn: string
    endsOn: string
  }),
  scope: form.getAll('scope').map(String),
})

export async function giveDelegation(ctx: Ctx, form: FormData): Promise<Membership | Refusal> {
  const parsed = grantForm.safeParse(typedGrant(form))
  if (parsed.success) return delegate(ctx, parsed.data)
  const fields = Object.fromEntries(parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]))
  return refuse('invalid', `有 ${Object.keys(fields).length} 处需要改正。`, { fields })
}

export async function takeDelegationStep(ctx: Ctx, form: FormData): Promise<object | Refusal> {
  const id = String(form.get('id') ?? '')
  if (form.get('step') === 'ask') return askForRenewal(ctx, id)
  const version = Number(form.get('version'))
  return form.get('step') === 'end'
    ? endMembership(ctx, id, { version })
    : renewMembership(ctx, id, { endsOn: String(form.get('endsOn') ?? ''), version })
}
