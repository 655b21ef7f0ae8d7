/** What happens between acceptance and the last piece handed back. Nothing here reads what is owed. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { cancelCharge, lockCharges } from '../accounts/index.server.ts'
import { isUuid } from '../people/index.ts'
import { storeFile } from '../files/index.server.ts'
import { dueOf, lockOrder, linesOf, tellOrder } from './accept.server.ts'
import { serviceKinds, type Order, type OrderLine } from './model.ts'
import { seen } from './queries.server.ts'
import { resultProblem, type Result } from './result.ts'
import { lineWorkflow, workflow, type LineStep, type OrderStep } from './workflow.ts'

const stale = () => refuse('conflict', '您打开之后这里已有变化，请核对最新情况后再办理；您填的内容还在本页。', { code: 'STALE' })

interface Held {
  order: Order
  line: OrderLine
}

/** The order first, then the line: every command locks in this order. */
async function lockLine(tx: Ctx, lineId: string): Promise<Held | Refusal> {
  const found = isUuid(lineId)
    ? await tx.db.selectFrom('order_lines as l').select('l.order_id').where('l.id', '=', lineId).where(seen(tx, 'l')).executeTakeFirst()
    : undefined
  if (!found) return refuse('missing', '没有这个委托项目，或不归您办理。')
  const order = await lockOrder(tx, found.order_id)
  if (isRefusal(order)) return order
  const line = (await linesOf(tx, order)).find(({ id }) => id === lineId)!
  return { order, line }
}

const setLine = (tx: Ctx, line: OrderLine, set: Partial<Omit<OrderLine, 'version' | 'assigned'>>) =>
  tx.db
    .updateTable('order_lines')
    .set({ ...set, version: sql`version + 1` })
    .where('province', '=', line.province)
    .where('id', '=', line.id)
    .execute()

const setOrder = (tx: Ctx, order: Order, set: Partial<Omit<Order, 'version' | 'assigned'>>) =>
  tx.db
    .updateTable('orders')
    .set({ ...set, version: sql`version + 1` })
    .where('province', '=', order.province)
    .where('id', '=', order.id)
    .execute()

async function stepLine(
  tx: Ctx,
  lineId: string,
  step: LineStep,
  { version, opinion }: { version?: number; opinion?: string },
): Promise<(Held & { to: OrderLine['state'] }) | Refusal> {
  const held = await lockLine(tx, lineId)
  if (isRefusal(held)) return held
  if (version !== undefined && held.line.version !== version) return stale()
  if (held.order.state !== 'accepted' && held.order.state !== 'ready')
    return refuse('conflict', `委托单${workflow.states[held.order.state]}，现在不能办理这一步。`)
  const next = advance(lineWorkflow, held.line, step, tx.actor, tx.now, opinion ?? '')
  return isRefusal(next) ? next : { ...held, to: next.to }
}

/** A tester's result; the line then waits for another person's signature. */
export const recordResult = (ctx: Ctx, lineId: string, form: Result): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const next = await stepLine(tx, lineId, 'record', form)
    if (isRefusal(next)) return next
    const { order, line } = next
    const problem = resultProblem(line, form, shanghaiDate(tx.now), shanghaiDate(line.received_at!))
    if (problem) return problem
    await setLine(tx, line, {
      state: next.to,
      tester_id: tx.actor.id,
      tester_name: tx.actor.name,
      tested_at: tx.now,
      done_on: form.doneOn,
      conclusion: form.conclusion,
      certificate_no: form.certificateNo ?? null,
      file_id: null,
      valid_until: form.validUntil ?? null,
      finding: form.finding || null,
    })
    await tellOrder(tx, order, 'line-recorded', { lineId, what: `${line.code} ${line.name}` })
    return { orderId: order.id }
  })

export const certificateLimits = { bytes: 20_000_000, types: ['pdf'] as const }

