/** What WeChat told and nobody could book: on the finance desk until a person says how it was settled. */
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import type { DeskItem, MenuItem } from '../../../web/shell.ts'
import type { Actor } from '../../../core/access.ts'
import { isUuid } from '../../people/index.ts'
import { ownBook } from '../slips.server.ts'
import { onlineIsOn } from './gateway.server.ts'
import { listTroubles } from './queries.server.ts'

export const settleTrouble = (ctx: Ctx, id: string, how: string): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    if (!how.trim() || how.length > 200)
      return refuse('invalid', '请写明怎么处理的，最多 200 个字。', { fields: { how: '请写明怎么处理的' } })
    const row = isUuid(id)
      ? await tx.db
          .updateTable('online_troubles')
          .set({ settled_at: tx.now, settled_by_name: tx.actor.name, settled_how: how.trim() })
          .where('province', '=', book.province)
          .where('institution_id', '=', book.id)
          .where('id', '=', id)
          .where('settled_at', 'is', null)
          .returning('said')
          .executeTakeFirst()
      : undefined
    if (!row) return refuse('missing', '没有这件待处理的事，或已经处理过。')
    await announce(tx, {
      subject: 'online-trouble',
      subjectId: id,
      action: 'settled',
      province: book.province,
      region: book.region,
      orgId: book.id,
      title: row.said,
      detail: { how: how.trim() },
    })
    return { id }
  })

export const desk = async (ctx: Ctx): Promise<DeskItem[]> =>
  (await listTroubles(ctx)).map((row) => ({
    id: row.id,
    title: row.said,
    to: '/online',
    action: '处理',
    kind: '在线收款',
    since: row.at,
  }))

/** Nothing where it is not configured. The measure whose pages show the books puts it among its own. */
export const onlineMenu = (actor: Actor): MenuItem[] =>
  actor.role === 'finance' && onlineIsOn() ? [{ to: '/online', label: '在线收款', group: '账' }] : []
