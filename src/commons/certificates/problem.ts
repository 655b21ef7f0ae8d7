/** What is missing from a certificate or contradicts itself, with the article that wants it. Asked before anything is issued. */
import { refuse, type Refusal } from '../../core/refusal.ts'
import { getUnit } from '../../core/quantities/units.ts'
import type { CertificateContent, ResultTable } from './content.ts'
import { failedItems } from './wording.ts'

const marks = '《计量检定印、证管理办法》'
const calibrating = 'JJF 1071'
const laboratory = 'GB/T 27025（ISO/IEC 17025:2017）'

type Problem = { field: string; reason: string } | undefined
type Rule = (content: CertificateContent) => Problem

/** The first contradiction, as a refusal that names the field; undefined when the certificate may be issued. */
export function contentProblem(content: CertificateContent): Refusal | undefined {
  for (const rule of rules) {
    const found = rule(content)
    if (found) return refuse('invalid', `${found.reason}。`, { code: 'CERTIFICATE_CONTENT', fields: { [found.field]: found.reason } })
  }
  return undefined
}

const wrong = (field: string, reason: string): Problem => ({ field, reason })

/** XML 1.0 cannot carry them, and a PDF shows nothing of them. */
const unprintable = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u

const texts: Rule = (content) => {
  const visit = (value: unknown, field: string): Problem => {
    if (typeof value === 'string') {
      if (value === '' || value.trim() !== value) return wrong(field, `${field} 是空的，或前后有空格，请改正`)
      return unprintable.test(value) ? wrong(field, `${field} 里有不能印出的字符，请删除`) : undefined
    }
    if (typeof value !== 'object' || value === null) return undefined
    for (const [key, each] of Object.entries(value)) {
      const found = visit(each, field ? `${field}.${key}` : key)
      if (found) return found
    }
    return undefined
  }
  return visit(content, '')
}

const people: Rule = ({ people: { tester, checker, approver }, kind }) => {
  if (kind === 'calibration')
    return tester === approver ? wrong('people.approver', `校准员和批准人不能是同一个人（${laboratory}）`) : undefined
  if (checker === undefined) return wrong('people.checker', `检定须有核验员签字（${marks}要求检定、核验、主管人员分别签字）`)
  if (tester === checker) return wrong('people.checker', `检定员和核验员不能是同一个人（${marks}要求检定、核验、主管人员分别签字）`)
  return tester === approver || checker === approver
    ? wrong('people.approver', `批准人不能同时是检定员或核验员（${marks}要求检定、核验、主管人员分别签字）`)
    : undefined
}

const authorised: Rule = ({ kind, institution }) =>
  kind !== 'calibration' && !institution.authorisation
    ? wrong('institution.authorisation', '检定须由法定或经授权的机构进行，请填写计量授权证书号（《计量法》第二十条）')
    : undefined

const dated: Rule = ({ dates: { received, performedFrom, performed, issued, validUntil }, kind }) => {
  const days = { received, performedFrom, performed, issued, validUntil }
  for (const [name, day] of Object.entries(days)) if (day !== undefined && !isDay(day)) return wrong(`dates.${name}`, `“${day}”不是日期`)
  if (received && received > performedFrom) return wrong('dates.performedFrom', `开始日期 ${performedFrom} 早于收样日期 ${received}`)
  if (performedFrom > performed) return wrong('dates.performed', `完成日期 ${performed} 早于开始日期 ${performedFrom}`)
  if (performed > issued) return wrong('dates.issued', `签发日期 ${issued} 早于完成日期 ${performed}`)
  if (kind === 'verification') {
    if (!validUntil) return wrong('dates.validUntil', `检定合格须写明有效期至（${marks}）`)
    return validUntil > performed ? undefined : wrong('dates.validUntil', `有效期至 ${validUntil} 不晚于检定日期 ${performed}`)
  }
  if (!validUntil) return undefined
  return kind === 'calibration'
    ? wrong('dates.validUntil', `校准证书不给有效期，复校间隔由客户确定（${calibrating}）`)
    : wrong('dates.validUntil', `检定不合格的没有有效期（${marks}）`)
}

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

const identified: Rule = ({ item: { serial, code } }) =>
  serial || code ? undefined : wrong('item.serial', `请填写出厂编号或器具编号，证书须能认出是哪一件（${laboratory} 7.8.2.1）`)

const methods: Rule = ({ methods: documents, kind }) => {
  if (documents.length === 0) return wrong('methods', `请写明依据的技术文件和版本（${laboratory} 7.8.2.1）`)
  const undated = documents.find(({ number }) => !/-\d{4}$/.test(number))
  if (undated) return wrong('methods', `${undated.number} 没有年号，请写明版本，如 JJG 52-2013`)
  return kind !== 'calibration' && !documents.some(({ number }) => number.startsWith('JJG'))
    ? wrong('methods', '检定须依据计量检定规程（JJG）（《计量法》第十条）')
    : undefined
}

const traced: Rule = ({ standards, dates: { performedFrom, performed } }) => {
  if (standards.length === 0) return wrong('standards', `请写明使用的计量标准及其证书（${laboratory} 6.5、7.8.4）`)
  const expired = standards.find(({ validUntil }) => !isDay(validUntil) || validUntil < performed)
  return expired
    ? wrong(
        'standards',
        `${expired.name}（${expired.certificate}）有效期至 ${expired.validUntil}，${performedFrom} 至 ${performed} 期间已经过期，不能作溯源`,
      )
    : undefined
}

