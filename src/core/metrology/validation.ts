/** Does the GUM budget agree with Monte Carlo to the digits that matter? (JCGM 101:2008 8, JJF 1059.2-2012) */
import { numericalTolerance, type Interval, type Propagated } from './propagated.ts'

export interface Validation {
  /** δ: half a unit in the last of the `digits` significant digits of u. */
  tolerance: number
  dLow: number
  dHigh: number
  valid: boolean
  /** For a person who has to decide which result to report. */
  sentence: string
}

/** Compares y ± U of the budget with the Monte Carlo interval of the same coverage probability, equal tails or shortest. */
export function validateBudget(
  budget: { value: number; U: number },
  carlo: Pick<Propagated, 'u' | 'symmetric' | 'shortest'>,
  digits: 1 | 2 = 1,
  which: 'symmetric' | 'shortest' = 'symmetric',
): Validation {
  const interval: Interval = carlo[which]
  const tolerance = numericalTolerance(carlo.u, digits)
  const dLow = Math.abs(budget.value - budget.U - interval.low)
  const dHigh = Math.abs(budget.value + budget.U - interval.high)
  const valid = dLow <= tolerance && dHigh <= tolerance
  const numbers = `区间两端相差 ${dLow.toPrecision(2)} 和 ${dHigh.toPrecision(2)}，允许 ${tolerance.toPrecision(1)}`
  const sentence = valid
    ? `GUM 法与蒙特卡洛法一致（${numbers}），可以用 GUM 法的结果`
    : `GUM 法与蒙特卡洛法不一致（${numbers}），模型不够线性或分布不够正态，应采用蒙特卡洛法的结果（JJF 1059.2）`
  return { tolerance, dLow, dHigh, valid, sentence }
}
