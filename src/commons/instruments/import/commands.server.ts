/** What a person does with an import: bring a file, say which column is which, enter what is good, end it. */
import { hash } from 'node:crypto'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { recordNumber } from '../../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { nextNumber } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { storeFile } from '../../files/index.server.ts'
import type { LedgerOwner } from '../model.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { choose, labelOf, layoutAt, sheetFields, type SheetField } from './columns.ts'
import { workflow } from './import-workflow.ts'
import { importLimits, noCounts, type Import, type ImportPlan } from './model.ts'
import { sameFile } from './queries.server.ts'
import { kick } from './run.server.ts'
import { lockImport, takeStep, tell } from './steps.server.ts'
import './tables.server.ts'

export interface Started {
  id: string
  /** The very same file was brought before: this is that import, and nothing new was begun. */
  again: boolean
}

/** Keeps the file and begins to read it in the background. The same file twice leads to the import that is there. */
export async function startImport(ctx: Ctx, file: { name: string; bytes: Uint8Array }): Promise<Started | Refusal> {
  const sha256 = hash('sha256', file.bytes)
  const answer = await inTx(ctx, async (tx): Promise<Started | Refusal> => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const same = await sameFile(tx, org.id, sha256)
    if (same) return { id: same.id, again: true }
    const id = uuidv7()
    const stored = await storeFile(tx, {
      org,
      subject: workflow.name,
      subjectId: id,
      name: file.name,
      bytes: file.bytes,
      allow: ['xlsx', 'csv'],
      maxBytes: importLimits.bytes,
    })
    if (isRefusal(stored)) return isOldExcel(file.bytes) ? oldExcel() : stored
    await insertImport(tx, org, { id, file_id: stored.id, file_name: stored.name, sha256 })
    return { id, again: false }
  })
  if (!isRefusal(answer) && !answer.again) kick(ctx, answer.id)
  return answer
}

const isOldExcel = (bytes: Uint8Array) => bytes[0] === 0xd0 && bytes[1] === 0xcf

const oldExcel = () => {
  const reason = '这是旧版 .xls 或带密码的文件，请在 Excel、WPS 里另存为不带密码的 .xlsx 或 CSV 再上传'
  return refuse('invalid', `${reason}。`, { code: 'FILE_NOT_ACCEPTED', fields: { file: reason } })
}

/** The file of an import that is over, beside the ledger as it stands now. */
export async function repeatImport(ctx: Ctx, id: string): Promise<Started | Refusal> {
  const answer = await inTx(ctx, async (tx): Promise<Started | Refusal> => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockImport(tx, id)
    if (!row) return gone()
    if (row.state !== 'done' && row.state !== 'discarded')
      return refuse('conflict', `这次导入${workflow.states[row.state]}，还不能再读一遍。`)
    const next = uuidv7()
    await insertImport(tx, org, { id: next, file_id: row.file_id, file_name: row.file_name, sha256: row.sha256 })
    return { id: next, again: false }
  })
  if (!isRefusal(answer)) kick(ctx, answer.id)
  return answer
}

