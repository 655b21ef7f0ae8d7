import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { awarenessOf, narrowed } from '../awareness.server.ts'
import { toCsv } from '../csv.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { followPolicy } from '../matches.server.ts'
import type { Route } from './+types/awareness-csv.ts'

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const found = await followPolicy(ctx, params.slug, shanghaiDate(ctx.now))
  if (!found) throw missing('这项政策')
  const rows = await awarenessOf(narrowed(ctx, url.searchParams.get('region')), found.current.policyId)
  const body = toCsv(
    ['地区代码', '地区', '已送达', '已打开', '已办理'],
    rows.map((row) => [row.region, row.name, row.delivered, row.opened, row.acted]),
  )
  const name = encodeURIComponent(`知晓情况-${params.slug}-${shanghaiDate(ctx.now)}.csv`)
  return new Response(body, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename*=UTF-8''${name}` },
  })
}
