/** Measuring ranges as ledgers write them: `0～1.6MPa`, `(0-150)mm`, `-40℃～60℃`, `0.1mg～220g`, `≤3t`, `0~25/25~50 mm`, `220V`. */
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { narrow, readDecimal } from './rational.ts'
import { findUnit, getUnit, quantityNames, readUnit, type Unit } from './units.ts'
import { compare, convert, type Range, type Value } from './values.ts'

const example = '请写成“0～1.6MPa”这样：下限～上限，后面写单位'
const number = String.raw`[+-]?(?:10\^[+-]?\d+|(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:(?:[x×*]10\^?|e(?=[+-]?\d))[+-]?\d+)?)`
const unitText = String.raw`[^\d\s~+,;|\-(][^~;|]*?`

const twoEnds = new RegExp(`^(${number})\\s*(${unitText})?\\s*[~-]\\s*(${number})\\s*(${unitText})?$`, 'i')
const plusMinus = new RegExp(`^±\\s*(${number})\\s*(${unitText})?$`, 'i')
const atMost = new RegExp(`^(?:<=?|≤|max\\.?|最大|不大于|不超过|至多|up ?to)\\s*[:=]?\\s*(${number})\\s*(${unitText})?$`, 'i')
const atLeast = new RegExp(`^(?:>=?|≥|min\\.?|最小|不小于|至少)\\s*[:=]?\\s*(${number})\\s*(${unitText})?$`, 'i')
const single = new RegExp(`^(${number})\\s*(${unitText})?$`, 'i')

/** `Min 20g Max 30kg`, either way round. */
const minMax = /^min\.?\s*[:=]?\s*([^a-z]+[a-z]+)[\s,;/]*max\.?\s*[:=]?\s*(.+)$/i
const maxMin = /^max\.?\s*[:=]?\s*([^a-z]+[a-z]+)[\s,;/]*min\.?\s*[:=]?\s*(.+)$/i

/** Words before the range; scale intervals after it (`e=10g`, 分度值 0.02mm) are no part of a range and left out. */
const before = /^(?:测量范围|称量范围|量程|范围|Range)\s*[:=]?\s*/i
const upperBefore = /^(?:测量上限|上限|最大称量|最大量程)\s*[:=]?\s*/
const interval =
  /[\s,;/(]*(?:\b[ed]\s*=|(?:分度值|分辨力|分辨率|最小分度|检定分度值)\s*[:=为]?)\s*[\d.]+\s*(?:[a-zμ℃°%]+)?\)?(?=$|[\s,;/]*(?:分|检|最|[ed]\s*=))/gi

/** A bound that is absent is null. */
interface Piece {
  form: 'range' | 'limit' | 'nominal'
  low: string | null
  high: string | null
  lowUnit: string | undefined
  highUnit: string | undefined
  text: string
}

const wrong = (reason: string): Refusal => refuse('invalid', reason)

/** One spelling of signs and brackets. */
function plain(text: string): string {
  const clean = narrow(text.replace(/[—–]{2,}/g, '~'))
    .replace(/[〜∼∽⁓÷至到]|\.{2,}|…+/g, '~')
    .replace(/~+/g, '~')
    .replace(/[［【〔[{]/g, '(')
    .replace(/[］】〕\]}]/g, ')')
    .replace(before, '')
    .replace(upperBefore, '最大')
    .replace(interval, '')
    .trim()
  const scale = minMax.exec(clean)
  if (scale) return `${scale[1]}~${scale[2]}`
  const turned = maxMin.exec(clean)
  return turned ? `${turned[2]}~${turned[1]}` : clean
}

