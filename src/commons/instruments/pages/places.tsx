import { Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Stacked, type StackedRow } from '../../../web/ui/stacked.tsx'
import { instrumentStates, stateTones, type InstrumentState } from '../model.ts'
import { countsByPlace } from '../queries.server.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/places.ts'

export const meta = () => [{ title: '状态按地点 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  return { rows: stackedRows(await countsByPlace(ctx)) }
}

/** The fullest place first; those without a place last, and not linked: no filter finds what is not there. */
function stackedRows(counts: Awaited<ReturnType<typeof countsByPlace>>): StackedRow[] {
  const states = Object.keys(instrumentStates) as InstrumentState[]
  const places = [...Map.groupBy(counts, ({ place }) => place)].map(([place, those]) => ({
    place,
    total: those.reduce((sum, { n }) => sum + n, 0),
    parts: states.flatMap((state) => {
      const value = those.find((each) => each.state === state)?.n ?? 0
      const to = place === null ? undefined : registerOf({ place, state })
      return value === 0 ? [] : [{ key: state, label: instrumentStates[state], tone: stateTones[state], value, ...(to && { to }) }]
    }),
  }))
  return places
    .sort((a, b) => Number(a.place === null) - Number(b.place === null) || b.total - a.total)
    .map(({ place, parts }) => (place === null ? { label: '没有写地点', parts } : { label: place, to: registerOf({ place }), parts }))
}

const registerOf = (query: Record<string, string>): string => `/me/instruments?${new URLSearchParams(query)}`

export default function Places({ loaderData: { rows } }: Route.ComponentProps) {
  return (
    <Page
      title="状态按地点"
      lead="每个地点有多少器具、处在什么状态；点数字看是哪几件。"
      back={{ to: '/me/instruments', label: '器具台账' }}
    >
      {rows.length === 0 ? (
        <Empty title="台账里还没有器具" action={<Link to="/me/instruments/new">登记器具</Link>} />
      ) : (
        <Stacked
          caption="在册的器具"
          heading="地点"
          rows={rows}
          download={
            <>
              同样的数据：<a href="/me/instruments/export.xlsx?sort=place">Excel</a> <a href="/me/instruments/export.csv?sort=place">CSV</a>
            </>
          }
        />
      )}
    </Page>
  )
}
