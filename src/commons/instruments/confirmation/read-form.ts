/** The form of a confirmation as typed → need and results, or what is wrong with each field. Points come as lines, as pasted from a sheet. */
import { readDecimal } from '../../../core/quantities/quantity.ts'
import { findUnit } from '../../../core/quantities/units.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { confirmations, type Confirmation, type ResultPoint, type Results } from '../model.ts'
import { mostPoints, needSources, rules, type Need, type NeedSource, type Rule } from './model.ts'
import type { PrepareForm, SignForm } from './schema.ts'

type Texts = Readonly<Record<string, string | undefined>>

export function readPrepare(texts: Texts): PrepareForm | Refusal {
  const fields: Record<string, string> = {}
  const unit = unitOf(texts, fields, 'unit', '请填写误差的单位，如 mm')
  const atUnit = texts.atUnit?.trim() ? unitOf(texts, fields, 'atUnit', '') : unit
  const points = unit && atUnit ? readPoints(texts.points ?? '', { unit, atUnit }) : []
  if (isRefusal(points)) fields.points = points.reason
  const need = readNeed(texts, fields, unit)
  const k = numberOf(texts, fields, 'k', '请填写包含因子 k，证书上一般是 2')
  const needSource = texts.needSource ?? ''
  if (!Object.hasOwn(needSources, needSource)) fields.needSource = '请选择使用要求的依据'
  const needNote = (texts.needNote ?? '').trim()
  if (needNote.length > 200) fields.needNote = '最多 200 个字'
  const [first] = Object.values(fields)
  if (first !== undefined || isRefusal(points) || !need || !k) return refuse('invalid', `${first ?? '请补全'}。`, { fields })
  const results: Results = { points, k, asFound: texts.asFound !== 'no' }
  const rule: Rule = texts.rule && Object.hasOwn(rules, texts.rule) ? (texts.rule as Rule) : 'jjf1094'
  const version = texts.version ? Number(texts.version) : undefined
  return {
    need,
    needSource: needSource as NeedSource,
    results: { ...results, points: [...points] },
    rule,
    ...(needNote && { needNote }),
    ...(version !== undefined && { version }),
  }
}

function unitOf(texts: Texts, fields: Record<string, string>, name: string, need: string): string | undefined {
  const typed = (texts[name] ?? '').trim()
  const found = typed ? findUnit(typed)?.code : undefined
  if (!found) fields[name] = typed ? `不认识单位“${typed}”，请写成 mm、MPa、g 这样` : need
  return found
}

function numberOf(texts: Texts, fields: Record<string, string>, name: string, need: string): string | undefined {
  const typed = (texts[name] ?? '').trim().replace(/^±/, '')
  const read = typed ? readDecimal(typed) : undefined
  if (read === undefined) fields[name] = typed ? `“${typed}”不是数，请写成 0.02 这样` : need
  return read
}

function readNeed(texts: Texts, fields: Record<string, string>, unit: string | undefined): Need | undefined {
  const limit = numberOf(texts, fields, 'limit', '请填写使用要求：允许误差 ± 多少')
  if (texts.needKind === 'reading') return limit === undefined ? undefined : { kind: 'reading', percent: limit }
  if (texts.needKind === 'span') {
    const span = numberOf(texts, fields, 'span', '按量程的百分比，请填写量程')
    const of = texts.atUnit?.trim() ? findUnit(texts.atUnit.trim())?.code : unit
    return limit === undefined || span === undefined || !of ? undefined : { kind: 'span', percent: limit, span, unit: of }
  }
  return limit === undefined || !unit ? undefined : { kind: 'absolute', limit, unit }
}

/** `25  0.01  0.008` a line; blanks, tabs, commas or semicolons between; headings and empty lines are passed over. */
export function readPoints(text: string, { unit, atUnit }: { unit: string; atUnit: string }): ResultPoint[] | Refusal {
  const points: ResultPoint[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const cells = line
      .trim()
      .split(/[\s,，;；、|]+/)
      .filter((cell) => cell !== '')
    if (cells.length === 0) continue
    const numbers = cells.map((cell) => readDecimal(cell))
    if (points.length === 0 && numbers.every((number) => number === undefined)) continue
    const [at, error, expanded] = numbers
    if (cells.length !== 3 || at === undefined || error === undefined || expanded === undefined)
      return refuse('invalid', `第 ${i + 1} 行“${line.trim().slice(0, 40)}”要写三个数：校准值、误差、不确定度，如 25 0.01 0.008`)
    points.push({ at, atUnit, error, expanded, unit })
  }
  if (points.length === 0) return refuse('invalid', '请至少填写一个校准点：校准值、误差、不确定度，如 25 0.01 0.008')
  if (points.length > mostPoints) return refuse('invalid', `最多 ${mostPoints} 个校准点，现在有 ${points.length} 个`)
  return points
}

export function readSign(texts: Texts): SignForm | Refusal {
  const { verdict = '' } = texts
  const fields: Record<string, string> = {}
  if (!Object.hasOwn(confirmations, verdict)) fields.verdict = '请选择结论'
  const rangeNote = (texts.rangeNote ?? '').trim()
  const opinion = (texts.opinion ?? '').trim()
  if (rangeNote.length > 200) fields.rangeNote = '最多 200 个字'
  if (opinion.length > 300) fields.opinion = '最多 300 个字'
  const [first] = Object.values(fields)
  if (first !== undefined) return refuse('invalid', `${first}。`, { fields })
  return {
    verdict: verdict as Confirmation,
    version: Number(texts.version),
    ...(rangeNote && { rangeNote }),
    ...(opinion && { opinion }),
  }
}
