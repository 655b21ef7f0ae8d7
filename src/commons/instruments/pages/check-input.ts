/** The form of a result (检定、校准、期间核查) as typed → what is recorded, or what is wrong with each field. */
import { parseYuan } from '../../../core/money.ts'
import { readDecimal } from '../../../core/quantities/quantity.ts'
import { findUnit } from '../../../core/quantities/units.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { CheckInput } from '../checks.server.ts'
import { readDay } from '../draft-words.ts'
import { checkKinds, conclusions, lengths, type AsFound } from '../model.ts'

type Texts = Readonly<Record<string, string | undefined>>

export function readCheck(texts: Texts): CheckInput | Refusal {
  const fields: Record<string, string> = {}
  const text = (name: string, max: number): string | undefined => {
    const value = (texts[name] ?? '').trim()
    if (value.length > max) fields[name] = `最多 ${max} 个字，现在有 ${value.length} 个`
    return value === '' ? undefined : value
  }
  const word = <K extends string>(name: string, words: Readonly<Record<K, string>>, need?: string): K | undefined => {
    const value = text(name, 40)
    if (value !== undefined && Object.hasOwn(words, value)) return value as K
    if (need) fields[name] = need
    return undefined
  }
  const day = (name: string, need?: string): string | undefined => {
    const value = text(name, 40)
    if (value === undefined) {
      if (need) fields[name] = need
      return undefined
    }
    const read = readDay(value)
    if (!read) fields[name] = `“${value}”不是日期，请写成 2026-11-24 这样`
    return read
  }
  const kind = word('kind', checkKinds, '请选择是检定、校准还是期间核查')
  const doneOn = day('doneOn', '请填写证书或记录上的日期')
  const conclusion = word('conclusion', conclusions, '请选择结论')
  const feeText = text('fee', 20)
  const fee = feeText === undefined ? undefined : parseYuan(feeText)
  if (isRefusal(fee)) fields.fee = fee.reason
  else if (fee !== undefined && fee < 0n) fields.fee = '费用不能是负数'
  const input = {
    validUntil: day('validUntil'),
    institution: text('institution', lengths.maker),
    certificateNo: text('certificateNo', lengths.serial),
    asFound: readAsFound(text, fields),
    note: text('note', lengths.note),
  }
  const [first] = Object.values(fields)
  if (!kind || !doneOn || !conclusion || isRefusal(fee) || first !== undefined)
    return refuse('invalid', `${first ?? '请补全'}。`, { fields })
  return { ...input, kind, doneOn, conclusion, fee }
}

/** Error and limit come together or not at all; the uncertainty may be missing. All in one unit. */
function readAsFound(text: (name: string, max: number) => string | undefined, fields: Record<string, string>): AsFound | undefined {
  const typed = {
    error: text('foundError', 40),
    uncertainty: text('foundUncertainty', 40),
    limit: text('foundLimit', 40),
    unit: text('foundUnit', 20),
  }
  if (Object.values(typed).every((value) => value === undefined)) return undefined
  const number = (name: string, value: string | undefined, need: boolean): string | undefined => {
    if (value === undefined) {
      if (need) fields[name] = '误差、允许误差和单位要一起填'
      return undefined
    }
    const read = readDecimal(value.replace(/^±/, ''))
    if (read === undefined) fields[name] = `“${value}”不是数，请写成 0.02 这样`
    return read
  }
  const error = number('foundError', typed.error, true)
  const limit = number('foundLimit', typed.limit, true)
  const uncertainty = number('foundUncertainty', typed.uncertainty, false)
  const unit = typed.unit === undefined ? undefined : findUnit(typed.unit)?.code
  if (!unit) fields.foundUnit = typed.unit === undefined ? '请填写单位，如 mm' : `不认识单位“${typed.unit}”，请写成 mm、MPa、g 这样`
  return error !== undefined && limit !== undefined && unit
    ? { error, limit, unit, ...(uncertainty !== undefined && { uncertainty }) }
    : undefined
}
