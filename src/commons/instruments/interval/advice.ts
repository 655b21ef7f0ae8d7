/**
 * Advice on the interval of an instrument that is not under mandatory verification, by named methods: the staircase 阶梯法 and the
 * control chart 控制图法 (ILAC-G24:2022 / OIML D 10:2022; JJF 1139-2005 《计量器具检定周期确定原则和方法》). A person decides. Pure.
 */
import { differenceInBase } from '../../../core/quantities/quantity.ts'
import type { Verdict } from '../../../core/mandatory.ts'
import type { AsFound, Check } from '../model.ts'

/** The methods leave the factors to who uses them; these are usual ones and 待核实, so that they are shown and never applied by themselves. */
export const practice = {
  source: 'ILAC-G24:2022/OIML D 10:2022 方法 1、2；JJF 1139-2005',
  toVerify: true,
  inARow: 3,
  longer: [3, 2],
  shorter: [2, 3],
  longest: 60,
  chartLeast: 4,
  /** Share of the time until the limit that is used. */
  margin: 0.8,
} as const

export type Told = Pick<Check, 'done_on' | 'kind' | 'conclusion' | 'confirmation' | 'as_found' | 'voided_at'>

export interface Point {
  on: string
  /** In the unit of the newest record. */
  error: number
  uncertainty: number
  limit: number
}

export interface Advice {
  current: number
  /** Never longer than either method says. */
  months: number
  staircase: { months: number; inARow: number; why: string }
  chart?: { months: number; unit: string; points: Point[]; slope: number; slopeUncertainty: number; untilLimit: number | null; why: string }
}

export type AdviceAnswer = { advice: Advice } | { none: string }

/** Whether it was within its limits as found: by error and uncertainty where they are on record, else by the conclusion; undefined: nothing says so. */
export function inTolerance({ as_found, conclusion, confirmation }: Told): boolean | undefined {
  if (as_found) return Math.abs(Number(as_found.error)) + Number(as_found.uncertainty ?? 0) <= Number(as_found.limit)
  if (conclusion === 'fail' || confirmation === 'unfit' || confirmation === 'limited') return false
  return conclusion === 'pass' || confirmation === 'fit' ? true : undefined
}

/** Never for 强制检定, whose cycle the regulation sets (《计量法》第九条), nor while that is open. */
export function advise(row: { mandatory: Verdict; interval_months: number | null }, checks: readonly Told[]): AdviceAnswer {
  if (row.mandatory === 'yes') return { none: '强制检定的周期由检定规程规定，不提调整建议（《计量法》第九条）。' }
  if (row.mandatory === 'unknown') return { none: '还没有判定是否强制检定，先判定再看间隔建议。' }
  if (!row.interval_months) return { none: '还没有写周期，先写上现在的周期。' }
  const known = checks
    .filter((check) => check.voided_at === null && inTolerance(check) !== undefined)
    .toSorted((a, b) => a.done_on.localeCompare(b.done_on))
  if (known.length < practice.inARow) return { none: `至少要有 ${practice.inARow} 次结果才能提建议，现在有 ${known.length} 次。` }
  const staircase = staircaseOf(row.interval_months, known)
  const chart = chartOf(row.interval_months, known)
  return {
    advice: {
      current: row.interval_months,
      months: Math.min(staircase.months, chart?.months ?? Infinity),
      staircase,
      ...(chart && { chart }),
    },
  }
}

const scaled = (months: number, [up, down]: readonly [number, number]): number =>
  Math.min(practice.longest, Math.max(1, Math.floor((months * up) / down)))

function staircaseOf(current: number, known: readonly Told[]): Advice['staircase'] {
  const results = known.map((check) => inTolerance(check)!)
  const inARow = results.length - 1 - results.lastIndexOf(false)
  if (inARow === 0) return { months: scaled(current, practice.shorter), inARow, why: `最近一次超差，建议从 ${current} 个月缩短` }
  if (inARow < practice.inARow) return { months: current, inARow, why: `连续 ${inARow} 次合格，不足 ${practice.inARow} 次，保持不变` }
  const months = Math.max(current, scaled(current, practice.longer))
  return { months, inARow, why: `连续 ${inARow} 次在允许误差之内，可以延长` }
}

/** Errors over time: how fast they move, with its uncertainty, and how long until error and uncertainty together reach the limit. */
function chartOf(current: number, known: readonly Told[]): Advice['chart'] {
  const found = known.flatMap((check) => (check.as_found ? [{ on: check.done_on, ...check.as_found }] : []))
  const last = found.at(-1)
  if (!last || found.length < practice.chartLeast) return undefined
  const points = found.flatMap((each) => pointOf(each, last.unit) ?? [])
  if (points.length < practice.chartLeast) return undefined
  const { slope, slopeUncertainty, atLast } = fit(points)
  const room = points.at(-1)!.limit - points.at(-1)!.uncertainty - Math.abs(atLast)
  const worst = Math.abs(slope) + 2 * slopeUncertainty
  if (room <= 0)
    return {
      months: scaled(current, practice.shorter),
      unit: last.unit,
      points,
      slope,
      slopeUncertainty,
      untilLimit: 0,
      why: '误差加不确定度已到允许误差，建议缩短',
    }
  const until = worst === 0 ? null : room / worst
  // One step at a time, up and down: a line through few points is no reason to jump.
  const months = Math.max(
    scaled(current, practice.shorter),
    Math.min(practice.longest, 2 * current, until === null ? Infinity : Math.floor(until * practice.margin)),
  )
  const why =
    until === null
      ? '误差没有变化，按一次最多延长一倍'
      : `按变化速度（取上界），约 ${Math.floor(until)} 个月后误差加不确定度到允许误差，取其八成`
  return { months, unit: last.unit, points, slope, slopeUncertainty, untilLimit: until, why }
}

function pointOf(each: AsFound & { on: string }, unit: string): Point | undefined {
  try {
    const one = differenceInBase('1', unit)
    const value = (text: string) => differenceInBase(text, each.unit).div(one).valueOf()
    return { on: each.on, error: value(each.error), uncertainty: value(each.uncertainty ?? '0'), limit: value(each.limit) }
  } catch {
    // A unit that is not in the table: the record stays in the staircase.
    return undefined
  }
}

const monthOf = (day: string): number => Date.parse(day) / 86_400_000 / 30.4375

/** Straight line by least squares: per month, the standard uncertainty of the slope, and the line's value at the last point. */
export function fit(points: readonly Point[]): { slope: number; slopeUncertainty: number; atLast: number } {
  const n = points.length
  const x = points.map(({ on }) => monthOf(on))
  const meanX = x.reduce((a, b) => a + b, 0) / n
  const meanY = points.reduce((sum, { error }) => sum + error, 0) / n
  const sxx = x.reduce((sum, each) => sum + (each - meanX) ** 2, 0)
  if (sxx === 0) return { slope: 0, slopeUncertainty: 0, atLast: points.at(-1)!.error }
  const slope = points.reduce((sum, { error }, i) => sum + (x[i]! - meanX) * (error - meanY), 0) / sxx
  const rest = points.reduce((sum, { error }, i) => sum + (error - meanY - slope * (x[i]! - meanX)) ** 2, 0)
  return { slope, slopeUncertainty: Math.sqrt(rest / (n - 2) / sxx), atLast: meanY + slope * (x.at(-1)! - meanX) }
}
