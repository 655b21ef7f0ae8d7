/** What the page of an order shows, to its enterprise and to every desk of the institution: nothing of it says what is owed. */
import { sayActor } from '../../../core/access.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { sayInstant } from '../../../core/say-instant.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { choices } from '../../../core/workflow.ts'
import { certificatesOfOrder } from '../../../commons/certificates/index.server.ts'
import { findOrder, institutionSettings } from '../../../commons/orders/index.server.ts'
import {
  certificateReaders,
  extraKinds,
  lineStates,
  lineTones,
  orderEventWords,
  serviceKinds,
  workflow,
} from '../../../commons/orders/index.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { orderReviews } from '../reviews/of-order.server.ts'

/** Steps that have a form of their own, or follow from others. Clocks run or stand: of these two one step is shown. */
const elsewhere: ReadonlySet<string> = new Set(['accept', 'finish', 'close'])

export type OrderData = NonNullable<Awaited<ReturnType<typeof orderView>>>

export async function orderView(ctx: Ctx, id: string, own: boolean) {
  const found = await findOrder(ctx, id)
  if (!found) return undefined
  const { order, lines, extras, visit } = found
  const { role } = ctx.actor
  const kept = lines.filter(({ state }) => state !== 'cancelled')
  const sum = (of: (line: (typeof lines)[number]) => bigint) => kept.reduce((total, line) => total + of(line), 0n)
  const [fee, relief, more] = [
    sum((line) => line.fee_fen),
    sum((line) => line.relief_fen),
    extras.reduce((total, { fee_fen }) => total + fee_fen, 0n),
  ]
  const reviews = await orderReviews(ctx, order)
  const certificates = await certificatesOfOrder(ctx, order.id)
  const settings = role === 'counter' ? await institutionSettings(ctx, order.institution_id) : undefined
  return {
    own,
    role,
    order,
    visit: visit && { crew: visit.crew, text: `${sayInstant(visit.from)} 至 ${sayInstant(visit.to).slice(11)}，${visit.crew}` },
    crews: settings?.crews ?? [],
    today: shanghaiDate(ctx.now),
    lines: lines.map((line) => ({
      id: line.id,
      code: line.code,
      name: [line.name, line.model].filter(Boolean).join(' '),
      serial: line.serial,
      instrumentId: own ? line.instrument_id : null,
      service: serviceKinds[line.service],
      basis: line.basis,
      toVerify: line.to_verify,
      fee: formatYuan(fen(line.fee_fen)),
      relief: formatYuan(fen(line.relief_fen)),
      toPay: formatYuan(fen(line.fee_fen - line.relief_fen)),
      record: line.relief,
      credited: reviews.credited.get(line.id) ?? null,
      reviews: reviews.of.get(line.id) ?? [],
      mayReview: reviews.may && line.state !== 'cancelled' && line.relief_fen < line.fee_fen,
      returnable: line.received_at !== null && (line.state === 'approved' || line.state === 'cancelled'),
      state: lineStates[line.state],
      tone: lineTones[line.state],
      token: line.token,
      certificateNo: line.approved_at ? line.certificate_no : null,
      /** As issued here; what was brought as a file has only that. */
      certificate: certificates.get(line.id),
      hasFile: Boolean(line.approved_at && line.file_id && (own || certificateReaders.some((each) => each === role))),
      finding: line.finding,
      registered: line.check_id !== null,
    })),
    extras: extras.map(({ kind, fee_fen, basis }) => ({ label: extraKinds[kind], basis, fee: formatYuan(fen(fee_fen)) })),
    totals: { fee: formatYuan(fen(fee)), relief: formatYuan(fen(relief)), toPay: formatYuan(fen(fee - relief + more)) },
    toRegister: own ? lines.filter((line) => line.approved_at && line.instrument_id && !line.check_id).length : 0,
    steps: choices(workflow, order, ctx.actor, ctx.now).filter(({ name, disabledReason }) => !elsewhere.has(name) && !disabledReason),
    mayAccept: choices(workflow, order, ctx.actor, ctx.now).some(({ name }) => name === 'accept'),
    entries: (await timeline(ctx.db, 'order', order.id)).map((event) => {
      const { opinion, what, to, codes } = event.detail as { opinion?: string; what?: string; to?: string; codes?: string[] }
      return {
        at: event.at,
        who: sayActor(event),
        what: orderEventWords[event.action] ?? event.action,
        detail: [what, codes?.join('、'), to && `取样人 ${to}`, opinion].filter(Boolean).join('，') || undefined,
      }
    }),
  }
}
