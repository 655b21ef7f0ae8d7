/** Records of measurement and reference standards for programs; the bench page saves through these too. */
import { z } from 'zod'
import { isRefusal } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { resultForm } from '../orders/index.server.ts'
import { approve, sendBack } from './approve.server.ts'
import { enteredForm, saveForm } from './entered.ts'
import { recordStates } from './model.ts'
import { recordOf } from './queries.server.ts'
import { checkRecord, completeRecord, saveRecord } from './records.server.ts'
import { registerStandard } from './standards/commands.server.ts'
import { standardStates } from './standards/model.ts'
import { listStandards } from './standards/queries.server.ts'
import { standardForm } from './standards/schema.ts'
import { recordTyped } from './typed.server.ts'
import { refuse } from '../../core/refusal.ts'

const tag = '测量记录与标准器'
const params = z.object({ id: z.uuid('标识不正确') })
const version = z.number().int()
const done = z.object({ orderId: z.uuid() })
const refusals = ['forbidden', 'missing', 'conflict'] as const
const states = Object.keys(recordStates) as [keyof typeof recordStates]

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/order-lines/{id}/record',
    summary: '一个委托项目的测量记录：读数、结果、判定',
    tag,
    by: ['tester', 'approver', 'counter', 'enterprise'],
    params,
    answer: z.object({
      id: z.uuid(),
      state: z.enum(states),
      attempt: z.number().int(),
      template: z.string(),
      norm: z.string(),
      entered: enteredForm,
      results: z.unknown(),
      standard: z.unknown(),
      version,
    }),
    refusals: ['missing'],
    run: async (ctx, { params: { id } }) => {
      const row = await recordOf(ctx, id)
      if (!row) return refuse('missing', '没有这份测量记录，或不归您看。')
      const { state, attempt, template, norm, entered, results, standard } = row
      return { id: row.id, state, attempt, template, norm, entered, results, standard, version: row.version }
    },
  }),
  operation({
    method: 'put',
    path: '/order-lines/{id}/record',
    summary: '保存测量记录；version 为 0 时新建，与上次看到的不同则拒绝',
    tag,
    by: ['tester'],
    params,
    body: saveForm,
    answer: z.object({ id: z.uuid(), version }),
    refusals,
    run: (ctx, { params: { id }, body }) => saveRecord(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/record/complete',
    summary: '完成测量记录，提交审核；结果和标准器随即固定',
    tag,
    by: ['tester'],
    params,
    body: saveForm,
    answer: z.object({ id: z.uuid(), orderId: z.uuid() }),
    refusals,
    run: (ctx, { params: { id }, body }) => completeRecord(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/record/check',
    summary: '核验检定记录；检定和核验不能是同一个人。按检定规程评定、不计测量不确定度的，须以 agreed 同意',
    tag,
    by: ['tester'],
    params,
    body: z.strictObject({ version, agreed: z.boolean().default(false) }),
    answer: z.object({ id: z.uuid() }),
    refusals,
    run: (ctx, { params: { id }, body }) => checkRecord(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/result',
    summary: '没有测量记录模板的服务：直接录入检测结果，提交审核',
    tag,
    by: ['tester'],
    params,
    body: resultForm,
    answer: done,
    refusals,
    run: (ctx, { params: { id }, body }) => recordTyped(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/approve',
    summary: '审核出证；检测和批准不能是同一个人，有测量记录的随即签发证书',
    tag,
    by: ['approver'],
    params,
    body: z.strictObject({ version }),
    answer: done,
    refusals,
    run: (ctx, { params: { id }, body }) => approve(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/send-back',
    summary: '退回重做',
    tag,
    by: ['approver'],
    params,
    body: z.strictObject({ version, opinion: z.string().trim().max(300) }),
    answer: done,
    refusals,
    run: (ctx, { params: { id }, body }) => sendBack(ctx, id, body),
  }),
  operation({
    method: 'get',
    path: '/reference-standards',
    summary: '本机构的计量标准器，先到期的在前',
    tag,
    by: ['tester', 'approver', 'counter'],
    query: z.object({ page: z.coerce.number('页码须是数字').int().min(1).default(1) }),
    answer: z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          serial: z.string(),
          state: z.enum(Object.keys(standardStates) as [keyof typeof standardStates]),
          certificate: z.string(),
          validUntil: z.string(),
          version,
        }),
      ),
      total: z.number().int(),
    }),
    run: async (ctx, { query: { page } }) => {
      const { rows, total } = await listStandards(ctx, { page })
      return {
        items: rows.map(({ id, name, serial, state, certificate, valid_until: validUntil, version: v }) => ({
          id,
          name,
          serial,
          state,
          certificate,
          validUntil,
          version: v,
        })),
        total,
      }
    },
  }),
  operation({
    method: 'post',
    path: '/reference-standards',
    summary: '登记一台计量标准器',
    tag,
    by: ['tester', 'approver'],
    body: standardForm,
    answer: z.object({ id: z.uuid() }),
    refusals: ['forbidden'],
    run: async (ctx, { body }) => {
      const row = await registerStandard(ctx, body)
      return isRefusal(row) ? row : { id: row.id }
    },
  }),
]