const decimal = /^-?(0|[1-9]\d*)(\.\d+)?$/
/** What D-SI allows for k, and JCGM 100 for what k means. */
const factor = /^[1-9]\d*(\.\d+)?$/
const share = /^0\.\d*[1-9]\d*$/

const units: Rule = ({ tables, conditions, conformity }) => {
  for (const unit of [...tables, ...conditions, ...(conformity ? [conformity] : [])].map((each) => each.unit)) {
    const found = known(unit)
    if (!found?.legal) return wrong('tables', `“${unit}”不是法定计量单位，证书须用法定计量单位（《计量法》第三条）`)
    if (!found.dsi) return wrong('tables', `数字证书的单位（D-SI）没有“${unit}”的写法，请换一个单位，如 %`)
  }
  return undefined
}

const known = (unit: string) => {
  try {
    return getUnit(unit)
  } catch {
    return undefined
  }
}

const numbers: Rule = ({ tables, conditions, conformity: decision }) => {
  for (const { value, name } of conditions) if (!decimal.test(value)) return wrong('conditions', `${name}“${value}”不是数`)
  for (const table of tables) {
    const found = rowsProblem(table)
    if (found) return wrong('tables', `${table.title}：${found}`)
  }
  if (!decision) return undefined
  if (![decision.guardBand, decision.U].every((value) => decimal.test(value))) return wrong('conformity', '保护带和 U 须是数')
  return factor.test(decision.k) && (share.test(decision.falseAccept) || /^0(\.0+)?$/.test(decision.falseAccept))
    ? undefined
    : wrong('conformity', '包含因子 k 须不小于 1，误判概率须在 0 和 1 之间')
}

function rowsProblem({ rows, coverage }: ResultTable): string | undefined {
  if (rows.length === 0) return '没有数据'
  for (const [i, row] of rows.entries()) {
    const { label: _, verdict: _1, k, ...values } = row
    const bad = Object.values(values).find((value) => value !== undefined && !decimal.test(value))
    if (bad !== undefined) return `第 ${i + 1} 行“${bad}”不是数`
    if (!['nominal', 'reference', 'indication', 'error'].some((column) => column in values)) return `第 ${i + 1} 行没有数值`
    if ((row.U === undefined) !== (k === undefined)) return `第 ${i + 1} 行的扩展不确定度 U 和包含因子 k 须同时给出（JJF 1059.1）`
    if (k !== undefined && !factor.test(k)) return `第 ${i + 1} 行的包含因子 k“${k}”须是不小于 1 的数`
    if (row.U?.startsWith('-')) return `第 ${i + 1} 行的扩展不确定度不能是负数`
    if (row.U !== undefined && row.error === undefined && row.indication === undefined && row.reference === undefined)
      return `第 ${i + 1} 行的不确定度没有对应的测得值`
  }
  if (rows.some(({ U }) => U !== undefined) && !share.test(coverage ?? '')) return '给出 U 时须写明包含概率，如 0.95（JJF 1059.1）'
  if (new Set(rows.map(({ verdict }) => verdict === undefined)).size > 1) return '有的行判定了、有的行没有判定'
  return undefined
}

const decided: Rule = (content) => {
  const { kind, inspections, tables, conformity, grade } = content
  const verdicts = [...inspections, ...tables.flatMap(({ rows }) => rows)].map(({ verdict }) => verdict)
  if (kind === 'calibration') {
    if (verdicts.some(Boolean) || conformity || grade) return wrong('tables', `校准不判定合格与否，请去掉判定和等级（${calibrating}）`)
    if (!tables.some(({ rows }) => rows.some(({ U }) => U !== undefined)))
      return wrong('tables', `校准证书须给出测量不确定度（${calibrating}、${laboratory} 7.8.4.1）`)
    return undefined
  }
  if (verdicts.length === 0 || verdicts.includes(undefined)) return wrong('tables', `检定的每个项目都须判定（${marks}）`)
  const failed = failedItems(content)
  if (kind === 'verification' && failed.length > 0)
    return wrong('kind', `${failed.join('、')}不合格，应出具检定结果通知书，不能出具检定证书（${marks}）`)
  if (kind === 'verification-failure') {
    if (failed.length === 0) return wrong('kind', `没有不合格的项目，应出具检定证书（${marks}）`)
    if (grade) return wrong('grade', '检定不合格的不能准予使用，请去掉等级')
  }
  return undefined
}

const advised: Rule = ({ kind, adviceMonths }) => {
  if (adviceMonths === undefined) return undefined
  if (kind !== 'calibration') return wrong('adviceMonths', '只有校准证书可以应客户要求建议复校间隔')
  return Number.isInteger(adviceMonths) && adviceMonths > 0 && adviceMonths <= 120
    ? undefined
    : wrong('adviceMonths', '复校间隔须是 1 至 120 个月')
}

const filled: Rule = ({ tables, inspections }) =>
  tables.length + inspections.length === 0
    ? wrong('tables', '没有检定或校准结果')
    : tables.length === 0
      ? wrong('tables', '请给出测得的数据')
      : undefined

const rules: readonly Rule[] = [texts, people, authorised, dated, identified, methods, traced, filled, units, numbers, decided, advised]
