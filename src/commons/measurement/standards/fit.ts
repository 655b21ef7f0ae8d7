/** May this standard be used for that measurement on that day? Each no says which one, why, and what to do (ISO/IEC 17025 6.4, 6.5). */
import { inBase } from '../../../core/quantities/quantity.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import type { Entered, PointResult } from '../model.ts'
import { isEmpty } from '../evaluate.ts'
import { numberOf, reckon } from '../names.ts'
import { standardError } from '../point-budget.ts'
import type { Template } from '../template.ts'
import { sayRange, standardStates, type Standard } from './model.ts'

export interface Use {
  template: Template
  entered: Entered
  unit: string
  points: readonly Pick<PointResult, 'n' | 'at' | 'limit'>[]
  /** The day of the measurement. */
  on: string
}

const no = (standard: Pick<Standard, 'name' | 'serial' | 'certificate'>, why: string) =>
  refuse('conflict', `标准器“${standard.name}”（编号 ${standard.serial}，证书 ${standard.certificate}）${why}`, {
    code: 'STANDARD_NOT_FIT',
  })

/** Undefined: it may be used. */
export function standardProblem(standard: Standard, use: Use): Refusal | undefined {
  const { on } = use
  if (standard.state === 'withdrawn')
    return no(
      standard,
      `${standardStates.withdrawn}${standard.reason ? `（${standard.reason}）` : ''}，不能使用；请换一台在用的标准器，重新测量。`,
    )
  if (on < standard.valid_from)
    return no(standard, `的证书自 ${standard.valid_from} 起有效，检测日期 ${on} 还没有生效；请选当天有效的那份证书。`)
  if (on > standard.valid_until)
    return no(
      standard,
      `的证书 ${standard.valid_until} 到期，检测日期 ${on} 已经过期；请送校后登记新证书，或换一台在有效期内的标准器，重新测量。`,
    )
  return rangeProblem(standard, use) ?? ratioProblem(standard, use)
}

function rangeProblem(standard: Standard, { template, entered, unit }: Use): Refusal | undefined {
  const cover = template.standard.cover
  const names = Object.fromEntries(
    Object.entries(entered.parameters).flatMap(([name, text]) => (numberOf(text) === undefined ? [] : [[name, numberOf(text)!]])),
  )
  const spots = cover
    ? [cover.low, cover.high].flatMap((text) => reckon(text, names) ?? [])
    : entered.points.filter((point) => !isEmpty(point)).flatMap(({ at }) => numberOf(at) ?? [])
  const spotUnit = cover?.unit ?? unit
  const [from, to] = [getUnit(standard.range_unit), getUnit(spotUnit)]
  if (from.quantity !== to.quantity)
    return no(standard, `的范围以 ${from.symbol} 计，这次测量以 ${to.symbol} 计，不是同一种量；请选${template.standard.label}。`)
  const outside = spots.find((spot) => !covers(standard, spot, spotUnit))
  return outside === undefined
    ? undefined
    : no(standard, `的范围 ${sayRange(standard)} 不包含 ${outside} ${to.symbol}；请换一台范围够的标准器。`)
}

function covers({ low, high, range_unit: unit }: Standard, spot: number, spotUnit: string): boolean {
  const at = inBase(plain(spot), spotUnit)
  return (low === null || at.compare(inBase(low, unit)) >= 0) && (high === null || at.compare(inBase(high, unit)) <= 0)
}

/** A plain decimal for the exact ratios; nothing here is smaller than a millionth of a millionth. */
const plain = (x: number): string => x.toFixed(12)

/** Its U or permissible error against the permissible error of what is measured; a calibration without limits has no ratio. */
function ratioProblem(standard: Standard, { template, unit, points }: Use): Refusal | undefined {
  const { ratio, clause } = template.standard
  const measure = { unit: standard.unit, quality: standard.quality, high: standard.high, rangeUnit: standard.range_unit }
  for (const { n, at, limit } of points) {
    const size = standardError(measure, unit, numberOf(at) ?? 0)
    if (size === undefined)
      return no(standard, `的不确定度以 ${getUnit(standard.unit).symbol} 计，不能换算成 ${getUnit(unit).symbol}；请换一台标准器。`)
    if (limit && size > limit.value * ratio * (1 + 1e-12)) {
      const said = (x: number) => `${Number(x.toPrecision(3))} ${getUnit(unit).symbol}`
      return no(
        standard,
        `在第 ${n + 1} 点的不确定度（或最大允许误差）${said(size)} 大于被检最大允许误差 ${said(limit.value)} 的 1/${Math.round(1 / ratio)}（${clause}，待核实）；请换一台更好的标准器。`,
      )
    }
  }
  return undefined
}