/** The certificate as a document, kept for the enterprise; a later one takes the place of what was brought before the signature. */
export const attachCertificate = (
  ctx: Ctx,
  lineId: string,
  file: { name: string; bytes: Uint8Array },
): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const held = await lockLine(tx, lineId)
    if (isRefusal(held)) return held
    const { order, line } = held
    if (tx.actor.role !== 'tester' && tx.actor.role !== 'approver') return refuse('forbidden', '证书文件由检测员或授权签字人上传。')
    if (line.state !== 'tested' && line.state !== 'approved') return refuse('conflict', '录入结果以后才能上传证书文件。')
    if (line.state === 'approved' && line.file_id)
      return refuse('conflict', '证书已经出具，文件不能替换；有误请重新委托或联系批准人另出更正证书。')
    const stored = await storeFile(tx, {
      org: { province: order.province, id: order.org_id, region: order.region },
      subject: 'order-line',
      subjectId: line.id,
      ...file,
      allow: certificateLimits.types,
      maxBytes: certificateLimits.bytes,
    })
    if (isRefusal(stored)) return stored
    await setLine(tx, line, { file_id: stored.id })
    await tellOrder(tx, order, 'certificate-attached', { lineId, what: `${line.code} ${line.name}` })
    return { orderId: order.id }
  })

export const sendBackLine = (
  ctx: Ctx,
  lineId: string,
  form: { version: number; opinion: string },
): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const next = await stepLine(tx, lineId, 'send-back', form)
    if (isRefusal(next)) return next
    await setLine(tx, next.line, { state: next.to, finding: form.opinion.trim(), file_id: null })
    await tellOrder(tx, next.order, 'line-sent-back', { lineId, what: `${next.line.code} ${next.line.name}`, opinion: form.opinion.trim() })
    return { orderId: next.order.id }
  })

/** What the signature issues, where there is a record to issue it from; in the same transaction, after the four eyes are known. */
type Issue = (found: Held) => Promise<{ certificateNo: string; fileId: string } | Refusal>

/** The signature: the certificate is issued, whatever is owed (欠费不欠服务). Without `issue` it is the one that was typed in and brought as a file. */
export const approveLine = (ctx: Ctx, lineId: string, form: { version: number }, issue?: Issue): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const next = await stepLine(tx, lineId, 'approve', form)
    if (isRefusal(next)) return next
    const { order } = next
    const issued = issue ? await issue(next) : undefined
    if (isRefusal(issued)) return issued
    const line = issued ? { ...next.line, certificate_no: issued.certificateNo, file_id: issued.fileId } : next.line
    if (!line.certificate_no) return refuse('conflict', '还没有证书编号，请退回检测员重新录入结果。')
    await setLine(tx, line, {
      state: next.to,
      certificate_no: line.certificate_no,
      file_id: line.file_id,
      approver_id: tx.actor.id,
      approver_name: tx.actor.name,
      approved_at: tx.now,
    })
    await tellOrder(tx, order, 'line-approved', {
      lineId,
      what: `${line.code} ${line.name} ${serviceKinds[line.service]}`,
      certificateNo: line.certificate_no,
    })
    const ended = await finishIfDone(tx, order)
    return isRefusal(ended) ? ended : { orderId: order.id }
  })

/** A line that cannot be done is not paid for: its fee is undone in the same transaction. */
export const cancelLine = (ctx: Ctx, lineId: string, form: { version: number; opinion: string }): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const next = await stepLine(tx, lineId, 'cancel', form)
    if (isRefusal(next)) return next
    const { order, line } = next
    await setLine(tx, line, { state: next.to, finding: form.opinion.trim() })
    const undone = await undoFees(tx, order, { lineId: line.id }, `${line.code} ${line.name} 不做：${form.opinion.trim()}`)
    if (isRefusal(undone)) return undone
    await tellOrder(tx, order, 'line-cancelled', { lineId, what: `${line.code} ${line.name}`, opinion: form.opinion.trim() })
    // Nothing is left to be done in a hurry or on the spot.
    if ((await linesOf(tx, order)).every(({ state }) => state === 'cancelled')) {
      const all = await undoFees(tx, order, { orderId: order.id }, '全部项目不做')
      if (isRefusal(all)) return all
    }
    const ended = await finishIfDone(tx, order)
    return isRefusal(ended) ? ended : { orderId: order.id }
  })

async function undoFees(
  tx: Ctx,
  order: Order,
  which: { lineId: string } | { orderId: string },
  memo: string,
): Promise<Refusal | undefined> {
  const institution = { province: order.institution_region.slice(0, 2), id: order.institution_id, region: order.institution_region }
  for (const charge of await lockCharges(tx, order.province, which)) {
    const undone = await cancelCharge(tx, { institution, charge, source: `charge:${charge.id}`, memo })
    if (isRefusal(undone)) return undone
  }
  return undefined
}

