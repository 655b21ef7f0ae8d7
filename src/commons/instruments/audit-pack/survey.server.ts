/** Walks through the instruments of a pack with what is recorded of them, a batch at a time. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { FileType } from '../../files/index.ts'
import { dueStates, type Check, type Instrument } from '../model.ts'
import { eachInstrument, type InstrumentQuery } from '../queries.server.ts'
import { readers } from '../workflow.ts'
import { noCounts, type PackCounts } from './model.ts'

/** A result with the certificate's file, when there is one. */
export type Result = Check & { file_type: FileType | null; file_bytes: bigint | null }

export interface Surveyed {
  instrument: Instrument
  /** The latest first; voided ones too. */
  results: Result[]
}

export async function* survey(ctx: Ctx, query: InstrumentQuery): AsyncGenerator<Surveyed[]> {
  for await (const instruments of eachInstrument(ctx, query)) {
    const results = Map.groupBy(await resultsOf(ctx, instruments), (result) => result.instrument_id)
    yield instruments.map((instrument) => ({ instrument, results: results.get(instrument.id) ?? [] }))
  }
}

const resultsOf = async ({ db, actor }: Ctx, instruments: readonly Instrument[]): Promise<Result[]> =>
  (await db
    .selectFrom('instrument_checks as c')
    .leftJoin('files as f', (join) => join.onRef('f.province', '=', 'c.province').onRef('f.id', '=', 'c.file_id'))
    .selectAll('c')
    .select(['f.type as file_type', 'f.bytes as file_bytes'])
    .where(visible(actor, readers, { table: 'c' }))
    .where(
      'c.instrument_id',
      'in',
      instruments.map(({ id }) => id),
    )
    .orderBy('c.done_on', 'desc')
    .orderBy('c.id', 'desc')
    .execute()) as unknown as Result[]

const among = (states: readonly string[], { state }: Instrument) => states.includes(state)

export const isOverdue = (instrument: Instrument, today: string): boolean =>
  among(dueStates, instrument) && instrument.valid_until !== null && instrument.valid_until < today

/** In service, so that an auditor asks for its certificate: not 停用 or 封存, which are out of use by decision. */
const inService = ({ instrument }: Surveyed) => among(dueStates, instrument)

/** The last verification or calibration on record; a check of one's own (期间核查) has no certificate. */
const lastCertified = ({ results }: Surveyed) => results.find(({ kind, voided_at }) => kind !== 'check' && voided_at === null)

/** A result that was brought along when the instrument was entered counts as one, without a file. */
const lacks = {
  file: (each: Surveyed) => {
    const last = lastCertified(each)
    return inService(each) && (last ? last.file_id === null : each.instrument.last_done_on !== null)
  },
  result: (each: Surveyed) => inService(each) && each.instrument.last_done_on === null,
  confirmation: (each: Surveyed) =>
    inService(each) && each.instrument.last_kind === 'calibration' && each.instrument.last_confirmation === null,
}

/** Adds one instrument to the counts. */
export function countIn(counts: PackCounts, each: Surveyed, today: string): void {
  counts.instruments++
  counts.checks += each.results.length
  counts.confirmations += each.results.filter(({ confirmation }) => confirmation !== null).length
  for (const { file_bytes: bytes } of each.results)
    if (bytes !== null) {
      counts.certificates++
      counts.certificateBytes += Number(bytes)
    }
  if (isOverdue(each.instrument, today)) counts.overdue++
  if (each.instrument.state === 'sent') counts.sent++
  if (lacks.file(each)) counts.withoutFile++
  if (lacks.result(each)) counts.withoutResult++
  if (lacks.confirmation(each)) counts.unconfirmed++
}

export interface Preview {
  counts: PackCounts
  /** The first of those that something is missing of. */
  lacking: { id: string; code: string; name: string; what: string }[]
}

const mostLacking = 20

/** What a pack of this scope would hold now. */
export async function previewPack(ctx: Ctx, query: InstrumentQuery): Promise<Preview> {
  const [counts, lacking, today] = [noCounts(), [] as Preview['lacking'], shanghaiDate(ctx.now)]
  for await (const batch of survey(ctx, query))
    for (const each of batch) {
      countIn(counts, each, today)
      const what = [
        lacks.result(each) && '没有检定、校准记录',
        lacks.file(each) && '没有证书文件',
        lacks.confirmation(each) && '没有计量确认',
      ].filter(Boolean)
      const { id, code, name } = each.instrument
      if (what.length > 0 && lacking.length < mostLacking) lacking.push({ id, code, name, what: what.join('，') })
    }
  return { counts, lacking }
}
