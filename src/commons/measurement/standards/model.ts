/** Words and types of reference standards 计量标准器 of an institution. */
import type { Protected } from '../../../core/access.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import type { FrozenStandard, Quality } from '../model.ts'

export const standardStates = { 'in-use': '在用', replaced: '已重新校准', withdrawn: '已停用' } as const
export type StandardState = keyof typeof standardStates
export const standardTones = { 'in-use': 'good', replaced: 'neutral', withdrawn: 'bad' } as const

/** One certificate of one standard: a recalibration is a new row, so that old records keep what they were made with. */
export interface Standard extends Protected {
  province: string
  id: string
  state: StandardState
  /** The same thing through its certificates. */
  series_id: string
  n: number
  name: string
  serial: string
  low: string | null
  high: string | null
  range_unit: string
  unit: string
  quality: Quality
  certificate: string
  issued_by: string
  valid_from: string
  valid_until: string
  recorded_by_name: string
  reason: string | null
  created_at: string
  version: number
}

/** Days before the end of a certificate from which its standard is called to mind: time enough to have it calibrated. */
export const ahead = 30

export const qualityBases = { value: '以单位计', reading: '示值的百分数', span: '上限的百分数' } as const

export const sayRange = ({ low, high, range_unit: unit }: Pick<Standard, 'low' | 'high' | 'range_unit'>): string =>
  `${low ?? '不限'}～${high ?? '不限'} ${getUnit(unit).symbol}`

/** `U = 0.0005 mm，k = 2`, `最大允许误差 ±0.05 %（示值）`. */
export function sayQuality({ quality: { kind, value, k, of }, unit }: { quality: Quality; unit: string }): string {
  const behind = of === 'value' ? ` ${getUnit(unit).symbol}` : ` %（${of === 'reading' ? '示值' : '上限'}）`
  return kind === 'U' ? `U = ${value}${behind}，k = ${k}` : `最大允许误差 ±${value}${behind}`
}

export const frozen = (row: Standard): FrozenStandard => ({
  id: row.id,
  name: row.name,
  serial: row.serial,
  range: sayRange(row),
  rangeUnit: row.range_unit,
  unit: row.unit,
  quality: row.quality,
  certificate: row.certificate,
  issuedBy: row.issued_by,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  low: row.low,
  high: row.high,
})
