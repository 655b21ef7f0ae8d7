/** Reading the ledger: always through `visible`. */
import { sql, type SelectQueryBuilder } from 'kysely'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { baseRange } from '../../core/quantities/quantity.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { searchQuery } from '../../platform/search.server.ts'
import { dueStates, heldStates, type Check, type Instrument, type InstrumentState } from './model.ts'
import type { RegisterAsked } from './register-query.ts'
import { readers } from './workflow.ts'
import './tables.server.ts'

export const instrumentSorts = ['code', 'name', 'kind', 'place', 'state', 'valid_until', 'changed_at'] as const
export type InstrumentSort = (typeof instrumentSorts)[number]

export interface InstrumentQuery extends RegisterAsked {
  /** One enterprise, for those who see several. */
  orgId?: string
  sort?: InstrumentSort
  dir?: 'asc' | 'desc'
  page?: number
  pageSize?: number
}

/** Counting further than this tells nobody anything and costs with every row. */
export const mostCounted = 10_000

const columns = [
  'province',
  'id',
  'org_id',
  'region',
  'state',
  'code',
  'name',
  'kind',
  'own_kind',
  'maker',
  'model',
  'serial',
  'ranges',
  'accuracy',
  'place',
  'point',
  'keeper',
  'use',
  'use_detail',
  'mandatory',
  'mandatory_reason',
  'mandatory_to_verify',
  'mandatory_confirmed',
  'bought_on',
  'interval_months',
  'interval_source',
  'last_done_on',
  'last_kind',
  'last_conclusion',
  'last_confirmation',
  'last_institution',
  'last_certificate_no',
  'last_fee_fen',
  'valid_until',
  'note',
  'token',
  'created_at',
  'changed_at',
  'version',
] as const

type Any = SelectQueryBuilder<any, any, any>

/** The rows that the actor may see and the query asks for. */
function asked(ctx: Ctx, query: InstrumentQuery): Any {
  const today = shanghaiDate(ctx.now)
  let q: Any = ctx.db.selectFrom('instruments as i').where(visible(ctx.actor, readers, { table: 'i' }))
  // Keys begin with the province: without it a page of one ledger would be looked for among all.
  if (ctx.actor.role === 'enterprise') q = q.where('i.province', '=', provinceOf(ctx))
  const is = (column: string, value: unknown) => {
    if (value !== undefined) q = q.where(column as never, '=', value as never)
  }
  is('i.org_id', query.orgId)
  is('i.place', query.place)
  is('i.keeper', query.keeper)
  is('i.last_institution', query.institution)
  is('i.mandatory', query.mandatory)
  if (query.state === 'held') q = q.where('i.state', 'in', [...heldStates])
  else is('i.state', query.state)
  if (query.ids) q = q.where('i.id', 'in', query.ids.length > 0 ? query.ids : ['00000000-0000-0000-0000-000000000000'])
  if (query.kind)
    q = isId(query.kind)
      ? q.where('i.own_kind', '=', query.kind)
      : q.where(sql<boolean>`(i.kind = ${query.kind} or i.kind like ${`${query.kind}.%`})`)
  if (query.stage) q = inStage(q, query.stage, today)
  if (query.from) q = q.where('i.valid_until', '>=', query.from)
  if (query.to) q = q.where('i.valid_until', '<=', query.to)
  const words = query.q && searchQuery(query.q)
  if (words) q = q.where(sql<boolean>`i.search @@ to_tsquery('simple', ${words})`)
  if (query.range) {
    const { quantity, low, high } = baseRange(query.range)
    q =
      q.where(sql<boolean>`exists (select 1 from instrument_ranges r where r.province = i.province and r.instrument_id = i.id and r.quantity = ${quantity}
      and (r.low is null or (${low}::numeric is not null and r.low <= ${low}::numeric)) and (r.high is null or (${high}::numeric is not null and r.high >= ${high}::numeric)))`)
  }
  return q
}

/** An enterprise's place is in its province. */
const provinceOf = ({ actor }: Pick<Ctx, 'actor'>): string => actor.region.slice(0, 2)

