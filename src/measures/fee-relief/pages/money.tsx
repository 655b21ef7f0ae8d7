import { Form, Link, redirect, useActionData } from 'react-router'
import { acts } from '../../../commons/accounts/index.ts'
import { advanceOf, ageing, chargesOf, entriesOf, payableAt } from '../../../commons/accounts/index.server.ts'
import { profileOf } from '../../../commons/people/index.server.ts'
import { fen, formatYuan, plainYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Bars } from '../../../web/ui/bars.tsx'
import { Columns } from '../../../web/ui/columns.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty, Notice, Stat } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { QueuedSection } from '../budgets/pages/queued.tsx'
import { queuedView } from '../budgets/pages/queued-view.server.ts'
import { openDates } from '../deferral.ts'
import { standingOf } from '../deferral.server.ts'
import { pledgeWording, stages } from '../model.ts'
import { pledgeStanding, signPledge } from '../pledges.server.ts'
import { statementOf } from '../statement.server.ts'
import type { Route } from './+types/money.ts'
import { admitMoney } from './money.server.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '费用 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const orgId = ctx.actor.org_id
  const today = shanghaiDate(ctx.now)
  const statement = await statementOf(ctx, {})
  const profile = (await profileOf(ctx, orgId))!
  const money = (amount: bigint) => formatYuan(fen(amount))
  const owed = await chargesOf(ctx, { open: true })
  const payable = await payableAt(
    ctx,
    owed.map(({ institution_id }) => institution_id),
  )
  return {
    payable: [...Map.groupBy(owed, (row) => row.institution_id)]
      .filter(([id]) => payable.has(id))
      .map(([id, rows]) => ({ id, name: rows[0]!.institution_name })),
    today,
    queued: await queuedView(ctx),
    pledge: await pledgeStanding(ctx, profile),
    sums: {
      saved: money(statement.saved),
      deferred: money(statement.deferred),
      outstanding: money(statement.outstanding),
      overdue: statement.overdue > 0n ? money(statement.overdue) : null,
      advance: money(await advanceOf(ctx, orgId)),
    },
    months: statement.months.map(({ month, saved, fee }) => ({
      label: month,
      value: Number(saved) / 100,
      said: money(saved),
      second: { value: Number(fee) / 100, said: money(fee) },
    })),
    ages: (await ageing(ctx)).map(({ label, amount, charges }) => ({
      label,
      value: Number(plainYuan(amount)),
      said: `${money(amount)}（${charges} 笔）`,
    })),
    open: owed.map((row) => ({
      id: row.id,
      title: row.title,
      number: row.order_number,
      orderId: row.order_id,
      institution: row.institution_name,
      fee: money(row.fee_fen),
      relief: money(row.relief_fen),
      outstanding: money(row.outstanding_fen),
      dueOn: row.due_on,
      deferred: row.deferral_id !== null,
    })),
    deferrals: (await standingOf(ctx, { all: true })).map((row) => ({
      id: row.id,
      number: row.number,
      institution: row.institution_name,
      state: row.state,
      stage: row.stage,
      termEndsOn: row.term_ends_on,
      total: money(row.total_fen),
      outstanding: money(row.outstanding),
      basis: 'title' in row.basis ? `《${row.basis.title}》${row.basis.article ?? ''}，缓收 ${row.basis.deferDays} 天` : row.basis.agreed,
      next: openDates(row.dates, row.total_fen, row.outstanding)
        .slice(0, 6)
        .map(({ dueOn, amount }) => ({ dueOn, amount: money(amount) })),
    })),
    entries: (await entriesOf(ctx, orgId)).map((entry) => ({
      id: entry.id,
      on: entry.booked_on,
      act: acts[entry.act],
      memo: entry.memo,
      institution: entry.institution_name,
      amount: money(entry.amount),
      reversed: entry.reversed,
    })),
  }
}

