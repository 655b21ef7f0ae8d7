/**
 * A million trials of the gauge block of JCGM 101 9.5: our reader of models against the same model written by hand as one loop over typed arrays,
 * the same generator and the same draws, in one run. Every value of the two must be equal, bit by bit.
 *
 *   node bench/monte-carlo.ts [--json] [--trials 1000000] [--rounds 5]
 *
 * Two ratios: of the whole (draws and model), and of the model alone on draws that are already there.
 */
import { parseArgs } from 'node:util'
import { blockLength, compileColumns } from '../src/core/metrology/columns.ts'
import { fill, type Distribution } from '../src/core/metrology/distributions.ts'
import { evaluate, parseExpression } from '../src/core/metrology/expression.ts'
import { streamOf } from '../src/core/metrology/random.ts'
import { defaultChunk, runTrials } from '../src/core/metrology/trials.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    trials: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
  },
})
const trials = Number(options.trials)
const rounds = Number(options.rounds)
const seed = 1

const text = 'LS + D0 + D1 + D2 - LS*(δα*(Θ0 + Δ) + αS*δΘ) - 50000000'
const inputs: { name: string; distribution: Distribution }[] = [
  { name: 'LS', distribution: { kind: 't', mean: 50_000_623, scale: 25, dof: 18 } },
  { name: 'D0', distribution: { kind: 't', mean: 215, scale: 6, dof: 24 } },
  { name: 'D1', distribution: { kind: 't', mean: 0, scale: 4, dof: 5 } },
  { name: 'D2', distribution: { kind: 't', mean: 0, scale: 7, dof: 8 } },
  { name: 'αS', distribution: { kind: 'rectangular', low: 9.5e-6, high: 13.5e-6 } },
  { name: 'Θ0', distribution: { kind: 'normal', mean: -0.1, u: 0.2 } },
  { name: 'Δ', distribution: { kind: 'arcsine', low: -0.5, high: 0.5 } },
  { name: 'δα', distribution: { kind: 'curvilinear-trapezoid', low: -1e-6, high: 1e-6, d: 0.1e-6 } },
  { name: 'δΘ', distribution: { kind: 'curvilinear-trapezoid', low: -0.05, high: 0.05, d: 0.025 } },
]

type Nine = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
]

/** The model as a person would write it for this one purpose. */
function byHand([ls, d0, d1, d2, as, t0, dt, da, dth]: Nine, out: Float64Array, from: number, n: number): void {
  for (let i = 0; i < n; i++)
    out[from + i] = ls[i]! + d0[i]! + d1[i]! + d2[i]! - ls[i]! * (da[i]! * (t0[i]! + dt[i]!) + as[i]! * dth[i]!) - 50000000
}

function wholeByHand(): Float64Array {
  const out = new Float64Array(trials)
  const columns = inputs.map(() => new Float64Array(blockLength)) as unknown as Nine
  const stream = streamOf(seed, 0)
  for (let chunk = 0; chunk < trials; chunk += defaultChunk) {
    const random = stream.copy()
    stream.jump()
    const end = Math.min(chunk + defaultChunk, trials)
    for (let from = chunk; from < end; from += blockLength) {
      const n = Math.min(blockLength, end - from)
      inputs.forEach(({ distribution }, i) => fill(distribution, random, columns[i]!.subarray(0, n)))
      byHand(columns, out, from, n)
    }
  }
  return out
}

function wholeOurs(): Float64Array {
  const found = runTrials(text, inputs, { seed, trials })
  if ('kind' in found) throw new Error(found.reason)
  return found
}

const median = (xs: number[]): number => xs.toSorted((a, b) => a - b)[Math.floor(xs.length / 2)]!
/** Milliseconds, the ways taken in turn so that a busy moment hits all of them. */
function clock(ways: readonly (() => unknown)[], times: number): number[] {
  const taken: number[][] = ways.map(() => [])
  for (let round = 0; round < times; round++)
    ways.forEach((way, i) => {
      const start = performance.now()
      way()
      taken[i]!.push(performance.now() - start)
    })
  return taken.map(median)
}

const [ours, hand] = [wholeOurs(), wholeByHand()]
const differences = ours.reduce((sum, value, i) => sum + (Object.is(value, hand[i]) ? 0 : 1), 0)
const [wholeMs = 0, wholeHandMs = 0] = clock([wholeOurs, wholeByHand], rounds)

const expression = parseExpression(text)
if ('kind' in expression) throw new Error(expression.reason)
const compiled = compileColumns(
  expression,
  inputs.map(({ name }) => name),
)
const drawn = inputs.map(({ name }) => compiled.inputs.get(name)!) as unknown as Nine
const random = streamOf(seed, 0)
inputs.forEach(({ distribution }, i) => fill(distribution, random, drawn[i]!))
const out = new Float64Array(blockLength)
const blocks = Math.ceil(trials / blockLength)
const perTrial = Object.fromEntries(inputs.map(({ name }) => [name, 0]))
const [modelMs = 0, modelHandMs = 0, treeMs = 0] = clock(
  [
    () => {
      for (let block = 0; block < blocks; block++) compiled.run(blockLength)
    },
    () => {
      for (let block = 0; block < blocks; block++) byHand(drawn, out, 0, blockLength)
    },
    () => {
      for (let block = 0; block < blocks; block++)
        for (let i = 0; i < blockLength; i++) {
          inputs.forEach(({ name }, k) => (perTrial[name] = drawn[k]![i]!))
          out[i] = evaluate(expression, perTrial)
        }
    },
  ],
  rounds,
)

const result = {
  trials,
  differences,
  whole: { oursMs: wholeMs, handMs: wholeHandMs, ratio: wholeMs / wholeHandMs },
  model: { oursMs: modelMs, handMs: modelHandMs, ratio: modelMs / modelHandMs, treeMs },
}
if (options.json) console.log(JSON.stringify(result))
else {
  const line = (name: string, ms: number) =>
    console.log(`${name.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms ${((ms * 1e6) / trials).toFixed(1).padStart(8)} ns/trial`)
  console.log(`${trials} trials of JCGM 101 9.5, nine inputs; ${differences} values differ\n`)
  line('whole, our reader', wholeMs)
  line('whole, by hand', wholeHandMs)
  console.log(`ratio ${result.whole.ratio.toFixed(2)}\n`)
  line('model only, columns', modelMs)
  line('model only, by hand', modelHandMs)
  line('model only, tree walked per trial', treeMs)
  console.log(`ratio ${result.model.ratio.toFixed(2)}`)
}
if (differences > 0) process.exitCode = 1
