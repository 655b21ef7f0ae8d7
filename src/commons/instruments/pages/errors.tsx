import { Link } from 'react-router'
import { formatValue } from '../../../core/quantities/quantity.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admitOwn, missing } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { ErrorHistory } from '../../../web/ui/error-history.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { errorsOver } from '../confirmation/history.ts'
import { pointVerdicts } from '../confirmation/model.ts'
import { signedOf } from '../confirmation/queries.server.ts'
import { findInstrument, historyOf } from '../queries.server.ts'
import type { Route } from './+types/errors.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.code ?? ''} 误差历史 · 器具台账 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const row = await findInstrument(ctx, params.id)
  if (!row) throw missing('这件器具')
  const [signed, checks] = [await signedOf(ctx, row.id), await historyOf(ctx, row.id)]
  const { unit, at, choices, points } = errorsOver(signed, checks, url.searchParams.get('at'))
  return { own, row: { id: row.id, code: row.code, name: row.name }, unit, at, choices, points }
}

export default function Errors({ loaderData: { own, row, unit, at, choices, points } }: Route.ComponentProps) {
  const base = own ? '/me' : ''
  const said = (value: number | null) => (value === null || !unit ? '—' : formatValue({ value: String(value), unit }))
  return (
    <Page
      title={`${row.code} ${row.name}：误差历史`}
      lead="每次校准的误差、不确定度和当时允许的误差，看它在往哪边走。"
      back={{ to: `${base}/instruments/${row.id}`, label: `${row.code} ${row.name}` }}
    >
      {choices.length > 0 && (
        <Filters>
          <FilterSelect name="at" label="校准点" value={at ?? ''} empty="最要紧的一点" options={choices} />
        </Filters>
      )}
      {points.length === 0 || !unit ? (
        <Empty
          title="还没有带数据的结果"
          hint="校准后作一次计量确认，误差和不确定度就会画在这里。"
          action={<Link to={`${base}/instruments/${row.id}`}>看检定、校准记录</Link>}
        />
      ) : (
        <ErrorHistory
          caption={`${row.code} ${row.name} 的误差`}
          unit={unit}
          rows={points.map((point) => ({
            on: point.on,
            error: point.error,
            expanded: point.expanded,
            limit: point.limit,
            verdict: point.verdict,
            ...(point.confirmationId && { to: `${base}/confirmations/${point.confirmationId}` }),
            said: {
              error: said(point.error),
              expanded: said(point.expanded),
              limit: said(point.limit),
              verdict: pointVerdicts[point.verdict],
            },
          }))}
        />
      )}
    </Page>
  )
}
