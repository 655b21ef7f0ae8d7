/**
 * Why a rule answers what it answers, what to ask, and what would have to be different.
 * Explaining costs far more than deciding: decide with `compile`, explain what is shown.
 */
import { isExhaustive, type World } from './answers.ts'
import type { FactId, Facts, Setting } from './facts.ts'
import { areIndependent } from './independent.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from './rule.ts'
import {
  awaitedBy,
  awaiting,
  canReach,
  changing,
  openFacts,
  reach,
  smallest,
  someAre,
  telling,
  type Awaited,
  type Budget,
  type Variable,
} from './search.ts'
import {
  cheapest,
  factOf,
  inOrder,
  isLeafTrace,
  listLeaves,
  reasons,
  standing,
  traceRule,
  truthIf,
  type LeafTrace,
  type Trace,
} from './trace.ts'

/** A condition that would have to come out differently. */
export interface Flip extends LeafTrace {
  /** `change`: other than recorded; `tell`: not on record (precisely) yet; `enter`: an operator has to enter it. */
  by: 'change' | 'tell' | 'enter'
}

export interface Decision {
  /** Always what `evaluate` says. */
  truth: Truth
  trace: Trace
  /** NO: the fewest conditions that make it so. */
  blockers: readonly LeafTrace[]
  /** Every condition that speaks for the enterprise, whatever the result. */
  passed: readonly LeafTrace[]
  /** UNKNOWN: the fewest facts of which some answer makes it yes, in the rule's order. Empty when none does, or only an operator can tell. */
  ask: readonly FactId[]
  /** UNKNOWN: what an operator has to enter besides; kept as few as possible, even at the price of a question more. */
  awaits: readonly Awaited[]
  /** UNKNOWN: what an answer to this fact alone could decide. The rule's own facts, derived ones included. */
  couldDecide: readonly { fact: FactId; yes: boolean; no: boolean }[]
  /** NO: 差一步. The conditions to flip when as few facts as possible are changed (then: as few fixed ones, then as few unknown ones told). Empty when nothing helps. */
  flips: readonly Flip[]
  /** `ask` and `flips` are provably minimal. Else they were cut down greedily: sufficient, perhaps not the fewest. */
  exact: boolean
}

/** What to ask instead of a derived fact: the missing indicators behind `size`. Empty: ask the fact itself. */
export type Derive = (fact: FactId, facts: Facts) => readonly FactId[]

/** Rule evaluations per explanation; a policy with six conditions needs a few dozen. */
const BUDGET = 20_000

export function explain(rule: Rule, facts: Facts, setting: Setting, derive?: Derive): Decision {
  const trace = traceRule(rule, facts, setting)
  const traces = listLeaves(trace)
  const leaves = traces.map(({ leaf }) => leaf)
  const it: Case = {
    rule,
    world: { facts, setting },
    trace,
    traces,
    leaves,
    moreHurts: leaves.some(({ op }) => op === 'known'),
    independent: areIndependent(leaves, setting),
    budget: { left: BUDGET },
  }
  const found: Partial<Decision> = trace.truth === UNKNOWN ? question(it, derive) : trace.truth === NO ? oneStep(it) : {}
  return {
    truth: trace.truth,
    trace,
    blockers: trace.truth === NO ? reasons(trace) : [],
    passed: traces.filter((leaf) => standing(leaf) === YES),
    ask: [],
    awaits: [],
    couldDecide: [],
    flips: [],
    exact: true,
    ...found,
  }
}

/** One rule and one enterprise while they are being explained. */
interface Case {
  rule: Rule
  world: World
  trace: Trace
  traces: readonly LeafTrace[]
  leaves: readonly Leaf[]
  /** `known` is the one condition that an answer can turn from yes to no; only without it do more answers never hurt. */
  moreHurts: boolean
  independent: boolean
  budget: Budget
}

/** What to ask about an undecided rule. */
function question(it: Case, derive?: Derive): Partial<Decision> {
  const open = it.traces.filter((leaf) => leaf.truth === UNKNOWN)
  const expanded = open.flatMap(({ fact }) => expand(fact, it.world.facts, derive))
  // Two derived facts may share an indicator; asking it once is cheaper than the sum.
  const additive = it.independent && new Set(expanded).size === expanded.length
  return additive ? readOffQuestion(it, derive) : searchQuestion(it, derive)
}

