/** What the page of an import shows of its rows and columns: words and texts, nothing to reckon with. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { columnsForShow, differences, type LockedRow } from '../change.server.ts'
import type { Draft } from '../draft.ts'
import { checkKinds, conclusions, instrumentStates, openingStates, uses, type Instrument } from '../model.ts'
import { labelOf, sheetFields, type SheetField } from './columns.ts'
import { judge, type Judged } from './judge.server.ts'
import { ownKindNames } from './ledger.server.ts'
import type { Import, ImportRow, RowProblem } from './model.ts'
import { rowsOf } from './rows.server.ts'
import { textsOf, textsOfInstrument, type SheetTexts } from './sheet-texts.ts'
import type { Mending } from './mending.server.ts'

export interface ShownRow {
  row: number
  code: string
  name: string
  /** Model, serial number, range, place: enough to know it by. */
  about: string
  instrumentId: string | null
  applied: boolean
  /** Put aside by a person, who may take it in again. */
  aside: boolean
  mended: boolean
  /** Sentences of the row as a whole, and what is accepted but said. */
  notes: string[]
  /** What is wrong, each with its text to mend. */
  fields: ShownField[]
  changes: { label: string; before: string; after: string }[]
}

export interface ShownField {
  field: SheetField
  label: string
  text: string
  reason: string
  /** Id of a list of what may be said. */
  list?: string
}

const wordLists: Readonly<Partial<Record<SheetField, readonly string[]>>> = {
  use: Object.values(uses),
  state: openingStates.map((state) => instrumentStates[state]),
  lastKind: Object.values(checkKinds),
  lastConclusion: Object.values(conclusions),
}

/** Lists of words that the inputs of these rows offer, by field. */
export function wordListsFor(rows: readonly ShownRow[]): Record<string, readonly string[]> {
  const used = new Set(rows.flatMap(({ fields }) => fields.map(({ field }) => field)))
  return Object.fromEntries(Object.entries(wordLists).filter(([field]) => used.has(field as SheetField)))
}

/** The rows of one tab and page. */
export async function shownRows(
  ctx: Ctx,
  row: Import,
  verdict: ImportRow['verdict'],
  page: { limit: number; offset: number },
): Promise<ShownRow[]> {
  if (!row.columns.layout) return []
  const rows = await rowsOf(ctx, row, { verdicts: [verdict], ...page })
  const changed = verdict === 'change' ? await changesOf(ctx, row, rows) : new Map<number, ShownRow['changes']>()
  return rows.map((each) => show(each, row, changed.get(each.row) ?? []))
}

function show(each: ImportRow, { columns }: Import, changes: ShownRow['changes']): ShownRow {
  const texts = textsOf(columns.layout!.columns, each.cells.raw, each.cells.mended)
  const say = ({ field, reason }: RowProblem) => (field && each.verdict !== 'bad' ? `${labelOf(field)}：${reason}` : reason)
  const bad = each.problems.filter(({ level, field }) => level === 'bad' && field !== null)
  const byField = Map.groupBy(bad, ({ field }) => field!)
  return {
    row: each.row,
    code: texts.code ?? '',
    name: texts.name ?? '',
    about: [texts.model, texts.serial, texts.range, texts.place].filter(Boolean).join('，'),
    instrumentId: each.instrument_id,
    applied: each.applied,
    aside: each.cells.aside ?? false,
    mended: each.cells.mended !== undefined,
    notes: each.problems.filter((problem) => !bad.includes(problem)).map(say),
    fields: [...byField].map(([field, problems]) => ({
      field,
      label: labelOf(field),
      text: texts[field] ?? '',
      reason: problems.map(({ reason }) => reason).join('；'),
      ...(wordLists[field] && { list: `words-${field}` }),
    })),
    changes,
  }
}

/** What the ledger says and what it would say. Entered rows are over: nothing differs any more. */
async function changesOf(ctx: Ctx, row: Import, rows: readonly ImportRow[]): Promise<Map<number, ShownRow['changes']>> {
  const org = { province: row.province, id: row.org_id, region: row.region }
  const kinds = await ownKindNames(ctx, org)
  const judged = await judge(ctx, { org, today: shanghaiDate(ctx.now), layout: row.columns.layout!, kinds }, rows)
  return new Map(judged.map((each) => [each.row, changesIn(each, kinds.nameOf)]))
}

function changesIn({ known, draft }: Judged, nameOf: (id: string) => string | null): ShownRow['changes'] {
  if (!known || !draft) return []
  const texts = (instrument: Instrument) => textsOfInstrument(instrument, instrument.own_kind && nameOf(instrument.own_kind))
  const [before, after] = [texts(known), texts(over(known, draft))]
  const fields = new Set(differences(known as unknown as LockedRow, draft).map((field) => (field === 'ownKind' ? 'kind' : field)))
  return sheetFields
    .filter((field) => fields.has(field))
    .map((field) => ({ label: labelOf(field), before: before[field] ?? '', after: after[field] ?? '' }))
}

const over = (known: Instrument, draft: Draft): Instrument => ({ ...known, code: draft.code ?? known.code, ...columnsForShow(draft) })

export interface ShownColumns {
  headerRow: number
  /** The first rows, to find the headers by. */
  heads: { row: number; text: string }[]
  columns: { at: number; header: string; sample: string; field: string; doubtful: string | null }[]
  fields: { value: SheetField; label: string }[]
  taken: number
  left: string[]
}

export function shownColumns({ columns: { layout, lines } }: Import): ShownColumns | undefined {
  if (!layout) return undefined
  const below = lines.filter(({ row }) => row > layout.headerRow)
  const samples = (at: number) => [...new Set(below.map(({ cells }) => cells[at]?.trim() ?? '').filter((cell) => cell !== ''))].slice(0, 2)
  return {
    headerRow: layout.headerRow,
    heads: lines.slice(0, 8).map(({ row, cells }) => ({ row, text: cells.filter(Boolean).join(' | ').slice(0, 80) })),
    columns: layout.columns
      .filter(({ at, header }) => header !== '' || samples(at).length > 0)
      .map(({ at, header, field, doubtful }) => ({
        at,
        header: header || `第 ${at + 1} 列`,
        sample: samples(at)
          .map((text) => text.slice(0, 24))
          .join('、'),
        field: field ?? '',
        doubtful: doubtful ? labelOf(doubtful) : null,
      })),
    fields: sheetFields.map((value) => ({ value, label: labelOf(value) })),
    taken: layout.columns.filter(({ field }) => field).length,
    left: layout.columns.filter(({ field, header }) => !field && header !== '').map(({ header }) => header),
  }
}

/** Mendings that say something else than the row does: the form brings every row of its page. */
export async function changedMendings(ctx: Ctx, row: Import, mendings: readonly Mending[]): Promise<Mending[]> {
  const rows = await rowsOf(ctx, row, { rows: mendings.map((each) => each.row) })
  const now = new Map<number, SheetTexts>(
    rows.map(({ row: n, cells }) => [n, textsOf(row.columns.layout?.columns ?? [], cells.raw, cells.mended)]),
  )
  return mendings.flatMap(({ row: n, texts, ...rest }) => {
    const changed = Object.entries(texts).filter(([field, text]) => (now.get(n)?.[field as SheetField] ?? '') !== text)
    return changed.length > 0 || rest.aside !== undefined ? [{ row: n, texts: Object.fromEntries(changed) as SheetTexts, ...rest }] : []
  })
}
