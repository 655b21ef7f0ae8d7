/** What waits in line for room, for the enterprise's own pages. */
import { Link } from 'react-router'
import { Badge } from '../../../../web/ui/marks.tsx'

export interface QueuedView {
  id: string
  slug: string
  title: string
  orderId: string
  order: string
  /** How many lines of that order. */
  lines: number
  state: 'waiting' | 'served' | 'ended'
  /** In words: 第 2 位, 已补减 … */
  said: string
  amount: string
  served: string
}

const tones = { waiting: 'info', served: 'good', ended: 'neutral' } as const
const words = { waiting: '排队中', served: '已补减', ended: '已结束' } as const

export function QueuedSection({ rows }: { rows: readonly QueuedView[] }) {
  if (rows.length === 0) return null
  return (
    <section aria-labelledby="queued">
      <h2 id="queued">排队补减的</h2>
      <p className="soft">额度用完时依法能减的先排队；有额度时按先后自动补减，不用再申请。</p>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="排队补减的">
        <table className="cards">
          <caption className="hidden">排队补减的</caption>
          <thead>
            <tr>
              <th scope="col">政策</th>
              <th scope="col">委托单</th>
              <th scope="col" className="end">
                该补减
              </th>
              <th scope="col" className="end">
                已补减
              </th>
              <th scope="col">进度</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  <Link to={`/policies/${row.slug}`}>{row.title}</Link>
                </th>
                <td data-label="委托单">
                  <Link to={`/me/orders/${row.orderId}`} className="whole">
                    {row.order}
                  </Link>{' '}
                  {row.lines} 件
                </td>
                <td data-label="该补减" className="end figure">
                  {row.amount}
                </td>
                <td data-label="已补减" className="end figure">
                  {row.served}
                </td>
                <td data-label="进度">
                  <Badge tone={tones[row.state]}>{words[row.state]}</Badge> {row.said}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
