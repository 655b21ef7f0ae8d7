/** Who may delegate what to whom. 《民法典》第一百六十五条: a delegation names the delegate, the matters, the powers and the term. */
import { addDays, addMonths, isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { duties, scopes, type Duty, type MembershipState, type Scope } from './model.ts'

/** What somebody holds in one organisation; days are `YYYY-MM-DD`, both ends count. */
export interface Standing {
  personId: string
  duty: Duty
  scope: readonly Scope[]
  startsOn: string
  endsOn: string | null
  state: MembershipState
}

/** What is about to be given. */
export interface Grant {
  duty: Duty
  scope: readonly Scope[]
  startsOn: string
  endsOn: string | null
}

const mayGrant: Readonly<Record<Duty, readonly Duty[]>> = {
  'legal-representative': ['manager', 'clerk'],
  manager: ['clerk'],
  clerk: [],
  staff: [],
}

export const isExpired = (held: Pick<Standing, 'endsOn'>, today: string): boolean => held.endsOn !== null && held.endsOn < today

export const isInForce = (held: Standing, today: string): boolean =>
  held.state === 'active' && held.startsOn <= today && !isExpired(held, today)

/** The duties that this person may give others today. */
export const grantableDuties = (acting: Standing | undefined, today: string): readonly Duty[] =>
  acting && isInForce(acting, today) && acting.scope.includes('people') ? mayGrant[acting.duty] : []

/** Why this person may not give, renew or end such a delegation; nothing when they may. */
export function authorityProblem(acting: Standing | undefined, duty: Duty, today: string): string | undefined {
  if (!acting || acting.state !== 'active') return '您在本单位没有有效的授权，不能给他人授权'
  if (acting.startsOn > today) return `您的授权从 ${acting.startsOn} 起才生效，现在不能给他人授权`
  if (isExpired(acting, today)) return `您的授权已于 ${acting.endsOn} 到期，请先续期`
  if (!mayGrant[acting.duty].includes(duty)) return `${duties[duty]}的授权${whoGives(duty)}，您是${duties[acting.duty]}，不能办理`
  if (!acting.scope.includes('people')) return `您的授权不含“${scopes.people}”范围，不能给他人授权，请由法定代表人办理`
  return undefined
}

/** Why this delegation goes further than what the giver holds; nothing when it does not. */
export function grantProblem(acting: Standing | undefined, grant: Grant, today: string): string | undefined {
  const problem = authorityProblem(acting, grant.duty, today)
  if (problem || !acting) return problem
  if (grant.scope.length === 0) return '请至少选择一项授权范围（《民法典》第一百六十五条：授权须写明事项、权限和期限）'
  if (grant.duty === 'clerk' && grant.scope.includes('people')) return '经办人不能再给他人授权，请去掉“人员”范围'
  return scopeProblem(acting, grant.scope) ?? termProblem(acting, grant, today)
}

/** Nobody gives away what they do not hold themselves. */
export function scopeProblem(acting: Standing, scope: readonly Scope[]): string | undefined {
  const beyond = scope.filter((each) => !acting.scope.includes(each))
  return beyond.length > 0 ? `您自己没有“${beyond.map((each) => scopes[each]).join('、')}”范围，不能授予他人` : undefined
}

/** A delegation has an end, not in the past and not after the giver's own. */
export function termProblem(acting: Standing, term: Pick<Grant, 'startsOn' | 'endsOn'>, today: string): string | undefined {
  const { startsOn, endsOn } = term
  const problem = daysProblem(term, today)
  if (problem || !endsOn) return problem
  if (startsOn < acting.startsOn) return `您自己的授权从 ${acting.startsOn} 起生效，不能从更早的日期授予他人`
  if (acting.endsOn && endsOn > acting.endsOn) return `您自己的授权到 ${acting.endsOn} 为止，不能授予他人更长的期限`
  return undefined
}

/** Why these days are no term, whoever gives it; the platform's administrator too. */
export function daysProblem({ startsOn, endsOn }: Pick<Grant, 'startsOn' | 'endsOn'>, today: string): string | undefined {
  if (!endsOn) return '请填写截止日期（《民法典》第一百六十五条：授权须写明期限）'
  if (!isIsoDate(startsOn) || !isIsoDate(endsOn)) return '请按年-月-日填写日期，如 2026-11-23'
  if (endsOn < startsOn) return `截止日期 ${endsOn} 早于开始日期 ${startsOn}，请改正`
  return endsOn < today ? `截止日期 ${endsOn} 已经过去，请填写今天或以后的日期` : undefined
}

/** Why a person who already acts for the organisation gets no second delegation beside it; nothing when there is none in force. */
export function doubleProblem(held: readonly Standing[], personId: string, today: string): string | undefined {
  const now = held.find((each) => each.personId === personId && each.state === 'active' && !isExpired(each, today))
  return now && `此人已经是本单位的${duties[now.duty]}${now.endsOn ? `（到 ${now.endsOn}）` : ''}，请给原授权续期，或先终止再重新授权`
}

/** Who can renew this delegation today, out of the organisation's memberships; nobody: the platform's administrator. */
export const whoCanRenew = <S extends Standing>(held: Standing, colleagues: readonly S[], today: string): readonly S[] =>
  colleagues.filter(
    (each) => each.personId !== held.personId && !authorityProblem(each, held.duty, today) && !scopeProblem(each, held.scope),
  )

/** How long before its end a delegation is called to mind, and after its end still is. */
export const REMIND_DAYS = 14

/** Ends within the next days, today included, or ended within the last ones. */
export const endsSoon = ({ endsOn }: Pick<Standing, 'endsOn'>, today: string): boolean =>
  endsOn !== null && endsOn >= addDays(today, -REMIND_DAYS) && endsOn <= addDays(today, REMIND_DAYS)

/** 「3 天后到期」「今天到期」「已于 … 到期」. */
export const sayEnd = (endsOn: string, today: string): string => {
  const days = daysBetween(today, endsOn)
  return days < 0 ? `已于 ${endsOn} 到期` : days === 0 ? '今天到期' : `${days} 天后到期`
}

/** The day that a renewal with one click gives: a year on, never beyond the giver's own. */
export const renewedUntil = (acting: Pick<Standing, 'endsOn'> | undefined, today: string): string => {
  const year = addMonths(today, 12)
  return acting?.endsOn && acting.endsOn < year ? acting.endsOn : year
}

/** 张某（法定代表人）、李某（管理员，138…）; the platform's administrator where nobody in the organisation can. */
export const sayRenewers = (renewers: readonly { personName: string; duty: Duty; phone?: string | undefined }[]): string =>
  renewers.length === 0
    ? '平台管理员'
    : renewers.map((each) => `${each.personName}（${duties[each.duty]}${each.phone ? `，${each.phone}` : ''}）`).join('、')

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

const whoGives = (duty: Duty): string =>
  duty === 'clerk' ? '由法定代表人或管理员授予' : duty === 'manager' ? '由法定代表人授予' : '由平台管理员核验后登记'
