/** What the bench page shows: record, template, standards, history. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal } from '../../core/refusal.ts'
import { choices } from '../../core/workflow.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { lineWorkflow, serviceKinds } from '../orders/index.ts'
import { historyOf, lastUsed, recordOf } from './queries.server.ts'
import { benchOf } from './records.server.ts'
import { frozen, type Standard } from './standards/model.ts'
import { listStandards } from './standards/queries.server.ts'
import { startOf } from './start.ts'
import { workflow } from './workflow.ts'

type Bench = Exclude<Awaited<ReturnType<typeof benchOf>>, { reason: string }>

/** Everything typed, or what a new record starts from; `version` 0: nothing is saved yet. */
async function enteredOf(ctx: Ctx, { line, template, service }: Bench, today: string) {
  const record = await recordOf(ctx, line.id)
  if (record && record.state !== 'sent-back') return { record, entered: record.entered, version: record.version }
  if (record) return { record, entered: { ...record.entered, doneOn: today }, version: 0 }
  const last = await lastUsed(ctx, template.id)
  return { record, entered: startOf({ template, service, known: line, today, last }), version: 0 }
}

export async function benchView(ctx: Ctx, lineId: string) {
  const bench = await benchOf(ctx, lineId)
  if (isRefusal(bench)) return bench
  const { line, order, template, norm, service, unit } = bench
  const today = shanghaiDate(ctx.now)
  const { record, entered, version } = await enteredOf(ctx, bench, today)
  const editing = ctx.actor.role === 'tester' && line.state === 'received' && order.state === 'accepted'
  const { rows } = await listStandards(ctx, { states: ['in-use'], pageSize: 200 })
  return {
    lineId,
    templateId: template.id,
    norm,
    service,
    unit,
    today,
    editing,
    entered,
    version,
    state: record?.state ?? 'draft',
    attempt: record?.state === 'sent-back' ? record.attempt + 1 : (record?.attempt ?? 1),
    opinion: record?.state === 'sent-back' ? record.opinion : null,
    results: record?.state === 'sent-back' ? null : (record?.results ?? null),
    standard: record?.state === 'sent-back' ? null : (record?.standard ?? null),
    people: { tester: record?.tester_name ?? null, checker: record?.checker_name ?? null },
    steps: record ? choices(workflow, record, ctx.actor, ctx.now).filter(({ name }) => name === 'check') : [],
    // The signature is a step of the line; the record goes with it.
    signing: choices(lineWorkflow, line, ctx.actor, ctx.now).filter(({ name }) => name === 'approve' || name === 'send-back'),
    standards: rows.map((row): Standard => row),
    chosen: rows.map(frozen),
    history: (await historyOf(ctx, line)).flatMap(({ done_on: on, certificate_no: number, results }) =>
      results ? [{ on, number, results: { unit: results.unit, points: results.points } }] : [],
    ),
    line: {
      code: line.code,
      name: [line.name, line.model].filter(Boolean).join(' '),
      serial: line.serial,
      able: line.able,
      accuracy: line.accuracy,
      service: serviceKinds[line.service],
      state: line.state,
      token: line.token,
      version: line.version,
      certificateNo: line.certificate_no,
    },
    order: { id: order.id, number: order.number, org: order.org_name },
  }
}
export type BenchView = Exclude<Awaited<ReturnType<typeof benchView>>, { reason: string }>