const finished = new Set(['approved', 'returned', 'cancelled'])

async function finishIfDone(tx: Ctx, order: Order): Promise<Refusal | undefined> {
  if (order.state !== 'accepted') return undefined
  const lines = await linesOf(tx, order)
  if (!lines.every(({ state }) => finished.has(state))) return undefined
  const next = advance(workflow, order, 'finish', tx.actor, tx.now)
  if (isRefusal(next)) return next
  await setOrder(tx, order, { state: next.to, ready_at: tx.now })
  await tellOrder(tx, order, 'ready', { certificates: lines.filter(({ approved_at }) => approved_at).length })
  return undefined
}

/** Samples go back, each to a person with a name; the order closes with the last one. */
export const handBack = (
  ctx: Ctx,
  orderId: string,
  { lineIds, to }: { lineIds: readonly string[]; to: string },
): Promise<Order | Refusal> =>
  inTx(ctx, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (isRefusal(order)) return order
    if (!to.trim() || to.length > 40) return refuse('invalid', '请填写取样人姓名。', { fields: { to: '请填写取样人姓名' } })
    const lines = await linesOf(tx, order)
    if (order.accepted_at === null) return refuse('conflict', '这一单没有受理过，没有样品可以交还。')
    // What never came has nothing to be handed back.
    const picked = lines.filter(({ id, received_at }) => lineIds.includes(id) && received_at !== null)
    if (picked.length === 0) return refuse('invalid', '请勾选交还的样品。', { fields: { lineIds: '请勾选交还的样品' } })
    for (const line of picked) {
      const next = advance(lineWorkflow, line, 'hand-back', tx.actor, tx.now)
      if (isRefusal(next)) return { ...next, reason: `${line.code}：${next.reason}` }
      await setLine(tx, line, { state: next.to, returned_at: tx.now, returned_to: to.trim() })
    }
    await tellOrder(tx, order, 'handed-back', { lineIds: picked.map(({ id }) => id), to: to.trim(), codes: picked.map(({ code }) => code) })
    if (!(await linesOf(tx, order)).every(({ state, received_at }) => state === 'returned' || received_at === null)) return order
    const next = advance(workflow, order, 'close', tx.actor, tx.now)
    if (isRefusal(next)) return next
    await setOrder(tx, order, { state: next.to, closed_at: tx.now })
    await tellOrder(tx, order, 'closed')
    return { ...order, state: next.to }
  })

/** Steps of the whole order that need no more than an opinion. */
export const takeOrderStep = (
  ctx: Ctx,
  orderId: string,
  {
    step,
    opinion = '',
    version,
    until,
  }: {
    step: Extract<OrderStep, 'refuse' | 'withdraw' | 'pause' | 'resume' | 'explain'>
    opinion?: string
    version: number
    until?: string | undefined
  },
): Promise<Order | Refusal> =>
  inTx(ctx, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (isRefusal(order)) return order
    if (order.version !== version) return stale()
    const next = advance(workflow, order, step, tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    if (step === 'refuse' || step === 'withdraw') {
      await tx.db
        .updateTable('order_lines')
        .set({ state: 'cancelled', version: sql`version + 1` })
        .where('province', '=', order.province)
        .where('order_id', '=', order.id)
        .execute()
      await setOrder(tx, order, { state: next.to, closed_at: tx.now, closed_reason: opinion.trim() || null })
    } else if (step === 'explain') {
      if (until !== undefined && until < shanghaiDate(tx.now))
        return refuse('invalid', '预计完成日期已经过去。', { fields: { until: '预计完成日期已经过去' } })
      await setOrder(tx, order, { late_reason: opinion.trim(), late_until: until ?? null })
    } else {
      const pauses =
        step === 'pause'
          ? [...order.pauses, { from: tx.now, reason: opinion.trim() }]
          : order.pauses.map((each) => ({ to: tx.now, ...each }))
      const due = dueOf(order.accepted_at!, order.promise_workdays, pauses, tx.now)
      await setOrder(tx, order, { pauses: jsonb(pauses) as never, due_on: due.on, due_provisional: due.provisional })
    }
    await tellOrder(tx, order, pastOf[step], opinion.trim() ? { opinion: opinion.trim() } : {})
    return { ...order, state: next.to }
  })

const pastOf = { refuse: 'refused', withdraw: 'withdrawn', pause: 'paused', resume: 'resumed', explain: 'late' } as const
