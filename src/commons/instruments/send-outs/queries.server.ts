/** Reading send-outs, and what the planner asks of the ledger. */
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { heldStates, type Instrument } from '../model.ts'
import { isId } from '../queries.server.ts'
import type { SendOut, SendOutItem, SendOutState } from './model.ts'
import type { Piece } from './rotation.ts'
import { sendOutReaders } from './workflow.ts'
import '../tables.server.ts'
import './tables.server.ts'

export async function listSendOuts(
  ctx: Ctx,
  { states, page = 1, pageSize = 20 }: { states?: readonly SendOutState[]; page?: number; pageSize?: number } = {},
): Promise<{ rows: (SendOut & { pieces: number; open: number })[]; total: number }> {
  let mine = ctx.db.selectFrom('send_outs as s').where(visible(ctx.actor, sendOutReaders, { table: 's' }))
  if (states) mine = mine.where('s.state', 'in', [...states])
  const { n } = await mine.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await mine
    .selectAll('s')
    .select((eb) => [
      eb
        .selectFrom('send_out_items as i')
        .select(eb.fn.countAll<bigint>().as('n'))
        .whereRef('i.province', '=', 's.province')
        .whereRef('i.send_out_id', '=', 's.id')
        .as('pieces'),
      eb
        .selectFrom('send_out_items as i')
        .select(eb.fn.countAll<bigint>().as('n'))
        .whereRef('i.province', '=', 's.province')
        .whereRef('i.send_out_id', '=', 's.id')
        .where('i.returned_at', 'is', null)
        .as('open'),
    ])
    .orderBy('s.created_at', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return {
    rows: rows.map((row) => ({ ...row, pieces: Number(row.pieces), open: Number(row.open) })) as (SendOut & {
      pieces: number
      open: number
    })[],
    total: Number(n),
  }
}

export type SendOutLine = SendOutItem &
  Pick<Instrument, 'id' | 'code' | 'name' | 'model' | 'serial' | 'ranges' | 'state' | 'place' | 'point'> & {
    substitute_code: string | null
  }

export async function findSendOut(ctx: Ctx, id: string): Promise<{ row: SendOut; lines: SendOutLine[] } | undefined> {
  if (!isId(id)) return undefined
  const row = (await ctx.db
    .selectFrom('send_outs')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, sendOutReaders))
    .executeTakeFirst()) as SendOut | undefined
  if (!row) return undefined
  const lines = await ctx.db
    .selectFrom('send_out_items as i')
    .innerJoin('instruments as t', (join) => join.onRef('t.province', '=', 'i.province').onRef('t.id', '=', 'i.instrument_id'))
    .leftJoin('instruments as s', (join) => join.onRef('s.province', '=', 'i.province').onRef('s.id', '=', 'i.substitute_id'))
    .select(['i.instrument_id', 'i.substitute_id', 'i.gap_reason', 'i.open', 'i.returned_at'])
    .select(['t.id', 't.code', 't.name', 't.model', 't.serial', 't.ranges', 't.state', 't.place', 't.point', 's.code as substitute_code'])
    .where('i.province', '=', row.province)
    .where('i.send_out_id', '=', row.id)
    .orderBy('t.sort_key')
    .execute()
  return { row, lines: lines as SendOutLine[] }
}

/** One's own instruments as the planner sees them: the wanted ones, and all that stand at their points or could stand in. */
export async function piecesFor(ctx: Ctx, ids: readonly string[]): Promise<Piece[]> {
  const base = ctx.db
    .selectFrom('instruments')
    .select(['id', 'code', 'name', 'kind', 'own_kind', 'ranges', 'accuracy', 'place', 'point', 'state', 'valid_until'])
    .where('province', '=', ctx.actor.region.slice(0, 2))
    .where('org_id', '=', ctx.actor.org_id)
    .where('state', 'in', [...heldStates])
  const wanted = await base.where('id', 'in', ids.length > 0 ? [...ids] : ['00000000-0000-0000-0000-000000000000']).execute()
  const points = [...new Set(wanted.flatMap(({ point }) => point ?? []))]
  const around = await base
    .where((eb) => eb.or([eb('state', '=', 'stored'), eb('point', '=', eb.fn.any(eb.val(points)))]))
    .orderBy('sort_key')
    .execute()
  const all = new Map([...wanted, ...around].map((row) => [row.id, row]))
  return [...all.values()].map((row) => ({
    id: row.id,
    code: row.code,
    name: row.name,
    sort: row.kind ?? row.own_kind ?? row.name,
    ranges: row.ranges,
    accuracy: row.accuracy,
    place: row.place,
    point: row.point,
    state: row.state,
    validUntil: row.valid_until,
  }))
}
