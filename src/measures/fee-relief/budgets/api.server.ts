/** Budgets for programs: the meter, who used it, changes by two persons, the line, flagged items. */
import { z } from 'zod'
import { missingScope } from '../../../commons/people/index.server.ts'
import { refuse } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { listFlags, stepFlag } from './flags.server.ts'
import { meterWord } from './meter.ts'
import { budgetStates, flagKinds, flagStates, queueStates } from './model.ts'
import { findBudget, listBudgets, listQueued, listUses, type BudgetRow } from './queries.server.ts'
import { decideChange, proposeBudget, proposeChange } from './set.server.ts'
import { changeWorkflow, flagWorkflow, type ChangeStep, type FlagStep } from './workflow.ts'

const tag = '减免额度'
const fenText = z.string().regex(/^\d{1,15}$/, '金额须是以分为单位的整数')
const params = z.object({ id: z.uuid('标识不正确') })
const page = z.object({ page: z.coerce.number('页码须是数字').int().min(1).max(1_000_000).default(1) })
const done = z.object({ id: z.uuid() })
const regulators = ['regulator', 'admin'] as const
const keys = <T extends string>(words: Record<T, unknown>) => Object.keys(words) as [T, ...T[]]

const budget = z.object({
  id: z.uuid(),
  slug: z.string(),
  title: z.string(),
  region: z.string(),
  startsOn: z.string(),
  endsOn: z.string(),
  state: z.enum(keys(budgetStates)),
  amountFen: fenText,
  usedFen: fenText,
  leftFen: fenText,
  queuedFen: fenText,
  waiting: z.number().int(),
  meter: z.enum(['enough', 'near', 'used']),
  basis: z.string(),
  version: z.number().int(),
})

const shown = (row: BudgetRow) => ({
  id: row.id,
  slug: row.slug,
  title: row.title,
  region: row.region,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  state: row.state,
  amountFen: String(row.amount_fen),
  usedFen: String(row.used_fen),
  leftFen: String(row.amount_fen > row.used_fen ? row.amount_fen - row.used_fen : 0n),
  queuedFen: String(row.queued),
  waiting: row.waiting,
  meter: meterWord(row.used_fen, row.amount_fen),
  basis: row.basis,
  version: row.version,
})