export async function action({ context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const signed = await signPledge(ctx)
  return isRefusal(signed) ? refused(signed) : redirect(url.pathname)
}

export default function Money({ loaderData }: Route.ComponentProps) {
  const { sums, months, ages, open, deferrals, entries, pledge, payable } = loaderData
  const result = useActionData<typeof action>()
  const free = open.filter(({ deferred }) => !deferred)
  return (
    <Page
      title="费用"
      lead="少付了多少、缓了多少、还要付多少；每个数都能点到单子。"
      actions={
        free.length > 0 ? (
          <Link to="/me/money/defer" className="button primary">
            申请缓缴
          </Link>
        ) : undefined
      }
    >
      <ErrorSummary refusal={result?.refusal} />
      <div className={styles.stats}>
        <Stat label="累计少付" value={sums.saved} />
        <Stat label="缓缴中" value={sums.deferred} />
        <Stat label="还要付" value={sums.outstanding} />
        <Stat label="预收（可抵可退）" value={sums.advance} />
      </div>
      {sums.overdue && (
        <Notice tone="warn" title={`已到期 ${sums.overdue}`}>
          检测、出证和取证书都不受影响；困难的可以申请缓缴，或与机构约定付款计划。
        </Notice>
      )}
      {payable.length > 0 && (
        <p className={styles.links}>
          {payable.map(({ id, name }) => (
            <Link key={id} to={`/me/money/pay/${id}`} className="button">
              微信付给{name}
            </Link>
          ))}
        </p>
      )}
      {pledge !== 'standing' && (
        <Notice tone="info" title={pledge === 'broken' ? '承诺的情况经核查不属实' : '还没有签减免缓承诺书'}>
          <p>{pledge === 'broken' ? '请先更正企业信息，再重新承诺。' : pledgeWording}</p>
          {pledge === 'missing' && (
            <Form method="post">
              <Submit label="签承诺书" busyLabel="正在签" />
            </Form>
          )}
        </Notice>
      )}
      <section aria-labelledby="open">
        <h2 id="open">还没付清的</h2>
        {open.length === 0 ? (
          <Empty title="没有要付的" hint="强制检定不收费；减免后为零的也不用付。" />
        ) : (
          <div className="table-scroll data" tabIndex={0} role="region" aria-label="还没付清的费用">
            <table className="cards">
              <caption className="hidden">还没付清的费用</caption>
              <thead>
                <tr>
                  <th scope="col">项目</th>
                  <th scope="col">机构</th>
                  <th scope="col" className="end">
                    标价
                  </th>
                  <th scope="col" className="end">
                    减免
                  </th>
                  <th scope="col" className="end">
                    还要付
                  </th>
                  <th scope="col">最晚</th>
                </tr>
              </thead>
              <tbody>
                {open.map((row) => (
                  <tr key={row.id}>
                    <th scope="row">
                      {row.title}{' '}
                      <Link to={`/me/orders/${row.orderId}`} className="whole">
                        {row.number}
                      </Link>
                    </th>
                    <td data-label="机构">{row.institution}</td>
                    <td data-label="标价" className="end figure">
                      {row.fee}
                    </td>
                    <td data-label="减免" className="end figure">
                      {row.relief}
                    </td>
                    <td data-label="还要付" className="end figure">
                      {row.outstanding}
                    </td>
                    <td data-label="最晚">
                      {row.dueOn} {row.deferred && <Badge tone="info">缓缴中</Badge>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <QueuedSection rows={loaderData.queued} />
      {deferrals.length > 0 && (
        <section aria-labelledby="deferrals">
          <h2 id="deferrals">缓缴</h2>
          {deferrals.map((row) => (
            <div key={row.id} className={styles.line}>
              <p>
                <strong>{row.number}</strong> {row.institution}{' '}
                <Badge tone={row.state === 'settled' ? 'good' : row.stage === 'in-term' ? 'info' : 'warn'}>
                  {row.state === 'settled' ? '已付清' : row.state === 'ended' ? '已由新计划代替' : stages[row.stage].label}
                </Badge>
              </p>
              <p>
                共 {row.total}，还有 {row.outstanding}，{row.state === 'open' ? `最晚 ${row.termEndsOn}` : `期限到 ${row.termEndsOn}`}。
                <small className="soft">依据：{row.basis}</small>
              </p>
              {row.state === 'open' && row.next.length > 0 && (
                <ul>
                  {row.next.map(({ dueOn, amount }) => (
                    <li key={dueOn}>
                      {dueOn} 前付 {amount}
                    </li>
                  ))}
                </ul>
              )}
              {row.state === 'open' && row.stage !== 'in-term' && (
                <p>
                  {stages[row.stage].effect}。<Link to={`/me/money/deferrals/${row.id}`}>约定付款计划</Link>
                </p>
              )}
            </div>
          ))}
        </section>
      )}
      {months.length > 1 && months.some(({ value }) => value > 0) && (
        <Columns caption="每月少付（元）" heading={['月份', '少付']} names={['少付', '标价']} columns={months} />
      )}
      {open.length > 0 && <Bars caption="账龄：还没付清的，逾期多久" heading={['逾期', '金额']} bars={ages} />}
      <Disclosure summary={`账目（${entries.length} 笔）`}>
        <table className="cards">
          <caption className="hidden">账目</caption>
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col">事项</th>
              <th scope="col">机构</th>
              <th scope="col" className="end">
                金额
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <th scope="row">{entry.on}</th>
                <td data-label="事项">
                  {entry.act}：{entry.memo} {entry.reversed && <Badge>已冲销</Badge>}
                </td>
                <td data-label="机构">{entry.institution}</td>
                <td data-label="金额" className="end">
                  {entry.amount}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Disclosure>
      <p className="soft">强制检定不算在“少付”里：国家已停征，谁都不用付。缓缴期内的不算欠。</p>
    </Page>
  )
}
