import { Form, Link, redirect, useActionData } from 'react-router'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField, FileField, TextField } from '../../../web/ui/fields.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { fileIn, readForm } from '../../files/index.server.ts'
import { draftPriceList, listPriceLists } from '../prices/lists.server.ts'
import type { Route } from './+types/prices.ts'

export const meta = () => [{ title: '收费目录 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter', 'finance'])
  const today = shanghaiDate(ctx.now)
  const lists = await listPriceLists(ctx)
  const inForce = lists
    .filter(({ state, effective_from }) => state === 'published' && effective_from <= today)
    .toSorted((a, b) => b.effective_from.localeCompare(a.effective_from) || b.number - a.number)[0]
  return {
    tomorrow: addDays(today, 1),
    lists: lists.map(({ id, number, title, state, effective_from, items, created_by_name, published_by_name }) => ({
      id,
      number,
      title,
      effectiveFrom: effective_from,
      items,
      by: [created_by_name, published_by_name].filter(Boolean).join('，公布：'),
      label: state === 'draft' ? '待公布' : id === inForce?.id ? '施行中' : effective_from > today ? '将施行' : '已被代替',
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter', 'finance'])
  const form = await readForm(request, 5_000_000)
  if (isRefusal(form)) return refused(form)
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const values = { title: text('title'), basis: text('basis'), effectiveFrom: text('effectiveFrom') }
  const file = fileIn(form, 'file')
  const drafted = await draftPriceList(ctx, {
    ...values,
    file: { name: file?.name ?? '', bytes: file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array() },
  })
  if (!isRefusal(drafted)) return redirect(`/prices/${drafted.id}`)
  const { problems, ...refusal } = drafted as typeof drafted & { problems?: { row: number; reason: string }[] }
  return refused(refusal, { ...values, problems: JSON.stringify(problems?.slice(0, 100) ?? []) })
}

export default function Prices({ loaderData: { lists, tomorrow } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const problems = JSON.parse(values.problems ?? '[]') as { row: number; reason: string }[]
  const field = (name: string, label: string) => ({
    name,
    label,
    required: true,
    defaultValue: values[name],
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <Page title="收费目录" lead="每一版都写明依据和施行日期；下单时用施行中的那一版，受理后不再变价。">
      <ErrorSummary refusal={result?.refusal} />
      {problems.length > 0 && (
        <Notice tone="bad" title="要改的行">
          <ul>
            {problems.map(({ row, reason }) => (
              <li key={`${row}${reason}`}>
                第 {row} 行：{reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {lists.length === 0 ? (
        <Empty title="还没有收费目录" hint="下载模板填好，上传后由另一位同事核对公布。" />
      ) : (
        <table className="cards">
          <caption className="hidden">收费目录各版</caption>
          <thead>
            <tr>
              <th scope="col">目录</th>
              <th scope="col" className="end">
                项目
              </th>
              <th scope="col">施行</th>
              <th scope="col">经办</th>
              <th scope="col">状态</th>
            </tr>
          </thead>
          <tbody>
            {lists.map((list) => (
              <tr key={list.id}>
                <th scope="row">
                  <Link to={`/prices/${list.id}`}>
                    {list.title}（第 {list.number} 版）
                  </Link>
                </th>
                <td data-label="项目" className="end">
                  {list.items}
                </td>
                <td data-label="施行">{list.effectiveFrom} 起</td>
                <td data-label="经办">{list.by}</td>
                <td data-label="状态">
                  <Badge tone={list.label === '施行中' ? 'good' : list.label === '待公布' ? 'warn' : 'neutral'}>{list.label}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Disclosure summary="上传新的一版" open={lists.length === 0 || Boolean(result?.refusal)}>
        <p>
          <a href="/prices/template.xlsx">下载模板</a>：检定、校准、检测各一行一项，加急和上门各占一行。
        </p>
        <Form method="post" className="form" noValidate encType="multipart/form-data">
          <TextField {...field('title', '目录名称')} maxLength={80} />
          <TextField {...field('basis', '收费依据（发文机关、文号）')} maxLength={200} />
          <DateField {...field('effectiveFrom', '施行日期')} defaultValue={values.effectiveFrom || tomorrow} />
          <FileField name="file" label="Excel 或 CSV" accept=".xlsx,.csv" required {...(fields?.file && { error: fields.file })} />
          <Submit label="上传" busyLabel="正在读取" />
        </Form>
      </Disclosure>
    </Page>
  )
}
