/** What is sent in about a standard: the same for pages and programs. */
import { z } from 'zod'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { readDecimal } from '../../../core/quantities/quantity.ts'
import { findUnit } from '../../../core/quantities/units.ts'

const text = (most: number, what: string) => z.string(what).trim().min(1, what).max(most, `最多 ${most} 个字`)
const day = z.string('请填写日期').refine(isIsoDate, '请填写日期，如 2026-11-24')
const decimal = (what: string) =>
  z.string(what).transform((typed, issue) => {
    const read = readDecimal(typed)
    if (read !== undefined) return read
    issue.addIssue({ code: 'custom', message: what })
    return z.NEVER
  })
const unit = z.string('请填写单位').transform((typed, issue) => {
  const found = findUnit(typed)
  if (found) return found.code
  issue.addIssue({ code: 'custom', message: `不认识单位“${typed}”，请用规定的符号，如 MPa、mm、kg、℃` })
  return z.NEVER
})

const certificate = {
  quality: z
    .strictObject({
      kind: z.enum(['U', 'mpe'], '请选 U 或最大允许误差'),
      value: decimal('请填写 U 或最大允许误差'),
      k: decimal('包含因子 k 须是数').nullable(),
      of: z.enum(['value', 'reading', 'span'], '请选计算方式'),
    })
    .refine(({ value }) => Number(value) > 0, '须大于 0')
    .refine(({ kind, k }) => kind === 'mpe' || (k !== null && Number(k) >= 1), '给出 U 时须填写包含因子 k（JJF 1059.1），不小于 1'),
  certificate: text(60, '请填写证书编号'),
  issuedBy: text(60, '请填写出证机构'),
  validFrom: day,
  validUntil: day,
}

export const standardForm = z.strictObject({
  name: text(60, '请填写名称'),
  serial: text(40, '请填写出厂编号'),
  low: decimal('范围下限须是数').nullable(),
  high: decimal('范围上限须是数').nullable(),
  rangeUnit: unit,
  unit,
  ...certificate,
})
export type StandardForm = z.infer<typeof standardForm>

export const recalibrationForm = z.strictObject({ ...certificate, version: z.coerce.number().int() })
export type RecalibrationForm = z.infer<typeof recalibrationForm>
