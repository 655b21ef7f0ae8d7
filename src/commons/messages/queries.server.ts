/** Reads of messages: one's own, the log of a region, and how far a message went. */
import { sql } from 'kysely'
import type { Grant } from '../../core/access.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { regionName } from '../../core/regions.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Awareness, Message, MessageState } from './model.ts'
import { toMessage } from './tables.server.ts'

/** An enterprise reads its own; an authority sees everything that was told in its region. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export interface MessageQuery {
  page: number
  pageSize: number
  q?: string | undefined
  state?: MessageState | undefined
  template?: string | undefined
}

export interface MessageLine extends Message {
  orgName: string
}

/** Newest first. */
export async function listMessages(ctx: Ctx, query: MessageQuery): Promise<{ rows: MessageLine[]; total: number }> {
  const found = ctx.db
    .selectFrom('messages')
    .innerJoin('organisations', (join) =>
      join.onRef('organisations.province', '=', 'messages.province').onRef('organisations.id', '=', 'messages.org_id'),
    )
    .where(visible(ctx.actor, readers, { table: 'messages' }))
    .$if(Boolean(query.q), (qb) =>
      qb.where((eb) =>
        eb.or([sql<boolean>`strpos(messages.title, ${query.q!}) > 0`, sql<boolean>`strpos(organisations.name, ${query.q!}) > 0`]),
      ),
    )
    .$if(Boolean(query.template), (qb) => qb.where('messages.template', '=', query.template!))
    .$if(query.state === 'unread', (qb) =>
      qb.where('opened_at', 'is', null).where('acted_at', 'is', null).where('dismissed_at', 'is', null),
    )
    .$if(query.state === 'opened', (qb) =>
      qb.where('opened_at', 'is not', null).where('acted_at', 'is', null).where('dismissed_at', 'is', null),
    )
    .$if(query.state === 'acted', (qb) => qb.where('acted_at', 'is not', null))
    .$if(query.state === 'dismissed', (qb) => qb.where('dismissed_at', 'is not', null).where('acted_at', 'is', null))
  const rows = await found
    .selectAll('messages')
    .select('organisations.name as org_name')
    .orderBy('messages.created_at', 'desc')
    .orderBy('messages.id', 'desc')
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize)
    .execute()
  const { total } = await found.select((eb) => eb.fn.countAll<bigint>().as('total')).executeTakeFirstOrThrow()
  return { rows: rows.map((row) => ({ ...toMessage(row), orgName: row.org_name })), total: Number(total) }
}

export async function unreadCount(ctx: Ctx): Promise<number> {
  const { total } = await ctx.db
    .selectFrom('messages')
    .where(visible(ctx.actor, ['enterprise:own']))
    .where('opened_at', 'is', null)
    .where('acted_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

export async function findMessage(ctx: Ctx, id: string): Promise<Message | undefined> {
  const row = await ctx.db.selectFrom('messages').selectAll().where('id', '=', id).where(visible(ctx.actor, readers)).executeTakeFirst()
  return row && toMessage(row)
}

/** Delivered, opened, acted of one subject, by the level of places below the actor's own (or below `within`). */
export async function awareness(ctx: Ctx, subject: string, subjectId: string, within = ctx.actor.region): Promise<Awareness[]> {
  const prefix = regionPrefix(within || '000000')
  const digits = Math.min(6, prefix.length + 2)
  const { rows } = await sql<{ part: string; delivered: bigint; opened: bigint; acted: bigint }>`
    select substr(region, 1, ${sql.lit(digits)}) as part, count(delivered_at) as delivered, count(opened_at) as opened, count(acted_at) as acted
    from messages where ${visible(ctx.actor, readers)} and subject = ${subject} and subject_id = ${subjectId} and region like ${`${prefix}%`}
    group by 1 order by 1`.execute(ctx.db)
  return rows.map((row) => {
    const region = row.part.padEnd(6, '0')
    return { region, name: regionName(region), delivered: Number(row.delivered), opened: Number(row.opened), acted: Number(row.acted) }
  })
}
