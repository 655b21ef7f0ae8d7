/** Reads of messages: one's own, the log of a region, and how far a message went. */
import { sql, type SqlBool } from 'kysely'
import type { Grant } from '../../core/access.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { COUNTRY, parentOf, regionName } from '../../core/regions.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { ownOnly, type Awareness, type Message, type MessageState } from './model.ts'
import { toMessage } from './tables.server.ts'

/** An enterprise reads its own; an authority sees everything that was told in its region. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

const seen = ({ actor }: Pick<Ctx, 'actor'>, grants: readonly Grant[]) =>
  actor.role === 'enterprise' && !actor.agent
    ? visible(actor, grants, { table: 'messages' })
    : sql<SqlBool>`(${visible(actor, grants, { table: 'messages' })} and messages.subject not in (${sql.join([...ownOnly])}))`

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
    .where(seen(ctx, readers))
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
    .where(seen(ctx, ['enterprise:own']))
    .where('opened_at', 'is', null)
    .where('acted_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

export async function findMessage(ctx: Ctx, id: string): Promise<Message | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined
  const row = await ctx.db.selectFrom('messages').selectAll().where('id', '=', id).where(seen(ctx, readers)).executeTakeFirst()
  return row && toMessage(row)
}

/** Delivered, opened, acted of one subject, by the level of places below the actor's own (or below `within`). */
export async function awareness(ctx: Ctx, subject: string, subjectId: string, within = ctx.actor.region): Promise<Awareness[]> {
  const top = within || COUNTRY
  const { rows } = await sql<{ region: string; delivered: bigint; opened: bigint; acted: bigint }>`
    select region, count(delivered_at) as delivered, count(opened_at) as opened, count(acted_at) as acted
    from messages where ${visible(ctx.actor, readers)} and subject = ${subject} and subject_id = ${subjectId}
      and region like ${`${regionPrefix(top)}%`}
    group by region`.execute(ctx.db)
  const byChild = Map.groupBy(rows, ({ region }) => childOf(top, region))
  const sum = (parts: readonly bigint[]): number => parts.reduce((total, part) => total + Number(part), 0)
  return [...byChild]
    .map(([region, parts]) => ({
      region,
      name: regionName(region),
      delivered: sum(parts.map((part) => part.delivered)),
      opened: sum(parts.map((part) => part.opened)),
      acted: sum(parts.map((part) => part.acted)),
    }))
    .sort((a, b) => (a.region < b.region ? -1 : 1))
}

/**
 * The place right below `top` in which `region` lies. Not by digits: 北京市朝阳区 and 湖北省仙桃市 have codes below a grouping
 * (市辖区, 省直辖县级行政区划) that is no place.
 */
function childOf(top: string, region: string): string {
  const above = parentOf(region)
  return region === top || above === undefined || above === top ? region : childOf(top, above)
}