/** Bounds in days from today, both included, of those whose time runs. */
const bounds: Record<NonNullable<RegisterAsked['stage']>, readonly [number | null, number | null]> = {
  overdue: [null, -1],
  d0: [0, 0],
  d7: [1, 7],
  d14: [8, 14],
  d30: [15, 30],
  d60: [31, 60],
  later: [61, null],
  due30: [null, 30],
  due60: [null, 60],
}

function inStage(q: Any, stage: NonNullable<RegisterAsked['stage']>, today: string): Any {
  const [from, to] = bounds[stage]
  let narrowed = q.where('i.state', 'in', [...dueStates]).where('i.valid_until', 'is not', null)
  if (from !== null) narrowed = narrowed.where('i.valid_until', '>=', addDays(today, from))
  if (to !== null) narrowed = narrowed.where('i.valid_until', '<=', addDays(today, to))
  return narrowed
}

/** A page of the register. `capped`: there are more than were counted. */
export async function listInstruments(
  ctx: Ctx,
  query: InstrumentQuery = {},
): Promise<{ rows: Instrument[]; total: number; capped: boolean }> {
  const { page = 1, pageSize = 20, sort = 'code', dir = 'asc' } = query
  const { total, capped } = await totalOf(ctx, query)
  const offset = (page - 1) * pageSize
  // A page far back is read from the end: what stands before it costs nothing then.
  const fromEnd = !capped && offset > total / 2
  const size = fromEnd ? Math.max(0, Math.min(pageSize, total - offset)) : pageSize
  const rows = await asked(ctx, query)
    .select(columns.map((column) => `i.${column}`) as never)
    .orderBy(sql`${sql.ref(`i.${sort === 'code' ? 'sort_key' : sort}`)} ${directions[dir][fromEnd ? 'back' : 'on']}`)
    .orderBy('i.id', (dir === 'asc') === fromEnd ? 'desc' : 'asc')
    .limit(size)
    .offset(fromEnd ? Math.max(0, total - offset - size) : offset)
    .execute()
  return { rows: (fromEnd ? rows.toReversed() : rows) as unknown as Instrument[], total, capped }
}

/** What is not known stands last, whichever way one looks; read from the end, it comes first. */
const directions = {
  asc: { on: sql`asc nulls last`, back: sql`desc nulls first` },
  desc: { on: sql`desc nulls last`, back: sql`asc nulls first` },
}

