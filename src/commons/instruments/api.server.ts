/** The ledger for programs: the same queries and commands as the pages. */
import { z } from 'zod'
import { isRefusal } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { changeInstrument } from './change.server.ts'
import { recordCheck, voidCheck } from './checks.server.ts'
import type { Check, Instrument } from './model.ts'
import { findInstrument, historyOf, pageInstruments } from './queries.server.ts'
import { noInstrument } from './change.server.ts'
import { registerInstrument } from './register.server.ts'
import {
  changeBody,
  checkAnswer,
  checkBody,
  draftBody,
  idParams,
  instrumentAnswer,
  listQuery,
  stepBody,
  stepParams,
  voidBody,
  voidParams,
} from './schema.ts'
import { takeInstrumentStep } from './steps.server.ts'

const tag = '器具台账'
const readers = ['enterprise', 'regulator', 'admin'] as const

const toPublic = (row: Instrument) => ({
  id: row.id,
  code: row.code,
  name: row.name,
  kind: row.kind,
  maker: row.maker,
  model: row.model,
  serial: row.serial,
  ranges: row.ranges,
  accuracy: row.accuracy?.text ?? null,
  place: row.place,
  point: row.point,
  keeper: row.keeper,
  use: row.use,
  mandatory: { verdict: row.mandatory, reason: row.mandatory_reason, toVerify: row.mandatory_to_verify },
  state: row.state,
  intervalMonths: row.interval_months,
  lastDoneOn: row.last_done_on,
  validUntil: row.valid_until,
  version: row.version,
})

const toPublicCheck = (check: Check) => ({
  id: check.id,
  kind: check.kind,
  doneOn: check.done_on,
  validUntil: check.valid_until,
  conclusion: check.conclusion,
  confirmation: check.confirmation,
  certificateNo: check.certificate_no,
  voided: check.voided_at !== null,
})

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/instruments',
    summary: '计量器具：企业看自己的，监管人员看本辖区的',
    tag,
    by: readers,
    query: listQuery,
    answer: z.object({ items: z.array(instrumentAnswer), next: z.uuid().nullable() }),
    run: async (ctx, { query }) => {
      const { rows, next } = await pageInstruments(ctx, query)
      return { items: rows.map(toPublic), next: next ?? null }
    },
  }),
  operation({
    method: 'get',
    path: '/instruments/{id}',
    summary: '一件计量器具',
    tag,
    by: readers,
    params: idParams,
    answer: instrumentAnswer,
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const row = await findInstrument(ctx, params.id)
      return row ? toPublic(row) : noInstrument()
    },
  }),
  operation({
    method: 'post',
    path: '/instruments',
    summary: '登记一件计量器具',
    tag,
    by: ['enterprise'],
    body: draftBody,
    answer: instrumentAnswer,
    refusals: ['conflict', 'forbidden'],
    run: async (ctx, { body }) => shown(await registerInstrument(ctx, body)),
  }),
  operation({
    method: 'put',
    path: '/instruments/{id}',
    summary: '修改一件计量器具的登记内容',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: changeBody,
    answer: instrumentAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body: { version, ...input } }) => shown(await changeInstrument(ctx, params.id, input, version)),
  }),
  operation({
    method: 'post',
    path: '/instruments/{id}/steps/{step}',
    summary: '办理一步：启用、送检、取回、确认可用、限用、停用、封存、报废等',
    tag,
    by: ['enterprise'],
    params: stepParams,
    body: stepBody,
    answer: instrumentAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => shown(await takeInstrumentStep(ctx, params.id, { ...body, step: params.step })),
  }),
  operation({
    method: 'get',
    path: '/instruments/{id}/checks',
    summary: '一件器具的检定、校准、核查结果',
    tag,
    by: readers,
    params: idParams,
    answer: z.object({ items: z.array(checkAnswer) }),
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const row = await findInstrument(ctx, params.id)
      return row ? { items: (await historyOf(ctx, row.id)).map(toPublicCheck) } : noInstrument()
    },
  }),
  operation({
    method: 'post',
    path: '/instruments/{id}/checks',
    summary: '录入检定、校准、核查结果',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: checkBody,
    answer: checkAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body: { feeFen, ...input } }) => {
      const check = await recordCheck(ctx, params.id, { ...input, fee: feeFen })
      return isRefusal(check) ? check : toPublicCheck(check)
    },
  }),
  operation({
    method: 'post',
    path: '/instrument-checks/{id}/void',
    summary: '作废一条录错的结果',
    tag,
    by: ['enterprise'],
    params: voidParams,
    body: voidBody,
    answer: checkAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => {
      const check = await voidCheck(ctx, params.id, body.reason)
      return isRefusal(check) ? check : toPublicCheck(check)
    },
  }),
]

const shown = (row: Awaited<ReturnType<typeof registerInstrument>>) => (isRefusal(row) ? row : toPublic(row))
