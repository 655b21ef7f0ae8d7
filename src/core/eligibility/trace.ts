/** What happened at every node of a rule: the tree behind each explanation. Its truth always equals the oracle's. */
import { addDays, addMonths, isIsoDate } from './calendar-day.ts'
import { countHeld } from './codes.ts'
import { anchorDay, evaluateLeaf } from './evaluate.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue, type Setting } from './facts.ts'
import { NO, UNKNOWN, YES, type IsoDate, type Leaf, type Rule, type Src, type Truth } from './rule.ts'

export interface LeafTrace {
  /** JSON Pointer into the rule: `/of/0/of/1`. */
  path: string
  truth: Truth
  leaf: Leaf
  /** The fact that the condition looks at. */
  fact: FactId
  /** What is on record; for `holds` the number of pieces. Absent: nothing. */
  actual?: FactValue
  /** The acceptance date is not on record; the as-of date stands in for it. */
  assumed?: true
  /** Under an odd number of `not`: the condition speaks for the enterprise when it is *not* true. */
  negated: boolean
  /** Clause of this condition, or of the nearest group around it. */
  src?: Src
  /** The catalogue says that a person cannot, or should not, change it to qualify. */
  fixed: boolean
  /** Where only time decides (acceptance date, age): the first and last day on which the condition itself is true. */
  from?: IsoDate
  to?: IsoDate
}
export interface GroupTrace {
  path: string
  truth: Truth
  op: 'all' | 'any' | 'atLeast' | 'not'
  /** Only for `atLeast`. */
  n?: number
  src?: Src
  of: readonly Trace[]
}
export type Trace = LeafTrace | GroupTrace

export const isLeafTrace = (trace: Trace): trace is LeafTrace => 'leaf' in trace

/** The fact that a leaf reads. */
export function factOf(leaf: Leaf): FactId {
  switch (leaf.op) {
    case 'region':
      return leaf.mode === 'park' ? 'park' : 'region'
    case 'holds':
      return 'instruments'
    case 'window':
    case 'during':
      return leaf.anchor
    default:
      return leaf.fact
  }
}

export function traceRule(rule: Rule, facts: Facts, setting: Setting, path = '', negated = false, outer?: Src): Trace {
  const src = rule.src ?? outer
  const cited = src === undefined ? {} : { src }
  switch (rule.op) {
    case 'not': {
      const part = traceRule(rule.of, facts, setting, `${path}/of`, !negated, src)
      return { path, truth: (2 - part.truth) as Truth, op: 'not', ...cited, of: [part] }
    }
    case 'all':
    case 'any':
    case 'atLeast': {
      const of = rule.of.map((part, i) => traceRule(part, facts, setting, `${path}/of/${i}`, negated, src))
      const truth = combine(
        rule.op === 'all' ? of.length : rule.op === 'any' ? 1 : rule.n,
        of.map((part) => part.truth),
      )
      return { path, truth, op: rule.op, ...(rule.op === 'atLeast' ? { n: rule.n } : {}), ...cited, of }
    }
    default:
      return { path, truth: evaluateLeaf(rule, facts, setting), leaf: rule, negated, ...cited, ...observe(rule, facts, setting) }
  }
}

/** All, any and n of several are one thing: at least so many. */
function combine(least: number, truths: readonly Truth[]): Truth {
  const count = (truth: Truth): number => truths.filter((each) => each >= truth).length
  return count(YES) >= least ? YES : count(UNKNOWN) < least ? NO : UNKNOWN
}

const leastOf = ({ op, n, of }: GroupTrace): number => (op === 'any' ? 1 : op === 'atLeast' ? n! : of.length)

/** What the rule would say if one of its conditions came out like this, and all others as they did. */
export function truthIf(trace: Trace, leaf: LeafTrace, truth: Truth): Truth {
  if (isLeafTrace(trace)) return trace === leaf ? truth : trace.truth
  const parts = trace.of.map((part) => truthIf(part, leaf, truth))
  return trace.op === 'not' ? ((2 - parts[0]!) as Truth) : combine(leastOf(trace), parts)
}