async function insertImport(tx: Ctx, org: LedgerOwner, file: Pick<Import, 'id' | 'file_id' | 'file_name' | 'sha256'>): Promise<void> {
  const year = Number(shanghaiDate(tx.now).slice(0, 4))
  const plan: ImportPlan = { layout: null, lines: [], chosen: false, by: tx.actor, attempts: 0 }
  const row = await tx.db
    .insertInto('instrument_imports')
    .values({
      ...file,
      province: org.province,
      org_id: org.id,
      region: org.region,
      number: recordNumber(org.province, year, await nextNumber(tx, org.province, workflow.name, year)),
      state: workflow.start,
      columns: jsonb(plan) as never,
      rows_read: 0,
      rows_total: null,
      counts: jsonb(noCounts) as never,
      applied: 0,
      problem: null,
      started_by: tx.actor.id,
      started_by_name: tx.actor.name,
      created_at: tx.now,
      touched_at: tx.now,
      finished_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tell(tx, row as Import, 'started', {})
}

const gone = () => refuse('missing', '没有这次导入，或不归您管。')
const stale = () => refuse('conflict', '您打开之后，这次导入已有变化，请核对最新情况后再办。', { code: 'STALE' })

/** One's own import, for somebody who may write in the ledger, as it was looked at. */
export async function openImport(tx: Ctx, id: string, version?: number): Promise<Import | Refusal> {
  const org = await ownLedger(tx)
  if (isRefusal(org)) return org
  const row = await lockImport(tx, id)
  if (!row) return gone()
  return version !== undefined && version !== row.version ? stale() : row
}

export type OwnStep = 'apply' | 'finish' | 'discard'
export const ownSteps: readonly OwnStep[] = ['apply', 'finish', 'discard']

/** Enters what is good (in the background), ends, or gives up. */
export async function takeImportStep(ctx: Ctx, id: string, step: OwnStep, version: number): Promise<Import | Refusal> {
  const answer = await inTx(ctx, async (tx) => {
    const row = await openImport(tx, id, version)
    if (isRefusal(row)) return row
    return takeStep(tx, row, step, { columns: { ...row.columns, by: tx.actor } }, { counts: row.counts })
  })
  if (!isRefusal(answer) && step === 'apply') kick(ctx, id)
  return answer
}

export interface ColumnChoice {
  /** Row of the headers; 0: none. */
  headerRow: number
  /** By place; empty: not taken. Absent when only the row of headers was changed. */
  fields?: readonly string[] | undefined
  version: number
}

/** What the person says of the columns goes before the guess; every row is judged anew in the background. */
export async function chooseColumns(ctx: Ctx, id: string, choice: ColumnChoice): Promise<Import | Refusal> {
  const answer = await inTx(ctx, async (tx): Promise<Import | Refusal> => {
    const row = await openImport(tx, id, choice.version)
    if (isRefusal(row)) return row
    const plan = planOf(row.columns, choice)
    return isRefusal(plan)
      ? plan
      : takeStep(
          tx,
          row,
          'reread',
          { columns: { ...plan, chosen: true, by: tx.actor }, rows_read: 0 },
          { columns: sayColumns(plan), headerRow: plan.layout!.headerRow },
        )
  })
  if (!isRefusal(answer)) kick(ctx, id)
  return answer
}

function planOf(plan: ImportPlan, { headerRow, fields }: ColumnChoice): ImportPlan | Refusal {
  const { layout, lines } = plan
  if (!layout) return refuse('conflict', '文件还没有读到表头，请稍后再试。')
  if (headerRow !== 0 && headerRow !== layout.headerRow && !lines.some(({ row }) => row === headerRow))
    return refuse('invalid', `第 ${headerRow} 行不在开头的 ${lines.length} 行里，请核对表头在第几行。`, {
      fields: { headerRow: '请填写开头几行里的行号，没有表头填 0' },
    })
  const same = headerRow === layout.headerRow
  const base = same ? layout : layoutAt(headerRow, lines)
  if (!same || !fields) return { ...plan, layout: base }
  const chosen = base.columns.map(
    (_, i) => (sheetFields as readonly string[]).find((field) => field === fields[i]) ?? null,
  ) as (SheetField | null)[]
  const twice = chosen.find((field, i) => field !== null && chosen.indexOf(field) !== i)
  if (twice) {
    const reason = `“${labelOf(twice)}”选了两列，请只留一列`
    return refuse('invalid', `${reason}。`, {
      fields: Object.fromEntries(chosen.flatMap((f, i) => (f === twice ? [[`column-${i}`, reason]] : []))),
    })
  }
  if (!chosen.includes('name') && !chosen.includes('kind')) return refuse('invalid', '请指明哪一列是器具名称：没有名称的行不能登记。')
  return { ...plan, layout: { ...base, columns: choose(base.columns, chosen) } }
}

const sayColumns = ({ layout }: ImportPlan) =>
  Object.fromEntries((layout?.columns ?? []).flatMap(({ header, field }) => (field ? [[header, labelOf(field)]] : [])))
