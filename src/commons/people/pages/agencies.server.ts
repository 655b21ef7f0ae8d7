/** Agencies as their cards show them, for the enterprise and for the agent, and the forms on a card. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { consentToAgency, renewAgency, resignAgency, revokeAgency } from '../agencies/commands.server.ts'
import { agencyStates, type Agency } from '../agencies/model.ts'
import { doneUnder } from '../agencies/queries.server.ts'
import { isAgencyInForce, lastDay } from '../agencies/rules.ts'
import { consentForm } from '../agencies/schema.ts'
import { workflow } from '../agencies/workflow.ts'
import { scopes } from '../model.ts'
import { contactsOf } from '../personal/contacts.server.ts'
import { subjectName } from '../personal/model.ts'
import { actingMembership, listMemberships } from '../queries.server.ts'
import { isExpired } from '../rules.ts'

/** The contact is the other side's: of the agent for the enterprise, of who consented for the agent. */
export async function agencyRows(ctx: Ctx, list: readonly Agency[]) {
  const today = shanghaiDate(ctx.now)
  const enterprise = ctx.actor.role === 'enterprise'
  const acting = enterprise ? actingMembership(ctx, await listMemberships(ctx)) : undefined
  const other = (agency: Agency) => (enterprise ? agency.agentPersonId : agency.consentedBy)
  const inForce = list.filter((each) => isAgencyInForce(each, today))
  const contacts = await contactsOf(ctx, inForce.map(other), 'contact-agency')
  const done = await doneUnder(ctx, list)
  return list.map((agency) => {
    const { counts, latest } = done.get(agency.id)!
    return {
      id: agency.id,
      orgName: agency.orgName,
      agent: `${agency.agentName}（${agency.agentOrgName}）`,
      scope: agency.scope.map((each) => scopes[each]).join('、'),
      purpose: agency.purpose,
      startsOn: agency.startsOn,
      endsOn: agency.endsOn,
      consentedByName: agency.consentedByName,
      version: agency.version,
      status: statusOf(agency, today),
      usable: isAgencyInForce(agency, today),
      contact: isAgencyInForce(agency, today) ? contacts.get(other(agency)) : undefined,
      renewTo: acting?.endsOn && acting.endsOn < lastDay(today) ? acting.endsOn : lastDay(today),
      choices: choices(
        workflow,
        {
          state: agency.state,
          org_id: agency.orgId,
          region: agency.region,
          assigned: [agency.agentPersonId],
          scope: agency.scope,
          acting,
        },
        ctx.actor,
        ctx.now,
      ),
      done: counts.map(({ subject, n }) => `${subjectName(subject)} ${n} 次`).join('，'),
      latest: latest.map(({ at, subject, title }) => ({ at, what: `${subjectName(subject)}${title ? `：${title}` : ''}` })),
    }
  })
}
export type AgencyView = Awaited<ReturnType<typeof agencyRows>>[number]

function statusOf(agency: Agency, today: string): { label: string; tone: 'good' | 'warn' | 'neutral' } {
  if (agency.state !== 'active') return { label: agencyStates[agency.state], tone: 'neutral' }
  if (isExpired(agency, today)) return { label: '已到期', tone: 'warn' }
  if (!agency.seated) return { label: '代办人已不在原单位任职，暂停', tone: 'warn' }
  return agency.startsOn > today ? { label: '未开始', tone: 'neutral' } : { label: '有效', tone: 'good' }
}

/** What was typed into the form for a new consent. */
export const typedConsent = (form: FormData) => ({
  ...(Object.fromEntries(
    ['personNumber', 'personName', 'purpose', 'startsOn', 'endsOn'].map((name) => [name, String(form.get(name) ?? '')]),
  ) as Record<'personNumber' | 'personName' | 'purpose' | 'startsOn' | 'endsOn', string>),
  scope: form.getAll('scope').map(String),
  agreed: form.get('agreed') === 'on',
})

export async function giveConsent(ctx: Ctx, form: FormData): Promise<Agency | Refusal> {
  const parsed = consentForm.safeParse(typedConsent(form))
  if (parsed.success) return consentToAgency(ctx, parsed.data)
  const fields = Object.fromEntries(parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]))
  return refuse('invalid', `有 ${Object.keys(fields).length} 处需要改正。`, { fields })
}

export async function takeAgencyStep(ctx: Ctx, form: FormData): Promise<Agency | Refusal> {
  const id = String(form.get('id') ?? '')
  const version = Number(form.get('version'))
  switch (form.get('step')) {
    case 'renew':
      return renewAgency(ctx, id, { endsOn: String(form.get('endsOn') ?? ''), version })
    case 'revoke':
      return revokeAgency(ctx, id, { version })
    case 'resign':
      return resignAgency(ctx, id, { version })
    default:
      return refuse('missing', '没有这一步')
  }
}
