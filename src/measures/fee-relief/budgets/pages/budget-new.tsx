import { Form, redirect, useActionData } from 'react-router'
import { policiesInForce } from '../../../../commons/policies/index.server.ts'
import { parseYuan } from '../../../../core/money.ts'
import { shanghaiDate } from '../../../../core/promise-clock.ts'
import { fullRegionName, regionsIn } from '../../../../core/regions.ts'
import { isRefusal, refuse } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { admit } from '../../../../web/admit.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { DateField, NumberField, SelectField, TextArea } from '../../../../web/ui/fields.tsx'
import { Empty } from '../../../../web/ui/feedback.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../../web/ui/form.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { feePolicies } from '../../order-relief.ts'
import { proposeBudget } from '../set.server.ts'
import { governs } from '../workflow.ts'
import type { Route } from './+types/budget-new.ts'

export const meta = () => [{ title: '设立减免额度 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const today = shanghaiDate(ctx.now)
  const own = feePolicies(await policiesInForce(ctx, today)).filter(
    ({ content }) => content.regionCode !== null && governs(ctx.actor, content.regionCode) && content.force === 'entitlement',
  )
  const chosen = own.find(({ slug }) => slug === url.searchParams.get('slug'))
  const place = chosen?.content.regionCode
  return {
    year: today.slice(0, 4),
    policies: own.map(({ slug, content }) => ({ value: slug, label: content.title })),
    chosen: chosen && {
      slug: chosen.slug,
      title: chosen.content.title,
      to: chosen.content.effectiveTo,
      regions: [place!, ...regionsIn(place!).map(({ code }) => code)].map((code) => ({ value: code, label: fullRegionName(code) })),
    },
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const values = Object.fromEntries(await request.formData()) as Record<string, string>
  const amount = parseYuan(values.amount ?? '')
  if (isRefusal(amount)) return refused(refuse('invalid', amount.reason, { fields: { amount: amount.reason } }), values)
  const done = await proposeBudget(ctx, {
    slug: values.slug ?? '',
    region: values.region ?? '',
    startsOn: values.startsOn ?? '',
    endsOn: values.endsOn ?? '',
    amountFen: amount,
    basis: values.basis ?? '',
  })
  return isRefusal(done) ? refused(done, values) : redirect(`/relief-budgets/${done.id}`)
}

export default function NewBudget({ loaderData: { policies, chosen, year } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const field = (name: string, label: string, standard = '') => ({
    name,
    label,
    required: true,
    defaultValue: values[name] ?? standard,
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <Page
      title="设立减免额度"
      lead="写明依据，由另一位同事批准后生效；批准以前不限制任何减免。"
      back={{ to: '/relief-budgets', label: '减免额度' }}
    >
      {policies.length === 0 ? (
        <Empty title="没有可以设额度的政策" hint="只有本级发布、现在有效、直接给出减免待遇的政策可以设额度。" />
      ) : (
        <Form method="get" className="filters">
          <SelectField name="slug" label="政策" required empty="请选择" options={policies} defaultValue={chosen?.slug} />
          <div className="row">
            <button type="submit" className="button">
              选这项政策
            </button>
          </div>
        </Form>
      )}
      <ErrorSummary refusal={result?.refusal} />
      {chosen && (
        <FormPage>
          <input type="hidden" name="slug" value={chosen.slug} />
          <SelectField
            {...field('region', '地区', chosen.regions[0]!.value)}
            options={chosen.regions}
            help="同一家企业落在几份额度里的，每一份都要够。"
          />
          <DateField {...field('startsOn', '从哪天起', `${year}-01-01`)} />
          <DateField {...field('endsOn', '到哪天止', chosen.to ?? `${year}-12-31`)} />
          <NumberField {...field('amount', '额度')} suffix="元" />
          <TextArea {...field('basis', '依据')} rows={2} maxLength={300} help="文件和条款，一句话。" />
          <Submit label="提交批准" busyLabel="正在提交" />
        </FormPage>
      )}
    </Page>
  )
}
