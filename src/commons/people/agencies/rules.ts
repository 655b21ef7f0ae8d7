/** Who may consent to an agency, and how far. 《民法典》第一百六十一至一百七十三条; the limit of a year is the platform's own. */
import type { Role } from '../../../core/access.ts'
import { addMonths } from '../../../core/eligibility/calendar-day.ts'
import { duties, scopes, type OrganisationKind } from '../model.ts'
import { daysProblem, isExpired, isInForce, scopeProblem, type Standing } from '../rules.ts'
import { agentRoles, isAgentRole, type Agency, type AgencyScope } from './model.ts'

export const MOST_MONTHS = 12

/** The last day that may be agreed to on this day. */
export const lastDay = (today: string): string => addMonths(today, MOST_MONTHS)

/** Why this person may not give, prolong or take back the enterprise's consent; nothing when they may. */
export function consentProblem(acting: Standing | undefined, today: string): string | undefined {
  if (!acting || !isInForce(acting, today)) return '代办由本单位的法定代表人或管理员同意，您在本单位没有有效的授权'
  if (acting.duty !== 'legal-representative' && acting.duty !== 'manager')
    return `代办由本单位的法定代表人或管理员同意，您是${duties[acting.duty]}，不能办理`
  if (!acting.scope.includes('people')) return `您的授权不含“${scopes.people}”范围，不能同意代办，请由法定代表人办理`
  return undefined
}

/** Why this term is none, or reaches further than the giver's own. */
export function agencyTermProblem(acting: Standing, term: { startsOn: string; endsOn: string }, today: string): string | undefined {
  const problem = daysProblem(term, today)
  if (problem) return problem
  if (term.endsOn > lastDay(today)) return `代办最长一年，截止日期不能晚于 ${lastDay(today)}；到期前可以续期`
  if (acting.endsOn && term.endsOn > acting.endsOn) return `您自己的授权到 ${acting.endsOn} 为止，不能同意更长的代办期限`
  return undefined
}

/** Nobody lets somebody else do what they may not do themselves. */
export const agencyScopeProblem = (acting: Standing, scope: readonly AgencyScope[]): string | undefined =>
  scope.length === 0
    ? '请至少选择一项代办范围（《民法典》第一百六十五条：授权须写明事项、权限和期限）'
    : scopeProblem(acting, scope)?.replace('授予他人', '让他人代办')

interface AgentSeat {
  role: Role
  orgKind: OrganisationKind
}

/** Whether somebody who holds this seat may act for enterprises: a steward of any body, or staff of an institution. */
export const mayBeAgent = ({ role, orgKind }: AgentSeat): boolean =>
  role === 'steward' || (isAgentRole(role) && (orgKind === 'metrology-institution' || orgKind === 'inspection-body'))

export const whoMayBeAgent = `代办人须是在职的企业管家，或者计量技术机构、检验检测机构的窗口、检测员、批准人；监管人员和机构财务不能代办`

/** Whether the agency gives a seat on this day. */
export const isAgencyInForce = (agency: Pick<Agency, 'state' | 'startsOn' | 'endsOn' | 'seated'>, today: string): boolean =>
  agency.state === 'active' && agency.seated && agency.startsOn <= today && !isExpired(agency, today)

/** Why an agent may no longer act, as told to them. */
export function lapseOf(agency: Agency, today: string): string {
  const whom = `您代 ${agency.orgName} 办理的授权`
  if (agency.state === 'revoked') return `${whom}已由该企业撤回，不能再代办`
  if (agency.state === 'resigned') return `${whom}已由您辞去，不能再代办`
  if (!agency.seated) return `${whom}以您在${agency.agentOrgName}任职为前提，您在那里的身份已经失效，不能再代办`
  if (agency.startsOn > today) return `${whom}从 ${agency.startsOn} 起才生效`
  return `${whom}已于 ${agency.endsOn} 到期，请联系该企业的法定代表人或管理员续期`
}

/** Every grant that an agent may resign by. */
export const agentGrants = agentRoles.map((role) => `${role}:assigned` as const)
