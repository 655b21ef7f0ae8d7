/** The goals set beforehand, each with what was measured: reached, missed, or not shown by this run. */
import type { Figures } from './measure.ts'
import { bySize, differencesIn, ratios, type Results } from './results.ts'

export interface Goal {
  goal: string
  measured: string
  /** Undefined: this run does not show it. */
  reached: boolean | undefined
  why: string
}

const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))
const million = 1_000_000

/** A goal is about a world of a certain size; a smaller run does not show it, whatever it measured. */
export function goalsOf(results: Results): Goal[] {
  const { rows, policies } = results.options
  const enough = (goals: Goal[], least: { rows?: number; policies?: number }): Goal[] =>
    rows >= (least.rows ?? 0) && policies >= (least.policies ?? 0)
      ? goals
      : goals.map((goal) => ({
          ...goal,
          reached: undefined,
          why: `only ${rows.toLocaleString('en')} enterprises × ${policies.toLocaleString('en')} policies`,
        }))
  return [
    ...enough(forwardGoals(results), { policies: 10_000 }),
    ...enough(reverseGoals(results), { rows: million }),
    ...bulkGoals(results),
    ...enough(costGoals(results), { rows: million, policies: 10_000 }),
    differenceGoal(results),
    ...enough(pruningGoals(results), { rows: million }),
  ]
}

const notShown = (goal: string, why: string): Goal => ({ goal, measured: '–', reached: undefined, why })

/** `least`: how many times as long the other must take. */
function timesFaster(goal: string, given: number | undefined, least: number, why: string, other: Figures | undefined): Goal {
  if (given === undefined) return notShown(goal, other?.absent ?? 'not asked in this run')
  return {
    goal,
    measured: `${number(given)}×`,
    reached: given >= least,
    why: given >= least ? why : `${number(least / given)} times short. ${why}`,
  }
}

/** `most`: what it may be at most. */
function atMost(goal: string, given: number | undefined, most: number, unit: string, why: string): Goal {
  if (given === undefined) return notShown(goal, 'not measured in this run')
  const measured = `${number(given)}${unit}`
  return { goal, measured, reached: given <= most, why: given <= most ? why : `${number(given / most)} times the goal. ${why}` }
}

function forwardGoals({ engines, options, manyPolicies }: Results): Goal[] {
  const ours = engines.columns
  const of = (other: Figures | undefined): string =>
    `${options.policies.toLocaleString('en')} policies; ours over ${ours?.forward?.fresh.n ?? 0} enterprises not seen before, the other over ${other?.forward?.fresh.n ?? 0}`
  const wanted = [
    ['json-rules-engine', engines['json-rules'], 5000],
    ['ZEN', engines.zen, 800],
    ['json-logic-engine compiled', engines['json-logic'], 50],
  ] as const
  return [
    ...wanted.map(([name, other, least]) =>
      timesFaster(`Forward, 10,000 policies: ${least.toLocaleString('en')}× ${name}`, ratios(ours, other).forward, least, of(other), other),
    ),
    atMost(
      'Forward, 100,000 policies: p99 at most 3 ms',
      manyPolicies?.fresh.p99,
      3,
      ' ms',
      manyPolicies
        ? `${manyPolicies.policies.toLocaleString('en')} policies, ${manyPolicies.fresh.n} enterprises not seen before; mean ${number(manyPolicies.fresh.mean)} ms, closures ${number(manyPolicies.closures.mean)} ms`
        : '',
    ),
  ]
}

/** The better of two ways to ask the same engine. */
const faster = (ways: readonly (Figures | undefined)[]): Figures | undefined =>
  ways.filter((figures) => figures?.reverse).toSorted((a, b) => a!.reverse!.warm.mean - b!.reverse!.warm.mean)[0] ?? ways[0]

function reverseGoals({ engines }: Results): Goal[] {
  const postgres = faster([engines.postgres, engines['postgres-flat']])
  const wanted = [
    ['PostgreSQL with indexes', postgres, 300],
    ['DuckDB on one thread', engines.duckdb, 400],
  ] as const
  return wanted.map(([name, other, least]) =>
    timesFaster(
      `Reverse with unknowns: ${least}× ${name}`,
      ratios(engines.columns, other).reverse,
      least,
      `${other?.engine ?? ''}: the first ${other?.reverse?.warm.n ?? 0} policies, warm, ${(other?.rows ?? 0).toLocaleString('en')} enterprises`,
      other,
    ),
  )
}