/** From the kept counts where only the state is asked for one's own ledger; otherwise counted, up to a limit. */
async function totalOf(ctx: Ctx, query: InstrumentQuery): Promise<{ total: number; capped: boolean }> {
  const { sort: _, dir: __, page: ___, pageSize: ____, state, ...rest } = query
  const plain = Object.values(rest).every((value) => value === undefined || value === '')
  if (plain && ctx.actor.role === 'enterprise') {
    const counts = await countsByState(ctx)
    const states: readonly InstrumentState[] = state === 'held' ? heldStates : state ? [state] : (Object.keys(counts) as InstrumentState[])
    return { total: states.reduce((sum, each) => sum + (counts[each] ?? 0), 0), capped: false }
  }
  const { n } = (await ctx.db
    .selectFrom(
      asked(ctx, query)
        .select('i.id')
        .limit(mostCounted + 1)
        .as('some') as never,
    )
    .select(sql<bigint>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()) as { n: bigint }
  return { total: Math.min(Number(n), mostCounted), capped: Number(n) > mostCounted }
}

export const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

export type InstrumentPage = Instrument & { org_name: string; own_kind_name: string | null; own_kind_parent: string | null }

/** One instrument with the names that its page shows; nothing when it is not there for this person. */
export async function findInstrument(ctx: Ctx, id: string): Promise<InstrumentPage | undefined> {
  if (!isId(id)) return undefined
  const row = await asked(ctx, {})
    .innerJoin('organisations as o', (join: any) => join.onRef('o.province', '=', 'i.province').onRef('o.id', '=', 'i.org_id'))
    .leftJoin('instrument_own_kinds as k', (join: any) => join.onRef('k.province', '=', 'i.province').onRef('k.id', '=', 'i.own_kind'))
    .where('i.id', '=', id)
    .select(columns.map((column) => `i.${column}`) as never)
    .select(['o.name as org_name', 'k.name as own_kind_name', 'k.parent as own_kind_parent'] as never)
    .executeTakeFirst()
  return row as unknown as InstrumentPage | undefined
}

/** All that a query asks for, in batches of 500 in the order of their making: for exports, labels and packs. */
export async function* eachInstrument(ctx: Ctx, query: InstrumentQuery = {}): AsyncGenerator<Instrument[]> {
  for (let after: string | undefined; ;) {
    let next = asked(ctx, query)
    if (after) next = next.where('i.id', '>', after)
    const rows = (await next
      .select(columns.map((column) => `i.${column}`) as never)
      .orderBy('i.id')
      .limit(500)
      .execute()) as unknown as Instrument[]
    if (rows.length > 0) yield rows
    if (rows.length < 500) return
    after = rows.at(-1)!.id
  }
}

/** For programs: the newest first, the page after the one that ended with `after`. */
export async function pageInstruments(
  ctx: Ctx,
  { after, limit, ...query }: Pick<InstrumentQuery, 'state' | 'q'> & { after?: string | undefined; limit: number },
): Promise<{ rows: Instrument[]; next?: string }> {
  let next = asked(ctx, query)
  if (after) next = next.where('i.id', '<', after)
  const rows = (await next
    .select(columns.map((column) => `i.${column}`) as never)
    .orderBy('i.id', 'desc')
    .limit(limit + 1)
    .execute()) as unknown as Instrument[]
  const page = rows.slice(0, limit)
  return { rows: page, ...(rows.length > limit && { next: page.at(-1)!.id }) }
}

export async function countsByState(ctx: Ctx): Promise<Partial<Record<InstrumentState, number>>> {
  if (ctx.actor.role !== 'enterprise' || !ctx.actor.org_id) return {}
  const rows = await ctx.db
    .selectFrom('ledger_counts')
    .select(['state', 'n'])
    .where('province', '=', provinceOf(ctx))
    .where('org_id', '=', ctx.actor.org_id)
    .where('n', '>', 0n)
    .execute()
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]))
}

/** 状态按地点: how many stand where, of one's own. */
export async function countsByPlace(ctx: Ctx): Promise<{ place: string | null; state: InstrumentState; n: number }[]> {
  const rows = await asked(ctx, { state: 'held' })
    .select(['i.place', 'i.state', sql<bigint>`count(*)`.as('n')] as never)
    .groupBy(['i.place', 'i.state'])
    .orderBy('i.place')
    .execute()
  return (rows as unknown as { place: string | null; state: InstrumentState; n: bigint }[]).map(({ place, state, n }) => ({
    place,
    state,
    n: Number(n),
  }))
}

/** What the filters offer: the words that one's own ledger uses. Jumps from word to word in the index, however many rows say the same. */
export async function choicesOf(ctx: Ctx): Promise<{ places: string[]; keepers: string[]; institutions: string[]; points: string[] }> {
  if (ctx.actor.role !== 'enterprise') return { places: [], keepers: [], institutions: [], points: [] }
  const words = async (name: 'place' | 'keeper' | 'last_institution' | 'point'): Promise<string[]> => {
    const column = sql.ref(name)
    const own = sql`province = ${provinceOf(ctx)} and org_id = ${ctx.actor.org_id}`
    const { rows } = await sql<{ word: string | null }>`with recursive words (word) as (
        select min(${column}) from instruments where ${own}
        union all
        select (select min(${column}) from instruments where ${own} and ${column} > words.word) from words where words.word is not null
      ) select word from words where word is not null limit 500`.execute(ctx.db)
    return rows.flatMap(({ word }) => word ?? [])
  }
  return {
    places: await words('place'),
    keepers: await words('keeper'),
    institutions: await words('last_institution'),
    points: await words('point'),
  }
}

/** What was found on this instrument, the latest first; voided ones too. */
export async function historyOf(ctx: Ctx, id: string): Promise<Check[]> {
  if (!isId(id)) return []
  return ctx.db
    .selectFrom('instrument_checks')
    .selectAll()
    .where('instrument_id', '=', id)
    .where(visible(ctx.actor, readers))
    .orderBy('done_on', 'desc')
    .orderBy('id', 'desc')
    .execute() as unknown as Promise<Check[]>
}
