/** Measure 二 for programs: quote, order and acceptance with their relief. */
import { z } from 'zod'
import { orderForm, orderStates, serviceKinds } from '../../commons/orders/index.ts'
import { findOrder, listOrders } from '../../commons/orders/index.server.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { operations as budgets } from './budgets/index.server.ts'
import { operations as money } from './money-api.server.ts'
import { acceptWithRelief, placeWithRelief, quoteOrder } from './orders.server.ts'
import { operations as simulations } from './simulation-api.server.ts'
import { registerResults } from './register-results.server.ts'
import { operations as reviews } from './reviews/api.server.ts'

const tag = '检定校准与费用'
const fenText = z.string().regex(/^-?\d+$/)
const params = z.object({ id: z.uuid('标识不正确') })
const placed = z.object({ id: z.uuid(), number: z.string() })
const services = Object.keys(serviceKinds) as [keyof typeof serviceKinds, ...(keyof typeof serviceKinds)[]]
const states = Object.keys(orderStates) as [keyof typeof orderStates, ...(keyof typeof orderStates)[]]
const readers = ['enterprise', 'counter', 'tester', 'approver', 'finance', 'regulator', 'admin'] as const

const relief = z.object({
  taken: z.array(z.object({ slug: z.string(), versionNumber: z.number().int(), rateBp: z.number().int(), amountFen: fenText })),
  refused: z.array(z.object({ slug: z.string(), code: z.string(), why: z.string() })),
})
const order = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.enum(states),
  institution: z.string(),
  acceptedOn: z.string().nullable(),
  dueOn: z.string().nullable(),
  lines: z.array(
    z.object({
      id: z.uuid(),
      code: z.string(),
      name: z.string(),
      service: z.enum(services),
      state: z.string(),
      basis: z.string(),
      feeFen: fenText,
      reliefFen: fenText,
      relief: relief.nullable(),
      certificateNo: z.string().nullable(),
    }),
  ),
})

async function shown(ctx: Ctx, id: string) {
  const found = await findOrder(ctx, id)
  if (!found) return refuse('missing', '没有这张委托单，或不归您看。')
  return {
    id: found.order.id,
    number: found.order.number,
    state: found.order.state,
    institution: found.order.institution_name,
    acceptedOn: found.order.accepted_on,
    dueOn: found.order.due_on,
    lines: found.lines.map((line) => ({
      id: line.id,
      code: line.code,
      name: line.name,
      service: line.service,
      state: line.state,
      basis: line.basis,
      feeFen: String(line.fee_fen),
      reliefFen: String(line.relief_fen),
      relief: line.relief && {
        taken: line.relief.taken.map(({ slug, versionNumber, rateBp, amountFen }) => ({ slug, versionNumber, rateBp, amountFen })),
        refused: line.relief.refused.map(({ slug, code, why }) => ({ slug, code, why })),
      },
      certificateNo: line.approved_at ? line.certificate_no : null,
    })),
  }
}

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/orders/quote',
    summary: '报价：逐件标价、按今天政策能减多少、为什么；什么都不保存',
    tag,
    by: ['enterprise'],
    body: orderForm,
    answer: z.object({
      feeFen: fenText,
      reliefFen: fenText,
      extrasFen: fenText,
      toPayFen: fenText,
      pledge: z.enum(['standing', 'missing', 'broken']),
      lines: z.array(
        z.object({ service: z.enum(services), feeFen: fenText, reliefFen: fenText, basis: z.string(), problem: z.string().nullable() }),
      ),
    }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { body }) => {
      const quote = await quoteOrder(ctx, body)
      if (isRefusal(quote)) return quote
      return {
        feeFen: String(quote.fee),
        reliefFen: String(quote.relief),
        extrasFen: String(quote.extras),
        toPayFen: String(quote.toPay),
        pledge: quote.decided.pledge,
        lines: quote.prepared.lines.map((line, n) => ({
          service: line.service,
          feeFen: String(line.fee),
          reliefFen: String(quote.decided.lines.get(String(n))?.relief ?? 0n),
          basis: line.basis,
          problem: line.problem ?? null,
        })),
      }
    },
  }),
  operation({
    method: 'post',
    path: '/orders',
    summary: '下单；减免在受理那天按当天政策算定',
    tag,
    by: ['enterprise'],
    body: orderForm,
    answer: placed,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { body }) => placeWithRelief(ctx, body),
  }),
  operation({
    method: 'get',
    path: '/orders',
    summary: '委托单：企业看自己的，机构看委托给本机构的，监管人员看本辖区的',
    tag,
    by: readers,
    query: z.object({ state: z.enum(states, '没有这个状态').optional(), page: z.coerce.number('页码须是数字').int().min(1).default(1) }),
    answer: z.object({ items: z.array(order.omit({ lines: true })), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listOrders(ctx, { page: query.page, ...(query.state && { states: [query.state] }) })
      return {
        items: rows.map(({ id, number, state, institution_name, accepted_on, due_on }) => ({
          id,
          number,
          state,
          institution: institution_name,
          acceptedOn: accepted_on,
          dueOn: due_on,
        })),
        total,
      }
    },
  }),
  operation({
    method: 'get',
    path: '/orders/{id}',
    summary: '一张委托单：逐件的服务、费用、减免和依据的政策版本',
    tag,
    by: readers,
    params,
    answer: order,
    refusals: ['missing'],
    run: (ctx, { params: { id } }) => shown(ctx, id),
  }),
  operation({
    method: 'post',
    path: '/orders/{id}/accept',
    summary: '受理：收到的样品、待核实的是否强制检定；减免随即算定并固定',
    tag,
    by: ['counter'],
    params,
    body: z.strictObject({
      version: z.number().int(),
      received: z.array(z.uuid('项目标识不正确')).min(1, '请勾选收到的样品').max(500),
      settled: z.record(z.uuid(), z.enum(['mandatory', 'voluntary'])).default({}),
    }),
    answer: order,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const accepted = await acceptWithRelief(ctx, id, body)
      return isRefusal(accepted) ? accepted : shown(ctx, id)
    },
  }),
  operation({
    method: 'post',
    path: '/orders/{id}/register-results',
    summary: '把已出的证书记入本单位的器具台账；校准的仍须作计量确认',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({}),
    answer: z.object({ registered: z.number().int() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id } }) => registerResults(ctx, id),
  }),
  ...money,
  ...reviews,
  ...budgets,
  ...simulations,
]
