/** What a policy asks about instruments is answered from the ledger: the fact follows every change. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Listener } from '../../platform/jobs.server.ts'
import { findOrganisation, profileOf, recordFacts } from '../people/index.server.ts'
import { heldStates } from './model.ts'
import './tables.server.ts'

/** Kind → how many the enterprise holds; kinds that are in no catalogue are no fact. */
export async function holdingsOf({ db }: Ctx, province: string, orgId: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('instruments as i')
    .leftJoin('instrument_own_kinds as k', (join) => join.onRef('k.province', '=', 'i.province').onRef('k.id', '=', 'i.own_kind'))
    .select([sql<string>`coalesce(i.kind, k.parent)`.as('kind'), sql<bigint>`count(*)`.as('n')])
    .where('i.province', '=', province)
    .where('i.org_id', '=', orgId)
    .where('i.state', 'in', [...heldStates])
    .where(sql<boolean>`coalesce(i.kind, k.parent) is not null`)
    .groupBy(sql`coalesce(i.kind, k.parent)`)
    .orderBy(sql`coalesce(i.kind, k.parent)`)
    .execute()
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, Number(n)]))
}

/** Writes the fact when it has changed. */
export async function refreshHoldings(ctx: Ctx, orgId: string): Promise<unknown> {
  const org = await findOrganisation(ctx, orgId)
  if (!org) return undefined
  const held = await holdingsOf(ctx, org.province, org.id)
  const known = (await profileOf(ctx, org.id))?.stored.find(({ fact }) => fact === 'instruments')?.value
  if (JSON.stringify(sorted(known)) === JSON.stringify(held)) return undefined
  return recordFacts(ctx, org.id, [{ fact: 'instruments', value: held }], { source: '器具台账', asOf: shanghaiDate(ctx.now) })
}

const sorted = (value: unknown): unknown =>
  value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value

const steps = ['registered', 'changed', 'scrapped', 'lost', 'found', 'reinstated']

export const listeners: readonly Listener[] = [
  {
    name: 'instruments.holdings',
    // An import tells each instrument in its own timeline; the fact follows once, when it is done.
    on: [...steps.map((action) => `instrument.${action}`), 'instrument-import.applied', 'instrument-kind.changed'],
    handle: (ctx, event) => (event.org_id && !isOfImport(event.detail) ? refreshHoldings(ctx, event.org_id) : Promise.resolve(undefined)),
  },
]

const isOfImport = (detail: unknown): boolean => typeof (detail as { importId?: unknown } | null)?.importId === 'string'
