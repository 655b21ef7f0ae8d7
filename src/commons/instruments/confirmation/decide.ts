/**
 * 计量确认 (GB/T 19022): whether the errors that a certificate gives, with their uncertainty, lie within what the use bears. The
 * rule of conformity and the probability are those of `core/metrology` (JCGM 106, JJF 1094). Pure.
 */
import { formatValue } from '../../../core/quantities/quantity.ts'
import { decimalOf, rational, type Rational } from '../../../core/quantities/rational.ts'
import { differenceInBase, inBase, quantityOf } from '../../../core/quantities/values.ts'
import { getUnit, quantityNames } from '../../../core/quantities/units.ts'
import { decide, type DecisionRule } from '../../../core/metrology/decide.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Confirmation, ResultPoint, Results } from '../model.ts'
import type { Decision, JudgedPoint, Need, PointVerdict, Rule } from './model.ts'

export interface Question {
  need: Need
  results: Results
  rule: Rule
}

/** The unit of the errors must be one in which the need can be told. */
export function decideConfirmation({ need, results, rule }: Question): Decision | Refusal {
  const wrong = resultsProblem(need, results)
  if (wrong) return wrong
  const points: JudgedPoint[] = []
  for (const point of results.points) {
    const judged = judge(point, limitOf(need, point), rule, Number(results.k))
    if (isRefusal(judged)) return judged
    points.push(judged)
  }
  const worst = points.reduce((at, point, i) => (worse(point, points[at]!) ? i : at), 0)
  const verdict = overall(points)
  const usable = verdict === 'fit' ? null : longestFit(points)
  return { rule, k: results.k, points, verdict, worst, usable, sentences: say({ need, points, worst, verdict, usable, k: results.k }) }
}

function resultsProblem(need: Need, { points, k }: Results): Refusal | undefined {
  const no = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (points.length === 0) return no('points', '请至少填写一个校准点：校准值、误差和不确定度')
  if (Number(k) <= 0) return no('k', '包含因子 k 要大于 0，证书上一般是 2')
  const size = need.kind === 'absolute' ? need.limit : need.percent
  if (Number(size) <= 0) return no('limit', '允许误差要大于 0')
  for (const [i, { at, error, expanded, unit, atUnit }] of points.entries()) {
    if (Number(expanded) <= 0)
      return no('points', `第 ${i + 1} 点的不确定度 ${expanded} 不对：不确定度总是大于 0，没有不确定度的结果不能用来确认（JJF 1071）`)
    if (need.kind === 'reading' && Number(at) === 0)
      return no('points', `第 ${i + 1} 点的校准值是 0，按读数的百分比没有允许误差；请去掉这一点，或改按固定值、按量程填写使用要求`)
    const other = need.kind === 'absolute' ? need.unit : need.kind === 'span' ? need.unit : atUnit
    if (quantityOf(unit) !== quantityOf(other))
      return no(
        'points',
        `第 ${i + 1} 点的误差 ${error} ${getUnit(unit).symbol} 是${quantityNames[quantityOf(unit)]}，与使用要求的${quantityNames[quantityOf(other)]}不是同一种量`,
      )
  }
  return undefined
}

/** The limit at this point, in the unit of its error. */
function limitOf(need: Need, { at, atUnit, unit }: ResultPoint): Rational {
  const scale = differenceInBase('1', unit)
  if (need.kind === 'absolute') return differenceInBase(need.limit, need.unit).div(scale)
  const part = rational(need.percent).div(100)
  // A temperature in ℃ has no meaningful percentage of its base value: the reading is taken as it is written.
  if (need.kind === 'reading') return rational(at).abs().mul(differenceInBase('1', atUnit)).mul(part).div(scale)
  return differenceInBase(need.span, need.unit).mul(part).div(scale)
}

const conformity: Record<Rule, DecisionRule> = {
  jjf1094: { kind: 'verification' },
  guarded: { kind: 'guarded-acceptance', guard: { of: 'U', times: 1 } },
}

/**
 * The rule of conformity accepts or does not; what it does not accept is open up to the limit itself. An error beyond the limit is more
 * likely too large than not: nobody goes on measuring on the hope that it is not (stricter than the 待定区 of JJF 1094).
 */
