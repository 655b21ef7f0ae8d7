/** Looks for answers that make a rule true, and for the fewest of them. Exact while the budget lasts, and it says whether it did. */
import { answersAnew, answersWithin, eventWindows, type World } from './answers.ts'
import { evaluate } from './evaluate.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue } from './facts.ts'
import { UNKNOWN, YES, type Leaf, type Rule } from './rule.ts'
import { factOf } from './trace.ts'

/** Something that an operator, not the enterprise, has to enter. */
export interface Awaited {
  kind: 'event' | 'alliance'
  id: string
}

/** One thing that may still be answered (or changed), with the answers worth trying. */
export interface Variable {
  fact?: FactId
  awaited?: Awaited
  /** Set apart: what is on record would have to change. */
  change: boolean
  fixed: boolean
  /** The world before this is answered, and after each answer. */
  blank: (world: World) => World
  answers: readonly ((world: World) => World)[]
}

/** Rules evaluated before the search gives up on being exact. */
export interface Budget {
  left: number
}

/** An undecided value: every condition is unknown on it, but it is on record. */
const UNDECIDED: FactValue = { oneOf: [] }

const withFact =
  (fact: FactId, value: FactValue) =>
  (world: World): World => ({ ...world, facts: { ...world.facts, [fact]: value } as Facts })
const same = (world: World): World => world

/** Tells what is missing or coarse, in agreement with the record. */
export function telling(fact: FactId, leaves: readonly Leaf[], world: World): Variable {
  const blank = world.facts[fact] === undefined ? withFact(fact, UNDECIDED) : same
  return { fact, change: false, fixed: false, blank, answers: answersWithin(fact, leaves, world).map((value) => withFact(fact, value)) }
}

/** Changes what is on record into anything else. */
export const changing = (fact: FactId, leaves: readonly Leaf[], world: World): Variable => ({
  fact,
  change: true,
  fixed: 'fixed' in catalogue[fact],
  blank: withFact(fact, UNDECIDED),
  answers: answersAnew(fact, leaves, world).map((value) => withFact(fact, value)),
})

/** An operator enters what a document leaves open. */
export function awaiting(awaited: Awaited, leaves: readonly Leaf[], world: World): Variable {
  const { kind, id } = awaited
  const answers =
    kind === 'event'
      ? eventWindows(id, leaves, world).map((window) => (w: World): World => ({
          ...w,
          setting: { ...w.setting, events: { ...w.setting.events, [id]: window } },
        }))
      : [['000000'], []].map((codes) => (w: World): World => ({
          ...w,
          setting: { ...w.setting, alliances: { ...w.setting.alliances, [id]: codes } },
        }))
  return { awaited, change: false, fixed: false, blank: same, answers }
}

/** The events and alliances that a leaf needs and the setting lacks. */
export function awaitedBy(leaf: Leaf, { setting }: World): Awaited[] {
  if (leaf.op === 'during') return setting.events[leaf.event]?.from === undefined ? [{ kind: 'event', id: leaf.event }] : []
  if (leaf.op !== 'region' || leaf.mode !== 'alliance') return []
  return leaf.codes.filter((id) => setting.alliances?.[id] === undefined).map((id) => ({ kind: 'alliance', id }))
}

/** The facts about which more could be told: missing, undecided, or coarser than a leaf needs. An assumed acceptance date is not one. */
export function openFacts(leaves: readonly Leaf[], world: World): FactId[] {
  const awaited = leaves.flatMap((leaf) => awaitedBy(leaf, world))
  // As if an operator had entered everything, once including all days and places and once none: what is unknown then is the enterprise's to tell.
  const entered = [0, 1].map((which) => awaited.reduce((w, each) => awaiting(each, leaves, w).answers[which]!(w), world))
  return [...new Set(leaves.map(factOf))].filter((fact) => {
    const recorded = world.facts[fact]
    if (recorded === undefined || recorded === null) return fact !== 'acceptedOn'
    const readers = leaves.filter((leaf) => factOf(leaf) === fact)
    return entered.some(({ facts, setting }) => readers.some((leaf) => evaluate(leaf, facts, setting) === UNKNOWN))
  })
}

/**
 * Worlds in which the rule is true, reached by answering these variables. Depth first; a branch is left as soon as the rule
 * is false there: with everything on record, no further answer brings it back (monotonicity).
 */
export function* reach(rule: Rule, world: World, variables: readonly Variable[], budget: Budget): Generator<World, undefined> {
  const start = variables.reduce((w, variable) => variable.blank(w), world)
  yield* answerFrom(0, start)
  return undefined

  function* answerFrom(index: number, at: World): Generator<World, undefined> {
    if (budget.left-- <= 0) return undefined
    const truth = evaluate(rule, at.facts, at.setting)
    if (truth === YES) yield at
    if (truth !== UNKNOWN || index === variables.length) return undefined
    for (const answer of variables[index]!.answers) yield* answerFrom(index + 1, answer(at))
    return undefined
  }
}

export const canReach = (rule: Rule, world: World, variables: readonly Variable[], budget: Budget): boolean =>
  reach(rule, world, variables, budget).next().value !== undefined

/** Up to this many variables that can stand in for each other, every subset is tried. */
const EXACT_VARIABLES = 10

const subsetsOf = (variables: readonly Variable[]): Variable[][] =>
  variables.reduce<Variable[][]>((all, each) => [...all, ...all.map((subset) => [...subset, each])], [[]])

/** Some of the variables, perhaps none, are enough; where more never hurts, that is all of them. */
export const someAre = (enough: (chosen: readonly Variable[]) => boolean, variables: readonly Variable[], moreHurts: boolean): boolean =>
  moreHurts && variables.length <= EXACT_VARIABLES ? subsetsOf(variables).some(enough) : enough(variables)

/**
 * The cheapest subset that is enough; undefined when none is. Costs are compared number by number.
 * `exact` is false when variables were dropped greedily instead.
 */
export function smallest(
  variables: readonly Variable[],
  enough: (chosen: readonly Variable[]) => boolean,
  cost: (chosen: readonly Variable[]) => readonly number[],
  moreHurts: boolean,
): { chosen: readonly Variable[]; exact: boolean } | undefined {
  if (!someAre(enough, variables, moreHurts)) return undefined
  const without = (each: Variable): Variable[] => variables.filter((other) => other !== each)
  const necessary = moreHurts ? [] : variables.filter((each) => !enough(without(each)))
  if (enough(necessary)) return { chosen: necessary, exact: true }
  const optional = variables.filter((each) => !necessary.includes(each))
  if (optional.length > EXACT_VARIABLES) return { chosen: dropGreedily(variables, necessary, enough, cost), exact: false }
  const pick = (extra: readonly Variable[]): Variable[] => variables.filter((each) => necessary.includes(each) || extra.includes(each))
  const inOrder = subsetsOf(optional)
    .map(pick)
    .toSorted((a, b) => compare(cost(a), cost(b)))
  return { chosen: inOrder.find(enough) ?? variables, exact: true }
}

function dropGreedily(
  all: readonly Variable[],
  necessary: readonly Variable[],
  enough: (chosen: readonly Variable[]) => boolean,
  cost: (chosen: readonly Variable[]) => readonly number[],
): readonly Variable[] {
  const dearestFirst = all.filter((each) => !necessary.includes(each)).toSorted((a, b) => compare(cost([b]), cost([a])))
  return dearestFirst.reduce<readonly Variable[]>((kept, each) => {
    const fewer = kept.filter((other) => other !== each)
    return enough(fewer) ? fewer : kept
  }, all)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, i) => each !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
