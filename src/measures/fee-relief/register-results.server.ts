/** Certificates of an order become records of the enterprise's own ledger, at its word. A calibration decides nothing by itself. */
import { certificateOnRecord, recordCheck } from '../../commons/instruments/index.server.ts'
import { issuedResults } from '../../commons/measurement/index.server.ts'
import { lockOrder, linesOf } from '../../commons/orders/index.server.ts'
import type { Order, OrderLine } from '../../commons/orders/index.ts'
import { fen } from '../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'

export const registerResults = (ctx: Ctx, orderId: string): Promise<{ registered: number } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'enterprise') return refuse('forbidden', '台账由企业自己登记，请以企业身份登录。')
    const order = await lockOrder(tx, orderId)
    if (isRefusal(order)) return order
    const lines = (await linesOf(tx, order)).filter((line) => line.approved_at && line.instrument_id && !line.check_id)
    if (lines.length === 0) return refuse('conflict', '证书都已记入台账。')
    for (const line of lines) {
      const check = (await broughtAlready(tx, order, line)) ?? (await recordLine(tx, order, line))
      if (isRefusal(check)) return { ...check, reason: `${line.code}：${check.reason}` }
      await tx.db
        .updateTable('order_lines')
        .set({ check_id: check.id })
        .where('province', '=', line.province)
        .where('id', '=', line.id)
        .execute()
    }
    return { registered: lines.length }
  })

/** The same certificate may have been uploaded before: then it is on record, and the line only points at it. */
async function broughtAlready(tx: Ctx, order: Order, line: OrderLine): Promise<{ id: string } | undefined> {
  if (!line.certificate_no) return undefined
  const known = await certificateOnRecord(tx, {
    number: line.certificate_no,
    institution: order.institution_name,
    instrumentId: line.instrument_id!,
  })
  return known?.instrument_id === line.instrument_id ? known : undefined
}

async function recordLine(tx: Ctx, order: Order, line: OrderLine): Promise<{ id: string } | Refusal> {
  const verifies = line.service === 'mandatory-verification' || line.service === 'voluntary-verification'
  return recordCheck(tx, line.instrument_id!, {
    kind: verifies ? 'verification' : 'calibration',
    doneOn: line.done_on!,
    validUntil: line.valid_until ?? undefined,
    institution: order.institution_name,
    certificateNo: line.certificate_no ?? undefined,
    conclusion: line.conclusion!,
    results: await issuedResults(tx, line.id),
    fee: fen(line.fee_fen - line.relief_fen),
    note: `委托单 ${order.number}`,
  })
}
