import { useEffect } from 'react'
import { Link, redirect, useActionData, useRevalidator } from 'react-router'
import { fen, formatYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice, Stat } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { findVersion } from '../../../commons/policies/index.server.ts'
import { cancelSimulation } from '../simulation-commands.server.ts'
import { simulationStates, simulationTones } from '../simulation-model.ts'
import { countiesOf, effectOf, findSimulation, simulatedOrders } from '../simulation-queries.server.ts'
import { compareTerms, signedYuan } from '../simulation-words.ts'
import { simulationWorkflow } from '../simulation-workflow.ts'
import type { Route } from './+types/simulation.ts'
import { SimulationCounties, SimulationOrders, TermsTable } from './simulation-parts.tsx'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '政策模拟 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const row = await findSimulation(ctx, params.id)
  if (!row) throw missing('这次模拟')
  const query = readTable(url, { sorts: [], defaultSort: 'difference' })
  const { region, only } = query.params
  const base = await findVersion(ctx, row.base.versionId)
  const effect = await effectOf(ctx, row)
  const shown = await simulatedOrders(ctx, row, {
    page: query.page,
    ...(region && { region }),
    ...((only === 'changed' || only === 'aside') && { only }),
  })
  return {
    query,
    row: {
      id: row.id,
      title: row.title,
      number: row.number,
      state: row.state,
      done: row.orders_done,
      total: row.orders_total,
      problem: row.problem,
      policy: `《${row.base.title}》第 ${row.base.number} 版`,
      slug: row.base.slug,
      published: row.base.state === 'published',
      replaces: row.variation.replaces,
      period: `${row.period_from} 至 ${row.period_to}`,
      place: fullRegionName(row.region),
      by: row.asked_by_name,
      at: row.created_at,
      version: row.version,
    },
    terms: base ? compareTerms(base.content, row.variation) : [],
    effect: {
      ...effect,
      fee: formatYuan(effect.fee),
      before: formatYuan(effect.before),
      after: formatYuan(effect.after),
      difference: signedYuan(fen(effect.after - effect.before)),
    },
    counties: (await countiesOf(ctx, row)).map((each) => ({
      region: each.region,
      name: fullRegionName(each.region),
      orders: each.orders,
      changed: each.changed,
      enterprises: each.changedEnterprises,
      before: formatYuan(each.before),
      after: formatYuan(each.after),
      difference: signedYuan(fen(each.after - each.before)),
      bars: [Number(each.before), Number(each.after)] as [number, number],
    })),
    orders: {
      total: shown.total,
      rows: shown.rows.map((each) => ({
        id: each.orderId,
        number: each.number,
        org: each.orgName,
        place: fullRegionName(each.region),
        on: each.acceptedOn,
        fee: formatYuan(each.fee),
        before: formatYuan(each.before),
        after: each.setAside ? '没有算' : formatYuan(each.after),
        difference: each.setAside ? '—' : signedYuan(fen(each.after - each.before)),
      })),
    },
    steps: choices(simulationWorkflow, row, ctx.actor, ctx.now).filter(({ name }) => name === 'cancel'),
  }
}

export async function action({ request, params, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const form = await request.formData()
  const done = await cancelSimulation(ctx, params.id, { version: Number(form.get('version')) })
  return isRefusal(done) ? refused(done) : redirect(url.pathname)
}

export default function SimulationPage({ loaderData }: Route.ComponentProps) {
  const { row, effect, counties, orders, terms, steps, query } = loaderData
  const result = useActionData<typeof action>()
  const done = row.state === 'done'
  return (
    <Page
      title={row.title}
      state={{ label: simulationStates[row.state], tone: simulationTones[row.state] }}
      lead={leadOf(loaderData)}
      back={{ to: '/simulations', label: '政策模拟' }}
      actions={
        done ? (
          <a href={`/simulations/${row.id}/export.csv`} className="button">
            导出 CSV
          </a>
        ) : undefined
      }
    >
      <ErrorSummary refusal={result?.refusal ?? null} />
      {row.state === 'running' && <Running row={row} />}
      {row.problem && <Notice tone={row.state === 'failed' ? 'bad' : 'warn'} title={row.problem} />}
      {done && (
        <>
          <div className={styles.stats}>
            <Stat label="实际减免" value={effect.before} />
            <Stat label="改了以后" value={effect.after} />
            <Stat label="变化" value={effect.difference} />
            <Stat label="有变化的单" value={`${effect.changed} / ${effect.orders}`} to="?only=changed" />
            <Stat label="有变化的企业" value={`${effect.changedEnterprises} / ${effect.enterprises}`} />
          </div>
          {effect.setAside > 0 && (
            <Notice tone="info" title={`${effect.setAside} 单没有参加比较`}>
              按受理那天的情况重算，与当时冻结的减免不一致（多是后来有项目不做了），前后都按冻结的数计，不估。
              <Link to="?only=aside">看这些单</Link>
            </Notice>
          )}
          <SimulationCounties rows={counties} />
          <SimulationOrders rows={orders.rows} total={orders.total} query={query} counties={counties} />
        </>
      )}
      <TermsTable rows={terms} policy={row.policy} {...(row.published && { to: `/policies/${row.slug}` })} />
      <p className="soft">
        {row.number}，{row.by}算于 <When at={row.at} />；{row.place}，受理日期 {row.period}
        {row.replaces && `；代替 ${row.replaces}`}
        。企业情况、承诺书、获准的申请和其他政策，都按每一单受理当时记录在案的；封顶按受理先后占用。模拟不改任何记录。
      </p>
      <Steps choices={steps} version={row.version} />
    </Page>
  )
}

type Shown = Route.ComponentProps['loaderData']

function leadOf({ row, effect }: Shown): string {
  if (row.state === 'running') return `共 ${row.total} 单。可以先离开，算完会有消息，也在这里看。`
  if (row.state === 'done')
    return `${row.place} ${row.period}受理的 ${row.total} 单，标价共 ${effect.fee}；如果当时按改了以后的政策，减免${effect.difference}。`
  return row.state === 'cancelled' ? '已取消，没有结果。' : '没有算成，没有结果。'
}

/** Comes back by itself: with scripts every second, without them by the browser. */
function Running({ row }: Pick<Shown, 'row'>) {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (state !== 'idle') return
    const timer = setTimeout(() => void revalidate(), 1_000)
    return () => clearTimeout(timer)
  }, [revalidate, state])
  return (
    <div role="status" className="stack">
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
      <progress aria-label="进度" value={row.done} max={row.total} />
      <span>
        已算 {row.done} / {row.total} 单
      </span>
    </div>
  )
}
