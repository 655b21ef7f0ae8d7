/** What a label says. Pure. */
import { formatAccuracy } from '../../../core/quantities/accuracy.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import { instrumentStates, type Instrument } from '../model.ts'

export interface LabelContent {
  code: string
  name: string
  model: string
  /** Range and accuracy: `(0～1.6) MPa · 1.6 级`. */
  able: string
  validUntil: string | null
  state: string
  token: string
}

export const labelOf = (
  row: Pick<Instrument, 'code' | 'name' | 'model' | 'ranges' | 'accuracy' | 'valid_until' | 'state' | 'token'>,
): LabelContent => ({
  code: row.code,
  name: row.name,
  model: row.model ?? '',
  able: [formatRanges(row.ranges), row.accuracy && formatAccuracy(row.accuracy)].filter(Boolean).join(' · '),
  validUntil: row.valid_until,
  state: instrumentStates[row.state],
  token: row.token,
})

/** What the code opens: short, because every character makes the modules smaller. */
export const labelUrl = (publicUrl: string, token: string): string => `${publicUrl}/i/${token}`
