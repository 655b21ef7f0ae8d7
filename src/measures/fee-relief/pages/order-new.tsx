import { Form, Link, redirect, useActionData } from 'react-router'
import { listedServices, modes, serviceKinds } from '../../../commons/orders/index.ts'
import { listInstitutions, listOrders } from '../../../commons/orders/index.server.ts'
import { listInstruments } from '../../../commons/instruments/index.server.ts'
import { uses } from '../../../commons/instruments/index.ts'
import { isUuid } from '../../../commons/people/index.ts'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { CheckboxField, DateField, RadioField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { placeWithRelief, quoteOrder } from '../orders.server.ts'
import { pledgeWording } from '../model.ts'
import type { Route } from './+types/order-new.ts'
import { lineKeys, readInput, toOrderForm, typedRows } from './order-input.ts'
import { QuoteTable } from './quote-table.tsx'
import { quoteView } from './quote-view.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '委托检定校准 · 衡企' }]

const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const today = shanghaiDate(ctx.now)
  const asked = (url.searchParams.get('ids') ?? '').split(',').filter(isUuid)
  const q = url.searchParams.get('q') ?? ''
  const chosen = asked.length > 0 ? (await listInstruments(ctx, { ids: asked, pageSize: 500 })).rows : []
  const { rows } = await listInstruments(
    ctx,
    q ? { q, state: 'held', pageSize: 50 } : { state: 'held', to: addDays(today, 90), sort: 'valid_until', pageSize: 50 },
  )
  const all = [...new Map([...chosen, ...rows].map((row) => [row.id, row])).values()]
  // Most orders go where the last one went.
  const [last] = (await listOrders(ctx, { pageSize: 1 })).rows
  return {
    today,
    q,
    asked,
    usual: { institutionId: last?.institution_id, phone: last?.phone },
    institutions: (await listInstitutions(ctx, today)).map(({ id, name, region }) => ({
      id,
      name,
      near: region.slice(0, 4) === ctx.actor.region.slice(0, 4),
    })),
    contact: ctx.actor.name,
    instruments: all.map(({ id, code, name, model, valid_until, mandatory, last_kind }) => ({
      id,
      code,
      name: [name, model].filter(Boolean).join(' '),
      due: valid_until,
      service: mandatory === 'yes' || last_kind === 'verification' ? 'verification' : 'calibration',
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const input = readInput(await request.formData())
  const form = toOrderForm(input)
  const values = { ...input.values, ids: input.ids.join(',') }
  if (isRefusal(form)) return refused(form, values)
  if (input.values.intent !== 'place') {
    const quote = await quoteOrder(ctx, form)
    return isRefusal(quote) ? refused(quote, values) : { refusal: null, values, quote: quoteView(quote, lineKeys(input)) }
  }
  const placed = await placeWithRelief(ctx, form, { pledge: input.values.pledge === 'on' })
  if (!isRefusal(placed)) return redirect(`/me/orders/${placed.id}`)
  return refused(placed, values)
}

export default function NewOrder({ loaderData: { institutions, instruments, contact, today, q, asked, usual } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const quote = result && 'quote' in result ? result.quote : undefined
  const ticked = new Set(values.ids ? values.ids.split(',') : asked)
  const field = (name: string, label: string) => ({
    name,
    label,
    defaultValue: values[name],
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <Page
      title="委托检定校准"
      lead="选机构和器具，先看价钱：强制检定不收费，能减的自动减好；看清楚再下单。"
      back={{ to: '/me/orders', label: '我的委托' }}
    >
      <Form method="get" className="filters no-print" role="search" aria-label="找器具">
        <label className="wide">
          在台账里找器具
          <input type="search" name="q" defaultValue={q} placeholder="编号、名称、型号" />
        </label>
        <div className="row">
          <button type="submit" className="button">
            查找
          </button>
        </div>
      </Form>
      <ErrorSummary refusal={result?.refusal} />
      <Form method="post" className={`form ${styles.wide}`} noValidate>
        <fieldset className={styles.pick}>
          <legend>器具{q ? `（含“${q}”的）` : '（90 天内到期的）'}</legend>
          {fields?.lines && <p className="error">{fields.lines}</p>}
          {instruments.length === 0 && (
            <p className="soft">{q ? '没有找到，请换个词。' : '90 天内没有到期的；可以查找别的，或在下面直接填写。'}</p>
          )}
          <ul className={styles.instruments}>
            {instruments.map(({ id, code, name, due, service }) => (
              <li key={id}>
                <label className="check">
                  <input type="checkbox" name="ids" value={id} defaultChecked={ticked.has(id)} />
                  <span>
                    <strong>{code}</strong> {name} <small className="soft">{due ? `有效期至 ${due}` : '有效期未登记'}</small>
                  </span>
                </label>
                <select name={`service-${id}`} aria-label={`${code} 做什么`} defaultValue={values[`service-${id}`] ?? service}>
                  {options(listedServices).map((option) => (
                    <option key={option.value} value={option.value}>
                      {option.label}
                    </option>
                  ))}
                </select>
              </li>
            ))}
          </ul>
        </fieldset>
        <Disclosure
          summary="台账里没有的，直接填写"
          open={instruments.length === 0 || Array.from({ length: typedRows }, (_, n) => values[`typed-${n}-name`]).some(Boolean)}
        >
          {Array.from({ length: typedRows }, (_, n) => (
            <fieldset key={n} className={styles.typed}>
              <legend>第 {n + 1} 件</legend>
              <TextField {...field(`typed-${n}-name`, '器具名称')} maxLength={60} />
              <TextField {...field(`typed-${n}-serial`, '出厂编号')} maxLength={60} />
              <TextField {...field(`typed-${n}-able`, '测量范围')} maxLength={60} />
              <SelectField {...field(`typed-${n}-use`, '用途')} empty="不清楚" options={options(uses)} />
              <SelectField {...field(`typed-${n}-service`, '做什么')} options={options(listedServices)} />
            </fieldset>
          ))}
        </Disclosure>
        <div className={styles.grid}>
          <SelectField
            {...field('institutionId', '机构')}
            required
            defaultValue={values.institutionId ?? usual.institutionId}
            empty="请选择"
            options={institutions.toSorted((a, b) => Number(b.near) - Number(a.near)).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <RadioField {...field('mode', '怎么做')} required defaultValue={values.mode || 'send-in'} options={options(modes)} />
          <DateField {...field('wantedOn', '送样或上门日期')} required defaultValue={values.wantedOn || today} />
          <TextField {...field('contact', '联系人')} required defaultValue={values.contact || contact} maxLength={40} />
          <TextField {...field('phone', '电话')} required defaultValue={values.phone ?? usual.phone} maxLength={20} autoComplete="tel" />
          <TextField {...field('address', '上门地址')} maxLength={120} />
          <TextField {...field('note', '备注')} maxLength={300} />
        </div>
        <CheckboxField
          name="express"
          label="加急（另收费，先看价钱）"
          defaultChecked={values.express === 'on'}
          {...(fields?.express && { error: fields.express })}
        />
        {quote && (
          <section aria-labelledby="quote">
            <h2 id="quote">价钱</h2>
            <QuoteTable quote={quote} values={values} />
            {quote.asks.length > 0 && (
              <Notice tone="info" title={`还不知道${quote.asks.join('、')}，补充以后可能少付`}>
                <Link to="/me/profile">去补充企业信息</Link>，受理前补上都来得及。
              </Notice>
            )}
            {quote.pledge === 'missing' && quote.withPledge !== '¥0.00' && (
              <Notice tone="info" title={`签一次承诺书，这一单可以少付 ${quote.withPledge}`}>
                <p>{pledgeWording}</p>
                <CheckboxField name="pledge" label="我代表本单位作出以上承诺" />
              </Notice>
            )}
            {quote.queued && (
              <Notice tone="info" title={`额度已用完，有 ${quote.queued} 要排队`}>
                受理后自动排队，有额度时按先后自动补减，已付的退到预收，不用再申请；到额度期限还没有排到的，按原价计费。
              </Notice>
            )}
            {quote.pledge === 'broken' && (
              <Notice tone="warn" title="承诺的情况经核查不属实，现在不能享受减免">
                <Link to="/me/profile">更正企业信息</Link>，再重新承诺。
              </Notice>
            )}
          </section>
        )}
        <Submit name="intent" value="quote" label={quote ? '重新算价钱' : '看价钱'} busyLabel="正在计算" plain={Boolean(quote)} />
        {quote && quote.problems === 0 && (
          <Submit name="intent" value="place" label={`下单，${quote.lines.length} 件`} busyLabel="正在下单" />
        )}
        {quote && quote.problems > 0 && <p className="soft">有 {quote.problems} 件这家机构做不了，去掉或换一家机构后再下单。</p>}
        <p className="soft">
          {serviceKinds['mandatory-verification']}不收费（财税〔2017〕20号）。受理那天按当天的政策减免，以后政策变了也不改。
        </p>
      </Form>
    </Page>
  )
}