function judge(point: ResultPoint, limit: Rational, rule: Rule, k: number): JudgedPoint | Refusal {
  const text = (value: Rational) => decimalOf(value, 8).value
  const bound = Number(text(limit))
  const decided = decide(
    { value: Number(point.error), U: Number(point.expanded), k, limits: { lower: -bound, upper: bound } },
    conformity[rule],
  )
  if (isRefusal(decided)) return decided
  const error = rational(point.error).abs()
  return {
    ...point,
    limit: text(limit),
    // The text as it was given: `String` writes 0.0000001 as 1e-7, which is no decimal.
    guard: decided.guardBand > 0 ? point.expanded : '0',
    verdict: decided.verdict === 'pass' ? 'fit' : error.compare(limit) > 0 ? 'unfit' : 'open',
    used: (Math.abs(Number(point.error)) + decided.guardBand) / bound,
    beyond: decided.outside,
  }
}

const rank: Record<PointVerdict, number> = { fit: 0, open: 1, unfit: 2 }
const worse = (a: JudgedPoint, b: JudgedPoint): boolean => rank[a.verdict] > rank[b.verdict] || (a.verdict === b.verdict && a.used > b.used)

function overall(points: readonly JudgedPoint[]): Confirmation {
  if (points.every(({ verdict }) => verdict === 'fit')) return 'fit'
  return longestFit(points) ? 'limited' : 'unfit'
}

/** The widest run of neighbouring values that all fit: at least two, since nothing is known beyond a single one. */
function longestFit(points: readonly JudgedPoint[]): Decision['usable'] {
  const order = (a: JudgedPoint, b: JudgedPoint): number => inBase(a.at, a.atUnit).compare(inBase(b.at, b.atUnit))
  const sorted = points.toSorted(order)
  const bad = points.filter(({ verdict }) => verdict !== 'fit')
  let best: JudgedPoint[] = []
  let run: JudgedPoint[] = []
  for (const point of sorted) {
    // The same value twice (up and down): both must fit, whichever was listed first.
    run = bad.some((other) => order(other, point) === 0) ? [] : [...run, point]
    if (spanOf(run) > spanOf(best)) best = run
  }
  const [first, last] = [best[0], best.at(-1)]
  return first && last && first.at !== last.at ? { from: first.at, to: last.at, unit: first.atUnit } : null
}

const spanOf = (run: readonly JudgedPoint[]): number =>
  run.length < 2 ? 0 : inBase(run.at(-1)!.at, run.at(-1)!.atUnit).sub(inBase(run[0]!.at, run[0]!.atUnit)).valueOf()

interface Told {
  need: Need
  points: readonly JudgedPoint[]
  worst: number
  verdict: Confirmation
  usable: Decision['usable']
  k: string
}

/** For somebody who is no metrologist: what was compared, what follows, what to do. */
function say({ points, worst, verdict, usable, k }: Told): string[] {
  const point = points[worst]!
  const with_ = (value: string) => formatValue({ value, unit: point.unit })
  const at = formatValue({ value: point.at, unit: point.atUnit })
  const compared = `最要紧的一点在 ${at}：误差 ${with_(point.error)}，不确定度 ${with_(point.expanded)}（k=${k}）；使用要求 ±${with_(point.limit)}。`
  const guarded = Number(point.guard) > 0
  const sum = decimalOf(rational(point.error).abs().add(rational(point.guard)), 8).value
  if (verdict === 'fit')
    return [
      compared,
      guarded ? `误差连不确定度一共 ${with_(sum)}，没有超过要求。` : `不确定度不到要求的三分之一，直接比误差：没有超过要求。`,
      `真实误差超出要求的可能约 ${percent(point.beyond)}。可以照常使用。`,
    ]
  const found =
    point.verdict === 'unfit'
      ? '误差已经超过要求，不能照原来的用途使用。'
      : `误差没有超过要求，但连上不确定度一共 ${with_(sum)}，超过了：说不准满足，也说不准不满足。`
  const todo = usable
    ? `${formatValue({ value: usable.from, unit: usable.unit })} 到 ${formatValue({ value: usable.to, unit: usable.unit })} 各点都满足，可以限在这一段使用。`
    : point.verdict === 'open'
      ? '可以请机构用不确定度更小的方法再校准，或改用于要求低一些的地方。'
      : '请停用，修理、调整后重新校准，或改用于要求低一些的地方。'
  return [compared, found, `真实误差超出要求的可能约 ${percent(point.beyond)}。`, todo]
}

/** `2.3%`; below a tenth of a per mille nobody needs the digits. */
export const percent = (part: number): string =>
  part < 0.0001 ? '不到 0.01%' : part > 0.9999 ? '超过 99.99%' : `${(part * 100).toFixed(part < 0.01 ? 2 : 1)}%`
