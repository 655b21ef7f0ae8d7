/**
 * The uncertainty budget of a measurement model: law of propagation of uncertainty (JCGM 100:2008 5, JJF 1059.1-2012 4.4).
 * Values are plain numbers; that the units of the inputs agree with the model is the caller's part.
 */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { correlationMatrix, covarianceMatrix, propagateCovariance, type Correlation } from './correlation.ts'
import { evaluateInput, type Estimate, type Evaluation } from './evaluation.ts'
import { parseExpression, type Expression } from './expression.ts'
import { gradientOf } from './jet.ts'
import { secondOrder, type SecondOrder } from './second-order.ts'

export interface Input {
  name: string
  evaluation: Evaluation
  /** Shown beside the numbers; not checked here. */
  unit?: string
}

export interface Line extends Estimate {
  name: string
  unit?: string
  /** ∂f/∂x at the estimates. */
  sensitivity: number
  /** |c|·u, in the unit of the measurand. */
  contribution: number
  /** (c·u)² over u_c², per cent. Correlations have a share of their own, so that all shares sum to 100. */
  share: number
}

export interface Budget {
  value: number
  /** Combined standard uncertainty. */
  u: number
  lines: readonly Line[]
  /** What correlations add to u_c² (or take away), per cent. */
  correlationShare: number
  /** Effective degrees of freedom (Welch–Satterthwaite, JCGM 100 G.2b); absent where the formula does not hold: `dofReason` says why. */
  dof?: number
  dofReason?: string
  /** With the terms of higher order (JCGM 100 5.1.2 note). */
  secondOrder?: SecondOrder
}

export interface Outcome {
  /** Names in the order of the matrices. */
  order: readonly string[]
  estimates: readonly Estimate[]
  correlation: readonly (readonly number[])[]
}

export interface BudgetOptions {
  correlations?: readonly Correlation[]
  secondOrder?: boolean
}

/** Estimates and correlation matrix of the inputs; refused when an input is missing, given twice, unused or wrong. */
export function evaluateInputs(
  models: readonly Expression[],
  inputs: readonly Input[],
  correlations: readonly Correlation[],
): Outcome | Refusal {
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_INPUTS' })
  const order = inputs.map((input) => input.name)
  const twice = order.find((name, i) => order.indexOf(name) !== i)
  if (twice !== undefined) return no(`输入量“${twice}”给了两次`)
  const used = new Set(models.flatMap((model) => model.names))
  const missing = [...used].find((name) => !order.includes(name))
  if (missing !== undefined) return no(`测量模型里的“${missing}”没有给出估计值和不确定度`)
  const unused = order.find((name) => !used.has(name))
  if (unused !== undefined) return no(`输入量“${unused}”没有出现在测量模型里，请删去，或核对名称的写法`)
  const estimates: Estimate[] = []
  for (const { name, evaluation } of inputs) {
    const estimate = evaluateInput(name, evaluation)
    if (isRefusal(estimate)) return estimate
    estimates.push(estimate)
  }
  const correlation = correlationMatrix(order, correlations)
  return isRefusal(correlation) ? correlation : { order, estimates, correlation }
}

/** The sentence of a model that has no value, or no derivative, at the estimates; undefined when all is well. */
export function whereUndefined(value: number, gradient: readonly number[], order: readonly string[]): Refusal | undefined {
  if (!Number.isFinite(value)) {
    return refuse('invalid', '测量模型在各输入量的估计值处没有意义（如除以 0、负数开方），请核对公式和数值', { code: 'UNDEFINED_MODEL' })
  }
  const at = gradient.findIndex((c) => !Number.isFinite(c))
  return at < 0
    ? undefined
    : refuse('invalid', `测量模型在估计值处对“${order[at]}”没有导数，求不出灵敏系数；请改用蒙特卡洛法`, { code: 'NO_DERIVATIVE' })
}

/** The budget, or a refusal of kind `invalid`. Symmetric in the order of the inputs. */
export function reckonBudget(model: string | Expression, inputs: readonly Input[], options: BudgetOptions = {}): Budget | Refusal {
  const expression = typeof model === 'string' ? parseExpression(model) : model
  if (isRefusal(expression)) return expression
  const outcome = evaluateInputs([expression], inputs, options.correlations ?? [])
  if (isRefusal(outcome)) return outcome
  const { order, estimates, correlation } = outcome
  const at = estimates.map((estimate) => estimate.value)
  const { value, gradient } = gradientOf(expression, order, at)
  const undefinedThere = whereUndefined(value, gradient, order)
  if (undefinedThere) return undefinedThere
  const us = estimates.map((estimate) => estimate.u)
  const covariance = covarianceMatrix(us, correlation)
  const variance = Math.max(0, propagateCovariance([gradient], covariance)[0]![0]!)
  const lines = linesOf(inputs, estimates, gradient, variance)
  const alone = lines.reduce((sum, line) => sum + line.contribution ** 2, 0)
  const budget: Budget = {
    value,
    u: Math.sqrt(variance),
    lines,
    correlationShare: variance > 0 ? ((variance - alone) / variance) * 100 : 0,
    ...effectiveDof(lines, Math.sqrt(variance), correlation),
  }
  if (!options.secondOrder) return budget
  const found = secondOrder(expression, order, at, covariance, variance, gradient)
  return isRefusal(found) ? found : { ...budget, secondOrder: found }
}

function linesOf(inputs: readonly Input[], estimates: readonly Estimate[], gradient: readonly number[], variance: number): Line[] {
  return inputs.map((input, i) => {
    const estimate = estimates[i]!
    const sensitivity = gradient[i]!
    const contribution = Math.abs(sensitivity) * estimate.u
    const share = variance > 0 ? (contribution ** 2 / variance) * 100 : 0
    return { name: input.name, ...(input.unit === undefined ? {} : { unit: input.unit }), ...estimate, sensitivity, contribution, share }
  })
}

/** ν_eff = u_c⁴ / Σ (u_i⁴/ν_i). Not for correlated inputs (JCGM 100 G.4.1, JJF 1059.1 4.4: only for independent ones). */
function effectiveDof(
  lines: readonly Line[],
  u: number,
  correlation: readonly (readonly number[])[],
): Pick<Budget, 'dof'> | Pick<Budget, 'dofReason'> {
  const tied = lines.flatMap((line, i) =>
    lines
      .slice(i + 1)
      .filter((other, j) => matters(correlation[i]![i + 1 + j]!, line, other))
      .map((other) => [line, other] as const),
  )
  const [pair] = tied
  if (pair) {
    const [a, b] = pair
    return {
      dofReason: `“${a.name}”与“${b.name}”相关，有效自由度的韦尔奇-萨特思韦特公式只适用于互不相关的输入量（JCGM 100 G.4.1、JJF 1059.1），因此不给有效自由度，按 k = 2 给出扩展不确定度`,
    }
  }
  const sum = lines.reduce((total, { contribution, dof }) => total + (contribution / u) ** 4 / dof, 0)
  return { dof: u > 0 && sum > 0 ? 1 / sum : Infinity }
}

const matters = (r: number, a: Line, b: Line): boolean => r !== 0 && a.contribution > 0 && b.contribution > 0
