/** What becomes of each row of a sheet: read as a draft, beside the other rows and beside the ledger. */
import { hash } from 'node:crypto'
import { kindName } from '../../../core/instrument-kinds.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { differences, type LockedRow } from '../change.server.ts'
import { clean, stateWords, wordKey } from '../draft-words.ts'
import { readDraft, type Draft, type DraftInput } from '../draft.ts'
import { contentKey } from '../keys.ts'
import { instrumentStates, type LedgerOwner } from '../model.ts'
import { keysOf, type Claims } from './claims.ts'
import type { Layout } from './columns.ts'
import { importKeyOf, matchesOf, type Known, type Matches, type OwnKindNames } from './ledger.server.ts'
import type { RowCells, RowKeys, RowProblem, Verdict } from './model.ts'
import { noiseOf, textsOf, type SheetTexts } from './sheet-texts.ts'

export interface Setting {
  org: LedgerOwner
  today: string
  layout: Layout
  kinds: OwnKindNames
  /** The rows beside each other; absent where that was settled before (when they are entered). */
  claims?: Claims
}

export interface Line {
  row: number
  cells: RowCells
  /** The keys of an earlier judgement: a row without code and serial number keeps its place among those alike. */
  keys?: RowKeys | Record<string, never>
}

export interface Judged {
  row: number
  cells: RowCells
  verdict: Verdict
  problems: RowProblem[]
  keys: RowKeys | Record<string, never>
  instrument_id: string | null
  /** What would be entered. */
  draft?: Draft
  known?: Known
}

/** Judges some rows, in the order given. Reads the ledger, writes nothing. */
export async function judge(ctx: Ctx, setting: Setting, lines: readonly Line[]): Promise<Judged[]> {
  const drawn = lines.map((line) => draw(line, setting))
  const matches = await matchesOf(
    ctx,
    setting.org,
    drawn.flatMap(({ keys }) => keys ?? []),
  )
  return drawn.map((each) =>
    each.keys ? decide(each as Drawn & { keys: RowKeys }, setting, matches) : put(each.line, each.aside!, each.twin),
  )
}

interface Drawn {
  line: Line
  texts: SheetTexts
  /** Why it is not entered at all. */
  aside?: string
  /** The row of the file that says the same. */
  twin?: number
  keys?: RowKeys
  problem?: RowProblem
}

const put = ({ row, cells }: Line, reason: string, twin?: number): Judged => ({
  row,
  cells,
  verdict: 'skip',
  problems: [{ field: null, reason, level: 'warn', ...(twin !== undefined && { row: twin }) }],
  keys: {},
  instrument_id: null,
})

function draw(line: Line, setting: Setting): Drawn {
  const { layout, claims } = setting
  const texts = textsOf(layout.columns, line.cells.raw, line.cells.mended)
  const aside = line.cells.aside ? '您选了不导入这一行' : noiseOf(layout, line.cells.raw, texts)
  if (aside) return { line, texts, aside }
  const keys = keysOf(texts)
  if (keys.code === undefined && keys.serial === undefined) {
    const { draft } = readDraft(inputOf(texts, setting), setting.today, setting.kinds.parentOf)
    if (draft) {
      keys.content = hash('sha256', contentKey(draft, 0), 'base64url').slice(0, 27)
      keys.nth = placeOf(line, keys.content) ?? claims?.nth(keys.content) ?? 1
    }
  }
  const claim = claims?.take(line.row, keys)
  if (claim && 'twice' in claim) return { line, texts, aside: `与第 ${claim.twice} 行完全相同`, twin: claim.twice }
  return { line, texts, keys, ...(claim && { problem: claim.problem }) }
}

const placeOf = ({ keys }: Line, content: string): number | undefined =>
  keys && 'content' in keys && keys.content === content ? keys.nth : undefined

const nameColumn = '还没有指明哪一列是器具名称，请在“列的对应”里选择'

function decide({ line, texts, keys, problem }: Drawn & { keys: RowKeys }, setting: Setting, matches: Matches): Judged {
  const problems: RowProblem[] = problem ? [problem] : []
  const judged = (verdict: Verdict, more: Partial<Judged> = {}): Judged => ({
    row: line.row,
    cells: line.cells,
    verdict,
    problems,
    keys,
    instrument_id: more.known?.id ?? null,
    ...more,
  })
  if (!texts.name && !setting.layout.columns.some(({ field }) => field === 'name' || field === 'kind')) {
    problems.push({ field: null, reason: nameColumn, level: 'bad' })
    return judged('bad')
  }
  const known = knownOf(keys, matches)
  const mate = keys.serial === undefined ? undefined : matches.bySerial.get(keys.serial)
  if (mate && mate.id !== known?.id)
    problems.push(collision('serial', `制造单位、型号、出厂编号都与台账里的 ${mate.code}（${mate.name}）相同`))
  const twin = known && setting.claims?.match(line.row, known.id)
  if (twin) problems.push({ ...collision('code', `与第 ${twin} 行是台账里的同一件器具 ${known.code}`), row: twin })
  const { draft, said } = known ? draftFor(texts, known, setting) : newDraft(texts, setting)
  problems.push(...said)
  if (!draft || problems.some(({ level }) => level === 'bad')) return judged('bad')
  if (!known) return judged('new', { draft })
  return judged(differences(known as unknown as LockedRow, draft).length > 0 ? 'change' : 'same', { draft, known })
}

/** A code tells which one; where there is none, the serial number; where there is neither, what the row says. */
function knownOf(keys: RowKeys, { byCode, bySerial, byImportKey }: Matches): Known | undefined {
  if (keys.code !== undefined) return byCode.get(keys.code)
  const importKey = importKeyOf(keys)
  return (
    (keys.serial === undefined ? undefined : bySerial.get(keys.serial)) ?? (importKey === null ? undefined : byImportKey.get(importKey))
  )
}

