/** What a page shows of one decision: sentences and clauses, ready to read; nothing is computed in the browser. */
import { sayBlocker, sayFlip, sayQuestion, sayRule, sayTrace, type Names } from '../../core/eligibility/sentence.ts'
import { facts as catalogue, type FactId } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Rule, type Truth } from '../../core/eligibility/rule.ts'
import { isLeafTrace, standing, type LeafTrace, type Trace } from '../../core/eligibility/trace.ts'
import type {
  Benefit,
  BudgetMark,
  Clause,
  EnterpriseResult,
  Confidence,
  PolicyContent,
  ResultKind,
  Topic,
} from '../../commons/policies/index.ts'
import type { BenefitStanding, Judged, JudgedBenefit } from './judge.ts'
import { isClosing, termOf } from './term.ts'
import { isAboutLine, sayWorth } from './worth.ts'

export interface Sentence {
  text: string
  clause?: Clause
}

export interface MatchLine {
  slug: string
  versionId: string
  title: string
  docNumber: string | null
  topic: Topic
  confidence: Confidence
  result: EnterpriseResult
  force: ResultKind
  oneLine: string
  worth: string[]
  /** At most so many pieces of the ledger, by the benefit that touches most. */
  pieces?: number
  until: string
  lastDay?: string
  closing: boolean
  /** Its budget for this enterprise's place: near its end or used up. */
  budget?: BudgetMark
  how: string
  /** Clauses that speak for the enterprise, each once. */
  clauses: Clause[]
  blockers: Sentence[]
  /** What would change it. */
  steps: Sentence[]
  asks: { fact: FactId; label: string; question: string }[]
}

export function lineOf(judged: Judged, names: Names, asOf: string): MatchLine {
  const { policy, decision, benefits } = judged
  const { content } = policy
  const useful = benefits.filter(({ standing }) => standing !== 'no')
  const pieces = Math.max(...useful.flatMap(({ touched }) => touched?.pieces ?? []), -1)
  const { to } = termOf(content)
  return {
    slug: policy.slug,
    versionId: policy.versionId,
    title: content.title,
    docNumber: content.docNumber,
    topic: content.topic,
    confidence: content.confidence,
    result: judged.result,
    force: judged.force,
    oneLine: content.card.oneLine,
    worth: [...new Set(useful.map(({ benefit }) => sayWorth(benefit)))],
    ...(pieces >= 0 && { pieces }),
    until: content.card.until,
    ...(to && { lastDay: to }),
    closing: isClosing(content, asOf),
    how: content.card.how,
    clauses: clausesOf(
      content,
      decision.passed.map(({ src }) => src),
    ),
    blockers: decision.blockers.map((leaf) => sentence(content, leaf, sayBlocker(leaf, names))),
    steps: decision.flips
      .filter(({ fixed, by }) => !(fixed && by === 'change'))
      .map((flip) => sentence(content, flip, sayFlip(flip, names))),
    asks: decision.ask
      .filter((fact) => !isAboutLine(fact))
      .map((fact) => ({ fact, label: catalogue[fact].label, question: sayQuestion(fact) })),
  }
}

const clausesOf = ({ clauses }: PolicyContent, srcs: readonly (string | undefined)[]): Clause[] =>
  clauses.filter(({ id }) => srcs.includes(id))

const sentence = ({ clauses }: PolicyContent, { src }: Pick<LeafTrace, 'src'>, text: string): Sentence => {
  const clause = clauses.find(({ id }) => id === src)
  return { text, ...(clause && { clause }) }
}

export interface TraceLine extends Sentence {
  truth: 'yes' | 'no' | 'open'
  /** Parts of a group; a single condition has none. */
  parts: TraceLine[]
}

/** The whole decision as a tree: every condition with its clause and how it came out for this enterprise. */
export function traceLines(trace: Trace, content: PolicyContent, names: Names, negated = false): TraceLine {
  if (isLeafTrace(trace)) return { ...sentence(content, trace, sayTrace(trace, names)), truth: word(standing(trace)), parts: [] }
  // A turned-round group is said through its parts, which carry the turn themselves.
  if (trace.op === 'not') return traceLines(trace.of[0]!, content, names, !negated)
  const parts = trace.of
    .filter((part) => !saysNothing(part))
    .flatMap((part) => inline(trace, part, traceLines(part, content, names, negated)))
  if (parts.length === 0) return { text: '不设条件', truth: 'yes', parts }
  const truth = word(negated ? ((2 - trace.truth) as Truth) : trace.truth)
  return parts.length === 1 ? parts[0]! : { ...sentence(content, trace, groupWords(trace, negated)), truth, parts }
}

