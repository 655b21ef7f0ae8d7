/** The uncertainty budget of one point: the template's inputs, each evaluated from readings, standard, resolution or constants. */
import { reckonBudget, type Budget, type Input } from '../../core/metrology/budget.ts'
import type { Evaluation as Evaluated } from '../../core/metrology/evaluation.ts'
import { convert } from '../../core/quantities/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { BudgetLine, FrozenStandard } from './model.ts'
import { expressionOf, numberOf, reckon, type Names } from './names.ts'
import type { BudgetInput, Template } from './template.ts'

/** What a standard brings into a budget. */
export type Measure = Pick<FrozenStandard, 'unit' | 'quality' | 'high' | 'rangeUnit'>

export interface PointQuestion {
  template: Template
  unit: string
  standard: Measure | null
  /** With `y`, the judged column. */
  names: Names
  /** Repeats of the judged column. */
  repeats: readonly number[]
}

/** Inputs ready for `reckonBudget` and for Monte Carlo, or what is missing. */
export function inputsOf(question: PointQuestion): Input[] | string {
  const { template, names } = question
  const inputs: Input[] = []
  for (const input of template.budget.inputs) {
    const evaluation = evaluationOf(input, question)
    if (typeof evaluation === 'string') return evaluation
    inputs.push({ name: input.name, evaluation })
  }
  for (const name of expressionOf(template.budget.model).names)
    if (!inputs.some((input) => input.name === name)) {
      if (!Object.hasOwn(names, name)) return `不确定度评定缺“${name}”`
      inputs.push({ name, evaluation: { kind: 'standard', value: names[name]!, u: 0 } })
    }
  return inputs
}

export function budgetOf(question: PointQuestion): { budget: Budget; lines: BudgetLine[] } | string {
  const { template } = question
  const inputs = inputsOf(question)
  if (typeof inputs === 'string') return inputs
  const budget = reckonBudget(expressionOf(template.budget.model), inputs)
  if (isRefusal(budget)) return budget.reason
  const labels = new Map(template.budget.inputs.map(({ name, label }) => [name, label]))
  const lines = budget.lines
    .filter(({ name }) => labels.has(name))
    .map(({ name, type, how, u, sensitivity, contribution, share, dof }) => ({
      name,
      label: labels.get(name)!,
      type,
      how,
      u,
      sensitivity,
      contribution,
      share,
      dof: Number.isFinite(dof) ? dof : null,
    }))
  return { budget, lines }
}

function evaluationOf({ evaluation: e, value: text, label }: BudgetInput, question: PointQuestion): Evaluated | string {
  const { names, repeats } = question
  const value = reckon(text ?? '0', names)
  const missing = `不确定度分量“${label}”算不出来，请核对参数`
  if (value === undefined) return missing
  if (e.kind === 'observations') return { kind: 'observations', values: repeats }
  if (e.kind === 'range') return { kind: 'range', values: repeats }
  if (e.kind === 'standard') return qualityOf(question, value)
  if (e.kind === 'pooled') {
    const [s, dof] = [reckon(e.s, names), reckon(e.dof, names)]
    return s === undefined || dof === undefined ? missing : { kind: 'pooled', values: repeats, s, dof }
  }
  if (e.kind === 'resolution') {
    const step = reckon(e.step, names)
    return step === undefined ? missing : { kind: 'resolution', value, step }
  }
  const halfWidth = reckon(e.halfWidth, names)
  return halfWidth === undefined ? missing : { kind: 'half-width', shape: e.shape, value, halfWidth }
}

/** U or permissible error of the standard at this value, in the unit of the results; undefined where the units do not fit. */
export function standardError({ unit, quality, high, rangeUnit }: Measure, to: string, at: number): number | undefined {
  const stated = numberOf(quality.value)
  if (stated === undefined) return undefined
  if (quality.of === 'reading') return (stated / 100) * Math.abs(at)
  if (quality.of === 'span') {
    const end = high === null ? undefined : difference(high, rangeUnit, to)
    return end === undefined ? undefined : (stated / 100) * Math.abs(end)
  }
  return difference(quality.value, unit, to)
}

/** A difference in another unit: what scale and no offset make of it. */
function difference(value: string, unit: string, to: string): number | undefined {
  const [end, zero] = [convert({ value, unit }, to), convert({ value: '0', unit }, to)]
  return isRefusal(end) || isRefusal(zero) ? undefined : Number((Number(end.value) - Number(zero.value)).toPrecision(14))
}

function qualityOf({ standard, unit, names }: PointQuestion, value: number): Evaluated | string {
  if (!standard) return '还没有选标准器'
  const size = standardError(standard, unit, names.x ?? value)
  if (size === undefined) return `标准器的不确定度单位 ${standard.unit} 不能换算成 ${unit}，请换一台标准器`
  const k = numberOf(standard.quality.k ?? '2') ?? 2
  return standard.quality.kind === 'U' ? { kind: 'certificate', value, U: size, k } : { kind: 'permissible-error', value, mpe: size }
}