const collision = (field: 'code' | 'serial', what: string): RowProblem => ({
  field,
  reason: `${what}，同一件器具不要登记两次；确是两件的请核对`,
  level: 'bad',
})

function inputOf(texts: SheetTexts, { kinds }: Setting): DraftInput {
  const ownKind = texts.kind === undefined ? undefined : kinds.idOf(clean(texts.kind) ?? '')
  return ownKind === undefined ? texts : { ...texts, kind: undefined, ownKind }
}

interface Reading {
  draft: Draft | undefined
  said: RowProblem[]
}

function newDraft(texts: SheetTexts, setting: Setting): Reading {
  const { draft, problems } = readDraft(inputOf(texts, setting), setting.today, setting.kinds.parentOf)
  return { draft, said: problems.map(({ field, ...rest }) => ({ ...rest, field: field === 'ownKind' ? 'kind' : field })) }
}

/** The draft of a row that is in the ledger already: an empty cell leaves what stands there, and the state moves by steps only. */
function draftFor(texts: SheetTexts, known: Known, setting: Setting): Reading {
  const filled = Object.fromEntries(Object.entries(texts).filter(([, text]) => clean(text) !== null)) as SheetTexts
  const { state, ...rest } = filled
  const months = known.interval_months === null ? {} : { intervalMonths: String(known.interval_months) }
  const { draft, said: all } = newDraft({ ...months, ...rest, name: filled.name ?? known.name }, setting)
  const filed = known.kind !== null || known.own_kind !== null
  const said = all.filter(({ field, level }) => !(filed && field === 'kind' && level === 'warn'))
  const stays = state === undefined || wordKey(clean(state)!, instrumentStates, stateWords) === known.state
  if (!stays)
    said.push({ field: 'state', reason: `台账里是“${instrumentStates[known.state]}”，导入不改状态，请在台账里办理`, level: 'warn' })
  if (!draft) return { draft, said }
  const merged = merge(draft, filled, known)
  if (!known.checked) return { draft: merged, said }
  const kept = { ...merged, ...lastOf(known) }
  if (differences({ ...known, ...columnsOfLast(merged) } as unknown as LockedRow, kept).length > 0)
    said.push({ field: 'lastDoneOn', reason: '台账里有录入的检定、校准结果，上次检定信息以录入的为准', level: 'warn' })
  return { draft: kept, said }
}

function merge(draft: Draft, filled: SheetTexts, known: Known): Draft {
  const or = <T>(field: keyof SheetTexts, said: T, stands: T): T => (filled[field] === undefined ? stands : said)
  const sameLast = draft.lastDoneOn === known.last_done_on && draft.intervalMonths === known.interval_months
  return {
    ...draft,
    ...kindOf(draft, filled, known),
    code: draft.code ?? known.code,
    maker: or('maker', draft.maker, known.maker),
    model: or('model', draft.model, known.model),
    serial: or('serial', draft.serial, known.serial),
    ranges: or('range', draft.ranges, known.ranges),
    accuracy: or('accuracy', draft.accuracy, known.accuracy),
    place: or('place', draft.place, known.place),
    point: or('point', draft.point, known.point),
    keeper: or('keeper', draft.keeper, known.keeper),
    use: or('use', draft.use, known.use),
    useDetail: or('useDetail', draft.useDetail, known.use_detail),
    boughtOn: or('boughtOn', draft.boughtOn, known.bought_on),
    lastDoneOn: or('lastDoneOn', draft.lastDoneOn, known.last_done_on),
    lastKind: or('lastKind', draft.lastKind, known.last_kind),
    lastConclusion: or('lastConclusion', draft.lastConclusion, known.last_conclusion),
    lastInstitution: or('lastInstitution', draft.lastInstitution, known.last_institution),
    lastCertificateNo: or('lastCertificateNo', draft.lastCertificateNo, known.last_certificate_no),
    lastFee: or('lastFee', draft.lastFee, known.last_fee_fen as Draft['lastFee']),
    note: or('note', draft.note, known.note),
    // Reckoned anew only when a new day or a new interval is brought.
    validUntil: filled.validUntil === undefined && (filled.lastDoneOn === undefined || sameLast) ? known.valid_until : draft.validUntil,
  }
}

/** What a person filed by hand stays, unless the sheet names a kind that is known. */
function kindOf(draft: Draft, filled: SheetTexts, known: Known): Pick<Draft, 'kind' | 'ownKind'> {
  const stands = { kind: known.kind, ownKind: known.own_kind }
  if (known.kind === null && known.own_kind === null) return { kind: draft.kind, ownKind: draft.ownKind }
  if (filled.kind === undefined || (draft.kind === null && draft.ownKind === null)) return stands
  const same =
    draft.ownKind === null ? known.kind !== null && clean(filled.kind) === kindName(known.kind) : draft.ownKind === known.own_kind
  return same ? stands : { kind: draft.kind, ownKind: draft.ownKind }
}

const lastOf = (known: Known): Partial<Draft> => ({
  lastDoneOn: known.last_done_on,
  lastKind: known.last_kind,
  lastConclusion: known.last_conclusion,
  lastInstitution: known.last_institution,
  lastCertificateNo: known.last_certificate_no,
  lastFee: known.last_fee_fen as Draft['lastFee'],
  validUntil: known.valid_until,
})

const columnsOfLast = (draft: Draft) => ({
  last_done_on: draft.lastDoneOn,
  last_kind: draft.lastKind,
  last_conclusion: draft.lastConclusion,
  last_institution: draft.lastInstitution,
  last_certificate_no: draft.lastCertificateNo,
  last_fee_fen: draft.lastFee,
  valid_until: draft.validUntil,
})
