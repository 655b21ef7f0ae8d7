/**
 * Propagation of distributions by Monte Carlo (JCGM 101:2008 7; JJF 1059.2-2012): draws of the inputs, through the model, to draws of the measurand.
 * Chunk k of a run takes stream k of the seed, so chunks may be shared among workers in any way and the values are the same.
 */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { blockLength, compileColumns, type Columns } from './columns.ts'
import { cholesky, correlationMatrix, type Correlation } from './correlation.ts'
import { checkDistribution, fill, type Distribution } from './distributions.ts'
import { parseExpression, type Expression } from './expression.ts'
import { streamOf, type Random } from './random.ts'

export interface RandomInput {
  name: string
  distribution: Distribution
}

export interface Trial {
  columns: Columns
  inputs: readonly RandomInput[]
  /** Groups of correlated normal inputs: the square root of their correlation matrix. */
  joint?: { members: readonly number[]; lower: readonly (readonly number[])[] }
}

export interface RunOptions {
  seed: number
  trials: number
  correlations?: readonly Correlation[]
  /** Trials in a chunk; the values depend on it. */
  chunk?: number
  /** After each chunk: how many trials are done. Say `false` to stop: the run is then refused with code `CANCELLED`. */
  onChunk?: (done: number, trials: number) => boolean | void
}

export const defaultChunk = 10_000
/** 8 bytes a trial: this bounds a run to 160 MB. */
export const mostTrials = 20_000_000

/** The model and its inputs made ready, or a refusal. Correlated inputs must be normal: only their joint distribution is given by r alone (JCGM 101 6.4.8). */
export function prepareTrials(
  model: string | Expression,
  inputs: readonly RandomInput[],
  correlations: readonly Correlation[] = [],
): Trial | Refusal {
  const expression = typeof model === 'string' ? parseExpression(model) : model
  if (isRefusal(expression)) return expression
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_INPUTS' })
  const order = inputs.map((input) => input.name)
  const missing = expression.names.find((name) => !order.includes(name))
  if (missing !== undefined) return no(`测量模型里的“${missing}”没有给出分布`)
  const twice = order.find((name, i) => order.indexOf(name) !== i)
  if (twice !== undefined) return no(`输入量“${twice}”给了两次`)
  for (const { name, distribution } of inputs) {
    const bad = checkDistribution(distribution, name)
    if (bad) return bad
  }
  const matrix = correlationMatrix(order, correlations)
  if (isRefusal(matrix)) return matrix
  const columns = compileColumns(expression, order)
  const members = order.flatMap((_, i) => (matrix[i]!.some((r, j) => j !== i && r !== 0) ? [i] : []))
  if (members.length === 0) return { columns, inputs }
  const other = members.find((i) => inputs[i]!.distribution.kind !== 'normal')
  if (other !== undefined)
    return no(
      `“${order[other]}”与别的输入量相关，但不是正态分布；只给相关系数定不出它们的联合分布，请改为正态分布，或把共同的来源写成单独的输入量`,
    )
  return { columns, inputs, joint: { members, lower: cholesky(members.map((i) => members.map((j) => matrix[i]![j]!)))! } }
}

/** Chunk `index` of a run: writes its values to `out`. Depends on nothing but its arguments. */
export function runChunk(trial: Trial, seed: number, index: number, out: Float64Array, random: Random = streamOf(seed, index)): void {
  for (let from = 0; from < out.length; from += blockLength) {
    const n = Math.min(blockLength, out.length - from)
    draw(trial, random, n)
    out.set(trial.columns.run(n).subarray(0, n), from)
  }
}

function draw({ columns, inputs, joint }: Trial, random: Random, n: number): void {
  inputs.forEach(({ name, distribution }, i) => {
    const column = columns.inputs.get(name)!.subarray(0, n)
    fill(joint?.members.includes(i) ? { kind: 'normal', mean: 0, u: 1 } : distribution, random, column)
  })
  if (!joint) return
  const group = joint.members.map((i) => ({
    column: columns.inputs.get(inputs[i]!.name)!,
    d: inputs[i]!.distribution as { mean: number; u: number },
  }))
  // From the last row up, so that each row still reads independent draws.
  for (let k = group.length - 1; k >= 0; k--) {
    const row = joint.lower[k]!
    const { column, d } = group[k]!
    for (let t = 0; t < n; t++) {
      let sum = 0
      for (let m = 0; m <= k; m++) sum += row[m]! * group[m]!.column[t]!
      column[t] = d.mean + d.u * sum
    }
  }
}

/** All values of a run in order of the chunks, or a refusal: the inputs, the number of trials, a stop, or a model that is not defined for some draws. */
export function runTrials(model: string | Expression, inputs: readonly RandomInput[], options: RunOptions): Float64Array | Refusal {
  const { seed, trials, chunk = defaultChunk, onChunk } = options
  if (!Number.isSafeInteger(seed)) return refuse('invalid', '随机数种子应是整数', { code: 'INVALID_SEED' })
  if (!Number.isInteger(trials) || trials < 100 || trials > mostTrials)
    return refuse('invalid', `模拟次数应在 100 和 ${mostTrials} 之间`, { code: 'INVALID_TRIALS' })
  const trial = prepareTrials(model, inputs, options.correlations)
  if (isRefusal(trial)) return trial
  const values = new Float64Array(trials)
  const stream = streamOf(seed, 0)
  for (let index = 0, from = 0; from < trials; index++, from += chunk) {
    const out = values.subarray(from, Math.min(from + chunk, trials))
    runChunk(trial, seed, index, out, stream.copy())
    const bad = undefinedDraw(out)
    if (bad) return bad
    if (onChunk?.(from + out.length, trials) === false) return refuse('conflict', '模拟已停止', { code: 'CANCELLED' })
    stream.jump()
  }
  return values
}

/** A model without a value for some draws has no distribution: leaving these out would make the rest look better than it is. */
export function undefinedDraw(values: Float64Array): Refusal | undefined {
  let bad = 0
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) bad++
  return bad === 0
    ? undefined
    : refuse(
        'invalid',
        `抽样的 ${values.length} 组输入量中有 ${bad} 组使测量模型没有意义（如负数开方、除以 0），请核对输入量的分布和公式`,
        { code: 'UNDEFINED_MODEL' },
      )
}
