/** Money that came in is laid on charges, what is held is applied or given back, a wrong entry is reversed. */
import { sql } from 'kysely'
import { isUuid } from '../people/index.ts'
import { fen, type Fen } from '../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { post } from './book.server.ts'
import { toCharge } from './charges.server.ts'
import { nothing, type Line } from './chart.ts'
import { moneyReaders, paymentMethods, type Debtor, type Institution } from './model.ts'
import { oldestFirst, receive, refund, reverse, useAdvance } from './postings.ts'
import { ownBook } from './slips.server.ts'
import type { ChargeRow, EntryRow, PaymentRow } from './tables.server.ts'

export interface Matching {
  paymentId: string
  orgId: string
  version: number
}

/** Lays a payment on what the enterprise owes, the oldest debt first; what is left is held for the enterprise. */
export const matchPayment = (ctx: Ctx, form: Matching): Promise<{ entryId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    const payment = await lockPayment(tx, book, form.paymentId)
    if (isRefusal(payment)) return payment
    if (payment.state === 'matched')
      return refuse('conflict', '这笔款已经入账；认错了请先到那家企业的账户里冲销，再重新认领。', { code: 'MATCHED_ALREADY' })
    if (payment.version !== form.version) return refuse('conflict', '这笔款刚被别人处理过，请核对后再办理。', { code: 'STALE' })
    const debtor = await debtorOf(tx, book, form.orgId)
    if (!debtor) return refuse('missing', '没有这家企业的费用，请重新选择。', { fields: { orgId: '没有这家企业的费用' } })
    return bookPayment(tx, book, payment, debtor)
  })

/**
 * Books a recorded payment to an enterprise, in the caller's transaction and with the payment locked: on the charges that were `chosen`, or
 * on all that it owes, the oldest first; what is left is held as an advance. A refusal comes before anything is written.
 */
export async function bookPayment(
  tx: Ctx,
  book: Institution,
  payment: Omit<PaymentRow, 'version'> & { version: number },
  debtor: Debtor & { name: string },
  chosen?: readonly string[],
): Promise<{ entryId: string } | Refusal> {
  const open = (await lockOpenCharges(tx, book, debtor)).filter(({ id }) => !chosen || chosen.includes(id))
  const lines = receive(debtor.id, payment.amount_fen as Fen, oldestFirst(payment.amount_fen as Fen, open.map(dated)))
  if (isRefusal(lines)) return lines
  const posted = await post(tx, {
    institution: book,
    org: debtor,
    act: 'receive',
    source: `payment:${payment.id}:${payment.version}`,
    memo: `${paymentMethods[payment.method]}到账 ${payment.reference}`,
    lines,
    detail: { paymentId: payment.id, method: payment.method },
  })
  if (isRefusal(posted)) return posted
  await tx.db
    .updateTable('payments')
    .set({
      state: 'matched',
      org_id: debtor.id,
      org_province: debtor.province,
      org_name: debtor.name,
      entry_id: posted.entryId,
      matched_at: tx.now,
      version: sql`version + 1`,
    })
    .where('province', '=', book.province)
    .where('id', '=', payment.id)
    .execute()
  return { entryId: posted.entryId }
}

const dated = (row: ChargeRow) => ({ ...toCharge(row), dueOn: row.due_on })

export async function lockPayment(
  tx: Ctx,
  book: Institution,
  id: string,
): Promise<(Omit<PaymentRow, 'version'> & { version: number }) | Refusal> {
  const row = isUuid(id)
    ? await tx.db
        .selectFrom('payments')
        .selectAll()
        .where('province', '=', book.province)
        .where('institution_id', '=', book.id)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
    : undefined
  return row ?? refuse('missing', '没有这笔到账，或不归您办理。')
}

/** An enterprise that this institution has ever charged. */
export async function debtorOf({ db }: Ctx, book: Institution, orgId: string): Promise<(Debtor & { name: string }) | undefined> {
  if (!isUuid(orgId)) return undefined
  return db
    .selectFrom('charges as c')
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'c.province').onRef('o.id', '=', 'c.org_id'))
    .select(['o.province', 'o.id', 'o.region', 'o.name'])
    .where('c.institution_id', '=', book.id)
    .where('c.org_id', '=', orgId)
    .limit(1)
    .executeTakeFirst()
}

export const lockOpenCharges = ({ db }: Ctx, book: Institution, org: Debtor): Promise<ChargeRow[]> =>
  db
    .selectFrom('charges')
    .selectAll()
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .where('institution_id', '=', book.id)
    .where('outstanding_fen', '>', 0n)
    .orderBy('id')
    .forUpdate()
    .execute()

export async function lockAdvance({ db }: Ctx, book: Institution, org: Debtor): Promise<Fen> {
  const row = await db
    .selectFrom('advances')
    .select('amount_fen')
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .where('institution_id', '=', book.id)
    .forUpdate()
    .executeTakeFirst()
  return fen(row?.amount_fen ?? 0n)
}

