/** Whether a policy holds on a day, how a match with it may be enjoyed, and what it means for one order line. Pure. */
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { explain, type Decision } from '../../core/eligibility/explain.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { reasonCode, type ReasonCode } from '../../core/eligibility/reason-code.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from '../../core/eligibility/rule.ts'
import { statuses, type Benefit, type BenefitKind, type PolicyContent, type ResultKind, type Status } from './model.ts'

type Dated = Pick<PolicyContent, 'historical' | 'force' | 'regionCode' | 'effectiveFrom' | 'effectiveTo'>

export interface Liveness {
  /** Takes part in matching on this day. */
  live: boolean
  status: Status
  /** `status` in words: 受理中. */
  label: (typeof statuses)[Status]
  reason: string
}

/** `ended`: its publisher has ended it, which a document itself does not say. Historical documents and drafts for comment are never live. */
export function liveness(policy: Dated & { ended?: boolean }, asOf: string): Liveness {
  const { effectiveFrom: from, effectiveTo: to } = policy
  const say = (status: Status, reason: string): Liveness => ({ live: status === 'open', status, label: statuses[status], reason })
  if (policy.ended) return say('ended', '发布机关已废止')
  if (policy.historical) return say('reference', '历史文件，不再据以办理')
  if (policy.force === 'draft') return say('reference', '征求意见稿，尚未施行')
  if (policy.regionCode === null) return say('reference', '适用地区待核实，不参与匹配')
  if (from !== null && asOf < from) return say('upcoming', `${from} 起受理`)
  if (to !== null && asOf > to) return say('closed', `已于 ${to} 截止`)
  return say('open', to === null ? '来源没有写明截止日期' : `受理至 ${to}`)
}

export const isLive = (policy: Dated, asOf: string): boolean => liveness(policy, asOf).live

/** Benefits that are an amount of money: they apply by themselves only where the source states how much. */
const moneyKinds: ReadonlySet<BenefitKind> = new Set(['reduce', 'waive', 'defer', 'freeService', 'subsidy'])

export type Judged = Pick<PolicyContent, 'force' | 'confidence' | 'requiresApplication' | 'effectiveFrom' | 'rule' | 'benefits'>

/** How a match may be enjoyed, and why not more directly. Only an entitlement from a trusted source with an amount and a window applies by itself. */
export function resultKindWithReason(policy: Judged): { kind: ResultKind; why: string } {
  const { force, confidence, benefits } = policy
  if (force === 'encouraged') return { kind: 'guidance', why: '文件只作鼓励，没有直接授予待遇，以当地实施办法为准' }
  if (force === 'draft') return { kind: 'guidance', why: '征求意见稿尚未施行，不能据以办理' }
  if (force !== 'entitlement') return { kind: 'guidance', why: '来源是对当地做法的报道，不能据以办理，请向当地机构核实' }
  if (policy.requiresApplication) return { kind: 'apply-for', why: '文件要求先提出申请' }
  if (confidence !== 'high') return { kind: 'apply-for', why: '来源待核实，须经人工确认后办理' }
  if (!hasWindow(policy)) return { kind: 'apply-for', why: '来源没有写明起止时间，须经人工确认' }
  const money = benefits.filter(({ kind }) => moneyKinds.has(kind))
  if (!money.every(statesAmount)) return { kind: 'apply-for', why: '来源没有写明比例或期限，须经人工确认' }
  return {
    kind: 'apply',
    why: money.length > 0 ? '有明确的比例和起止时间，符合条件的直接适用' : '有明确的起止时间，不涉及金额，符合条件的直接适用',
  }
}

export const resultKindOf = (policy: Judged): ResultKind => resultKindWithReason(policy).kind

/** A subsidy is paid out by an authority, so it never applies by itself. */
const statesAmount = ({ kind, rateBp, deferDays }: Benefit): boolean =>
  kind === 'defer' ? deferDays !== undefined : kind !== 'subsidy' && rateBp !== undefined

const hasWindow = ({ effectiveFrom, rule, benefits }: Judged): boolean =>
  effectiveFrom !== null ||
  mentionsWindow(rule) ||
  (benefits.length > 0 && benefits.every((benefit) => benefit.rule !== undefined && mentionsWindow(benefit.rule)))

const mentionsWindow = (rule: Rule): boolean => {
  if (!('of' in rule)) return rule.op === 'window' || rule.op === 'during'
  return rule.op === 'not' ? mentionsWindow(rule.of) : rule.of.some(mentionsWindow)
}

/** The document's own dates as a condition on the day of acceptance, which is the as-of day where none is on record. */
export function effectiveWindow({ effectiveFrom, effectiveTo }: Pick<PolicyContent, 'effectiveFrom' | 'effectiveTo'>): Leaf[] {
  if (effectiveFrom === null && effectiveTo === null) return []
  const ends = { ...(effectiveFrom !== null && { from: effectiveFrom }), ...(effectiveTo !== null && { to: effectiveTo }) }
  return [{ op: 'window', anchor: 'acceptedOn', ...ends }]
}

/** `NOT_IN_FORCE`: kept for the record only, whatever the conditions say. */
export type LineReason = ReasonCode | 'NOT_IN_FORCE'

