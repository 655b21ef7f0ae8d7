import { Form, Link } from 'react-router'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { daysLeft } from '../../../core/due-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { LinkTabs } from '../../../web/ui/tabs.tsx'
import { bundlesOf, dueItems, undatedCount } from '../due/due.server.ts'
import { instrumentStates, stateTones } from '../model.ts'
import { instrumentSorts, listInstruments, type InstrumentSort } from '../queries.server.ts'
import { registerStages, type RegisterStage } from '../register-query.ts'
import type { Route } from './+types/due.ts'
import { admit } from '../../../web/admit.server.ts'
import styles from './due.module.css'
import { rowsOf } from './register-view.server.ts'
import { ValidUntil } from './valid-until.tsx'

export const meta = () => [{ title: '待检与到期 · 衡企' }]

/** What is told on this page looks two months ahead; what is later is in the forecast. */
const ahead = 60
const tabs = ['overdue', 'd0', 'd7', 'd14', 'd30', 'd60'] as const satisfies readonly RegisterStage[]
const pageSize = 50
const mostBundles = 12

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const today = shanghaiDate(ctx.now)
  const asked = url.searchParams.get('stage') ?? ''
  const stage = asked in registerStages ? (asked as RegisterStage) : undefined
  const query = readTable(url, { sorts: instrumentSorts, defaultSort: 'valid_until', pageSize })
  const [items, bundles, undated, found] = [
    await dueItems(ctx, addDays(today, ahead)),
    await bundlesOf(ctx, addDays(today, ahead)),
    await undatedCount(ctx),
    await listInstruments(ctx, { stage: stage ?? 'due60', sort: query.sort as InstrumentSort, dir: query.dir, page: query.page, pageSize }),
  ]
  const bounds = { overdue: [-Infinity, -1], d0: [0, 0], d7: [1, 7], d14: [8, 14], d30: [15, 30], d60: [31, 60] } as const
  return {
    today,
    stage,
    query,
    undated,
    total: found.total,
    rows: await rowsOf(ctx, found.rows),
    all: items.length,
    tabs: tabs.map((name) => ({
      name,
      n: items.filter(({ validUntil }) => daysLeft(validUntil, today) >= bounds[name][0] && daysLeft(validUntil, today) <= bounds[name][1])
        .length,
    })),
    bundles: bundles.slice(0, mostBundles),
    more: Math.max(0, bundles.length - mostBundles),
  }
}

export default function Due({ loaderData }: Route.ComponentProps) {
  const { today, stage, query, undated, total, rows, all, tabs, bundles, more } = loaderData
  type Row = (typeof rows)[number]
  return (
    <Page
      title="待检与到期"
      lead={all > 0 ? `60 天内有 ${all} 件到期或已逾期，送检中的也在内。同一机构、同一地点、同一周的合成一批。` : '60 天内没有到期的器具。'}
      actions={
        <span className={styles.ways}>
          <Link to="/me/instruments/due/calendar">看月历</Link>
          <Link to="/me/instruments/forecast">看 12 个月预测</Link>
        </span>
      }
    >
      {undated > 0 && (
        <Notice tone="warn" title={`${undated} 件还不知道有效期`}>
          <p>
            没有有效期就不会提醒。<Link to="/me/instruments?sort=-valid_until">去台账里补上</Link>上次检定、校准日期和周期。
          </p>
        </Notice>
      )}
      {all === 0 ? (
        <Empty title="现在没有要送检的" hint="到期前 60、30、14、7 天会提醒您；没有到期就不打扰。" />
      ) : (
        <>
          {bundles.length > 0 && (
            <section aria-labelledby="bundles">
              <h2 id="bundles">送检建议</h2>
              <ul className={styles.bundles}>
                {bundles.map((each) => (
                  <BundleCard key={each.ids[0]} bundle={each} today={today} />
                ))}
              </ul>
              {more > 0 && <p className="soft">后面还有 {more} 批，办完前面的就会出现。</p>}
            </section>
          )}
          <section aria-labelledby="list">
            <h2 id="list">逐件清单</h2>
            <LinkTabs
              label="按到期时间"
              tabs={[
                { to: '?', label: `全部 ${all}`, current: !stage },
                ...tabs
                  .filter(({ n, name }) => n > 0 || name === stage)
                  .map(({ name, n }) => ({ to: `?stage=${name}`, label: `${registerStages[name]} ${n}`, current: stage === name })),
              ]}
            />
            <DataTable<Row>
              caption="到期的器具"
              rows={rows}
              total={total}
              query={query}
              rowKey={(row) => row.id}
              columns={[
                { key: 'code', label: '编号', sortable: true, render: (row) => <Link to={`/me/instruments/${row.id}`}>{row.code}</Link> },
                { key: 'name', label: '名称', sortable: true, render: (row) => row.name },
                { key: 'place', label: '地点', sortable: true, render: (row) => row.place ?? '—' },
                {
                  key: 'mandatory',
                  label: '强制检定',
                  render: (row) =>
                    (row.mandatory === 'yes' ? '是' : row.mandatory === 'no' ? '否' : '待判定') + (row.toVerify ? '（待核实）' : ''),
                },
                {
                  key: 'state',
                  label: '状态',
                  sortable: true,
                  render: (row) => <Badge tone={stateTones[row.state]}>{instrumentStates[row.state]}</Badge>,
                },
                {
                  key: 'valid_until',
                  label: '有效期至',
                  sortable: true,
                  render: (row) => <ValidUntil day={row.validUntil} today={today} state={row.state} />,
                },
              ]}
              empty={<Empty title="这一段没有到期的" hint="换一段看看。" />}
            />
          </section>
        </>
      )}
    </Page>
  )
}

type BundleShown = Route.ComponentProps['loaderData']['bundles'][number]

function BundleCard({ bundle, today }: { bundle: BundleShown; today: string }) {
  const { institution, place, pieces, mandatory, from, to, sendBy, ids } = bundle
  const late = sendBy < today
  return (
    <li>
      <div>
        <strong>{`${institution ?? '机构待定'}，${place ?? '地点未填'}：${pieces} 件`}</strong>
        <span>
          {from === to ? `${from} 到期` : `${from} 至 ${to} 到期`}
          {mandatory > 0 && `，强制检定 ${mandatory} 件`}
        </span>
        <span>
          {from < today ? (
            <Badge tone="bad">▲ 已有逾期，尽快送</Badge>
          ) : late ? (
            <Badge tone="warn">◆ 最晚应于 {sendBy} 送出，请尽快联系机构</Badge>
          ) : (
            <span className="soft">最晚 {sendBy} 送出，到期前能取回</span>
          )}
        </span>
      </div>
      <Form method="get" action="/me/send-outs/new">
        <input type="hidden" name="ids" value={ids.join(',')} />
        <button type="submit" className="button primary">
          一键打包送检
        </button>
      </Form>
    </li>
  )
}
