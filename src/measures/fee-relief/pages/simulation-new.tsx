import { Form, Link, redirect, useActionData } from 'react-router'
import { z } from 'zod'
import { capPeriods } from '../../../commons/policies/index.ts'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { facts } from '../../../core/eligibility/facts.ts'
import { fen, plainYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { CheckboxField, DateField, NumberField, RadioField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { simulationBase, simulationBases, startSimulation } from '../simulation-commands.server.ts'
import { simulationForm } from '../simulation-schema.ts'
import { changeable, termsOf } from '../simulation-variation.ts'
import { percentOf } from '../simulation-words.ts'
import type { Route } from './+types/simulation-new.ts'

export const meta = () => [{ title: '新的模拟 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const { published, drafts } = await simulationBases(ctx)
  const wanted = url.searchParams.get('base')
  const base = wanted ? await simulationBase(ctx, wanted) : undefined
  return {
    published,
    drafts,
    region: fullRegionName(ctx.actor.region),
    problem: isRefusal(base) ? base : null,
    form: base && !isRefusal(base) ? given(base.id, base.content, base.slug, base.state, published, shanghaiDate(ctx.now)) : null,
  }
}

type Base = Exclude<Awaited<ReturnType<typeof simulationBase>>, { kind: unknown; reason: string }>
type Choices = Awaited<ReturnType<typeof simulationBases>>['published']

/** The terms as they stand, and the last twelve months. */
function given(versionId: string, content: Base['content'], slug: string, state: Base['state'], published: Choices, today: string) {
  const benefits = changeable(content)
  const terms = termsOf(content, benefits[0]!)
  return {
    versionId,
    title: content.title,
    draft: state === 'draft' || state === 'review',
    benefits: benefits.map((n) => ({ value: String(n), label: `${content.benefits[n]!.appliesTo}：${content.benefits[n]!.detail}` })),
    rate: percentOf(terms.rateBp),
    cap: terms.capFen === null ? '' : plainYuan(fen(BigInt(terms.capFen))).replace(/\.00$/, ''),
    capPer: terms.capPer,
    from: terms.from ?? '',
    to: terms.to ?? '',
    sizes: terms.sizes ?? [],
    applies: content.requiresApplication,
    others: published.filter((each) => each.slug !== slug).map((each) => ({ value: each.slug, label: each.title })),
    periodFrom: addDays(today, -364),
    periodTo: today,
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const form = await request.formData()
  const typed = { ...Object.fromEntries(form), sizes: form.getAll('sizes').map(String) }
  const read = simulationForm.safeParse(typed)
  if (!read.success) {
    const { fieldErrors } = z.flattenError(read.error)
    const fields = Object.fromEntries(Object.entries(fieldErrors).flatMap(([name, [first]]) => (first ? [[name, first]] : [])))
    return refused(refuse('invalid', '有填写不对的地方，请改正。', { fields }), typed as Record<string, string | string[]>)
  }
  const started = await startSimulation(ctx, read.data)
  return isRefusal(started) ? refused(started, typed as Record<string, string | string[]>) : redirect(`/simulations/${started.id}`)
}

export default function SimulationNew({ loaderData: { published, drafts, form, region, problem } }: Route.ComponentProps) {
  const back = { to: '/simulations', label: '政策模拟' }
  if (form) return <Terms form={form} region={region} back={back} />
  const options = [
    ...published.map((each) => ({ value: each.versionId, label: `已发布 · ${each.title}` })),
    ...drafts.map((each) => ({ value: each.versionId, label: `草稿 · ${each.title}` })),
  ]
  return (
    <Page title="新的模拟" lead="先选一份政策，下一步改它的条件。" back={back} width="narrow">
      {problem && <Notice tone="warn" title={problem.reason} />}
      {options.length === 0 ? (
        <Empty title="没有可以模拟的政策" hint="要有写明减免比例的已发布政策或草稿。" action={<Link to="/policies/new">起草政策</Link>} />
      ) : (
        <Form method="get" className="form">
          <SelectField name="base" label="政策" required options={options} />
          <Submit label="下一步：改条件" />
        </Form>
      )}
    </Page>
  )
}

type Shown = NonNullable<Route.ComponentProps['loaderData']['form']>

function Terms({ form, region, back }: { form: Shown; region: string; back: { to: string; label: string } }) {
  const result = useActionData<typeof action>()
  const values = (result?.values ?? {}) as Record<string, string | string[] | undefined>
  const of = (name: string, usual: string) => (typeof values[name] === 'string' ? values[name] : usual)
  const error = (name: string) => {
    const reason = result?.refusal.fields?.[name]
    return reason ? { error: reason } : {}
  }
  return (
    <Page title="新的模拟" lead={`《${form.title}》：改哪一项，就填哪一项；没动的按现在的算。`} back={back} width="narrow">
      <ErrorSummary refusal={result?.refusal ?? null} />
      <FormPage>
        <input type="hidden" name="versionId" value={form.versionId} />
        <TextField
          name="title"
          label="名字"
          required
          maxLength={60}
          defaultValue={of('title', '')}
          placeholder="如：五成改六成"
          {...error('title')}
        />
        {form.benefits.length === 1 ? (
          <input type="hidden" name="benefit" value={form.benefits[0]!.value} />
        ) : (
          <SelectField
            name="benefit"
            label="改哪一项待遇"
            required
            options={form.benefits}
            defaultValue={of('benefit', form.benefits[0]!.value)}
          />
        )}
        <NumberField name="rate" label="减免比例" required suffix="%" defaultValue={of('rate', form.rate)} {...error('rate')} />
        <NumberField name="cap" label="封顶" suffix="元" help="没有封顶的留空。" defaultValue={of('cap', form.cap)} {...error('cap')} />
        <RadioField
          name="capPer"
          label="封顶按什么算"
          options={Object.entries(capPeriods).map(([value, label]) => ({ value, label }))}
          defaultValue={of('capPer', form.capPer)}
        />
        <DateField
          name="from"
          label="施行起日"
          help="按受理日期算。草稿的起日在将来的，要改到过去，才减得到过去的单。"
          defaultValue={of('from', form.from)}
          {...error('from')}
        />
        <DateField name="to" label="施行止日" defaultValue={of('to', form.to)} {...error('to')} />
        <RadioField
          name="sizes"
          multiple
          label="享受的企业规模"
          help="一个都不选，按政策现在的规定。"
          options={Object.entries(facts.size.values).map(([value, label]) => ({ value, label }))}
          chosen={Array.isArray(values.sizes) ? values.sizes : form.sizes}
          {...error('sizes')}
        />
        {form.applies && <CheckboxField name="direct" label="不用申请，直接适用" defaultChecked={values.direct === 'on'} />}
        {form.draft && form.others.length > 0 && (
          <SelectField
            name="replaces"
            label="代替哪一份已发布的政策"
            help="不代替的，两份都在，一件只按减得多的一份。"
            empty="不代替"
            options={form.others}
            defaultValue={of('replaces', '')}
          />
        )}
        <h2>用哪段时间的单</h2>
        <p className="soft">{region}的企业在这段时间受理的委托单，一次最多两年。</p>
        <DateField
          name="periodFrom"
          label="受理日期从"
          required
          defaultValue={of('periodFrom', form.periodFrom)}
          {...error('periodFrom')}
        />
        <DateField name="periodTo" label="受理日期到" required defaultValue={of('periodTo', form.periodTo)} {...error('periodTo')} />
        <Submit label="开始计算" busyLabel="正在提交" />
      </FormPage>
    </Page>
  )
}