/** Says nothing: no condition at all, or the document's own dates, met, which are true of every policy that is offered. */
const saysNothing = (trace: Trace): boolean =>
  isLeafTrace(trace)
    ? trace.leaf.op === 'window' && trace.src === undefined && trace.truth === YES
    : trace.op === 'all' && trace.of.every(saysNothing)

/** All of all is all: one list reads better than two. */
const inline = (outer: Trace, inner: Trace, line: TraceLine): TraceLine[] =>
  isAll(outer) && isAll(inner) && line.parts.length > 0 ? line.parts : [line]

const isAll = (trace: Trace): boolean => !isLeafTrace(trace) && trace.op === 'all'

/** Under a `not`, all becomes any and at least n of k becomes at least k − n + 1 (De Morgan). */
function groupWords({ op, n = 1, of }: Exclude<Trace, LeafTrace>, negated: boolean): string {
  const least = op === 'all' ? of.length : op === 'any' ? 1 : n
  const needed = negated ? of.length - least + 1 : least
  return needed === of.length ? '下列条件都要符合' : needed === 1 ? '下列条件符合一项即可' : `下列条件至少符合 ${needed} 项`
}

const word = (truth: Truth): TraceLine['truth'] => (truth === YES ? 'yes' : truth === NO ? 'no' : 'open')

export interface BenefitLine {
  worth: string
  appliesTo: string
  detail: string
  standing: BenefitStanding
  clause?: Clause
  /** Which orders and instruments it is for, as a sentence. */
  lines?: string
  pieces?: number
  blockers: Sentence[]
  asks: string[]
}

export const standingWords: Record<BenefitStanding, string> = { yes: '适用', line: '下单时逐件判断', ask: '待补充', no: '暂不适用' }

export function benefitLine(
  { benefit, standing: how, lineConditions, decision, touched }: JudgedBenefit,
  content: PolicyContent,
  names: Names,
): BenefitLine {
  return {
    worth: sayWorth(benefit),
    appliesTo: benefit.appliesTo,
    detail: benefit.detail,
    standing: how,
    ...sentenceClause(content, benefit.src),
    ...(lineConditions && { lines: sayRule(lineConditions, names) }),
    ...(touched && { pieces: touched.pieces }),
    blockers: (decision?.blockers ?? []).map((leaf) => sentence(content, leaf, sayBlocker(leaf, names))),
    asks: decision?.truth === UNKNOWN ? decision.ask.filter((fact) => !isAboutLine(fact)).map(sayQuestion) : [],
  }
}

const sentenceClause = ({ clauses }: PolicyContent, src: string | undefined): { clause?: Clause } => {
  const clause = clauses.find(({ id }) => id === src)
  return clause ? { clause } : {}
}

/** The conditions of a rule as sentences, each with its clause; one a line where all have to be met. */
export function conditionLines(rule: Rule, content: PolicyContent, names: Names, outer?: string): Sentence[] {
  const src = rule.src ?? outer
  if (rule.op === 'all' && rule.of.length > 0) return rule.of.flatMap((part) => conditionLines(part, content, names, src))
  return [{ text: sayRule(rule, names), ...sentenceClause(content, src ?? firstSrc(rule)) }]
}

/** A group says its parts in one sentence; the first part that names a clause stands for it. */
const firstSrc = (rule: Rule): string | undefined => {
  if (rule.src || !('of' in rule)) return rule.src
  const parts = Array.isArray(rule.of) ? (rule.of as readonly Rule[]) : [rule.of as Rule]
  return parts.map(firstSrc).find((src) => src !== undefined)
}

/** A benefit as anybody reads it. */
export const listedBenefit = (benefit: Benefit, content: PolicyContent) => ({
  worth: sayWorth(benefit),
  appliesTo: benefit.appliesTo,
  detail: benefit.detail,
  ...sentenceClause(content, benefit.src),
})
