import { fen, plainYuan } from '../../../../core/money.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { csvStream, download } from '../../../../platform/sheet-writer.server.ts'
import { admit, missing } from '../../../../web/admit.server.ts'
import { eachUse, findBudget } from '../queries.server.ts'
import type { Route } from './+types/uses-csv.ts'

const columns = ['企业', '委托单', '机构', '怎么用的', '日期', '金额（元）'].map((header) => ({ header }))

/** Who used the budget, order by order; what was given back is negative. */
export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const found = await findBudget(ctx, params.id)
  if (!found) throw missing('这项额度')
  const rows = async function* () {
    for await (const { org, order, institution, kind, on, amount } of eachUse(ctx, params.id))
      yield [org, order, institution, kind, on, plainYuan(fen(amount))]
  }
  return download(csvStream(columns, rows()), `额度使用-${found.budget.slug}-${found.budget.region}`, 'csv')
}
