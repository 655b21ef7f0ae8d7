/** Placing an order: priced by the list in force and kept with those prices. Relief is decided when it is accepted. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import { recordNumber } from '../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce, nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { prepareOrder } from './draft.server.ts'
import type { Order } from './model.ts'
import type { OrderForm } from './schema.ts'
import { workflow } from './workflow.ts'
import './tables.server.ts'

/** In the caller's transaction or one of its own. An instrument that stands in another open order is refused. */
export async function placeOrder(ctx: Ctx, form: OrderForm): Promise<{ id: string; number: string } | Refusal> {
  try {
    return await inTx(ctx, (tx) => placeOne(tx, form))
  } catch (error) {
    // Two at once: the index lets one through.
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code !== '23505' || constraint !== 'order_lines_instrument') throw error
    return refuse('conflict', '所选的器具里有的已经在另一张委托单里，请刷新后重新选择。', { code: 'IN_ANOTHER_ORDER' })
  }
}

async function placeOne(tx: Ctx, form: OrderForm): Promise<{ id: string; number: string } | Refusal> {
  const prepared = await prepareOrder(tx, form)
  if (isRefusal(prepared)) return prepared
  const { org, institution, list, lines, extras, promiseWorkdays } = prepared
  const problem = lines.find((line) => line.problem)
  if (problem) return refuse('invalid', `${problem.wanted.code} ${problem.problem}。`, { fields: { lines: problem.problem! } })
  const busy = await inOpenOrder(
    tx,
    org.province,
    lines.flatMap(({ wanted }) => wanted.instrumentId ?? []),
  )
  if (busy)
    return refuse('conflict', `${busy.code} 已经在委托单 ${busy.number} 里，请先撤回那一单或去掉这一件。`, { code: 'IN_ANOTHER_ORDER' })
  const id = uuidv7()
  const year = Number(shanghaiDate(tx.now).slice(0, 4))
  const number = recordNumber(org.province, year, await nextNumber(tx, org.province, workflow.name, year))
  await tx.db
    .insertInto('orders')
    .values({
      province: org.province,
      id,
      number,
      org_id: org.id,
      org_name: org.name,
      region: org.region,
      institution_id: institution.id,
      institution_name: institution.name,
      institution_region: institution.region,
      state: workflow.start,
      mode: form.mode,
      express: form.express,
      price_list_id: list.id,
      contact: form.contact,
      phone: form.phone,
      address: form.address || null,
      wanted_on: form.wantedOn,
      note: form.note || null,
      placed_by: tx.actor.id,
      placed_by_name: tx.actor.name,
      created_at: tx.now,
      ...unaccepted,
      promise_workdays: promiseWorkdays,
    })
    .execute()
  await tx.db
    .insertInto('order_lines')
    .values(
      lines.map(({ wanted, service, toVerify, item, basis, fee, workdays }, n) => ({
        province: org.province,
        id: uuidv7(),
        order_id: id,
        n: n + 1,
        org_id: org.id,
        region: org.region,
        institution_id: institution.id,
        instrument_id: wanted.instrumentId,
        code: wanted.code,
        name: wanted.name,
        model: wanted.model,
        serial: wanted.serial,
        able: wanted.able,
        accuracy: wanted.accuracy,
        kind: wanted.kind,
        use: wanted.use,
        service,
        to_verify: toVerify,
        item_code: item?.code ?? null,
        item_name: item ? [item.name, item.spec].filter(Boolean).join(' ') : null,
        basis,
        fee_fen: fee,
        relief_fen: 0n,
        relief: null,
        workdays,
        state: 'placed' as const,
        token: newToken(),
        ...untouched,
      })),
    )
    .execute()
  if (extras.length > 0)
    await tx.db
      .insertInto('order_extras')
      .values(
        extras.map(({ kind, fee, basis }) => ({
          province: org.province,
          order_id: id,
          kind,
          org_id: org.id,
          institution_id: institution.id,
          fee_fen: fee,
          basis,
        })),
      )
      .execute()
  await announce(tx, {
    subject: workflow.name,
    subjectId: id,
    action: 'placed',
    province: org.province,
    region: org.region,
    orgId: org.id,
    title: number,
    detail: { lines: lines.length, institutionId: institution.id, institution: institution.name, list: list.number },
  })
  return { id, number }
}

const unaccepted = {
  accepted_on: null,
  accepted_at: null,
  accepted_by: null,
  accepted_by_name: null,
  due_on: null,
  pauses: JSON.stringify([]) as unknown as Order['pauses'],
  late_reason: null,
  late_until: null,
  ready_at: null,
  closed_at: null,
  closed_reason: null,
  due_provisional: false,
}

const untouched = {
  received_at: null,
  tester_id: null,
  tester_name: null,
  tested_at: null,
  done_on: null,
  conclusion: null,
  certificate_no: null,
  valid_until: null,
  file_id: null,
  finding: null,
  approver_id: null,
  approver_name: null,
  approved_at: null,
  returned_at: null,
  returned_to: null,
  check_id: null,
}

/** What the code on a sample carries: without letters and digits that look alike; it says nothing by itself. */
const newToken = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => '23456789abcdefghjkmnpqrstuvwxyz'[byte % 31]).join('')

const inOpenOrder = ({ db }: Ctx, province: string, ids: readonly string[]) =>
  ids.length === 0
    ? undefined
    : db
        .selectFrom('order_lines as l')
        .innerJoin('orders as o', (join) => join.onRef('o.province', '=', 'l.province').onRef('o.id', '=', 'l.order_id'))
        .select(['l.code', 'o.number'])
        .where('l.province', '=', province)
        .where('l.instrument_id', 'in', [...ids])
        .where('l.state', 'in', ['placed', 'received', 'tested', 'approved'])
        .limit(1)
        .executeTakeFirst()