/** `(0~150)mm` and `0~150(mm)` → `0~150mm`; `pH 0~14` → `0~14pH`, but C20 is not 20 ℃. */
function unwrap(text: string): string {
  const whole = /^\(([^()]*)\)\s*([^()]*(?:\([^()]*\))?)$/.exec(text)
  if (whole) return `${whole[1]}${whole[2]}`.trim()
  const after = /^([^()]*[\d.])\s*\(([^()\d][^()]*)\)$/.exec(text)
  if (after) return `${after[1]}${after[2]}`
  const ahead = /^([^\d\s~+\-±<>≤≥(:=][^\d~±<>≤≥(:=]*?)\s*[:=]?\s*\(?([+-]?[\d.].*?)\)?$/.exec(text)
  const unit = ahead && findUnit(ahead[1] ?? '')
  return unit && /^(?:ph|humidity|hardness-.*)$/.test(unit.quantity) ? `${ahead[2]}${ahead[1]}` : text
}

function readPiece(raw: string): Piece | Refusal {
  const text = unwrap(raw)
  const two = twoEnds.exec(text)
  if (two) return piece('range', text, two[1], two[3], two[2], two[4])
  const both = plusMinus.exec(text)
  if (both) return piece('range', text, `-${both[1]}`, both[1], undefined, both[2])
  const most = atMost.exec(text)
  if (most) return piece('limit', text, undefined, most[1], undefined, most[2])
  const least = atLeast.exec(text)
  if (least) return piece('limit', text, least[1], undefined, undefined, least[2])
  const one = single.exec(text)
  if (one) return piece('nominal', text, one[1], one[1], undefined, one[2])
  if (/^(?:DN|PN|M|Φ|φ|G)\s*\d/.test(text)) return wrong(`“${raw}”是规格（公称通径、压力等级、螺纹等），不是测量范围，${example}`)
  return wrong(`看不懂测量范围“${raw}”，${example}`)
}

function piece(
  form: Piece['form'],
  text: string,
  from: string | undefined,
  to: string | undefined,
  lowUnit: string | undefined,
  highUnit: string | undefined,
): Piece | Refusal {
  const [low, high] = [from, to].map((bound) => (bound === undefined ? null : readDecimal(bound)))
  if (low === undefined || high === undefined) return wrong(`“${text}”里的数字写法不对，${example}`)
  return { form, low, high, lowUnit, highUnit, text }
}

/** Parts between `/`, `、`, `;`, 和; a comma divides only when both sides are ranges, for it may be in a number. */
function divide(text: string): string[] {
  const parts = text
    .split(/[;、|\n和及]|\/(?=\s*\(?\s*[+±-]?\s*[\d.])(?!100\s*mL)/i)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.flatMap((part) => {
    const halves = part.split(/\s*,\s*/)
    return halves.length > 1 && !twoEnds.test(unwrap(part)) && halves.every((half) => twoEnds.test(unwrap(half))) ? halves : [part]
  })
}

/**
 * The ranges of a ledger cell. A part without a unit takes that of the part after it; two units of one quantity become one, exactly.
 * `≤3t` is open below; `220V` is a nominal value with low = high. Refused, with what is wrong and an example: an unknown or doubtful unit,
 * none at all, low above high, two quantities in one range, a size such as DN25.
 */
export function parseRange(text: string): Range[] | Refusal {
  const clean = plain(text)
  if (clean === '') return wrong(`没有填写测量范围，${example}`)
  if (clean.length > 200) return wrong(`测量范围超过 200 个字，${example}`)
  const ranges: Range[] = []
  const forms = new Set<string>()
  let inherited: Unit | undefined
  for (const part of divide(clean).toReversed()) {
    const read = readPiece(part)
    if (isRefusal(read)) return read
    const range = finish(read, inherited)
    if (isRefusal(range)) return range
    ranges.unshift(range)
    inherited = getUnit(range.unit)
    forms.add(`${inherited.quantity} ${read.form}`)
    if (forms.has(`${inherited.quantity} range`) && forms.has(`${inherited.quantity} nominal`)) {
      return wrong(`“${text.trim()}”里既有范围又有单个数值，单个数值像是分度值，请只填测量范围，如 0～150mm`)
    }
  }
  return ranges.length > 0 ? ranges : wrong(`看不懂测量范围“${text.trim()}”，${example}`)
}

function finish(read: Piece, inherited: Unit | undefined): Range | Refusal {
  const lowUnit = read.lowUnit === undefined ? undefined : readUnit(read.lowUnit)
  if (isRefusal(lowUnit)) return lowUnit
  const highUnit = read.highUnit === undefined ? undefined : readUnit(read.highUnit)
  if (isRefusal(highUnit)) return highUnit
  const unit = highUnit ?? lowUnit ?? inherited
  if (!unit) return wrong(`“${read.text}”没有写计量单位，请在数字后面补上，如 MPa、mm、kg、℃`)
  if (lowUnit && lowUnit.quantity !== unit.quantity) {
    return wrong(`“${read.text}”的两端不是同一种量（${quantityNames[lowUnit.quantity]}和${quantityNames[unit.quantity]}），${example}`)
  }
  return inOneUnit(read, lowUnit ?? unit, unit)
}

function inOneUnit({ low, high, text }: Piece, lowUnit: Unit, unit: Unit): Range | Refusal {
  if (low === null || high === null) return { low, high, unit: unit.code }
  const from = { value: low, unit: lowUnit.code }
  const to = { value: high, unit: unit.code }
  if (compare(from, to) === 1) return wrong(`“${text}”的下限大于上限，请把两端对调，如 ${high}～${low}${unit.symbol}`)
  const inHigh = convert(from, unit.code)
  if (!isRefusal(inHigh) && inHigh.exact) return { low: inHigh.value, high, unit: unit.code }
  const inLow = convert(to, lowUnit.code)
  if (!isRefusal(inLow) && inLow.exact) return { low, high: inLow.value, unit: lowUnit.code }
  return wrong(`“${text}”两端的单位不同，不能准确换算，请用同一个单位填写`)
}

/** `1.6 MPa`; refused like a range. */
export function parseValue(text: string): Value | Refusal {
  const ranges = parseRange(text)
  if (isRefusal(ranges)) return ranges
  const [only, more] = ranges
  if (only && !more && only.low !== null && only.low === only.high) return { value: only.low, unit: only.unit }
  return wrong(`“${text.trim()}”不是一个带单位的数值，请写成“1.6MPa”这样`)
}

export const formatValue = (v: Value): string => `${v.value} ${getUnit(v.unit).symbol}`

/** `(0～1.6) MPa`, `≤3 t`, `≥10 kg`, `220 V`. */
export function formatRange(r: Range): string {
  const { symbol } = getUnit(r.unit)
  if (r.low === null) return r.high === null ? `不限 ${symbol}` : `≤${r.high} ${symbol}`
  if (r.high === null) return `≥${r.low} ${symbol}`
  return r.low === r.high ? `${r.low} ${symbol}` : `(${r.low}～${r.high}) ${symbol}`
}

/** `(0～25) mm、(25～50) mm` */
export const formatRanges = (rs: readonly Range[]): string => rs.map(formatRange).join('、')
