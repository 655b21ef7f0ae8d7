/** The signature at the end of a line: with a record, its certificate is issued from the record in the same transaction; debts play no part. */
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { issueCertificate } from '../certificates/index.server.ts'
import { approveLine, institutionSettings, sendBackLine, type OrderLineFound } from '../orders/index.server.ts'
import { certificateOf } from './certificate.ts'
import type { MeasurementRecord } from './model.ts'
import { benchOf, openRecord, setRecord, tellRecord } from './records.server.ts'
import { standardProblem } from './standards/fit.ts'
import { findStandard } from './standards/queries.server.ts'
import { workflow } from './workflow.ts'

/** Signs a line. Where a template serves it, the record decides what the certificate says; elsewhere the result as it was typed. */
export const approve = (ctx: Ctx, lineId: string, form: { version: number }): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const bench = await benchOf(tx, lineId)
    if (isRefusal(bench)) return bench.code === 'NO_TEMPLATE' ? approveLine(tx, lineId, form) : bench
    const record = await openRecord(tx, lineId)
    if (isRefusal(record)) {
      // Typed in before there was a template for it: signed as it is.
      return bench.line.certificate_no ? approveLine(tx, lineId, form) : record
    }
    return approveLine(tx, lineId, form, (found) => issueFrom(tx, found, record))
  })

async function issueFrom(tx: Ctx, { line, order }: OrderLineFound, record: MeasurementRecord) {
  const bench = await benchOf(tx, line.id)
  if (isRefusal(bench)) return bench
  const next = advance(workflow, record, 'issue', tx.actor, tx.now)
  if (isRefusal(next)) return next
  if (bench.service === 'verification' && record.state !== 'checked')
    return refuse(
      'conflict',
      '检定记录还没有核验：请另一位检测员核验后再审核出证（《计量检定印、证管理办法》要求检定、核验、主管人员分别签字）。',
      {
        code: 'NOT_CHECKED',
      },
    )
  const { results, standard } = record
  if (!results || !standard) return refuse('conflict', '测量记录还没有完成，不能出证。')
  // Withdrawn since: what was measured with it cannot be vouched for.
  const now = await findStandard(tx, standard.id)
  const { template, norm, service, unit } = bench
  const unfit = now && standardProblem(now, { template, entered: record.entered, unit, points: results.points, on: record.entered.doneOn })
  if (unfit) return unfit
  const settings = await institutionSettings(tx, order.institution_id)
  const certificate = await issueCertificate(tx, {
    draft: certificateOf({
      record: { ...record, results, standard },
      template,
      norm,
      service,
      line,
      order,
      institution: {
        name: order.institution_name,
        address: settings?.sample_address ?? order.institution_name,
        ...(settings?.authorisation && { authorisation: settings.authorisation }),
      },
      approver: tx.actor.name,
    }),
    org: { province: order.province, id: order.org_id, region: order.region },
    orderId: order.id,
    lineId: line.id,
  })
  if (isRefusal(certificate)) return certificate
  await setRecord(tx, record, { state: next.to, certificate_id: certificate.id, changed_at: tx.now })
  await tellRecord(tx, record, 'issued', { number: certificate.number })
  return { certificateNo: certificate.number, fileId: certificate.pdf_file_id }
}

/** The record that was sent back stays as it was signed by its tester; the next attempt starts from it. */
export const sendBack = (ctx: Ctx, lineId: string, form: { version: number; opinion: string }): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const sent = await sendBackLine(tx, lineId, form)
    if (isRefusal(sent)) return sent
    const record = await openRecord(tx, lineId)
    if (isRefusal(record)) return sent
    const next = advance(workflow, record, 'send-back', tx.actor, tx.now, form.opinion)
    if (isRefusal(next)) return next
    await setRecord(tx, record, { state: next.to, opinion: form.opinion.trim(), changed_at: tx.now })
    await tellRecord(tx, record, 'sent-back', { opinion: form.opinion.trim() })
    return sent
  })