const withMoney = async <T>(ctx: Ctx, run: () => Promise<T>) => (await missingScope(ctx, 'money')) ?? run()

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/relief-budgets',
    summary: '减免额度：已用、排队、剩余（分）',
    tag,
    by: regulators,
    query: page,
    answer: z.object({ items: z.array(budget), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listBudgets(ctx, query)
      return { items: rows.map(shown), total }
    },
  }),
  operation({
    method: 'get',
    path: '/relief-budgets/{id}',
    summary: '一项额度：余额、按月使用、用完日期的推算和推算办法',
    tag,
    by: regulators,
    params,
    answer: budget.extend({
      months: z.array(z.object({ month: z.string(), usedFen: z.string() })),
      forecast: z.object({ runsOutOn: z.string().nullable(), said: z.string() }),
    }),
    refusals: ['missing'],
    run: async (ctx, { params: { id } }) => {
      const found = await findBudget(ctx, id)
      if (!found) return refuse('missing', '没有这项额度，或不归您看。')
      return {
        ...shown(found.budget),
        months: found.months.map(({ month, used }) => ({ month, usedFen: String(used) })),
        forecast: { runsOutOn: found.forecast.runsOutOn, said: found.forecast.said },
      }
    },
  }),
  operation({
    method: 'get',
    path: '/relief-budgets/{id}/uses',
    summary: '谁用了额度：逐单，退回的为负数',
    tag,
    by: regulators,
    params,
    query: page,
    answer: z.object({
      items: z.array(
        z.object({ org: z.string(), orderId: z.uuid(), order: z.string(), kind: z.string(), amountFen: z.string(), on: z.string() }),
      ),
      total: z.number().int(),
    }),
    run: async (ctx, { params: { id }, query }) => {
      const { rows, total } = await listUses(ctx, id, query)
      return {
        items: rows.map(({ org, orderId, order, kind, amount, on }) => ({ org, orderId, order, kind, amountFen: String(amount), on })),
        total,
      }
    },
  }),
  operation({
    method: 'post',
    path: '/relief-budgets',
    summary: '提出设立额度；另一人批准后生效',
    tag,
    by: ['regulator'],
    body: z.strictObject({
      slug: z.string().max(100),
      region: z.string().regex(/^\d{6}$/, '地区须是六位行政区划代码'),
      startsOn: z.string(),
      endsOn: z.string(),
      amountFen: fenText,
      basis: z.string().max(300),
    }),
    answer: done,
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => proposeBudget(ctx, { ...body, amountFen: BigInt(body.amountFen) }),
  }),
  operation({
    method: 'post',
    path: '/relief-budgets/{id}/changes',
    summary: '提出调整额度；不能低于已用的',
    tag,
    by: ['regulator'],
    params,
    body: z.strictObject({ amountFen: fenText, basis: z.string().max(300), version: z.number().int() }),
    answer: done,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => proposeChange(ctx, id, { ...body, amountFen: BigInt(body.amountFen) }),
  }),
  operation({
    method: 'post',
    path: '/relief-budgets/{id}/decide',
    summary: '批准、不批准或撤回等待的调整；提出的人不能批准',
    tag,
    by: ['regulator'],
    params,
    body: z.strictObject({
      step: z.enum(keys(changeWorkflow.steps) as [ChangeStep, ...ChangeStep[]]),
      opinion: z.string().max(300).default(''),
      version: z.number().int(),
    }),
    answer: done,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => decideChange(ctx, id, body),
  }),
  operation({
    method: 'get',
    path: '/relief-queue',
    summary: '排队补减：企业看自己的，第几位、多少、结果',
    tag,
    by: ['enterprise'],
    answer: z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          slug: z.string(),
          order: z.string(),
          place: z.number().int(),
          amountFen: fenText,
          servedFen: fenText,
          state: z.enum(keys(queueStates)),
          outcome: z.string().nullable(),
        }),
      ),
    }),
    refusals: ['forbidden'],
    run: (ctx) =>
      withMoney(ctx, async () => ({
        items: (await listQueued(ctx)).map((row) => ({
          id: row.id,
          slug: row.slug,
          order: row.order_number,
          place: row.at,
          amountFen: String(row.amount_fen),
          servedFen: String(row.served_fen),
          state: row.state,
          outcome: row.outcome,
        })),
      })),
  }),
  operation({
    method: 'get',
    path: '/relief-flags',
    summary: '减免核实事项：关联企业合用额度、拆单；不影响已减的',
    tag,
    by: ['enterprise', ...regulators],
    query: page,
    answer: z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          kind: z.enum(keys(flagKinds)),
          org: z.string(),
          slug: z.string(),
          state: z.enum(keys(flagStates)),
          dueOn: z.string(),
          version: z.number().int(),
        }),
      ),
      total: z.number().int(),
    }),
    refusals: ['forbidden'],
    run: (ctx, { query }) =>
      withMoney(ctx, async () => {
        const { rows, total } = await listFlags(ctx, query)
        return {
          items: rows.map(({ id, kind, org_name, slug, state, due_on, version }) => ({
            id,
            kind,
            org: org_name,
            slug,
            state,
            dueOn: due_on,
            version,
          })),
          total,
        }
      }),
  }),
  operation({
    method: 'post',
    path: '/relief-flags/{id}/steps',
    summary: '核实事项的下一步：由我办理、无异常、要求说明、提交说明、认定有异常',
    tag,
    by: ['enterprise', 'regulator'],
    params,
    body: z.strictObject({
      step: z.enum(keys(flagWorkflow.steps) as [FlagStep, ...FlagStep[]]),
      opinion: z.string().max(1_000).default(''),
      version: z.number().int(),
    }),
    answer: z.object({ id: z.uuid(), state: z.enum(keys(flagStates)) }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => stepFlag(ctx, id, body),
  }),
]
