/**
 * Exact arithmetic on decimal texts. Outside, a number is a plain decimal text (`-0.1`); inside, a ratio of two bigints.
 * No floating point anywhere, so 0.1 mg is exactly a ten-millionth of a kilogram.
 */
import Fraction from 'fraction.js'

export type Rational = Fraction

const zero = BigInt(0)
const two = BigInt(2)
const five = BigInt(5)
const ten = BigInt(10)

/** A plain decimal text, or a ratio `5/9`, as a ratio. Throws on anything else: what people type goes through `readDecimal` first. */
export function rational(text: string): Rational {
  if (!/^-?\d+(?:\.\d+)?(?:\/\d+)?$/.test(text)) throw new RangeError(`not a decimal: ${text}`)
  const [over = '', under = '1'] = text.split('/')
  const [whole = '', decimals = ''] = over.replace('-', '').split('.')
  const n = BigInt(whole + decimals)
  return new Fraction(over.startsWith('-') ? -n : n, BigInt(under) * ten ** BigInt(decimals.length))
}

/** Digits and a power of ten as a plain text: (16, −1) → `1.6`. */
function plain(negative: boolean, digits: bigint, exponent: number): string {
  if (digits === zero) return '0'
  let text = digits.toString()
  if (exponent >= 0) text += '0'.repeat(exponent)
  else {
    text = text.padStart(1 - exponent, '0')
    text = `${text.slice(0, exponent)}.${text.slice(exponent)}`.replace(/\.?0+$/, '')
  }
  return negative ? `-${text}` : text
}

/** The decimal text of a ratio when it ends, else undefined: 1/8 → `0.125`, 1/3 → undefined. */
export function exactDecimal(value: Rational): string | undefined {
  let rest = value.d
  let twos = 0
  let fives = 0
  for (; rest % two === zero; rest /= two) twos++
  for (; rest % five === zero; rest /= five) fives++
  if (rest !== BigInt(1)) return undefined
  const places = Math.max(twos, fives)
  return plain(value.s < zero, (value.n * ten ** BigInt(places)) / value.d, -places)
}

/** The nearest decimal with so many significant digits, halves to the even digit (GB/T 8170 for halves). Monotone. */
export function roundedDecimal(value: Rational, digits: number): string {
  const { n, d } = value
  if (n === zero) return '0'
  // One digit too many at most; corrected below.
  let exponent = n.toString().length - d.toString().length - digits
  const scaled = (e: number): [over: bigint, under: bigint] => (e >= 0 ? [n, d * ten ** BigInt(e)] : [n * ten ** BigInt(-e), d])
  let [over, under] = scaled(exponent)
  if (over / under >= ten ** BigInt(digits)) [over, under] = scaled(++exponent)
  let whole = over / under
  const rest = (over % under) * two
  if (rest > under || (rest === under && whole % two !== zero)) whole += BigInt(1)
  return plain(value.s < zero, whole, exponent)
}

/** Exact when the decimal ends within 40 digits, else to `digits` significant digits. */
export function decimalOf(value: Rational, digits: number): { value: string; exact: boolean } {
  const exact = exactDecimal(value)
  if (exact !== undefined && exact.replace(/[-.]/g, '').replace(/^0+/, '').length <= 40) return { value: exact, exact: true }
  return { value: roundedDecimal(value, digits), exact: false }
}

/** The forms of one character that people and spreadsheets produce, made one. Keeps everything else as it is. */
export function narrow(text: string): string {
  return text
    .replace(/10([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, '10^$1')
    .replace(/[º˚]/g, '°')
    .normalize('NFKC')
    .replace(/[−‐‑‒–—―﹣]/g, '-')
    .replace(/[′‘’`´]/g, "'")
    .replace(/[“”"]/g, "''")
    .trim()
}

/**
 * What people type for a number → a plain decimal text, or undefined: `１，２３４．５` → `1234.5`, `.5` → `0.5`, `2×10^3` → `2000`,
 * `−0.10` → `-0.1`,
 * `10³` → `1000`. At most 40 digits and a power of ten within ±30.
 */
export function readDecimal(text: string): string | undefined {
  const [, sign, whole = '', decimals = '', power = '0'] =
    numberPattern.exec(
      narrow(text)
        .replace(/\s/g, '')
        .replace(/^([+-]?)10\^/, '$11e'),
    ) ?? []
  if (sign === undefined || (whole === '' && decimals === '')) return undefined
  const digits = whole.replaceAll(',', '') + decimals
  const exponent = Number(power)
  if (digits.length > 40 || Math.abs(exponent) > 30) return undefined
  return plain(sign === '-', BigInt(digits), exponent - decimals.length)
}

const numberPattern = /^([+-]?)([1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.(\d*))?(?:(?:[x×*]10\^?|e)([+-]?\d{1,3}))?$/i
