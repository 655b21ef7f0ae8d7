/** What the form of a confirmation starts from: the draft, what was signed last, or what certificate and instrument say. Pure. */
import type { Check, Instrument, Results } from '../model.ts'
import type { InstrumentConfirmation, Need } from './model.ts'

export type Start = Record<
  'needKind' | 'limit' | 'span' | 'needSource' | 'needNote' | 'atUnit' | 'unit' | 'k' | 'points' | 'asFound' | 'rule' | 'instrument',
  string
>

type Result = Pick<Check, 'instrument_id' | 'results'> & Pick<Instrument, 'accuracy' | 'ranges'>

export function startOf(
  result: Result,
  known: Pick<InstrumentConfirmation, 'need' | 'need_source' | 'need_note' | 'results' | 'decision'> | undefined,
): Start {
  const results = known?.results ?? result.results
  const need = known?.need ?? ownNeed(result)
  const range = result.ranges[0]
  const unit = results?.points[0]?.unit ?? (result.accuracy?.mpe?.kind === 'absolute' ? result.accuracy.mpe.unit : range?.unit)
  return {
    needKind: need?.kind ?? 'absolute',
    limit: need ? (need.kind === 'absolute' ? need.limit : need.percent) : '',
    span: need?.kind === 'span' ? need.span : '',
    needSource: known?.need_source ?? 'process',
    needNote: known?.need_note ?? '',
    atUnit: results?.points[0]?.atUnit ?? range?.unit ?? '',
    unit: unit ?? '',
    k: results?.k ?? '2',
    points: results ? linesOf(results) : '',
    asFound: results?.asFound === false ? 'no' : 'yes',
    rule: known?.decision.rule ?? 'jjf1094',
    instrument: result.instrument_id,
  }
}

const linesOf = ({ points }: Results): string => points.map(({ at, error, expanded }) => `${at} ${error} ${expanded}`).join('\n')

/** What the instrument itself promises is only a start: what the use bears, a person says. */
function ownNeed({ accuracy, ranges }: Result): Need | undefined {
  const mpe = accuracy?.mpe
  if (!mpe) return undefined
  if (mpe.kind === 'absolute') return { kind: 'absolute', limit: mpe.value, unit: mpe.unit }
  if (mpe.of === 'reading') return { kind: 'reading', percent: mpe.percent }
  const [range] = ranges
  return range?.high ? { kind: 'span', percent: mpe.percent, span: range.high, unit: range.unit } : undefined
}
