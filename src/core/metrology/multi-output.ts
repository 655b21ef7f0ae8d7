/** Several measurands from the same inputs, with their covariance (JCGM 100 H.2; JCGM 102:2011 6.2). */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { evaluateInputs, whereUndefined, type Input } from './budget.ts'
import { covarianceMatrix, propagateCovariance, type Correlation, type Matrix } from './correlation.ts'
import { parseExpression, type Expression } from './expression.ts'
import { gradientOf } from './jet.ts'

export interface Output {
  name: string
  model: string
}

export interface Outputs {
  outputs: readonly { name: string; value: number; u: number }[]
  /** Rows are outputs, columns inputs in the order given: ∂y/∂x. */
  sensitivities: Matrix
  covariance: Matrix
  /** 0 where an output has no uncertainty. */
  correlation: Matrix
}

/** Values, standard uncertainties and correlation coefficients of the outputs, or a refusal that names the output. */
export function reckonOutputs(
  outputs: readonly Output[],
  inputs: readonly Input[],
  correlations: readonly Correlation[] = [],
): Outputs | Refusal {
  const models: Expression[] = []
  for (const { name, model } of outputs) {
    const parsed = parseExpression(model)
    if (isRefusal(parsed)) return refuse('invalid', `“${name}”：${parsed.reason}`, { code: 'INVALID_EXPRESSION' })
    models.push(parsed)
  }
  const outcome = evaluateInputs(models, inputs, correlations)
  if (isRefusal(outcome)) return outcome
  const { order, estimates } = outcome
  const at = estimates.map((estimate) => estimate.value)
  const found = models.map((model) => gradientOf(model, order, at))
  for (const [i, { value, gradient }] of found.entries()) {
    const undefinedThere = whereUndefined(value, gradient, order)
    if (undefinedThere) return { ...undefinedThere, reason: `“${outputs[i]!.name}”：${undefinedThere.reason}` }
  }
  const sensitivities = found.map(({ gradient }) => gradient)
  const us = estimates.map((estimate) => estimate.u)
  const covariance = propagateCovariance(sensitivities, covarianceMatrix(us, outcome.correlation))
  const u = covariance.map((row, i) => Math.sqrt(Math.max(0, row[i]!)))
  return {
    outputs: outputs.map(({ name }, i) => ({ name, value: found[i]!.value, u: u[i]! })),
    sensitivities,
    covariance,
    correlation: covariance.map((row, i) => row.map((each, j) => (u[i]! * u[j]! > 0 ? each / (u[i]! * u[j]!) : 0))),
  }
}
