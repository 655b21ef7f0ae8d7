import { plainYuan } from '../../../core/money.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { csvStream, download } from '../../../platform/sheet-writer.server.ts'
import { forecast } from '../due/due.server.ts'
import { feeSources, services } from '../due/forecast.ts'
import type { Route } from './+types/forecast-csv.ts'
import { admit } from '../../../web/admit.server.ts'

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { items, today } = await forecast(ctx)
  const headers = ['编号', '名称', '地点', '到期', '要做', '费用（元）', '价格来源', '少付（元）', '政策']
  const body = csvStream(
    headers.map((header) => ({ header })),
    items.map((item) => [
      item.code,
      item.name,
      item.place,
      item.dueOn,
      services[item.service],
      item.fee === null ? null : plainYuan(item.fee),
      feeSources[item.source],
      plainYuan(item.off),
      item.relief?.title ?? null,
    ]),
  )
  return download(body, `12个月预测-${today}.csv`, 'csv')
}