function readOffQuestion({ trace, world }: Case, derive?: Derive): Partial<Decision> {
  const asks = (leaf: LeafTrace): readonly FactId[] => expand(leaf.fact, world.facts, derive)
  const needed = guessed(trace, (leaf) => (leaf.truth === UNKNOWN ? asks(leaf).length * 1000 + 1 : Infinity))
  const could = (leaf: LeafTrace, goal: Truth): boolean => [NO, YES].some((truth) => truthIf(trace, leaf, truth as Truth) === goal)
  const relevant = undecided(trace)
  return {
    ask: needed.flatMap(asks),
    couldDecide: relevant.map((leaf) => ({ fact: leaf.fact, yes: could(leaf, YES), no: could(leaf, NO) })),
  }
}

function searchQuestion(it: Case, derive?: Derive): Partial<Decision> {
  const { rule, world, budget, moreHurts } = it
  const asked = (chosen: readonly Variable[]): FactId[] => [...new Set(chosen.flatMap((each) => expand(each.fact, world.facts, derive)))]
  const awaits = (chosen: readonly Variable[]): Awaited[] => chosen.flatMap((each) => each.awaited ?? [])
  const cost = (chosen: readonly Variable[]): number[] => [awaits(chosen).length, asked(chosen).length, chosen.length]

  // With `known` even a decided group may turn when a fact is told.
  const variables = tellable(moreHurts ? it.leaves : undecided(it.trace).map(({ leaf }) => leaf), it)
  const found = smallest(variables, (chosen) => canReach(rule, world, chosen, budget), cost, moreHurts)
  const couldDecide = variables.flatMap((each) => {
    if (!each.fact) return []
    const alone = (goal: Rule): boolean => canReach(goal, world, [each], budget)
    return [{ fact: each.fact, yes: alone(rule), no: alone({ op: 'not', of: rule }) }]
  })
  const within = budget.left > 0
  const guess = within ? [] : guessed(it.trace, (leaf) => (leaf.truth === UNKNOWN || leaf.leaf.op === 'known' ? 1 : Infinity))
  const chosen = within ? (found?.chosen ?? []) : variables.filter((each) => guess.some(({ leaf }) => needs(leaf, each, world)))
  return { ask: asked(chosen), awaits: awaits(chosen), couldDecide, exact: within && (found?.exact ?? true) && allTried(it.leaves) }
}

const expand = (fact: FactId | undefined, facts: Facts, derive?: Derive): readonly FactId[] => {
  if (!fact) return []
  const base = derive?.(fact, facts) ?? []
  return base.length > 0 ? base : [fact]
}

/** Leaves that can still matter. */
const undecided = (trace: Trace): LeafTrace[] => (trace.truth !== UNKNOWN ? [] : isLeafTrace(trace) ? [trace] : trace.of.flatMap(undecided))

/** What can be told about these leaves: open facts by the enterprise, the rest by an operator. */
function tellable(about: readonly Leaf[], { leaves, world }: Case): Variable[] {
  const awaited = about.flatMap((leaf) => awaitedBy(leaf, world))
  const once = awaited.filter((each, i) => awaited.findIndex((other) => other.kind === each.kind && other.id === each.id) === i)
  const facts = openFacts(about, world).map((fact) => telling(fact, readers(fact, leaves), world))
  return [...facts, ...once.map((each) => awaiting(each, leaves, world))]
}

const readers = (fact: FactId, leaves: readonly Leaf[]): Leaf[] => leaves.filter((leaf) => factOf(leaf) === fact)

const allTried = (leaves: readonly Leaf[]): boolean => leaves.every((leaf) => isExhaustive(factOf(leaf), readers(factOf(leaf), leaves)))

/** What would have to be different for a rule that says no: fewest facts changed first, then fewest told, then fewest conditions. */
const oneStep = (it: Case): Partial<Decision> => (it.independent ? { flips: readOffFlips(it) } : searchFlips(it))

