/**
 * Accuracy as instruments state it: a class, a maximum permissible error, or a form that is kept as text and cannot be compared:
 * `±(1%+2字)`, `±(0.3+L/300)μm`, several ranges with their own errors.
 */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { formatValue, parseValue } from './range-text.ts'
import { narrow, rational, readDecimal } from './rational.ts'
import { differenceInBase, quantityOf } from './values.ts'

/** Maximum permissible error, plus or minus. `reading` is also taken where no basis is written (`±1%`): a relative error. */
export type Mpe = { kind: 'absolute'; value: string; unit: string } | { kind: 'relative'; percent: string; of: 'reading' | 'span' }

export interface Accuracy {
  /** As it was written, trimmed. */
  text: string
  /** `1.6`, `Ⅲ`, `0.2S`, `E2`, `2等`: one spelling. */
  class?: string
  mpe?: Mpe
}

const example = '请写成“1.6级”“Ⅲ级”或“±0.02mm”“±0.5%FS”这样'
const wrong = (reason: string): Refusal => refuse('invalid', reason)

/** Classes that have an order, best first: scales (GB/T 23111 名称: 特种、高、中、普通), weights (JJG 99), plates, gauge blocks, orders of standards. */
const orders: readonly (readonly string[])[] = [
  ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'],
  ['E1', 'E2', 'F1', 'F2', 'M1', 'M12', 'M2', 'M23', 'M3'],
  ['AA', 'A', 'B', 'C'],
  ['000', '00', '0', '1', '2', '3'],
  ['K', '0', '1', '2', '3'],
  ['1等', '2等', '3等', '4等'],
]

const spellings: Readonly<Record<string, string>> = {
  I: 'Ⅰ',
  II: 'Ⅱ',
  III: 'Ⅲ',
  IIII: 'Ⅳ',
  IV: 'Ⅳ',
  特种准确度: 'Ⅰ',
  高准确度: 'Ⅱ',
  中准确度: 'Ⅲ',
  普通准确度: 'Ⅳ',
  一等: '1等',
  二等: '2等',
  三等: '3等',
  四等: '4等',
  一: '1',
  二: '2',
  三: '3',
}

