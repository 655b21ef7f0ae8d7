/** Words and types of the audit pack 审核包: everything that an auditor or a customer asks to see of the ledger, in one file. Pure. */
import { addDays, isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import type { FileType } from '../../files/index.ts'

/** Days of the changes that go into the pack, both included. */
export interface Period {
  from: string
  to: string
}

/** The year up to today, unless two days in the right order are given. */
export function periodOf(from: string | null, to: string | null, today: string): Period {
  const usual = { from: addDays(today, -364), to: today }
  if (!from || !to || !isIsoDate(from) || !isIsoDate(to) || from > to) return usual
  return { from, to: to > today ? today : to }
}

/** What the pack holds, and what an auditor would miss in it. */
export interface PackCounts {
  instruments: number
  checks: number
  confirmations: number
  certificates: number
  certificateBytes: number
  overdue: number
  sent: number
  /** With a verification or calibration, but without the certificate's file to the last one. */
  withoutFile: number
  /** In use without any result, neither recorded nor brought along. */
  withoutResult: number
  /** Whose last result is a calibration that nobody has confirmed. */
  unconfirmed: number
}

export const noCounts = (): PackCounts => ({
  instruments: 0,
  checks: 0,
  confirmations: 0,
  certificates: 0,
  certificateBytes: 0,
  overdue: 0,
  sent: 0,
  withoutFile: 0,
  withoutResult: 0,
  unconfirmed: 0,
})

/** A file of the pack, as it stands in the index. */
export interface PackFile {
  path: string
  about: string
  bytes: number
  /** Lower-case hex. */
  sha256: string
  /** Lines of a table, without its heading. */
  rows?: number
}

export const certificateFile = { types: ['pdf', 'jpeg', 'png', 'webp', 'xml'], bytes: 20_000_000 } as const satisfies {
  types: readonly FileType[]
  bytes: number
}

/**
 * Names within the pack: what no system allows in a name becomes `_`; names that would be the same get a number,
 * whatever the case, because Windows takes them for one.
 */
export function namer(): (folder: string, stem: string, ending: string) => string {
  const taken = new Set<string>()
  return (folder, stem, ending) => {
    const allowed = stem.normalize('NFC').replace(/[\p{C}\\/:*?"<>|]/gu, '_')
    const clean =
      [...allowed]
        .slice(0, 100)
        .join('')
        .replace(/^[. ]+|[. ]+$/g, '') || '_'
    for (let n = 1; ; n++) {
      const name = `${clean}${n === 1 ? '' : `-${n}`}${ending}`
      if (taken.has(name.toLowerCase())) continue
      taken.add(name.toLowerCase())
      return `${folder}/${name}`
    }
  }
}
