import { plainYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { csvStream, download } from '../../../platform/sheet-writer.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { deferredByMonth, savedOf, savingsByCounty, savingsByMonth } from '../savings.server.ts'
import { readPeriod } from './relief-period.ts'
import type { Route } from './+types/relief-csv.ts'

/** The months of the page and its counties, one below the other. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const period = readPeriod(url, shanghaiDate(ctx.now))
  const put = await deferredByMonth(ctx, period)
  const row = (kind: string, label: string, each: Awaited<ReturnType<typeof savingsByMonth>>[number], deferred: string) => [
    kind,
    label,
    plainYuan(each.fee),
    plainYuan(each.reduced),
    plainYuan(each.waived),
    plainYuan(each.later),
    plainYuan(savedOf(each)),
    each.orders,
    each.enterprises,
    deferred,
  ]
  const told = (month: string) => {
    const amount = put.get(month)
    return amount === null ? '不足 5 家，不显示' : plainYuan(amount ?? (0n as never))
  }
  const months = (await savingsByMonth(ctx, period)).map((each) => row('月份', each.key, each, told(each.key)))
  const counties = (await savingsByCounty(ctx, period)).map((each) => row('地区', fullRegionName(each.key), each, ''))
  const headers = [
    '分组',
    '名称',
    '标价（元）',
    '减收（元）',
    '免收（元）',
    '事后补减（元）',
    '少付（元）',
    '享受的单',
    '享受的企业',
    '缓缴（元）',
  ]
  return download(
    csvStream(
      headers.map((header) => ({ header })),
      [...months, ...counties],
    ),
    `减免成效-${period.from}-${period.to}.csv`,
    'csv',
  )
}
