/** Money for programs: pledge, deferral, statement, payments. */
import { z } from 'zod'
import { matchPayment, recordPayment } from '../../commons/accounts/index.server.ts'
import { missingScope } from '../../commons/people/index.server.ts'
import { fen } from '../../core/money.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { deferCharges, standingOf } from './deferral.server.ts'
import { checkPledge, signPledge } from './pledges.server.ts'
import { statementOf } from './statement.server.ts'

const tag = '检定校准与费用'
const fenText = z.string().regex(/^-?\d+$/)
const params = z.object({ id: z.uuid('标识不正确') })
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, '请填写日期，如 2026-11-24')
const placed = z.object({ id: z.uuid(), number: z.string() })
const done = z.object({ id: z.uuid() })

/** Money is not an agent's business, and not every delegate's. */
const withMoney = async <T>(ctx: Ctx, run: () => Promise<T>) => (await missingScope(ctx, 'money')) ?? run()

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/relief-pledges',
    summary: '签减免缓承诺书；信息没有变化的，签过的仍有效',
    tag,
    by: ['enterprise'],
    body: z.strictObject({}),
    answer: done,
    refusals: ['forbidden', 'conflict'],
    run: (ctx) => signPledge(ctx),
  }),
  operation({
    method: 'post',
    path: '/relief-pledges/{id}/check',
    summary: '核查承诺书：属实或不属实',
    tag,
    by: ['regulator'],
    params,
    body: z.strictObject({
      step: z.enum(['confirm', 'break']),
      opinion: z.string().trim().max(200).default(''),
      version: z.number().int(),
    }),
    answer: done,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => checkPledge(ctx, id, body),
  }),
  operation({
    method: 'post',
    path: '/deferrals',
    summary: '缓缴：选未付清的费用和付款日期，按适用的缓收政策马上生效',
    tag,
    by: ['enterprise'],
    body: z.strictObject({
      chargeIds: z.array(z.uuid('费用标识不正确')).min(1, '请选择费用').max(500),
      days: z.array(day).max(12).optional(),
    }),
    answer: placed,
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => deferCharges(ctx, body),
  }),
  operation({
    method: 'get',
    path: '/deferrals',
    summary: '缓缴单：企业看自己的，机构财务看本机构的',
    tag,
    by: ['enterprise', 'finance'],
    answer: z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          number: z.string(),
          termEndsOn: z.string(),
          totalFen: fenText,
          outstandingFen: fenText,
          stage: z.string(),
        }),
      ),
    }),
    refusals: ['forbidden'],
    run: (ctx) =>
      withMoney(ctx, async () => ({
        items: (await standingOf(ctx)).map(({ id, number, term_ends_on, total_fen, outstanding, stage }) => ({
          id,
          number,
          termEndsOn: term_ends_on,
          totalFen: String(total_fen),
          outstandingFen: String(outstanding),
          stage,
        })),
      })),
  }),
  operation({
    method: 'get',
    path: '/statement',
    summary: '对账：一段时间里计费、减免、已付、未付、缓缴（分）；强制检定不计入减免',
    tag,
    by: ['enterprise', 'finance'],
    query: z.object({ from: day.optional(), to: day.optional() }),
    answer: z.object({
      feeFen: fenText,
      savedFen: fenText,
      paidFen: fenText,
      outstandingFen: fenText,
      deferredFen: fenText,
      overdueFen: fenText,
    }),
    refusals: ['forbidden'],
    run: (ctx, { query }) =>
      withMoney(ctx, async () => {
        const statement = await statementOf(ctx, { ...(query.from && { from: query.from }), ...(query.to && { to: query.to }) })
        return {
          feeFen: String(statement.fee),
          savedFen: String(statement.saved),
          paidFen: String(statement.paid),
          outstandingFen: String(statement.outstanding),
          deferredFen: String(statement.deferred),
          overdueFen: String(statement.overdue),
        }
      }),
  }),
  operation({
    method: 'post',
    path: '/payments',
    summary: '登记到账；同一流水号只登记一次',
    tag,
    by: ['finance'],
    body: z.strictObject({
      method: z.enum(['transfer', 'counter']),
      reference: z.string(),
      paidOn: day,
      payer: z.string(),
      remark: z.string().max(200).optional(),
      amountFen: z.string().regex(/^\d{1,15}$/, '金额须是以分为单位的整数'),
    }),
    answer: z.object({ id: z.uuid(), again: z.boolean() }),
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body: { amountFen, ...slip } }) => recordPayment(ctx, { ...slip, amount: fen(BigInt(amountFen)) }),
  }),
  operation({
    method: 'post',
    path: '/payments/{id}/match',
    summary: '认领到账：先到期的费用先抵，多的转预收',
    tag,
    by: ['finance'],
    params,
    body: z.strictObject({ orgId: z.uuid('企业标识不正确'), version: z.number().int() }),
    answer: z.object({ entryId: z.uuid(), again: z.boolean() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) => matchPayment(ctx, { paymentId: id, ...body }),
  }),
]
