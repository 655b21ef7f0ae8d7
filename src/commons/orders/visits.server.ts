/** On-site work has a slot: one crew, one span. Two people never hold the same one: the database refuses the second. */
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sayInstant } from '../../core/say-instant.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { lockOrder, tellOrder } from './accept.server.ts'
import { institutionSettings } from './queries.server.ts'
import './tables.server.ts'

export interface Slot {
  crew: string
  /** ISO instants. */
  from: string
  to: string
}

/** Books the visit, or moves it: the old slot is free again in the same moment. */
export async function bookVisit(ctx: Ctx, orderId: string, slot: Slot): Promise<{ id: string } | Refusal> {
  try {
    return await inTx(ctx, (tx) => bookOne(tx, orderId, slot))
  } catch (error) {
    if ((error as { code?: string }).code !== '23P01') throw error
    return refuse('conflict', `${slot.crew}在这段时间已有别的上门，请换一段时间或换一组。`, {
      code: 'SLOT_TAKEN',
      fields: { from: '这段时间已被占用' },
    })
  }
}

const longest = 12 * 3_600_000

async function bookOne(tx: Ctx, orderId: string, { crew, from, to }: Slot): Promise<{ id: string } | Refusal> {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (tx.actor.role !== 'counter') return refuse('forbidden', '上门时间由机构窗口安排。')
  const order = await lockOrder(tx, orderId)
  if (isRefusal(order)) return order
  if (order.mode !== 'on-site') return refuse('conflict', '这一单是送检，不用安排上门。')
  if (order.state !== 'placed' && order.state !== 'accepted') return refuse('conflict', '这一单已经办完，不用再安排上门。')
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  if (Number.isNaN(begin)) return wrong('from', '请填写上门开始时间')
  if (Number.isNaN(end) || end <= begin) return wrong('to', '结束时间须晚于开始时间')
  if (end - begin > longest) return wrong('to', '一次上门最长 12 小时，请分几次安排')
  if (begin < Date.parse(tx.now)) return wrong('from', '开始时间已经过去')
  const settings = await institutionSettings(tx, order.institution_id)
  if (!settings?.crews.includes(crew)) return wrong('crew', '请选择上门小组；没有小组请先在机构设置里登记')
  const moved = await tx.db
    .updateTable('order_visits')
    .set({ state: 'released' })
    .where('province', '=', order.province)
    .where('order_id', '=', order.id)
    .where('state', '=', 'held')
    .returning('id')
    .executeTakeFirst()
  const id = uuidv7()
  await sql`insert into order_visits (province, id, order_id, org_id, region, institution_id, crew, during, state, made_by_name, created_at)
    values (${order.province}, ${id}, ${order.id}, ${order.org_id}, ${order.region}, ${order.institution_id}, ${crew},
      tstzrange(${new Date(begin).toISOString()}, ${new Date(end).toISOString()}, '[)'), 'held', ${tx.actor.name}, ${tx.now})`.execute(
    tx.db,
  )
  await tellOrder(tx, order, moved ? 'visit-moved' : 'visit-booked', {
    crew,
    what: `${sayInstant(new Date(begin).toISOString())} 至 ${sayInstant(new Date(end).toISOString()).slice(11)}，${crew}`,
  })
  return { id }
}
