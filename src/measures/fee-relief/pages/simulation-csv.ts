import { plainYuan, fen } from '../../../core/money.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { csvStream, download } from '../../../platform/sheet-writer.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { countiesOf, findSimulation } from '../simulation-queries.server.ts'
import type { Route } from './+types/simulation-csv.ts'

/** The same numbers by county. */
export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const row = await findSimulation(ctx, params.id)
  if (row?.state !== 'done') throw missing('这次模拟的结果')
  const headers = [
    '地区代码',
    '地区',
    '委托单',
    '有变化的单',
    '有变化的企业',
    '标价（元）',
    '实际减免（元）',
    '改了以后（元）',
    '变化（元）',
    '没有参加比较的单',
  ]
  const counties = await countiesOf(ctx, row)
  const rows = counties.map((each) => [
    each.region,
    fullRegionName(each.region),
    each.orders,
    each.changed,
    each.changedEnterprises,
    plainYuan(each.fee),
    plainYuan(each.before),
    plainYuan(each.after),
    plainYuan(fen(each.after - each.before)),
    each.setAside,
  ])
  return download(
    csvStream(
      headers.map((header) => ({ header })),
      rows,
    ),
    `政策模拟-${row.number}.csv`,
    'csv',
  )
}