const words = /^(?:最大允许误差|允许误差|示值误差|准确度等级|精度等级|精确度|准确度|精度|误差|等级|MPEV?)[:=为]*/i
const uncertainty = /不确定度|^U(?:rel|r|95|99|p)?=|(?:^|[,;(\d%a-z])k=\d/i

/** A class, a permissible error, or a text. An uncertainty is refused: it belongs to a result, not to the instrument. */
export function parseAccuracy(text: string): Accuracy | Refusal {
  const kept = text.trim()
  const clean = narrow(text).replace(/\s/g, '')
  if (clean === '') return wrong(`没有填写准确度，${example}`)
  if (clean.length > 60) return wrong(`准确度超过 60 个字，${example}`)
  if (uncertainty.test(clean)) {
    return wrong(
      `“${kept}”是测量不确定度，说的是一次测量结果有多可信，不是器具的准确度；请填写说明书上的准确度等级或最大允许误差，如 ±0.02mm`,
    )
  }
  const found = readOne(clean)
  if (found && !isRefusal(found)) return { text: kept, ...found }
  // Several, one for each range: kept as written, not compared.
  const parts = clean.split(/[;、]|\/(?=[±\d])/).filter((part) => part !== '')
  if (parts.length > 1 && parts.every((part) => !isRefusal(readOne(part) ?? wrong('')))) return { text: kept }
  return wrong(`看不懂准确度“${kept}”${found ? `：${found.reason}` : `，${example}`}`)
}

function readOne(clean: string): Omit<Accuracy, 'text'> | Refusal | undefined {
  const body = clean.replace(words, '')
  const grade = readClass(body)
  if (grade !== undefined) return { class: grade }
  const signed = /^(?:±|\+-|\+\/-|[≤<]=?±?)(.+)$/.exec(body)?.[1]
  const limit = signed ?? body
  const [, percent, of] = /^([\d.]+)%(.*)$/.exec(limit) ?? []
  if (percent !== undefined) {
    const value = readDecimal(percent)
    const basis = basisOf(of ?? '')
    if (value !== undefined && basis) return { mpe: { kind: 'relative', percent: value, of: basis } }
  }
  // `±(1%+2字)`, `±1%±2字`, `±(0.3+L/300)μm`
  if (/\d/.test(limit) && /[+±(×]|L\//.test(limit) && (signed !== undefined || body !== clean || limit.startsWith('('))) return {}
  const value = parseValue(limit)
  if (isRefusal(value)) return signed === undefined ? undefined : value
  if (value.value.startsWith('-')) return undefined
  if (signed === undefined && !/误差|MPE/i.test(clean)) {
    return wrong(`没有写“±”；如果是最大允许误差，请写成 ±${limit}，分度值请写在备注里`)
  }
  // A percentage is of something, however it was spelt: `±/1%`, `±1％`.
  return { mpe: value.unit === '%' ? { kind: 'relative', percent: value.value, of: 'reading' } : { kind: 'absolute', ...value } }
}

function readClass(text: string): string | undefined {
  const bare = /^(.*?)(?:等级|级|class)?$/i
    .exec(text.replace(/^class/i, ''))![1]!
    .replace(/^\((.*)\)$/, '$1')
    .toUpperCase()
  const known = spellings[bare] ?? bare
  if (orders.some((order) => order.includes(known))) return known
  const [, decimal, special] = /^(\d{1,2}(?:\.\d{1,4})?)(S?)$/.exec(bare) ?? []
  return decimal === undefined ? undefined : `${readDecimal(decimal)}${special}`
}

function basisOf(text: string): 'reading' | 'span' | undefined {
  const word = text
    .replace(/^(?:of|×)/i, '')
    .replace(/[.·/()]/g, '')
    .toUpperCase()
  if (/^(?:FS|SPAN|量程|满量程|满度|满刻度)$/.test(word)) return 'span'
  return /^(?:|RD|RDG|OR|READING|读数|示值)$/.test(word) ? 'reading' : undefined
}

/** `1.6 级`, `±0.02 mm`, `±0.5%（量程）`; what has neither is shown as written. */
export function formatAccuracy(a: Accuracy): string {
  if (a.class !== undefined) return a.class.endsWith('等') ? a.class : `${a.class} 级`
  if (a.mpe?.kind === 'absolute') return `±${formatValue(a.mpe)}`
  if (a.mpe) return `±${a.mpe.percent}%（${a.mpe.of === 'span' ? '量程' : '读数'}）`
  return a.text
}

/** Whether `a` is at least as accurate as `b`. Undefined when the two have different forms, bases, quantities or series of classes. */
export function atLeastAsAccurate(a: Accuracy, b: Accuracy): boolean | undefined {
  if (a.class !== undefined && b.class !== undefined) return compareClasses(a.class, b.class)
  const [x, y] = [a.mpe, b.mpe]
  if (x?.kind === 'relative' && y?.kind === 'relative') {
    return x.of === y.of ? rational(x.percent).compare(rational(y.percent)) <= 0 : undefined
  }
  if (x?.kind !== 'absolute' || y?.kind !== 'absolute' || quantityOf(x.unit) !== quantityOf(y.unit)) return undefined
  return differenceInBase(x.value, x.unit).compare(differenceInBase(y.value, y.unit)) <= 0
}

function compareClasses(a: string, b: string): boolean | undefined {
  if (a === b) return true
  const order = orders.find((list) => list.includes(a) && list.includes(b))
  if (order) return order.indexOf(a) <= order.indexOf(b)
  const [x, y] = [a, b].map((text) => /^((?!0\d)\d+(?:\.\d+)?)(S?)$/.exec(text))
  if (!x || !y || x[2] !== y[2]) return undefined
  return rational(x[1]!).compare(rational(y[1]!)) <= 0
}
