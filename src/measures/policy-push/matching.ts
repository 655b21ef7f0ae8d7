/** Sorts decisions into the few questions that a person has: what can I use, what is missing, what not and why. */
import { rankQuestions, type RankedQuestion } from '../../core/eligibility/questions.ts'
import { reasonCode, type ReasonCode } from '../../core/eligibility/reason-code.ts'
import { NO } from '../../core/eligibility/rule.ts'
import { isLeafTrace, standing, type Trace } from '../../core/eligibility/trace.ts'
import type { ResultKind } from '../../commons/policies/index.ts'
import type { Judged } from './judge.ts'
import { isAboutLine } from './worth.ts'

/** Headings of what does not apply, in the order in which a person can do something about them. */
export const reasonGroups = {
  CONDITION_NOT_MET: '条件暂不具备',
  OUT_OF_WINDOW: '不在办理期内',
  SIZE_NOT_COVERED: '企业规模不在范围内',
  APPLICANT_KIND_NOT_COVERED: '主体或业务不在范围内',
  INSTITUTION_NOT_COVERED: '机构不在范围内',
  SERVICE_NOT_COVERED: '服务不在范围内',
  INSTRUMENT_NOT_COVERED: '器具不在范围内',
  USE_NOT_COVERED: '用途不在范围内',
  REGION_NOT_COVERED: '地区不在范围内',
} as const satisfies Record<ReasonCode, string>

export interface Grouped {
  now: Record<ResultKind, Judged[]>
  /** Undecided, and an answer of the enterprise can decide it. */
  ask: Judged[]
  /** The most useful question first. */
  questions: RankedQuestion[]
  /** Undecided until an operator enters what the document leaves open, or until an order or application is made; nothing to do now. */
  awaiting: Judged[]
  not: { reason: Exclude<ReasonCode, 'REGION_NOT_COVERED'>; matches: Judged[] }[]
  /** Another place: a count says enough. */
  elsewhere: number
  dismissed: Judged[]
}

/** `dismissed`: version ids put aside. A policy that does not apply is not "put aside" but explained. */
export function groupMatches(judged: readonly Judged[], dismissed: ReadonlySet<string>): Grouped {
  const aside = judged.filter((j) => j.result !== 'ineligible' && dismissed.has(j.policy.versionId))
  const offered = judged.filter((j) => !aside.includes(j))
  const eligible = offered.filter((j) => j.result === 'eligible')
  const undecided = offered.filter((j) => j.result === 'unknown')
  const ask = undecided.filter((j) => asksOf(j).length > 0 && j.decision.awaits.length === 0)
  const not = offered.filter((j) => j.result === 'ineligible')
  const byReason = Map.groupBy(not, reasonOf)
  const reasons = (Object.keys(reasonGroups) as ReasonCode[]).filter((r) => r !== 'REGION_NOT_COVERED')
  return {
    now: { apply: ofForce(eligible, 'apply'), 'apply-for': ofForce(eligible, 'apply-for'), guidance: ofForce(eligible, 'guidance') },
    ask: ask.toSorted((a, b) => weight(a) - weight(b) || asksOf(a).length - asksOf(b).length),
    questions: rankAsks(ask),
    awaiting: undecided.filter((j) => !ask.includes(j)),
    not: reasons.flatMap((reason) => (byReason.has(reason) ? [{ reason, matches: byReason.get(reason)! }] : [])),
    elsewhere: byReason.get('REGION_NOT_COVERED')?.length ?? 0,
    dismissed: aside,
  }
}

const asksOf = ({ decision }: Judged) => decision.ask.filter((fact) => !isAboutLine(fact))

/** What can be enjoyed goes before what is only for information. */
const weight = ({ force }: Judged): number => Number(force === 'guidance')

/** Questions that decide something that can be enjoyed come first, however many others a question for information would decide. */
function rankAsks(ask: readonly Judged[]): RankedQuestion[] {
  const rank = (list: readonly Judged[]) => rankQuestions(list.map((each) => ({ ask: asksOf(each) })))
  const first = rank(ask.filter((each) => weight(each) === 0)).map(({ fact }) => fact)
  const place = ({ fact }: RankedQuestion) => (first.includes(fact) ? first.indexOf(fact) : first.length)
  return rank(ask).toSorted((a, b) => place(a) - place(b))
}

const ofForce = (list: readonly Judged[], force: ResultKind) => list.filter((j) => j.force === force)

/** A policy of another place is told by its place, whatever else does not fit. */
export function reasonOf({ decision }: Pick<Judged, 'decision'>): ReasonCode {
  if (isElsewhere(decision.trace)) return 'REGION_NOT_COVERED'
  const [first] = decision.blockers
  return first ? reasonCode(first) : 'CONDITION_NOT_MET'
}

/** A place that everybody has to be in, and this enterprise is not. The fewest blockers may name another condition. */
const isElsewhere = (trace: Trace): boolean =>
  isLeafTrace(trace) ? trace.leaf.op === 'region' && standing(trace) === NO : trace.op === 'all' && trace.of.some(isElsewhere)

/** What one answer changed: policies that are now eligible, and those that are now known not to apply. By slug. */
export interface Answered {
  now: string[]
  not: string[]
  /** Still open, but one question less. */
  closer: string[]
}

export function whatChanged(before: readonly Judged[], after: readonly Judged[]): Answered {
  const was = new Map(before.map((j) => [j.policy.policyId, j]))
  const moved = after.filter((j) => was.has(j.policy.policyId) && was.get(j.policy.policyId)!.result !== j.result)
  const slugs = (list: readonly Judged[]) => list.map((j) => j.policy.slug)
  return {
    now: slugs(moved.filter((j) => j.result === 'eligible')),
    not: slugs(moved.filter((j) => j.result === 'ineligible')),
    closer: slugs(
      after.filter((j) => j.result === 'unknown' && j.decision.ask.length < (was.get(j.policy.policyId)?.decision.ask.length ?? 0)),
    ),
  }
}