function observe(leaf: Leaf, facts: Facts, setting: Setting): Pick<LeafTrace, 'fact' | 'actual' | 'assumed' | 'fixed' | 'from' | 'to'> {
  const fact = factOf(leaf)
  const recorded = facts[fact] ?? undefined
  const dated = leaf.op === 'window' || leaf.op === 'during'
  const assumed = dated && recorded === undefined && leaf.anchor === 'acceptedOn'
  const actual = dated ? anchorDay(leaf.anchor, facts, setting) : leaf.op === 'holds' ? countHeld(leaf.kinds, recorded)?.sure : recorded
  return {
    fact,
    ...(actual === undefined ? {} : { actual }),
    ...(assumed ? { assumed } : {}),
    fixed: 'fixed' in catalogue[fact],
    ...timely(leaf, recorded, setting),
  }
}

/** The days that waiting can reach. A certificate's date does not move, so only acceptance and age have them. */
function timely(leaf: Leaf, recorded: FactValue | undefined, setting: Setting): { from?: IsoDate; to?: IsoDate } {
  const days = (from: IsoDate | undefined, to: IsoDate | undefined) => ({ ...(from ? { from } : {}), ...(to ? { to } : {}) })
  if (leaf.op === 'window' && leaf.anchor === 'acceptedOn') return days(leaf.from, leaf.to)
  if (leaf.op === 'during' && leaf.anchor === 'acceptedOn') {
    const event = setting.events[leaf.event]
    return event?.from ? days(event.from, event.to) : {}
  }
  if (leaf.op !== 'age' || !isIsoDate(recorded)) return {}
  return days(
    addMonths(recorded, leaf.gteMonths ?? 0),
    leaf.ltMonths === undefined ? undefined : addDays(addMonths(recorded, leaf.ltMonths), -1),
  )
}

export const listLeaves = (trace: Trace): LeafTrace[] => (isLeafTrace(trace) ? [trace] : trace.of.flatMap(listLeaves))

/** Truth as it speaks for the enterprise: turned round under `not`. */
export const standing = (leaf: LeafTrace): Truth => (leaf.negated ? ((2 - leaf.truth) as Truth) : leaf.truth)

/**
 * The cheapest leaves that would, as `wish` sees them, give the node the wanted truth; undefined when none would.
 * With `wish` = "has this truth already, at cost 1" it is the smallest reason for a decided node.
 * Leaves are taken as independent of each other: exact for reasons, a good guess for changes.
 */
export function cheapest(
  trace: Trace,
  wanted: Truth,
  wish: (leaf: LeafTrace, wanted: Truth) => number,
): { leaves: LeafTrace[]; cost: number } | undefined {
  if (isLeafTrace(trace)) {
    const cost = wish(trace, wanted)
    return cost === Infinity ? undefined : { leaves: [trace], cost }
  }
  const parts = trace.of.map((part) => cheapest(part, trace.op === 'not' ? ((2 - wanted) as Truth) : wanted, wish))
  const least = leastOf(trace)
  // n of k hold when n do; they fail when k − n + 1 fail.
  const needed = wanted === YES || trace.op === 'not' ? least : parts.length - least + 1
  const chosen = parts
    .filter((part) => part !== undefined)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, needed)
  if (chosen.length < needed) return undefined
  return { leaves: chosen.flatMap((part) => part.leaves), cost: chosen.reduce((sum, part) => sum + part.cost, 0) }
}

/** The fewest leaves that make a decided node what it is, in the order of the rule. Empty for unknown. */
export function reasons(trace: Trace): LeafTrace[] {
  if (trace.truth === UNKNOWN) return []
  const found = cheapest(trace, trace.truth, (leaf, wanted) => (leaf.truth === wanted ? 1 : Infinity))
  return inOrder(trace, found?.leaves ?? [])
}

export const inOrder = (trace: Trace, leaves: readonly LeafTrace[]): LeafTrace[] =>
  listLeaves(trace).filter((leaf) => leaves.includes(leaf))
