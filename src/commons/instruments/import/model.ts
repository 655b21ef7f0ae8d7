/** Words and types of an import: a sheet that is brought, judged row by row, mended and entered. */
import type { Actor, Protected } from '../../../core/access.ts'
import type { Layout, Line, SheetField } from './columns.ts'
import type { SheetTexts } from './sheet-texts.ts'

export const importStates = {
  reading: '正在读取',
  preview: '待确认',
  applying: '正在登记',
  done: '已完成',
  discarded: '已作废',
  failed: '读取失败',
} as const
export type ImportState = keyof typeof importStates

export const stateTones = {
  reading: 'info',
  preview: 'warn',
  applying: 'info',
  done: 'good',
  discarded: 'neutral',
  failed: 'bad',
} as const satisfies Record<ImportState, string>

/** What becomes of a row. Rows up to the headers are kept too (`head`), so that the headers can be looked for again. */
export const verdicts = { new: '新登记', change: '更新', same: '没有变化', bad: '有问题', skip: '不导入' } as const
export type Verdict = keyof typeof verdicts

export interface RowProblem {
  /** Null: the row as a whole. */
  field: SheetField | null
  reason: string
  /** `bad`: not entered so; `warn`: entered, and said. */
  level: 'bad' | 'warn'
  /** The other row of the file that it collides with. */
  row?: number
}

/** By what a row is recognised, in the file and in the ledger. */
export interface RowKeys {
  code?: string
  serial?: string
  /** Digest of what it says, for rows with neither, and the how-manieth that says so. */
  content?: string
  nth?: number
  /** Digest of all texts: two rows alike are one row entered twice. */
  print: string
}

export interface RowCells {
  raw: readonly string[]
  mended?: SheetTexts
  /** A person put it aside. */
  aside?: true
}

export interface ImportRow {
  row: number
  cells: RowCells
  verdict: Verdict | 'head'
  problems: readonly RowProblem[]
  keys: RowKeys | Record<string, never>
  instrument_id: string | null
  applied: boolean
}

export interface ImportCounts {
  new: number
  change: number
  same: number
  bad: number
  skip: number
  /** Of `new` and `change`, not entered yet. */
  pending: { new: number; change: number }
}

/** How the sheet is read, and for whom. */
export interface ImportPlan {
  layout: Layout | null
  /** The first rows, to look at beside the choice of columns. */
  lines: readonly Line[]
  /** A person chose the columns. */
  chosen: boolean
  /** Who brought it or applied it last: the background acts for this person. */
  by: Actor
  /** Times that it broke off by a fault of the platform. */
  attempts: number
}

export interface Import extends Protected {
  province: string
  id: string
  /** 浙-2026-000012 */
  number: string
  state: ImportState
  file_id: string
  file_name: string
  sha256: string
  columns: ImportPlan
  /** Rows that went through the current reading. */
  rows_read: number
  /** Rows of the file, once it was read to its end. */
  rows_total: number | null
  counts: ImportCounts
  applied: number
  problem: string | null
  started_by: string
  started_by_name: string
  created_at: string
  touched_at: string
  finished_at: string | null
  version: number
}

export const noCounts: ImportCounts = { new: 0, change: 0, same: 0, bad: 0, skip: 0, pending: { new: 0, change: 0 } }

/** Largest file and longest sheet; a bigger ledger comes in several files. */
export const importLimits = { bytes: 20_000_000, rows: 200_000 } as const