export interface LineDecision {
  slug: string
  truth: Truth
  /** How it may be enjoyed: only `apply` takes effect without somebody confirming it. */
  force: ResultKind
  /** The benefit that was decided on: the best that holds, else the one that comes nearest. */
  benefit?: Benefit
  /** Part of the fee taken off, in ten-thousandths; 0 unless the line gets it and the source says how much. */
  rateBp: number
  /** Why not, for machines; only with NO. */
  reasonCode?: LineReason
  decision: Decision
}

type ForLine = Pick<PolicyContent, 'slug'> & Judged & Dated

/** `facts` are those of the enterprise and of the line; the policy's rule, its dates and one of its benefits must hold together. */
export function decideLine(policy: ForLine, facts: Facts, setting: Setting): LineDecision {
  // The dates are judged on the day of acceptance, so only what never takes part is refused outright.
  const inForce = liveness(policy, setting.asOf).status !== 'reference'
  const candidates = (policy.benefits.length > 0 ? policy.benefits : [undefined]).map((benefit) => {
    const decision = explain(lineRule(policy, benefit), facts, setting)
    return { benefit, decision, truth: inForce ? decision.truth : NO }
  })
  const { benefit, decision, truth } = candidates.toSorted((a, b) => b.truth - a.truth || rate(b) - rate(a) || steps(a) - steps(b))[0]!
  const [blocker] = decision.blockers
  return {
    slug: policy.slug,
    truth,
    force: resultKindOf(policy),
    ...(benefit && { benefit }),
    rateBp: rate({ benefit, truth }),
    ...(truth === NO && { reasonCode: !inForce ? 'NOT_IN_FORCE' : blocker ? reasonCode(blocker) : 'CONDITION_NOT_MET' }),
    decision,
  }
}

const lineRule = (policy: ForLine, benefit: Benefit | undefined): Rule => {
  const more = [...(benefit?.rule ? [benefit.rule] : []), ...effectiveWindow(policy)]
  return more.length === 0 ? policy.rule : { op: 'all', of: [policy.rule, ...more] }
}

type Candidate = Pick<LineDecision, 'decision' | 'truth'> & { benefit: Benefit | undefined }
/** Rates count among benefits that hold; among those that do not, the nearest comes first. */
const rate = ({ benefit, truth }: Pick<Candidate, 'benefit' | 'truth'>): number => (truth === YES ? (benefit?.rateBp ?? 0) : 0)
const steps = ({ decision, truth }: Candidate): number => (truth !== NO ? 0 : decision.flips.length || Infinity)

export interface LineOutcome {
  /** The one that counts, alone: nothing is ever added up. Absent: none holds. */
  applied?: LineDecision
  /** Those that hold and are not displaced by a more specific one, the best first; `applied` is the first. */
  holding: readonly LineDecision[]
  /** Those that one more answer might bring. */
  unknown: readonly LineDecision[]
  /** Those that do not hold, the nearest first. */
  not: readonly LineDecision[]
  /** Why nothing holds: the reason of the nearest. Absent where something holds or may hold. */
  reasonCode?: LineReason
}

/**
 * The policies that hold for one line, the more specific in place of the general (case 5: 湖北 100 %, not 150 %).
 * What applies by itself goes before what must be asked for, that before guidance; then the higher rate, then the narrower place.
 */
export function decideLineAmong(
  policies: readonly (ForLine & Pick<PolicyContent, 'overrides'>)[],
  facts: Facts,
  setting: Setting,
): LineOutcome {
  const decided = policies.map((policy) => ({ policy, line: decideLine(policy, facts, setting) }))
  const those = (truth: Truth) => decided.filter(({ line }) => line.truth === truth)
  // A report about what some place does cannot take away what a document grants.
  const displaced = new Set(those(YES).flatMap(({ policy, line }) => (line.force === 'guidance' ? [] : policy.overrides)))
  const holding = those(YES)
    .filter(({ policy }) => !displaced.has(policy.slug))
    .toSorted((a, b) => byForce(a.line) - byForce(b.line) || b.line.rateBp - a.line.rateBp || breadth(a.policy) - breadth(b.policy))
    .map(({ line }) => line)
  const unknown = those(UNKNOWN).map(({ line }) => line)
  const not = those(NO)
    .map(({ line }) => line)
    .toSorted((a, b) => distance(a) - distance(b))
  const reason = holding.length + unknown.length === 0 ? not[0]?.reasonCode : undefined
  return { ...(holding[0] && { applied: holding[0] }), holding, unknown, not, ...(reason && { reasonCode: reason }) }
}

const byForce = ({ force }: LineDecision): number => (['apply', 'apply-for', 'guidance'] as const).indexOf(force)
const breadth = ({ regionCode }: ForLine): number => -regionPrefix(regionCode ?? '').length

/** How much would have to be different; what cannot be changed (place, kind of firm) counts for more than all the rest. */
const distance = ({ decision: { flips }, reasonCode }: LineDecision): number =>
  reasonCode === 'NOT_IN_FORCE' || flips.length === 0 ? Infinity : flips.length + 100 * flips.filter(({ fixed }) => fixed).length
