/** Work on orders for programs: results, signatures, hand-back, slots. None of it reads what is owed. */
import { z } from 'zod'
import { isRefusal } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { lineStates, serviceKinds } from './model.ts'
import { listWork } from './queries.server.ts'
import { bookVisit } from './visits.server.ts'
import { cancelLine, handBack, takeOrderStep } from './work.server.ts'

const tag = '检定校准与费用'
const params = z.object({ id: z.uuid('标识不正确') })
const done = z.object({ orderId: z.uuid() })
const order = z.object({ id: z.uuid(), state: z.string() })
const refusals = ['forbidden', 'missing', 'conflict'] as const
const version = z.number().int()
const opinion = z.string().trim().max(300)

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/order-lines',
    summary: '待办的项目：检测员看待检的，批准人看待审核的，先到期的在前',
    tag,
    by: ['tester', 'approver', 'counter'],
    query: z.object({
      state: z.enum(Object.keys(lineStates) as [keyof typeof lineStates], '没有这个状态').default('received'),
      page: z.coerce.number('页码须是数字').int().min(1).default(1),
    }),
    answer: z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          token: z.string(),
          number: z.string(),
          code: z.string(),
          name: z.string(),
          service: z.enum(Object.keys(serviceKinds) as [keyof typeof serviceKinds]),
          dueOn: z.string().nullable(),
          version,
        }),
      ),
      total: z.number().int(),
    }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listWork(ctx, query)
      return {
        items: rows.map(({ id, token, number, code, name, service, due_on, version: v }) => ({
          id,
          token,
          number,
          code,
          name,
          service,
          dueOn: due_on,
          version: v,
        })),
        total,
      }
    },
  }),
  operation({
    method: 'post',
    path: '/order-lines/{id}/cancel',
    summary: '这一项不做：已计的费用随即撤销',
    tag,
    by: ['counter', 'tester'],
    params,
    body: z.strictObject({ version, opinion }),
    answer: done,
    refusals,
    run: (ctx, { params: { id }, body }) => cancelLine(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/orders/{id}/hand-back',
    summary: '交还样品；全部交还后自动完成',
    tag,
    by: ['counter'],
    params,
    body: z.strictObject({
      lineIds: z.array(z.uuid('项目标识不正确')).min(1, '请选择样品').max(500),
      to: z.string().trim().min(1, '请填写取样人').max(40),
    }),
    answer: order,
    refusals,
    run: async (ctx, { params: { id }, body }) => shownAfter(await handBack(ctx, id, body)),
  }),
  operation({
    method: 'post',
    path: '/orders/{id}/steps',
    summary: '不受理、撤回、暂停计时、恢复计时、说明延期',
    tag,
    by: ['enterprise', 'counter', 'tester'],
    params,
    body: z.strictObject({
      step: z.enum(['refuse', 'withdraw', 'pause', 'resume', 'explain'], '没有这一步'),
      version,
      opinion: opinion.default(''),
      until: z.iso.date('请填写日期').optional(),
    }),
    answer: order,
    refusals,
    run: async (ctx, { params: { id }, body }) => shownAfter(await takeOrderStep(ctx, id, body)),
  }),
  operation({
    method: 'post',
    path: '/orders/{id}/visit',
    summary: '约定或改约上门时间；同一小组同一时间只能约一处',
    tag,
    by: ['counter'],
    params,
    body: z.strictObject({
      crew: z.string().min(1).max(20),
      from: z.iso.datetime({ offset: true, error: '请填写时间' }),
      to: z.iso.datetime({ offset: true, error: '请填写时间' }),
    }),
    answer: z.object({ id: z.uuid() }),
    refusals,
    run: (ctx, { params: { id }, body }) => bookVisit(ctx, id, body),
  }),
]

const shownAfter = (row: Awaited<ReturnType<typeof handBack>>) => (isRefusal(row) ? row : { id: row.id, state: row.state })
