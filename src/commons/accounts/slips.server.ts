/** Money that came in is recorded first: a line of a bank statement, or a payment at the counter. Whose it is, is settled next. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import type { Fen } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { paymentMethods, type Institution, type PaymentMethod } from './model.ts'
import './tables.server.ts'

/** The desk that keeps the book; everybody else is told whose it is. */
export function ownBook({ actor }: Ctx): Institution | Refusal {
  if (actor.role !== 'finance' || !actor.org_id) return refuse('forbidden', '收款、退款和结账由机构财务办理，您当前的身份不能办理。')
  return { province: actor.region.slice(0, 2), id: actor.org_id, region: actor.region }
}

export interface Slip {
  method: PaymentMethod
  /** 银行流水号 or receipt number: the same one twice is one payment. */
  reference: string
  paidOn: string
  payer: string
  remark?: string | undefined
  amount: Fen
}

export function slipProblem(slip: Slip, today: string): Refusal | undefined {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (!Object.hasOwn(paymentMethods, slip.method)) return wrong('method', '请选择收款方式')
  if (!/^\S{1,64}$/.test(slip.reference)) return wrong('reference', '请填写银行流水号或收据号，不含空格，最多 64 个字符')
  if (!isIsoDate(slip.paidOn)) return wrong('paidOn', '请填写到账日期，如 2026-11-24')
  if (slip.paidOn > today) return wrong('paidOn', `到账日期 ${slip.paidOn} 晚于今天`)
  if (!slip.payer.trim() || slip.payer.length > 100) return wrong('payer', '请填写付款人，最多 100 个字')
  if (slip.amount <= 0n) return wrong('amount', '到账金额须大于 0')
  return undefined
}

/** Records what came in, to be laid on charges by a person. The same reference again is the payment that is there. */
export const recordPayment = (ctx: Ctx, slip: Slip): Promise<{ id: string; again: boolean } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    const problem = slipProblem(slip, shanghaiDate(tx.now))
    if (problem) return problem
    return insertPayment(tx, book, slip)
  })

export async function insertPayment(tx: Ctx, book: Institution, slip: Slip): Promise<{ id: string; again: boolean } | Refusal> {
  const id = uuidv7()
  const row = await tx.db
    .insertInto('payments')
    .values({
      province: book.province,
      id,
      institution_id: book.id,
      region: book.region,
      method: slip.method,
      reference: slip.reference,
      paid_on: slip.paidOn,
      payer: slip.payer.trim(),
      remark: slip.remark?.trim() || null,
      amount_fen: slip.amount,
      state: 'unmatched',
      org_id: null,
      org_province: null,
      org_name: null,
      entry_id: null,
      recorded_by: tx.actor.id,
      recorded_by_name: tx.actor.name,
      created_at: tx.now,
      matched_at: null,
    })
    .onConflict((oc) => oc.columns(['province', 'institution_id', 'method', 'reference']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) {
    await announce(tx, {
      ...aboutPayment(book, id),
      action: 'recorded',
      title: slip.payer,
      detail: { amountFen: slip.amount, method: slip.method },
    })
    return { id, again: false }
  }
  const known = await tx.db
    .selectFrom('payments')
    .select(['id', 'amount_fen', 'paid_on'])
    .where('province', '=', book.province)
    .where('institution_id', '=', book.id)
    .where('method', '=', slip.method)
    .where('reference', '=', slip.reference)
    .executeTakeFirstOrThrow()
  if (known.amount_fen !== slip.amount || known.paid_on !== slip.paidOn)
    return refuse('conflict', `流水号 ${slip.reference} 已经登记过，但金额或日期不同；请核对流水号。`, {
      code: 'REFERENCE_USED',
      fields: { reference: '这个流水号已经登记过，金额或日期不同' },
    })
  return { id: known.id, again: true }
}

const aboutPayment = (book: Institution, id: string) => ({
  subject: 'payment',
  subjectId: id,
  province: book.province,
  region: book.region,
  orgId: book.id,
})