function bulkGoals(results: Results): Goal[] {
  const largest = bySize(results).at(-1)
  const seconds = largest?.bulkMs && largest.bulkMs.warm / 1000
  const size = `${(largest?.rows ?? 0).toLocaleString('en')} enterprises × ${results.options.policies.toLocaleString('en')} policies`
  const bulk = 'Bulk, 10,000 policies × 10 million: at most 2 s on one thread'
  const full = largest !== undefined && largest.rows >= 10 * million && results.options.policies >= 10_000
  return [
    full
      ? atMost(bulk, seconds, 2, ' s', size)
      : notShown(bulk, seconds === undefined ? 'not run' : `the largest run was ${size}: ${number(seconds)} s`),
    largest !== undefined && largest.rows < million
      ? notShown('Bulk: at most 2× the memory bound', `the largest run was ${size}`)
      : boundGoal('Bulk: at most 2× the memory bound', largest, largest?.bulkMs?.warm),
  ]
}

function boundGoal(goal: string, figures: Figures | undefined, ms: number | undefined): Goal {
  const bound = figures?.bound
  if (!bound || ms === undefined) return notShown(goal, 'not run')
  const { memory } = bound.bandwidth
  return atMost(
    goal,
    ms / bound.memoryMs,
    2,
    '×',
    `${figures.rows.toLocaleString('en')} enterprises: ${number(ms)} ms for ${number(bound.bytes / 1e9)} GB at ${memory.toFixed(1)} GB/s (${number(bound.memoryMs)} ms); ${number(ms / bound.cacheMs)}× what the cache gives`,
  )
}

function costGoals(results: Results): Goal[] {
  const { operations } = results
  const ours = results.engines.columns ?? bySize(results).at(-1)
  const millions = (ours?.rows ?? 1) / million
  const build = ours && ours.prepareMs / 1000 / millions
  const load = operations && operations.snapshot.loadMs / 1000 / (operations.rows / million)
  const slowest = ours?.reverse?.slowest
  return [
    atMost(
      'At most 80 bytes an enterprise',
      ours?.bytesPerEnterprise,
      80,
      ' bytes',
      'columns, bitmaps, ledgers, index and remembered conditions',
    ),
    ...[ours, bySize(results).at(-1)].filter((each, i, all) => each && (i === 0 || each !== all[0])).map((each) => loadGoal(each!, load)),
    atMost(
      'Build from enterprises instead of a snapshot: at most 0.5 s a million',
      build,
      0.5,
      ' s',
      `the index of policies included; enterprises ${ours?.generated === 'before' ? 'in memory beforehand' : 'generated meanwhile, which was measured alone and subtracted'}`,
    ),
    atMost(
      'Worst policy: at most 1 ms a million',
      slowest && slowest.ms / millions,
      1,
      ' ms',
      slowest ? `warm, of ${ours?.reverse?.warm.n} policies: ${JSON.stringify(slowest.rule)}` : '',
    ),
  ]
}

/** Reading the rules and planning them takes its time whatever the number of enterprises, so a small world shows more of it. */
function loadGoal({ rows, bulkMs }: Figures, load: number | undefined): Goal {
  const first = bulkMs && (bulkMs.cold - bulkMs.warm) / 1000 / (rows / million)
  return atMost(
    `Load and build: at most 0.5 s a million, at ${rows.toLocaleString('en')}`,
    load !== undefined && first !== undefined ? load + first : undefined,
    0.5,
    ' s',
    load !== undefined && first !== undefined
      ? `snapshot ${number(load)} s, and what the first round of all policies took longer than the next, ${number(first)} s, planning them included`
      : '',
  )
}

const differenceGoal = (results: Results): Goal => ({
  goal: 'No differences between engines',
  measured: String(differencesIn(results)),
  reached: differencesIn(results) === 0,
  why: 'every count, and every key and number listed; engines of two values as described below',
})

function pruningGoals({ pruningOff }: Results): Goal[] {
  const ours = pruningOff.columns
  const full = faster([pruningOff['postgres-full'], pruningOff['postgres-flat']])
  return [
    timesFaster(
      'Pruning off: 20× PostgreSQL over every row',
      ratios(ours, full).reverse,
      20,
      `${full?.engine ?? ''}: policies for the whole country, the first ${full?.reverse?.warm.n ?? 0}, warm`,
      full,
    ),
    boundGoal('Pruning off: at most 2× the memory bound', ours, ours?.bulkMs?.warm),
  ]
}
