/** Sending is for the parts of the platform; opening and dismissing are for readers. */
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { dismissReasons, type Message, type Sending } from './model.ts'
import { findMessage } from './queries.server.ts'

/** Tells once per `dedupe`; false when it had been told before. In-app messages are delivered when they are written. */
export async function send(ctx: Ctx, sending: Sending): Promise<boolean> {
  // Opening a message redirects to its action: an address elsewhere would make the platform a springboard.
  if (!/^\/(?![/\\])/.test(sending.actionUrl)) throw new Error(`the action of a message is a page of ours, not ${sending.actionUrl}`)
  const inserted = await ctx.db
    .insertInto('messages')
    .values({
      province: sending.province,
      id: uuidv7(),
      org_id: sending.orgId,
      region: sending.region,
      role: sending.role,
      template: sending.template,
      subject: sending.subject,
      subject_id: sending.subjectId,
      title: sending.title,
      body: sending.body,
      action_label: sending.actionLabel,
      action_url: sending.actionUrl,
      number: sending.number ?? null,
      channel: 'in-app',
      dedupe: sending.dedupe,
      created_at: ctx.now,
      delivered_at: ctx.now,
      opened_at: null,
      acted_at: null,
      dismissed_at: null,
      dismiss_reason: null,
    })
    .onConflict((oc) => oc.columns(['province', 'org_id', 'dedupe']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Marks the message read, once, and gives it with the page its action leads to. An authority's look does not count. */
export async function openMessage(ctx: Ctx, id: string): Promise<Message | Refusal> {
  const message = await findMessage(ctx, id)
  if (!message) return refuse('missing', '没有这条消息，或不是发给您的')
  if (ctx.actor.role !== 'enterprise' || message.openedAt) return message
  await ctx.db
    .updateTable('messages')
    .set({ opened_at: ctx.now })
    .where('province', '=', message.province)
    .where('id', '=', id)
    .where('opened_at', 'is', null)
    .execute()
  return { ...message, openedAt: ctx.now }
}

/** What a message asked for was done: every message of the actor's organisation about it is closed. */
export async function markActed(ctx: Ctx, subject: string, subjectId: string): Promise<void> {
  await ctx.db
    .updateTable('messages')
    .set((eb) => ({ acted_at: ctx.now, opened_at: eb.fn.coalesce('opened_at', eb.val(ctx.now)) }))
    .where('org_id', '=', ctx.actor.org_id)
    .where('subject', '=', subject)
    .where('subject_id', '=', subjectId)
    .where('acted_at', 'is', null)
    .execute()
}

/** Says once that this is not wanted, and why; gives the message as it then stands. */
export async function dismissMessage(ctx: Ctx, id: string, reason: string): Promise<Message | Refusal> {
  if (!Object.hasOwn(dismissReasons, reason)) return refuse('invalid', '请选择不再提醒的原因', { fields: { reason: '请选择原因' } })
  return inTx(ctx, async (tx) => {
    const message = await openMessage(tx, id)
    if (isRefusal(message)) return message
    if (tx.actor.role !== 'enterprise') return refuse('forbidden', '只有收到消息的企业可以设为不再提醒')
    if (message.dismissedAt) return message
    await tx.db
      .updateTable('messages')
      .set({ dismissed_at: tx.now, dismiss_reason: reason })
      .where('province', '=', message.province)
      .where('id', '=', id)
      .execute()
    await announce(tx, {
      subject: 'message',
      subjectId: id,
      action: 'dismissed',
      province: message.province,
      region: message.region,
      orgId: message.orgId,
      detail: { reason, about: message.subjectId },
    })
    return { ...message, dismissedAt: tx.now, dismissReason: reason }
  })
}
