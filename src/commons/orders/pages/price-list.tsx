import { Form, redirect, useActionData } from 'react-router'
import { kindName } from '../../../core/instrument-kinds.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { listedServices } from '../model.ts'
import { findPriceList, publishPriceList } from '../prices/lists.server.ts'
import type { Route } from './+types/price-list.ts'

export const meta = () => [{ title: '收费目录 · 衡企' }]

const admitted = ['enterprise', 'counter', 'tester', 'approver', 'finance', 'regulator', 'admin'] as const

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, admitted)
  const found = await findPriceList(ctx, params.id)
  if (!found) throw missing('这份收费目录')
  const { list, items, institution } = found
  const mine = list.institution_id === ctx.actor.org_id && (ctx.actor.role === 'counter' || ctx.actor.role === 'finance')
  return {
    list,
    institution,
    mine,
    mayPublish: mine && list.state === 'draft',
    express: list.express_bp === null ? null : `${list.express_bp / 100}%，${list.express_workdays} 个工作日（${list.express_basis}）`,
    visit: list.visit_fen === null ? null : `每次 ${formatYuan(fen(list.visit_fen))}（${list.visit_basis}）`,
    items: items.map((item) => ({
      code: item.code,
      name: [item.name, item.spec].filter(Boolean).join('，'),
      service: listedServices[item.service],
      kind: item.kind ? kindName(item.kind) : '不限',
      price: `${formatYuan(fen(item.price_fen))}/${item.unit}`,
      basis: item.basis,
      workdays: item.workdays,
      onSite: item.on_site ? '可上门' : '—',
    })),
  }
}

export async function action({ params, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter', 'finance'])
  const published = await publishPriceList(ctx, params.id)
  return isRefusal(published) ? refused(published) : redirect('/prices')
}

export default function PriceListPage({
  loaderData: { list, institution, items, mayPublish, mine, express, visit },
}: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title={`${list.title}（第 ${list.number} 版）`}
      lead={`${institution}，${list.effective_from} 起施行`}
      state={list.state === 'draft' ? { label: '待公布', tone: 'warn' } : { label: '已公布', tone: 'good' }}
      {...(mine && { back: { to: '/prices', label: '收费目录' } })}
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '收费依据', value: list.basis },
          { label: '强制检定', value: '不收费（财税〔2017〕20号）' },
          { label: '加急', value: express ?? '不提供' },
          { label: '上门', value: visit ?? '不提供' },
          { label: '上传', value: list.created_by_name },
          ...(list.published_by_name ? [{ label: '公布', value: list.published_by_name }] : []),
        ]}
      />
      {mayPublish && (
        <Form method="post">
          <Submit label="核对无误，公布" busyLabel="正在公布" />
        </Form>
      )}
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="收费项目">
        <table className="cards dense">
          <caption className="hidden">收费项目</caption>
          <thead>
            <tr>
              <th scope="col">项目</th>
              <th scope="col">服务</th>
              <th scope="col">器具种类</th>
              <th scope="col" className="end">
                单价
              </th>
              <th scope="col">依据</th>
              <th scope="col" className="end">
                工作日
              </th>
              <th scope="col">上门</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.code}>
                <th scope="row">
                  {item.code} {item.name}
                </th>
                <td data-label="服务">{item.service}</td>
                <td data-label="器具种类">{item.kind}</td>
                <td data-label="单价" className="end">
                  {item.price}
                </td>
                <td data-label="依据">{item.basis}</td>
                <td data-label="工作日" className="end">
                  {item.workdays}
                </td>
                <td data-label="上门">{item.onSite}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Page>
  )
}
