/**
 * A value with its unit, a range with its unit, and what can be asked of them. Exact: decimal texts outside, ratios inside.
 * Ranges compare by containment across units: 0–1.6 MPa contains 0–10 bar.
 */
import { refuse, type Refusal } from '../refusal.ts'
import { decimalOf, rational, roundedDecimal, type Rational } from './rational.ts'
import { baseUnit, findUnit, getUnit, quantityNames, type Quantity, type Unit } from './units.ts'

/** `unit` is a `Unit.code`; an absent bound is an open end; texts are plain decimals (`-0.1`). low = high is a nominal value (220 V). */
export interface Range {
  low: string | null
  high: string | null
  unit: string
}

export interface Value {
  value: string
  unit: string
}

const ratios = new Map<string, readonly [scale: Rational, offset: Rational]>()
function ratiosOf(unit: Unit): readonly [Rational, Rational] {
  const known = ratios.get(unit.code)
  if (known) return known
  const made = [rational(unit.scale), rational(unit.offset ?? '0')] as const
  ratios.set(unit.code, made)
  return made
}

/** In the base unit of the quantity. Throws when the unit is not in the table or the value is not a plain decimal. */
export function inBase(value: string, unit: string): Rational {
  const [scale, offset] = ratiosOf(getUnit(unit))
  return rational(value).mul(scale).add(offset)
}

/** A difference in the base unit: an error of ±1 ℃ is one of 1 K, not of 274.15 K. */
export const differenceInBase = (value: string, unit: string): Rational => rational(value).mul(ratiosOf(getUnit(unit))[0])

export const quantityOf = (unit: string): Quantity => getUnit(unit).quantity

/**
 * The same value in another unit (code, symbol or name): exact when its decimal ends, else to 20 significant digits, halves to even.
 * Refused when the two are not of one kind of quantity.
 */
export function convert(v: Value, to: string): { value: string; exact: boolean } | Refusal {
  const target = findUnit(to)
  if (!target) return refuse('invalid', `不认识计量单位“${to}”，请用规定的符号，如 MPa、mm、kg、℃`)
  const from = getUnit(v.unit)
  if (from.quantity !== target.quantity) {
    return refuse(
      'invalid',
      `${from.symbol} 是${quantityNames[from.quantity]}的单位，${target.symbol} 是${quantityNames[target.quantity]}的单位，不能换算`,
    )
  }
  if (from.code === target.code) return { value: v.value, exact: true }
  const [scale, offset] = ratiosOf(target)
  const found = decimalOf(inBase(v.value, v.unit).sub(offset).div(scale), 20)
  return from.irrational === target.irrational ? found : { ...found, exact: found.exact && rational(v.value).n === BigInt(0) }
}

/** Undefined: not of one kind of quantity. */
export function compare(a: Value, b: Value): -1 | 0 | 1 | undefined {
  if (quantityOf(a.unit) !== quantityOf(b.unit)) return undefined
  return Math.sign(inBase(a.value, a.unit).compare(inBase(b.value, b.unit))) as -1 | 0 | 1
}

/** Whether all of `inner` lies in `outer`, ends included. An open end is contained only in an open end. Undefined: different quantities. */
export function contains(outer: Range, inner: Range): boolean | undefined {
  if (quantityOf(outer.unit) !== quantityOf(inner.unit)) return undefined
  const within = (bound: 'low' | 'high', sign: 1 | -1): boolean => {
    const [limit, value] = [outer[bound], inner[bound]]
    if (limit === null) return true
    return value !== null && inBase(value, inner.unit).compare(inBase(limit, outer.unit)) * sign >= 0
  }
  return within('low', 1) && within('high', -1)
}

/** Whether some of the ranges of a multi-range instrument contains it. Undefined when none is of its quantity. */
export function someContains(outer: readonly Range[], inner: Range): boolean | undefined {
  const answers = outer.map((range) => contains(range, inner)).filter((answer) => answer !== undefined)
  return answers.length === 0 ? undefined : answers.includes(true)
}

/**
 * A range in the base unit of its quantity, for SQL `numeric`: at most 30 significant digits, rounded to nearest.
 * Rounding is monotone, so what is contained exactly is contained in SQL too.
 */
export function baseRange(r: Range): { quantity: Quantity; low: string | null; high: string | null } {
  const bound = (value: string | null) => (value === null ? null : roundedDecimal(inBase(value, r.unit), 30))
  return { quantity: quantityOf(r.unit), low: bound(r.low), high: bound(r.high) }
}

/** The D-SI text of the unit: `\mega\pascal`. Empty for a unit that D-SI has no word for; `inDsi` converts those. */
export const toDsi = (v: Value): string => getUnit(v.unit).dsi

/** The value with a D-SI unit: its own, or else the base unit of the quantity (psi → `\pascal`). */
export function inDsi(v: Value): { value: string; unit: string; exact: boolean } {
  const unit = getUnit(v.unit)
  if (unit.dsi !== '') return { value: v.value, unit: unit.dsi, exact: true }
  const base = baseUnit(unit.quantity)
  const found = convert(v, base.code)
  if ('kind' in found) throw new Error(found.reason)
  return { ...found, unit: base.dsi }
}