/** What is held for the enterprise is laid on what it owes, oldest first. */
export const applyAdvance = (ctx: Ctx, orgId: string): Promise<{ entryId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    const debtor = await debtorOf(tx, book, orgId)
    if (!debtor) return refuse('missing', '没有这家企业的费用，请从“应收”里重新选择。')
    const open = await lockOpenCharges(tx, book, debtor)
    const advance = await lockAdvance(tx, book, debtor)
    const lines = useAdvance(debtor.id, advance, oldestFirst(advance, open.map(dated)))
    if (isRefusal(lines)) return lines
    return post(tx, {
      institution: book,
      org: debtor,
      act: 'use-advance',
      source: `advance:${uuidv7()}`,
      memo: '预收款抵付',
      lines,
    })
  })

export interface Refunding {
  orgId: string
  amount: Fen
  reason: string
  /** Number of the transfer by which it went back. */
  reference: string
}

/** Money that is held goes back. The same reference again is refused, so that it is one refund however often it is sent. */
export const refundAdvance = (ctx: Ctx, { orgId, amount, reason, reference }: Refunding): Promise<{ entryId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    if (!reason.trim()) return refuse('invalid', '退款须写明原因。', { fields: { reason: '请填写退款原因' } })
    if (!/^\S{1,64}$/.test(reference))
      return refuse('invalid', '请填写退款的银行流水号。', { fields: { reference: '请填写退款的银行流水号' } })
    const debtor = await debtorOf(tx, book, orgId)
    if (!debtor) return refuse('missing', '没有这家企业的费用，请从“应收”里重新选择。')
    const known = await tx.db
      .selectFrom('book_entries')
      .select('id')
      .where('institution_id', '=', book.id)
      .where('province', '=', debtor.province)
      .where('act', '=', 'refund')
      .where('source', '=', `refund:${reference}`)
      .executeTakeFirst()
    if (known)
      return refuse('conflict', `流水号 ${reference} 的退款已经登记过，没有重复入账；另一笔退款请填它自己的流水号。`, {
        code: 'REFERENCE_USED',
        fields: { reference: '这个流水号的退款已经登记过' },
      })
    const lines = refund(debtor.id, await lockAdvance(tx, book, debtor), amount)
    if (isRefusal(lines)) return lines
    return post(tx, { institution: book, org: debtor, act: 'refund', source: `refund:${reference}`, memo: `退款：${reason.trim()}`, lines })
  })

/** An entry of this institution, with its lines, for its reversal. */
export const reverseEntry = (ctx: Ctx, entryId: string, reason: string): Promise<{ entryId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    if (!reason.trim()) return refuse('invalid', '冲销须写明原因。', { fields: { reason: '请填写冲销原因' } })
    const entry = isUuid(entryId)
      ? ((await tx.db
          .selectFrom('book_entries')
          .selectAll()
          .where('id', '=', entryId)
          .where(visible(tx.actor, moneyReaders, { entrusted: true }))
          .executeTakeFirst()) as EntryRow | undefined)
      : undefined
    if (!entry) return refuse('missing', '没有这笔账，或不归您办理。')
    if (entry.act !== 'receive' && entry.act !== 'use-advance' && entry.act !== 'refund')
      return refuse('conflict', '费用和减免不能直接冲销：项目不做了请取消该项，减免有误请补减或撤回减免。', { code: 'NOT_REVERSIBLE' })
    const org = { province: entry.province, id: entry.org_id, region: entry.region }
    const rows = await tx.db
      .selectFrom('book_lines')
      .selectAll()
      .where('province', '=', entry.province)
      .where('entry_id', '=', entry.id)
      .orderBy('n')
      .execute()
    const ids = [...new Set(rows.flatMap(({ charge_id }) => charge_id ?? []))]
    const charges = await tx.db
      .selectFrom('charges')
      .selectAll()
      .where('province', '=', entry.province)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .orderBy('id')
      .forUpdate()
      .execute()
    const undone = await tx.db
      .selectFrom('book_entries')
      .select('id')
      .where('province', '=', entry.province)
      .where('reverses', '=', entry.id)
      .executeTakeFirst()
    if (undone) return refuse('conflict', '这笔账已经冲销过，不用再办；请刷新看最新的分录。', { code: 'REVERSED_ALREADY' })
    const advance = await lockAdvance(tx, book, org)
    const now = {
      ...nothing,
      charges: new Map(charges.map((row) => [row.id, toCharge(row)])),
      advances: new Map([[org.id, advance]]),
    }
    const lines = reverse(rows.map(toLine), now)
    if (isRefusal(lines)) return lines
    const posted = await post(tx, {
      institution: book,
      org,
      act: 'reverse',
      source: `entry:${entry.id}`,
      memo: `冲销“${entry.memo}”：${reason.trim()}`,
      lines,
      reverses: entry.id,
    })
    if (isRefusal(posted)) return posted
    await tx.db
      .updateTable('payments')
      .set({
        state: 'unmatched',
        org_id: null,
        org_province: null,
        org_name: null,
        entry_id: null,
        matched_at: null,
        version: sql`version + 1`,
      })
      .where('province', '=', book.province)
      .where('entry_id', '=', entry.id)
      .execute()
    return { entryId: posted.entryId }
  })

const toLine = (row: { account: Line['account']; org_id: string; charge_id: string | null; amount_fen: bigint }): Line => ({
  account: row.account,
  orgId: row.org_id,
  chargeId: row.charge_id,
  amount: row.amount_fen as Fen,
})
