/** By what two entries are told to be the same instrument. Pure. */
import type { Draft } from './draft.ts'
import { formatRanges } from '../../core/quantities/quantity.ts'

/** Case, width and blanks do not make another instrument. */
export const normalise = (text: string | null): string =>
  (text ?? '')
    .normalize('NFKC')
    .replace(/[\s　]/g, '')
    .toUpperCase()

/** Maker, model and serial number together; null without a serial number. A maker that is not known is a maker of its own. */
export function serialKey(draft: Pick<Draft, 'name' | 'maker' | 'model' | 'serial'>): string | null {
  const serial = normalise(draft.serial)
  return serial === '' ? null : [normalise(draft.maker), normalise(draft.model), serial].join('|')
}

/**
 * For entries with neither code nor serial number: what they say, and the how-manieth that says so (from 1). A sheet with three lines
 * alike is three instruments, and the same sheet again is the same three.
 */
export const contentKey = (draft: Draft, nth: number): string =>
  [
    normalise(draft.name),
    normalise(draft.maker),
    normalise(draft.model),
    formatRanges(draft.ranges),
    normalise(draft.accuracy?.text ?? null),
    normalise(draft.place),
    normalise(draft.point),
    normalise(draft.keeper),
    nth,
  ].join('|')

/** Sorts as people count: 2 before 10. */
export const sortKey = (code: string): string =>
  normalise(code).replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(12, '0'))
