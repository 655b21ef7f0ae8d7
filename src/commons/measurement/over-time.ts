/** The errors of one instrument at each point over its records, in one unit. Pure. */
import { differenceInBase, quantityOf } from '../../core/quantities/quantity.ts'
import type { Evaluation, PointResult } from './model.ts'
import { numberOf } from './names.ts'

export interface Measured {
  /** Day of the measurement. */
  on: string
  results: Pick<Evaluation, 'unit' | 'points'>
}

export interface ErrorOnDay {
  on: string
  error: number
  expanded: number
  limit: number | null
  verdict: PointResult['verdict']
}

export interface PointOverTime {
  at: number
  /** Oldest first. */
  errors: ErrorOnDay[]
}

/** Points that were measured more than once, by their value; a record in a unit of another quantity is left out. */
export function overTime(measured: readonly Measured[], unit: string): PointOverTime[] {
  const found = new Map<number, ErrorOnDay[]>()
  for (const { on, results } of measured.toSorted((a, b) => a.on.localeCompare(b.on)))
    for (const [at, error] of errorsOn(on, results, unit)) found.set(at, [...(found.get(at) ?? []), error])
  return [...found].flatMap(([at, errors]) => (errors.length > 1 ? [{ at, errors }] : [])).toSorted((a, b) => a.at - b.at)
}

/** Of one record. The same value twice (two loads of a meter at one current) counts by its larger error. */
function errorsOn(on: string, { unit: own, points }: Measured['results'], unit: string): Map<number, ErrorOnDay> {
  const found = new Map<number, ErrorOnDay>()
  if (quantityOf(own) !== quantityOf(unit)) return found
  // Twelve digits, so that 5 bar and 0.5 MPa are one point. Templates with ℃ have one unit only, so no offset plays a part.
  const factor = own === unit ? 1 : differenceInBase('1', own).div(differenceInBase('1', unit)).valueOf()
  const scaled = (x: number) => Number((x * factor).toPrecision(12))
  for (const { at, error, U, limit, verdict } of points) {
    const value = scaled(numberOf(at) ?? 0)
    const other = found.get(value)
    if (other && Math.abs(other.error) > Math.abs(scaled(error))) continue
    found.set(value, { on, error: scaled(error), expanded: scaled(U), limit: limit && scaled(limit.value), verdict })
  }
  return found
}
