/** The measured part of a digital certificate → points of the ledger: at which value, how large the error, which uncertainty. Exact. Pure. */
import { decimalOf, rational } from '../../../core/quantities/rational.ts'
import { convert, differenceInBase, quantityOf, readDecimal } from '../../../core/quantities/quantity.ts'
import { quantityNames, units, type Unit } from '../../../core/quantities/units.ts'
import { isRefusal } from '../../../core/refusal.ts'
import type { ResultPoint, Results } from '../../instruments/index.ts'
import type { DigitalResult, DigitalSeries } from '../dcc/model.ts'

export interface Points {
  results: Results | null
  /** What was left out, in sentences. */
  notes: string[]
}

/** A point with the k of its own uncertainty. */
type Found = ResultPoint & { k: string }

/** `known`: units of the instrument, which tell apart what D-SI writes alike (% and %RH). */
export function pointsOf(results: readonly DigitalResult[], known: readonly string[] = []): Points {
  const notes: string[] = []
  const found = results.flatMap((result) => (result.series.length === 0 ? [] : pointsIn(result, known, notes)))
  const [first] = found
  if (!first) return { results: null, notes }
  const same = found.flatMap((point) => alike(point, first) ?? [])
  if (same.length < found.length)
    notes.push(
      `另有 ${found.length - same.length} 点不是${quantityNames[quantityOf(first.unit)]}（${first.unit}），没有读入；要一起确认的，请对照证书另作。`,
    )
  if (found.some(({ k }) => rational(k).compare(rational(first.k)) !== 0))
    notes.push(`各点的包含因子不同，扩展不确定度已换算到 k=${first.k}。`)
  return { results: { points: same, k: first.k, asFound: true }, notes }
}

function pointsIn(result: DigitalResult, known: readonly string[], notes: string[]): Found[] {
  const of = (refType: string) => result.series.find((each) => each.refType?.split(/\s+/).includes(refType))
  const [nominal, reference, indication] = [of('basic_nominalValue'), of('basic_referenceValue'), of('basic_measuredValue')]
  const error = of('basic_measurementError')
  const at = nominal ?? reference ?? indication
  const carrier = error ?? indication
  if (!at || !carrier || (!error && !reference && !nominal)) {
    notes.push(`“${result.name}”没有写明示值和误差是哪一列，没有读入。`)
    return []
  }
  const [atUnit, unit] = [unitOf(at, known), unitOf(carrier, known)]
  if (!atUnit || !unit) {
    notes.push(`“${result.name}”的单位 ${(atUnit ? carrier : at).unit.slice(0, 40)} 不认识，没有读入。`)
    return []
  }
  const points = carrier.values.flatMap((_, i): Found[] => {
    const value = plain(nominal?.values[i] ?? reference?.values[i] ?? indication?.values[i] ?? null)
    const found = error ? plain(error.values[i] ?? null) : difference(indication!, (reference ?? nominal)!, i)
    const [U, k] = [plain(carrier.U?.[i] ?? null), plain(carrier.k?.[i] ?? null)]
    return value && found && U && k && Number(U) > 0 && Number(k) > 0
      ? [{ at: value, atUnit: atUnit.code, error: found, expanded: U, unit: unit.code, k }]
      : []
  })
  const missing = carrier.values.length - points.length
  if (missing > 0) notes.push(`“${result.name}”有 ${missing} 点没有写全示值、误差和不确定度，没有读入。`)
  return points
}

/** Digits as they stand there; exponents and plus signs written out. */
function plain(text: string | null): string | undefined {
  if (text === null) return undefined
  return /^-?\d+(\.\d+)?$/.test(text) ? text : readDecimal(text)
}

/** Indication minus reference, in one unit. */
function difference(indication: DigitalSeries, reference: DigitalSeries, i: number): string | undefined {
  const [a, b] = [plain(indication.values[i] ?? null), plain(reference.values[i] ?? null)]
  if (!a || !b || indication.unit !== reference.unit) return undefined
  return decimalOf(rational(a).sub(rational(b)), 20).value
}

const byDsi = new Map<string, readonly Unit[]>()
for (const unit of units) if (unit.dsi) byDsi.set(unit.dsi, [...(byDsi.get(unit.dsi) ?? []), unit])

/** Back from D-SI. Where it writes several of ours alike, the word beside it or the instrument's own unit decides, else the plainest. */
function unitOf({ unit, nonSI }: DigitalSeries, known: readonly string[]): Unit | undefined {
  const all = byDsi.get(unit) ?? []
  if (all.length < 2) return all[0]
  return (
    all.find(({ code }) => code === nonSI) ??
    all.find(({ code }) => known.includes(code)) ??
    all.find(({ code }) => code === '%' || code === '1') ??
    all[0]
  )
}

/** In the units and with the k of the first point, so that one form holds all of them. Undefined: not of one kind of quantity. */
function alike(point: Found, first: Found): ResultPoint | undefined {
  const at = convert({ value: point.at, unit: point.atUnit }, first.atUnit)
  if (isRefusal(at) || quantityOf(point.unit) !== quantityOf(first.unit)) return undefined
  const scaled = (value: string) =>
    point.unit === first.unit ? value : decimalOf(differenceInBase(value, point.unit).div(differenceInBase('1', first.unit)), 20).value
  const expanded = scaled(point.expanded)
  const sameK = rational(point.k).compare(rational(first.k)) === 0
  return {
    at: at.value,
    atUnit: first.atUnit,
    error: scaled(point.error),
    expanded: sameK ? expanded : decimalOf(rational(expanded).mul(rational(first.k)).div(rational(point.k)), 12).value,
    unit: first.unit,
  }
}
