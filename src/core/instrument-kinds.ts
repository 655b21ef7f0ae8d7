/**
 * Kinds of measuring instruments. Codes nest by dots: `scale` ⊃ `scale.electronic`.
 * What the catalogue of mandatory instruments says is a partial reconstruction; see `toVerify`.
 */
import { covers } from './eligibility/codes.ts'
import type { facts } from './eligibility/facts.ts'
import table from './reference/instrument-kinds.json' with { type: 'json' }

export type InstrumentUse = keyof (typeof facts)['use']['values']

/** A row of 《实施强制管理的计量器具目录》 (市场监管总局公告2020年第42号). */
export interface CatalogueEntry {
  /** Our row id; the official numbers are not known. */
  row: string
  primary: string
  item: string
  /** P 型式批准, V 强制检定. */
  mode: 'P' | 'V' | 'P+V'
  verificationMode?: 'first-scrap' | 'first-rotate' | 'periodic'
  /** Verification is mandatory only for these uses (计量法 第九条). */
  uses: readonly InstrumentUse[]
  effectiveFrom?: string
  /** As the source words it; only what begins with `high` is not 待核实. */
  confidence: string
}

export interface Regulation {
  /** `JJG 539-2016` */
  no: string
  title: string
  /** Usual longest interval in months; the certificate decides. Absent: none is stated, or it differs by type (see note). */
  months?: number
  note?: string
  confidence: string
  trust: string
}

export interface InstrumentKind {
  code: string
  name: string
  aliases: readonly string[]
  catalogue?: CatalogueEntry
  regulations: readonly Regulation[]
  trust: string
  /** Show 待核实, and let no fee or right depend on the catalogue entry or the intervals of this kind alone. */
  toVerify: boolean
}

/** Where the table comes from and how far it goes; shown beside it. */
export const instrumentKindEdition = { source: table.source, edition: table.edition, warning: table.warning } as const

export const instrumentKinds: readonly InstrumentKind[] = (table.rows as unknown as Partial<InstrumentKind>[]).map(
  (row) => ({ aliases: [], regulations: [], ...row }) as unknown as InstrumentKind,
)

const plain = (text: string) => text.normalize('NFKC').replace(/\s/g, '').toLowerCase()
const byCode: ReadonlyMap<string, InstrumentKind> = new Map(instrumentKinds.map((k) => [k.code, k]))
const byName: ReadonlyMap<string, InstrumentKind> = new Map(
  instrumentKinds.flatMap((k) => [k.code, k.name, ...k.aliases].map((name) => [plain(name), k] as const)),
)

export const findKind = (code: string): InstrumentKind | undefined => byCode.get(code)

/** `电子秤`; a finer code that is not in the table is named by the kind above it. */
export function kindName(code: string): string {
  const found = byCode.get(code)
  if (found) return found.name
  const above = code.lastIndexOf('.')
  return above > 0 ? kindName(code.slice(0, above)) : `未知器具（${code}）`
}

/** The kind with this name, everyday name or code: 地磅 → `scale.truck`. Nothing when it is not known; no guessing by parts of words. */
export const findKindByName = (text: string): InstrumentKind | undefined => byName.get(plain(text))

/** Kinds whose name or everyday name contains the text, for a picker. */
export function searchKinds(text: string): readonly InstrumentKind[] {
  const wanted = plain(text)
  return wanted === '' ? [] : instrumentKinds.filter((k) => [k.name, ...k.aliases].some((name) => plain(name).includes(wanted)))
}

/** Whether `inner` is `outer` or a kind of it: `scale` ⊃ `scale.electronic`. */
export const coversKind = (outer: string, inner: string): boolean => covers(outer, inner)

/** The kinds right below. */
export const kindsIn = (code: string): readonly InstrumentKind[] =>
  instrumentKinds.filter((k) => k.code.startsWith(`${code}.`) && !k.code.slice(code.length + 1).includes('.'))

/** What the catalogue says of a kind; for a kind that is only a heading, what it says of the kinds below. */
export function catalogueEntries(code: string): readonly CatalogueEntry[] {
  const own = byCode.get(code)?.catalogue
  return own ? [own] : kindsIn(code).flatMap((k) => catalogueEntries(k.code))
}