function readOffFlips({ trace, world }: Case): Flip[] {
  const needed = guessed(trace, (leaf) => (leaf.truth === UNKNOWN ? 1 : 1_000_000 + (leaf.fixed ? 1000 : 0)))
  return needed.map((leaf) => flip(leaf, world, leaf.truth !== UNKNOWN))
}

function searchFlips(it: Case): Partial<Decision> {
  const { rule, world, leaves, budget, moreHurts } = it
  const tells = tellable(leaves, it)
  const changes = changeable(leaves, world).map((fact) => changing(fact, readers(fact, leaves), world))
  const enough = (chosen: readonly Variable[]): boolean => canReach(rule, world, chosen, budget)
  const beside = (chosen: readonly Variable[]): Variable[] => tells.filter((each) => !chosen.some(({ fact }) => fact === each.fact))
  const operators = (chosen: readonly Variable[]): number => chosen.filter((each) => each.awaited).length

  const withTells = (chosen: readonly Variable[]): boolean => someAre((told) => enough([...chosen, ...told]), beside(chosen), moreHurts)
  const changed = smallest(changes, withTells, (chosen) => [chosen.length, chosen.filter((each) => each.fixed).length], moreHurts)
  const withChanges = (chosen: readonly Variable[]): boolean => enough([...(changed?.chosen ?? []), ...chosen])
  const told = changed && smallest(beside(changed.chosen), withChanges, (chosen) => [operators(chosen), chosen.length], moreHurts)

  const all = [...(changed?.chosen ?? []), ...(told?.chosen ?? [])]
  const best = told && fewestFlips(it, reach(rule, world, all, budget), all.length - operators(all))
  if (budget.left <= 0) return { flips: readOffFlips(it), exact: false }
  const isChanged = (leaf: LeafTrace): boolean => all.some(({ fact, change }) => change && fact === leaf.fact)
  return {
    flips: (best ?? []).map((leaf) => flip(leaf, world, isChanged(leaf))),
    exact: (changed?.exact ?? true) && (told?.exact ?? true) && allTried(leaves),
  }
}

/** Facts on record that the rule reads; the acceptance date can be chosen even while today stands in for it. */
const changeable = (leaves: readonly Leaf[], { facts }: World): FactId[] =>
  [...new Set(leaves.map(factOf))].filter((fact) => facts[fact] !== undefined || fact === 'acceptedOn')

/** Of the worlds in which the rule is true, the one that needs the fewest conditions to come out differently: at best one for each fact. */
function fewestFlips({ rule, traces }: Case, worlds: Iterable<World>, facts: number): LeafTrace[] | undefined {
  const before = new Map(traces.map((leaf) => [leaf.path, leaf]))
  let best: LeafTrace[] | undefined
  for (const at of worlds) {
    const after = traceRule(rule, at.facts, at.setting)
    const differs = (leaf: LeafTrace): boolean => before.get(leaf.path)!.truth !== leaf.truth
    const why = cheapest(after, YES, (leaf, wanted) => (leaf.truth !== wanted ? Infinity : differs(leaf) ? 1 : 0))!
    if (!best || why.cost < best.length) best = inOrder(after, why.leaves).filter(differs)
    if (best.length <= facts) break
  }
  return best?.map((leaf) => before.get(leaf.path)!)
}

function flip(leaf: LeafTrace, world: World, changed: boolean): Flip {
  const entered = awaitedBy(leaf.leaf, world).length > 0 && world.facts[leaf.fact] !== undefined
  return { ...leaf, by: changed ? 'change' : entered ? 'enter' : 'tell' }
}

/** The cheapest conditions to come out differently, taken as independent of each other: exact where they are, a good guess beyond the budget. */
const guessed = (trace: Trace, wish: (leaf: LeafTrace) => number): LeafTrace[] =>
  inOrder(trace, cheapest(trace, YES, (leaf, wanted) => (leaf.truth === wanted ? 0 : wish(leaf)))?.leaves ?? []).filter(
    (leaf) => standing(leaf) !== YES,
  )

const needs = (leaf: Leaf, variable: Variable, world: World): boolean =>
  variable.fact
    ? factOf(leaf) === variable.fact
    : awaitedBy(leaf, world).some(({ kind, id }) => kind === variable.awaited?.kind && id === variable.awaited.id)
