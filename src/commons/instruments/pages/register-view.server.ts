/** What the register shows of the ledger: rows in words, and the counts of its first line. */
import { formatAccuracy } from '../../../core/quantities/accuracy.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { instrumentStates, type Instrument, type InstrumentState } from '../model.ts'
import { countsByState, listInstruments, type InstrumentQuery } from '../queries.server.ts'

export interface RegisterRow {
  id: string
  code: string
  name: string
  model: string | null
  /** Range and accuracy. */
  able: string
  place: string | null
  keeper: string | null
  state: InstrumentState
  validUntil: string | null
  mandatory: Instrument['mandatory']
  toVerify: boolean
  /** Only for those who see several enterprises. */
  owner: string | undefined
}

export async function rowsOf(ctx: Ctx, rows: readonly Instrument[]): Promise<RegisterRow[]> {
  const owners = ctx.actor.role === 'enterprise' ? undefined : await ownersOf(ctx, rows)
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    name: row.name,
    model: row.model,
    able: [formatRanges(row.ranges), row.accuracy && formatAccuracy(row.accuracy)].filter(Boolean).join('，'),
    place: row.place,
    keeper: row.keeper,
    state: row.state,
    validUntil: row.valid_until,
    mandatory: row.mandatory,
    toVerify: row.mandatory_to_verify,
    owner: owners?.get(row.org_id),
  }))
}

/** Names of the enterprises whose rows were already found to be visible. */
async function ownersOf(ctx: Ctx, rows: readonly Instrument[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map(({ org_id }) => org_id))]
  if (ids.length === 0) return new Map()
  const found = await ctx.db.selectFrom('organisations').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(found.map(({ id, name }) => [id, name]))
}

export interface LedgerCount {
  label: string
  n: number
  /** Query string of the register that shows these. */
  query: string
  /** Asks for something to be done. */
  strong?: boolean
}

/** 在册 and what it is made of, what is overdue, and what is not filed yet; kinds of which there are none are left out. */
export async function ledgerCounts(ctx: Ctx): Promise<{ held: number; counts: LedgerCount[] }> {
  const total = async (query: InstrumentQuery) => (await listInstruments(ctx, { ...query, pageSize: 1 })).total
  const [held, overdue, open] = await Promise.all([
    total({ state: 'held' }),
    total({ stage: 'overdue' }),
    total({ state: 'held', mandatory: 'unknown' }),
  ])
  const states = await countsByState(ctx)
  const byState = (Object.keys(instrumentStates) as InstrumentState[]).map((state) => ({
    label: instrumentStates[state],
    n: states[state] ?? 0,
    query: `?state=${state}`,
  }))
  const counts = [
    ...byState,
    { label: '已逾期', n: overdue, query: '?stage=overdue', strong: true },
    { label: '强制检定待判定', n: open, query: '?mandatory=unknown', strong: true },
  ]
  return { held, counts: counts.filter(({ n }) => n > 0) }
}
