/** The real orders that a simulation reads, in the order of their acceptance; only those that whoever asks may see. */
import { sql } from 'kysely'
import { readers } from '../../commons/orders/index.ts'
import type { LineReliefRecord, ServiceKind } from '../../commons/orders/index.ts'
import { fen } from '../../core/money.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { PastOrder } from './simulation-decide.ts'

export interface AcceptedOrder extends PastOrder {
  id: string
  /** Of the acceptance, in the chain of events. */
  seq: bigint
  region: string
}

/** What acceptance took off, whatever was credited since. `l` is `order_lines`. */
export const frozenRelief = sql<bigint>`(select coalesce(sum((t ->> 'amountFen')::bigint), 0)
  from jsonb_array_elements(coalesce(l.relief -> 'taken', '[]')) t)`

/** A line that was given up later costs nothing and saves nothing. `l` is `order_lines`. */
export const stands = sql<boolean>`(l.received_at is not null and l.state <> 'cancelled' and (l.state <> 'returned' or l.approved_at is not null))`

const accepted = (ctx: Ctx, from: string, to: string) =>
  ctx.db
    .selectFrom('orders as o')
    .where(visible(ctx.actor, readers, { table: 'o' }))
    .where('o.accepted_on', '>=', from)
    .where('o.accepted_on', '<=', to)

export async function countAccepted(ctx: Ctx, from: string, to: string): Promise<number> {
  const { n } = await accepted(ctx, from, to)
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Yearly caps begin on 1 January: orders of the year before the period are reckoned too, and not shown. */
export const capStart = (from: string): string => `${from.slice(0, 4)}-01-01`

interface Row {
  id: string
  seq: bigint
  org_id: string
  region: string
  accepted_on: string
  affiliation: string | null
  lines: {
    id: string
    service: ServiceKind
    kind: string | null
    use: string | null
    fee: string
    frozen: string
    record: LineReliefRecord | null
  }[]
}

export async function acceptedAfter(
  ctx: Ctx,
  { from, to, after, limit }: { from: string; to: string; after: bigint; limit: number },
): Promise<AcceptedOrder[]> {
  const rows = (await accepted(ctx, from, to)
    .innerJoin('events as e', (join) =>
      join
        .on(sql<boolean>`e.subject_id = o.id::text`)
        .on('e.subject', '=', 'order')
        .on('e.action', '=', 'accepted'),
    )
    .leftJoin('institution_settings as s', (join) =>
      join.onRef('s.institution_id', '=', 'o.institution_id').on(sql<boolean>`s.province = left(o.institution_region, 2)`),
    )
    .where('e.seq', '>', after)
    .select(['o.id', 'e.seq', 'o.org_id', 'o.region', 'o.accepted_on', 's.affiliation'])
    .select(
      sql<Row['lines']>`(select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'service', l.service, 'kind', l.kind, 'use', l.use,
          'fee', l.fee_fen::text, 'frozen', (${frozenRelief})::text, 'record', l.relief) order by l.n), '[]')
        from order_lines l where l.province = o.province and l.order_id = o.id and ${stands})`.as('lines'),
    )
    .orderBy('e.seq')
    .limit(limit)
    .execute()) as Row[]
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    region: row.region,
    orgId: row.org_id,
    acceptedOn: row.accepted_on,
    affiliation: row.affiliation,
    lines: row.lines.map(({ fee, frozen, ...line }) => ({ ...line, fee: fen(BigInt(fee)), frozen: fen(BigInt(frozen)) })),
  }))
}
