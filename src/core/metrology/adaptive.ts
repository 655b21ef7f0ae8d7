/** The adaptive Monte Carlo procedure: trials are added until the results are stable to the wanted digits (JCGM 101:2008 7.9). */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import type { Expression } from './expression.ts'
import { intervals, momentsOfSample, numericalTolerance, summarise, type Propagated } from './propagated.ts'
import { streamOf } from './random.ts'
import { mostTrials, prepareTrials, runChunk, undefinedDraw, type RandomInput, type RunOptions } from './trials.ts'

export interface AdaptiveOptions extends Omit<RunOptions, 'trials' | 'chunk'> {
  p?: number
  /** Significant digits of u that shall be stable; 7.9 needs one digit more than are reported. */
  digits?: 1 | 2
  most?: number
}

export interface Adaptive extends Propagated {
  tolerance: number
  /** False: the most trials were done, and the digits are not stable. */
  stable: boolean
}

/** Four numbers that shall be stable, of one sequence of trials: y, u, low, high. */
type Figures = readonly [number, number, number, number]

/** Runs sequences of M = max(⌈100/(1 − p)⌉, 10⁴) trials until twice the standard deviation of the mean of each figure is below δ. */
export function runAdaptive(model: string | Expression, inputs: readonly RandomInput[], options: AdaptiveOptions): Adaptive | Refusal {
  const { seed, p = 0.95, digits = 2, most = 4_000_000, onChunk } = options
  if (!(p > 0 && p < 1)) return refuse('invalid', '包含概率应在 0 和 1 之间，如 0.95', { code: 'INVALID_PROBABILITY' })
  if (!Number.isSafeInteger(seed)) return refuse('invalid', '随机数种子应是整数', { code: 'INVALID_SEED' })
  const trial = prepareTrials(model, inputs, options.correlations)
  if (isRefusal(trial)) return trial
  const size = Math.max(Math.ceil(100 / (1 - p)), 10_000)
  const rounds = Math.floor(Math.min(most, mostTrials) / size)
  if (rounds < 2) return refuse('invalid', `包含概率 ${p} 至少要模拟 ${2 * size} 次，请提高模拟次数的上限`, { code: 'INVALID_TRIALS' })
  const values = new Float64Array(rounds * size)
  const figures: Figures[] = []
  const stream = streamOf(seed, 0)
  let done = 0
  let [tolerance, stable] = [0, false]
  while (!stable && figures.length < rounds) {
    const out = values.subarray(done, done + size)
    runChunk(trial, seed, figures.length, out, stream.copy())
    stream.jump()
    const bad = undefinedDraw(out)
    if (bad) return bad
    figures.push(figuresOf(out, p))
    done += size
    if (onChunk?.(done, rounds * size) === false) return refuse('conflict', '模拟已停止', { code: 'CANCELLED' })
    if (figures.length < 2) continue
    tolerance = numericalTolerance(momentsOfSample(values.subarray(0, done)).u, digits)
    stable = [0, 1, 2, 3].every((i) => 2 * deviationOfMean(figures.map((each) => each[i]!)) <= tolerance)
  }
  return { ...summarise(values.subarray(0, done), p), tolerance, stable }
}

function figuresOf(out: Float64Array, p: number): Figures {
  const { value, u } = momentsOfSample(out)
  const { low, high } = intervals(Float64Array.from(out).sort(), p).symmetric
  return [value, u, low, high]
}

function deviationOfMean(xs: readonly number[]): number {
  const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length
  return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (xs.length * (xs.length - 1)))
}
