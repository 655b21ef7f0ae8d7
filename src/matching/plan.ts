/**
 * A rule made ready for one layout. Places are settled beforehand: rows are sorted by region, so each condition on a place is a constant
 * over ranges of rows. What is left of the rule is worked out once for each combination of such constants, and ranges where nothing can
 * come out are never looked at.
 */
import type { Leaf, Rule, Truth } from '../core/eligibility/rule.ts'
import { NO, UNKNOWN, YES } from '../core/eligibility/rule.ts'
import { shapeOf } from './columns.ts'
import { sourceOf, type Engine } from './engine.ts'
import { truthsInTime, type Combinations, type Source } from './source.ts'
import type { Part, Plan, Step } from './step.ts'

export function planOf(engine: Engine, rule: Rule): Plan {
  let plan = engine.plans.get(rule)
  if (!plan) {
    plan = makePlan(engine, rule)
    engine.plans.set(rule, plan)
  }
  return plan
}

/** More conditions on places than this are looked up row by row; 3^30 is still exact. */
const mostPlaces = 30

function makePlan(engine: Engine, rule: Rule): Plan {
  const { base } = engine.layout
  const places = placesIn(rule)
  if (places.length > mostPlaces || !engine.layout.columns.region || base === 0)
    return { parts: [{ step: withoutPlaces(engine, rule), ranges: [0, base] }] }
  const parts: Part[] = []
  for (const [combination, ranges] of combinations(engine, places)) {
    const truthOf = (leaf: Leaf): Truth | undefined => {
      const i = places.indexOf(leaf)
      return i < 0 ? undefined : ((Math.floor(combination / 3 ** i) % 3) as Truth)
    }
    const step = simplify(engine, rule, truthOf)
    if (step.kind !== 'constant' || step.truth !== NO) parts.push({ step, ranges })
  }
  return { parts }
}

/** Every condition on a place is looked up row by row. */
const withoutPlaces = (engine: Engine, rule: Rule): Step => simplify(engine, rule, () => undefined)

export function tailOf(engine: Engine, rule: Rule): Step {
  const plan = planOf(engine, rule)
  return (plan.tail ??= withoutPlaces(engine, rule))
}

const placesIn = (rule: Rule): Leaf[] => {
  if (rule.op === 'region') return rule.mode === 'park' ? [] : [rule]
  if (rule.op === 'not') return placesIn(rule.of)
  return 'of' in rule ? rule.of.flatMap(placesIn) : []
}

/** Ranges of rows by what the conditions on places say there: the truth of condition i is digit i to the base of 3. */
function combinations(engine: Engine, places: readonly Leaf[]): Combinations {
  const sources = places.map((leaf) => sourceOf(engine, leaf))
  // Most rules name one place, and many the same one.
  if (sources.length === 1) return (sources[0]!.places ??= combine(engine, sources))
  return combine(engine, sources)
}

function combine(engine: Engine, sources: readonly Source[]): Combinations {
  const { columns, regionStart, base } = engine.layout
  const column = columns.region!
  if (column.shape !== 'dictionary') throw new TypeError('A region is kept in a dictionary.')
  const truths = sources.map((source) => truthsInTime(source, column.dictionary, engine.setting))
  const found = new Map<number, number[]>()
  const add = (region: number, from: number, to: number): void => {
    if (from === to) return
    const combination = truths.reduceRight((sum, truth) => sum * 3 + truth[region]!, 0)
    const ranges = found.get(combination)
    if (!ranges) found.set(combination, [from, to])
    // Neighbours that say the same are one range.
    else if (ranges.at(-1) === from) ranges[ranges.length - 1] = to
    else ranges.push(from, to)
  }
  const numbers = regionStart.length - 1
  const turns = turnsOf(truths, numbers)
  turns.forEach((region, i) => add(region, regionStart[region]!, regionStart[turns[i + 1] ?? numbers]!))
  add(0, regionStart[0]!, base)
  return found
}

/** Regions, of 1 … `end` − 1 in order, where one of the conditions says something else than of the region before. */
function turnsOf(truths: readonly Uint8Array[], end: number): number[] {
  const turns = new Set(end > 1 ? [1] : [])
  for (const truth of truths) for (let region = 2; region < end; region++) if (truth[region] !== truth[region - 1]) turns.add(region)
  return [...turns].sort((a, b) => a - b)
}

/** The rule with what is known of it put in; a condition on a fact that nobody has on record is a constant too. */
function simplify(engine: Engine, rule: Rule, truthOf: (leaf: Leaf) => Truth | undefined): Step {
  const each = (part: Rule): Step => simplify(engine, part, truthOf)
  switch (rule.op) {
    case 'all':
    case 'any': {
      const of: Step[] = []
      for (const part of rule.of) {
        const step = each(part)
        // Decided: the other conditions need not even be known.
        if (isConstant(step, rule.op === 'all' ? NO : YES)) return step
        of.push(step)
      }
      return joined(rule.op, of)
    }
    case 'not': {
      const of = each(rule.of)
      return of.kind === 'constant' ? constant((2 - of.truth) as Truth) : of.kind === 'not' ? of.of : { kind: 'not', of }
    }
    case 'atLeast':
      return atLeast(rule.n, rule.of.map(each))
    default: {
      const truth = truthOf(rule)
      if (truth !== undefined) return constant(truth)
      const source = sourceOf(engine, rule)
      return engine.layout.columns[source.fact] ? { kind: 'source', source } : constant(source.judge({}))
    }
  }
}

const constant = (truth: Truth): Step => ({ kind: 'constant', truth })
const isConstant = (step: Step, truth: Truth): boolean => step.kind === 'constant' && step.truth === truth

function joined(kind: 'all' | 'any', of: Step[]): Step {
  const [deciding, neutral] = kind === 'all' ? ([NO, YES] as const) : ([YES, NO] as const)
  if (of.some((step) => isConstant(step, deciding))) return constant(deciding)
  const flat = of.flatMap((step) => (step.kind === kind ? step.of : [step])).filter((step) => !isConstant(step, neutral))
  const open = flat.filter((step) => step.kind !== 'constant')
  // What is left among the constants is unknown, once or several times.
  const left = flat.length > open.length ? [...cheapestFirst(open), constant(UNKNOWN)] : cheapestFirst(open)
  return left.length === 0 ? constant(neutral) : left.length === 1 ? left[0]! : { kind, of: left }
}

function atLeast(n: number, of: Step[]): Step {
  const left = n - of.filter((step) => isConstant(step, YES)).length
  const open = of.filter((step) => !isConstant(step, YES) && !isConstant(step, NO))
  if (left <= 0) return constant(YES)
  if (open.length < left) return constant(NO)
  if (open.every((step) => step.kind === 'constant')) return constant(UNKNOWN)
  if (left === 1) return joined('any', open)
  if (left === open.length) return joined('all', open)
  return { kind: 'atLeast', n: left, of: cheapestFirst(open) }
}

const cheapestFirst = (steps: readonly Step[]): Step[] => steps.toSorted((a, b) => costOf(a) - costOf(b))

/** Roughly, in time for a row that is looked at. */
function costOf(step: Step): number {
  if (step.kind === 'constant') return 0
  if (step.kind !== 'source') return (step.kind === 'not' ? [step.of] : step.of).reduce((sum, each) => sum + costOf(each), 2)
  if (step.source.leaf.op === 'holds') return 8
  return { planes: 1, number: 3, dictionary: 2 }[shapeOf(step.source.fact)]
}
