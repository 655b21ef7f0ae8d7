/** REST operations of messages. */
import { z } from 'zod'
import { operation, type Operation } from '../../platform/api.server.ts'
import { dismissMessage, openMessage } from './commands.server.ts'
import { dismissReasons, messageStates } from './model.ts'
import { listMessages } from './queries.server.ts'

const message = z
  .object({
    id: z.string(),
    title: z.string(),
    body: z.string(),
    actionUrl: z.string(),
    createdAt: z.string(),
    openedAt: z.string().nullable(),
  })
  .loose()
const states = Object.keys(messageStates) as [keyof typeof messageStates]
const reasons = Object.keys(dismissReasons) as [keyof typeof dismissReasons]
const tag = '消息'
const params = z.object({ id: z.uuid('编号不正确') })

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/messages',
    summary: '收到的消息；监管人员看到的是本辖区的发送记录',
    tag,
    by: ['enterprise', 'regulator', 'admin'],
    query: z.object({
      page: z.coerce.number('页码须是数字').int().min(1).max(100_000).default(1),
      limit: z.coerce.number('每页条数须是数字').int().min(1).max(100).default(20),
      q: z.string().max(100).optional(),
      state: z.enum(states, '没有这种状态').optional(),
    }),
    answer: z.object({ items: z.array(message), total: z.number() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listMessages(ctx, { ...query, pageSize: query.limit })
      return { items: rows, total }
    },
  }),
  operation({
    method: 'post',
    path: '/messages/{id}/open',
    summary: '打开一条消息',
    tag,
    by: ['enterprise'],
    params,
    answer: message,
    refusals: ['missing'],
    run: (ctx, { params: { id } }) => openMessage(ctx, id),
  }),
  operation({
    method: 'post',
    path: '/messages/{id}/dismiss',
    summary: '不再提醒',
    tag,
    by: ['enterprise'],
    params,
    answer: message,
    refusals: ['missing', 'forbidden'],
    body: z.object({ reason: z.enum(reasons, '请选择原因') }),
    run: (ctx, { params: { id }, body }) => dismissMessage(ctx, id, body.reason),
  }),
]
