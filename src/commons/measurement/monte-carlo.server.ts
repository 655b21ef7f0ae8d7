/** One point gone over again by Monte Carlo, in a thread of its own, and whether the budget agrees (JJF 1059.2). */
import { evaluateInputs } from '../../core/metrology/budget.ts'
import { roundAt } from '../../core/metrology/rounding.ts'
import { validateBudget } from '../../core/metrology/validation.ts'
import { getUnit } from '../../core/quantities/units.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { runMonteCarlo, type MonteCarloWatch } from '../../platform/monte-carlo.server.ts'
import { coverage, evaluateRecord, pointNames, type Question } from './evaluate.ts'
import { expressionOf } from './names.ts'
import { inputsOf } from './point-budget.ts'

export interface Simulated {
  n: number
  sentence: string
  agrees: boolean
}

/** The same seed gives the same digits; a million trials at most, so that nobody waits for a distribution without variance. */
const seed = 1059
const most = 1_000_000

export async function simulatePoint(question: Question, n: number, watch: MonteCarloWatch = {}): Promise<Simulated | Refusal> {
  const result = evaluateRecord(question).points.find((point) => point.n === n)
  const names = pointNames(question, n)
  if (!result || typeof names === 'string') return refuse('invalid', `第 ${n + 1} 点的读数还没有填完，不能用蒙特卡洛法核对。`)
  const { template, unit, standard, entered } = question
  const repeats = (entered.points[n]?.readings[result.column] ?? []).map(Number)
  const inputs = inputsOf({ template, unit, standard, names: { ...names, y: names[result.column]! }, repeats })
  if (typeof inputs === 'string') return refuse('invalid', `${inputs}。`)
  const expression = expressionOf(template.budget.model)
  const outcome = evaluateInputs([expression], inputs, [])
  if (isRefusal(outcome)) return outcome
  const draws = outcome.order.map((name, i) => {
    const { distribution, u, value } = outcome.estimates[i]!
    return { name, distribution: u === 0 ? ({ kind: 'constant', value } as const) : distribution }
  })
  const job = { model: template.budget.model, inputs: draws, options: { seed, p: coverage, digits: 1, most } as const }
  const carlo = await runMonteCarlo(job, watch)
  if (isRefusal(carlo)) return carlo
  const { valid, sentence } = validateBudget({ value: result.error, U: result.U }, carlo)
  const digits = Math.max(0, (result.UText.split('.')[1] ?? '').length)
  const said = (x: number) => roundAt(x, -digits)
  const { low, high } = carlo.symmetric
  return {
    n,
    agrees: valid,
    sentence: `第 ${n + 1} 点模拟 ${carlo.trials.toLocaleString('zh-CN')} 次${carlo.stable ? '' : '（没有稳定：重复次数太少）'}：95 % 包含区间 ${said(low)} 至 ${said(high)} ${getUnit(unit).symbol}。${sentence}`,
  }
}
