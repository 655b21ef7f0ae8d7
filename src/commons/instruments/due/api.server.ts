/** What is due, for programs: the same bundles and forecast as the pages. */
import { z } from 'zod'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { stageNames } from '../../../core/due-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { bundlesOf, forecast } from './due.server.ts'

const fenText = z.string().regex(/^\d+$/)
const toFen = (amount: bigint): string => amount.toString()

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/instrument-bundles',
    summary: '今后若干天要送检的器具，按机构、地点和日期合成批次，附最迟送出日',
    tag: '器具台账',
    by: ['enterprise'],
    query: z.object({
      days: z.coerce.number('天数须是数字').int().min(0, '天数不能小于 0').max(365, '最多看 365 天').default(60),
    }),
    answer: z.object({
      asOf: z.string(),
      items: z.array(
        z.object({
          institution: z.string().nullable(),
          place: z.string().nullable(),
          instrumentIds: z.array(z.uuid()),
          mandatory: z.number().int(),
          from: z.string(),
          to: z.string(),
          sendBy: z.string(),
          stage: z.enum(Object.keys(stageNames) as [keyof typeof stageNames, ...(keyof typeof stageNames)[]]),
        }),
      ),
    }),
    run: async (ctx, { query }) => {
      const asOf = shanghaiDate(ctx.now)
      const bundles = await bundlesOf(ctx, addDays(asOf, query.days))
      return { asOf, items: bundles.map((bundle) => ({ ...bundle, instrumentIds: [...bundle.ids] })) }
    },
  }),
  operation({
    method: 'get',
    path: '/instrument-forecast',
    summary: '今后 12 个月要检定、校准的件次和金额（分），按现行政策直接减免的另列；没有价格的不计入',
    tag: '器具台账',
    by: ['enterprise'],
    answer: z.object({
      asOf: z.string(),
      months: z.array(
        z.object({ month: z.string(), pieces: z.number().int(), costFen: fenText, reliefFen: fenText, unpriced: z.number().int() }),
      ),
    }),
    run: async (ctx) => {
      const { today, months } = await forecast(ctx)
      return {
        asOf: today,
        months: months.map(({ month, pieces, cost, off, unpriced }) => ({
          month,
          pieces,
          costFen: toFen(cost),
          reliefFen: toFen(off),
          unpriced,
        })),
      }
    },
  }),
]
