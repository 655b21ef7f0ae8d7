/** Rounding of results: halves to even (GB/T 8170), U to one or two digits, the value to the same place (JJF 1059.1 5.3). */
import { exactDecimal, rational } from '../quantities/rational.ts'

export type RoundingWay = 'even' | 'up'

/** The number as it is meant, as a plain decimal text: fifteen digits, so that 0.1 + 0.2 is 0.3 and a half is a half. */
function decimalText(x: number): string {
  const [mantissa = '0', power = '0'] = x.toExponential(14).split('e')
  const ten = `1${'0'.repeat(Math.abs(Number(power)))}`
  const value = Number(power) >= 0 ? rational(mantissa).mul(rational(ten)) : rational(mantissa).div(rational(ten))
  return exactDecimal(value) ?? '0'
}

/** To the place 10^place: `roundAt(0.25, -1)` is `0.2`. Trailing zeros are kept: they say how good the number is. */
export function roundAt(x: number, place: number, way: RoundingWay = 'even'): string {
  const text = decimalText(x)
  const negative = text.startsWith('-')
  const [whole = '0', decimals = ''] = text.replace('-', '').split('.')
  const digits = whole + decimals
  // The cut lies after `kept` digits.
  const kept = whole.length - Math.max(place, -400)
  const padded = kept < 0 ? '0'.repeat(-kept) + digits : digits
  const cut = Math.max(kept, 0)
  let head = BigInt(padded.slice(0, cut).padEnd(cut, '0') || '0')
  const rest = padded.slice(cut)
  const half = rest === '' ? -1 : compareHalf(rest)
  const onward = way === 'up' ? /[1-9]/.test(rest) : half > 0 || (half === 0 && head % BigInt(2) === BigInt(1))
  if (onward) head += BigInt(1)
  const body = place >= 0 ? (head === BigInt(0) ? '0' : head.toString() + '0'.repeat(place)) : pointed(head.toString(), -place)
  return negative && head !== BigInt(0) ? `-${body}` : body
}

const compareHalf = (rest: string): number => (rest[0]! > '5' ? 1 : rest[0]! < '5' ? -1 : /[1-9]/.test(rest.slice(1)) ? 1 : 0)

const pointed = (digits: string, places: number): string => {
  const padded = digits.padStart(places + 1, '0')
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`
}

/** The place of the first significant digit: 0.0123 → −2. */
const firstPlace = (x: number): number => Number(x.toExponential(14).split('e')[1])

/**
 * U > 0 to `digits` significant digits, and the place of its last one. 'auto': two when the first digit is 1 or 2, else one (JJF 1059.1 5.3).
 * `up` never makes it smaller, as is customary for U that is promised to a customer.
 */
export function roundUncertainty(U: number, digits: 1 | 2 | 'auto' = 2, way: RoundingWay = 'even'): { text: string; place: number } {
  const first = firstPlace(U)
  const wanted = digits === 'auto' ? (/^[12]/.test(U.toExponential(14)) ? 2 : 1) : digits
  const place = first - wanted + 1
  const text = roundAt(U, place, way)
  // 0.0996 to two digits is 0.10, not 0.100.
  const grown = firstPlace(Number(text)) > first && digits !== 'auto'
  return grown ? { text: roundAt(U, place + 1, way), place: place + 1 } : { text, place }
}
