/** Reviews of a refused relief for programs. */
import { z } from 'zod'
import { missingScope } from '../../../commons/people/index.server.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { beginReview } from './ask.server.ts'
import { reviewOrigins, reviewStates, type Review } from './model.ts'
import { findReview, listReviews } from './queries.server.ts'
import { askForm, listQuery, stepForm } from './schema.ts'
import { takeStep } from './steps.server.ts'

const tag = '检定校准与费用'
const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]
const readers = ['enterprise', 'finance', 'regulator', 'admin'] as const
const params = z.object({ id: z.uuid('标识不正确') })
const fenText = z
  .string()
  .regex(/^-?\d+$/)
  .nullable()
const asked = z.object({ id: z.uuid(), number: z.string(), again: z.boolean() })
const shown = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.enum(keys(reviewStates)),
  origin: z.enum(keys(reviewOrigins)),
  orderId: z.uuid(),
  lineId: z.uuid(),
  slug: z.string(),
  refusedCode: z.string(),
  refusedWhy: z.string(),
  proposedFen: fenText,
  creditedFen: fenText,
  reason: z.string().nullable(),
  article: z.string().nullable(),
  opinion: z.string().nullable(),
  dueOn: z.string().nullable(),
  version: z.number().int(),
})

const toAnswer = (row: Review) => ({
  id: row.id,
  number: row.number,
  state: row.state,
  origin: row.origin,
  orderId: row.order_id,
  lineId: row.line_id,
  slug: row.slug,
  refusedCode: row.refused_code,
  refusedWhy: row.refused_why,
  proposedFen: row.proposed_fen === null ? null : String(row.proposed_fen),
  creditedFen: row.credited_fen === null ? null : String(row.credited_fen),
  reason: row.reason_code,
  article: row.reason_article,
  opinion: row.opinion,
  dueOn: row.due_on,
  version: row.version,
})

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/relief-reviews',
    summary: '对没有减的一项政策申请复核；机构财务调用则是重算后提出补减。同一件同一政策在办的只有一次',
    tag,
    by: ['enterprise', 'finance'],
    body: askForm,
    answer: asked,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { body }) => beginReview(ctx, body),
  }),
  operation({
    method: 'get',
    path: '/relief-reviews',
    summary: '减免复核：企业看自己的，机构财务看委托给本机构的，监管人员看本辖区的',
    tag,
    by: readers,
    query: listQuery,
    answer: z.object({ items: z.array(shown), total: z.number().int() }),
    refusals: ['forbidden'],
    run: async (ctx, { query }) => {
      const beyond = await missingScope(ctx, 'money')
      if (beyond) return beyond
      const { rows, total } = await listReviews(ctx, { page: query.page, ...(query.state && { states: [query.state] }) })
      return { items: rows.map(toAnswer), total }
    },
  }),
  operation({
    method: 'get',
    path: '/relief-reviews/{id}',
    summary: '一次减免复核',
    tag,
    by: readers,
    params,
    answer: shown,
    refusals: ['forbidden', 'missing'],
    run: async (ctx, { params: { id } }) => {
      const beyond = await missingScope(ctx, 'money')
      if (beyond) return beyond
      const row = await findReview(ctx, id)
      return row ? toAnswer(row) : refuse('missing', '没有这次复核，或不归您看。')
    },
  }),
  operation({
    method: 'post',
    path: '/relief-reviews/{id}/{step}',
    summary: '办理复核的一步：同意或不支持、第二人批准、申诉、拟办、确认、退回、撤回；金额由系统重算',
    tag,
    by: ['enterprise', 'finance', 'regulator'],
    params: params.extend({ step: stepForm.shape.step }),
    body: stepForm.omit({ step: true }),
    answer: shown,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id, step }, body }) => {
      const row = await takeStep(ctx, id, { ...body, step })
      return isRefusal(row) ? row : toAnswer(row)
    },
  }),
]
