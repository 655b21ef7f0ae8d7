/** Brings a sheet and waits for what becomes of it: the stage of the tests of imports. */
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { eachInstrument, listInstruments } from '../queries.server.ts'
import { firmsOf, type Seating } from '../test-firm.server.ts'
import { startImport, takeImportStep } from './commands.server.ts'
import type { Import, ImportRow } from './model.ts'
import { findImport } from './queries.server.ts'
import { rowsOf } from './rows.server.ts'
import { atRest } from './run.server.ts'

/** Firm after firm, each as the one who keeps its ledger. */
export const keepersOf = (stage: Seating): (() => Promise<Ctx>) => {
  const next = firmsOf(stage)
  return async () => (await next()).ctx
}

export const whole = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer())
export const csv = (...rows: string[][]) =>
  Buffer.from(rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\n'))

/** The import when the background has come to rest. */
export async function settled(ctx: Ctx, id: string): Promise<Import> {
  await atRest(id)
  const row = await findImport(ctx, id)
  if (!row) throw new Error('no import')
  return row
}
export async function bring(ctx: Ctx, bytes: Uint8Array, name = '台账.xlsx'): Promise<Import> {
  const { id } = orThrow(await startImport(ctx, { name, bytes }))
  return settled(ctx, id)
}
export async function apply(ctx: Ctx, row: Import): Promise<Import> {
  orThrow(await takeImportStep(ctx, row.id, 'apply', row.version))
  return settled(ctx, row.id)
}

export const badRows = (ctx: Ctx, row: Import) => rowsOf(ctx, row, { verdicts: ['bad'] })
export const held = async (ctx: Ctx) => (await listInstruments(ctx)).total
export const ledger = async (ctx: Ctx) => {
  const rows = []
  for await (const each of eachInstrument(ctx)) rows.push(...each)
  return rows
}
export const reasons = (rows: readonly ImportRow[]) =>
  rows.flatMap(({ row, problems }) => problems.map(({ field, reason }) => `${row} ${field}: ${reason}`))
