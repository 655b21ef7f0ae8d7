/** Simulations and savings for programs. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { refuse } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { savedOf, savingsByCounty, savingsByMonth, savingsOf } from './savings.server.ts'
import { cancelSimulation, startSimulation } from './simulation-commands.server.ts'
import { simulationStates } from './simulation-model.ts'
import { countiesOf, effectOf, findSimulation } from './simulation-queries.server.ts'
import { simulationForm } from './simulation-schema.ts'

const tag = '检定校准与费用'
const fenText = z.string().regex(/^-?\d+$/)
const day = z.string().refine(isIsoDate, '请填写日期，如 2026-11-23')
const params = z.object({ id: z.uuid('标识不正确') })
const states = Object.keys(simulationStates) as [keyof typeof simulationStates, ...(keyof typeof simulationStates)[]]
const effect = z.object({
  orders: z.number().int(),
  changed: z.number().int(),
  changedEnterprises: z.number().int(),
  setAside: z.number().int(),
  feeFen: fenText,
  beforeFen: fenText,
  afterFen: fenText,
})
const saved = z.object({ feeFen: fenText, savedFen: fenText, orders: z.number().int(), enterprises: z.number().int() })

const sayEffect = (each: Awaited<ReturnType<typeof effectOf>>) => ({
  orders: each.orders,
  changed: each.changed,
  changedEnterprises: each.changedEnterprises,
  setAside: each.setAside,
  feeFen: String(each.fee),
  beforeFen: String(each.before),
  afterFen: String(each.after),
})
const saySaved = (row: Awaited<ReturnType<typeof savingsOf>>) => ({
  feeFen: String(row.fee),
  savedFen: String(savedOf(row)),
  orders: row.orders,
  enterprises: row.enterprises,
})

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/simulations',
    summary: '政策模拟：改一份政策的条件，用本辖区过去一段时间受理的委托单算一遍；不动任何记录',
    tag,
    by: ['regulator'],
    body: simulationForm,
    answer: z.object({ id: z.uuid(), number: z.string() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { body }) => startSimulation(ctx, body),
  }),
  operation({
    method: 'get',
    path: '/simulations/{id}',
    summary: '一次模拟：算到哪里，分县的前后减免（分）',
    tag,
    by: ['regulator'],
    params,
    answer: z.object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      state: z.enum(states),
      version: z.number().int(),
      ordersDone: z.number().int(),
      ordersTotal: z.number().int(),
      total: effect,
      counties: z.array(effect.extend({ region: z.string() })),
    }),
    refusals: ['missing'],
    run: async (ctx, { params: { id } }) => {
      const row = await findSimulation(ctx, id)
      if (!row) return refuse('missing', '没有这次模拟，或不归您看。')
      return {
        id: row.id,
        number: row.number,
        title: row.title,
        state: row.state,
        version: row.version,
        ordersDone: row.orders_done,
        ordersTotal: row.orders_total,
        total: sayEffect(await effectOf(ctx, row)),
        counties: (await countiesOf(ctx, row)).map(({ region, ...each }) => ({ region, ...sayEffect(each) })),
      }
    },
  }),
  operation({
    method: 'post',
    path: '/simulations/{id}/cancel',
    summary: '取消正在算的模拟',
    tag,
    by: ['regulator'],
    params,
    body: z.strictObject({ version: z.number().int() }),
    answer: z.object({ id: z.uuid() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => cancelSimulation(ctx, id, body),
  }),
  operation({
    method: 'get',
    path: '/relief',
    summary: '减免成效：本辖区一段时间受理的单少付多少（分），按月、按县',
    tag,
    by: ['regulator'],
    query: z.object({ from: day, to: day }),
    answer: z.object({
      total: saved,
      months: z.array(saved.extend({ month: z.string() })),
      counties: z.array(saved.extend({ region: z.string() })),
    }),
    run: async (ctx, { query: period }) => ({
      total: saySaved(await savingsOf(ctx, period)),
      months: (await savingsByMonth(ctx, period)).map((row) => ({ month: row.key, ...saySaved(row) })),
      counties: (await savingsByCounty(ctx, period)).map((row) => ({ region: row.key, ...saySaved(row) })),
    }),
  }),
]
