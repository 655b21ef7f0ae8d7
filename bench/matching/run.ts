/**
 * Policies against enterprises in both directions, engine by engine, on the same world, with every count compared.
 *
 *   node bench/matching/run.ts [--rows 1000000] [--policies 10000] [--national 0.05] [--seed 1] [--engines columns,plain,closures] [--json]
 *
 * Logical pairs are rows × policies; touched pairs are those left once places are settled: both are reported, because most policies are local.
 * Ends with code 1 if two engines disagree.
 */
import { parseArgs } from 'node:util'
import type { Rule } from '../../src/core/eligibility/rule.ts'
import { measureBandwidth } from './bandwidth.ts'
import type { BenchEngine, Counts, Prepared } from './engine.ts'
import { closures } from './engines/closures.ts'
import { columns, plain } from './engines/columns.ts'
import { enterprises, makePolicies, setting } from './world.ts'

const engines: Record<string, BenchEngine> = { columns, plain, closures }

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    policies: { type: 'string', default: '10000' },
    national: { type: 'string', default: '0.05' },
    seed: { type: 'string', default: '1' },
    engines: { type: 'string', default: 'columns' },
    json: { type: 'boolean', default: false },
  },
})
const rows = Number(options.rows)
const policies = makePolicies(Number(options.seed) + 1, Number(options.policies), Number(options.national))
const world = () => enterprises(Number(options.seed), rows)

interface Times {
  n: number
  mean: number
  p50: number
  p99: number
  max: number
}

function summarise(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { n: sorted.length, mean: sorted.reduce((sum, each) => sum + each, 0) / sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** `cpu`: seconds of this thread, which a busy machine does not change. */
async function timed(n: number, ask: (i: number) => Counts | Promise<Counts>): Promise<{ times: number[]; counts: Counts[]; cpu: number }> {
  const before = process.threadCpuUsage().user
  const times: number[] = []
  const counts: Counts[] = []
  for (let i = 0; i < n; i++) {
    const start = performance.now()
    const pending = ask(i)
    counts.push(pending instanceof Promise ? await pending : pending)
    times.push(performance.now() - start)
  }
  return { times, counts, cpu: (process.threadCpuUsage().user - before) / 1e6 }
}

async function measure(engine: BenchEngine, asked: readonly { facts: object }[]) {
  const prepared: Prepared = await engine.prepare(world, policies, setting)
  const reverseOf = (policy: number) => prepared.reverse(policy)
  const n = Math.min(policies.length, engine.most.reverse)
  const cold = await timed(n, reverseOf)
  // Twice, and the better time of each policy: what another process took away in between is not the engine's.
  const [once, twice] = engine.most.reverse >= 500 ? [await timed(n, reverseOf), await timed(n, reverseOf)] : [cold, cold]
  const warm = { ...twice, times: twice.times.map((ms, i) => Math.min(ms, once.times[i]!)), cpu: Math.min(once.cpu, twice.cpu) }
  const forward = prepared.forward && (await timed(Math.min(asked.length, engine.most.forward), (i) => prepared.forward!(asked[i]!.facts)))
  const again = forward && (await timed(forward.times.length, (i) => prepared.forward!(asked[i]!.facts)))
  const { bytes, notes } = prepared
  await prepared.close?.()
  const sum = (times: readonly number[]): number => times.reduce((total, each) => total + each, 0)
  return {
    engine: engine.name,
    values: engine.values,
    reverseCold: summarise(cold.times),
    reverse: summarise(warm.times),
    slowest: slowest(warm.times),
    bulkSeconds: { cold: sum(cold.times) / 1000, warm: sum(warm.times) / 1000, cpuCold: cold.cpu, cpuWarm: warm.cpu },
    eligiblePairs: cold.counts.reduce((total, { eligible }) => total + eligible, 0),
    possiblePairs: cold.counts.reduce((total, { possible = 0 }) => total + possible, 0),
    ...(forward && {
      forwardFirst: summarise(forward.times),
      forward: summarise(again!.times),
      forwardCpuMs: (again!.cpu * 1000) / again!.times.length,
      forwardFirstCpuMs: (forward.cpu * 1000) / forward.times.length,
    }),
    bytesPerEnterprise: bytes === undefined ? undefined : bytes / rows,
    notes,
    counts: { reverse: cold.counts, forward: forward?.counts ?? [] },
  }
}

const slowest = (times: readonly number[]): { ms: number; rule: Rule } => {
  const at = times.indexOf(Math.max(...times))
  return { ms: times[at]!, rule: policies[at]! }
}

const asked = [...enterprises(Number(options.seed) + 2, 2000)]
const bandwidth = measureBandwidth()
const results = []
for (const name of options.engines.split(',')) results.push(await measure(engines[name]!, asked))

const agree = (a: Counts | undefined, b: Counts | undefined): boolean =>
  !a || !b || (a.eligible === b.eligible && (a.possible === undefined || b.possible === undefined || a.possible === b.possible))
const [first, ...others] = results
const differences = others.reduce(
  (total, { counts }) =>
    total +
    counts.reverse.filter((each, i) => !agree(each, first!.counts.reverse[i])).length +
    counts.forward.filter((each, i) => !agree(each, first!.counts.forward[i])).length,
  0,
)

const figures = results.map((result) => ({ ...result, counts: undefined }))
if (options.json)
  console.log(
    JSON.stringify(
      { node: process.version, rows, policies: policies.length, national: Number(options.national), bandwidth, differences, figures },
      null,
      2,
    ),
  )
else {
  const short = (times: Times | undefined): string =>
    times ? `${[times.mean, times.p50, times.p99, times.max].map((ms) => ms.toPrecision(3)).join(' / ')} (${times.n})` : '–'
  console.log(
    `${rows} enterprises × ${policies.length} policies, national share ${options.national}, seed ${options.seed}, Node ${process.version}`,
  )
  console.log(
    `one core reads ${bandwidth.memory.toFixed(1)} GB/s from memory, ${bandwidth.cache.toFixed(1)} GB/s from cache; times are ms: mean / p50 / p99 / max (n)`,
  )
  for (const result of figures) {
    console.log(`\n${result.engine}, ${result.values} values`)
    console.log(`  one policy, all enterprises, first time  ${short(result.reverseCold)}`)
    console.log(`  one policy, all enterprises, warm        ${short(result.reverse)}`)
    console.log(
      `  all policies, all enterprises            ${result.bulkSeconds.cold.toFixed(2)} s first, ${result.bulkSeconds.warm.toFixed(2)} s warm`,
    )
    console.log(
      `  one enterprise, all policies, new / seen ${short(result.forwardFirst)}; ${short(result.forward)}; of this thread ${result.forwardFirstCpuMs?.toPrecision(3)} / ${result.forwardCpuMs?.toPrecision(3)}`,
    )
    console.log(
      `  pairs: ${result.eligiblePairs} eligible, ${result.possiblePairs} possible; ${result.bytesPerEnterprise?.toFixed(1) ?? '–'} bytes an enterprise`,
    )
    console.log(`  ${JSON.stringify(result.notes)}`)
    console.log(`  slowest: ${result.slowest.ms.toPrecision(3)} ms ${JSON.stringify(result.slowest.rule)}`)
  }
  console.log(differences === 0 ? '\nAll engines agree.' : `\n${differences} counts differ.`)
}
process.exitCode = differences === 0 ? 0 : 1
