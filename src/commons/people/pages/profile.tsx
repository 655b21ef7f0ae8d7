import { Form, redirect, useActionData, useSearchParams } from 'react-router'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { readAnswer, type Answered } from '../answer.ts'
import { recordFact } from '../commands.server.ts'
import { isRecordable } from '../profile-rules.ts'
import { profileOf } from '../queries.server.ts'
import { FactField } from './fact-field.tsx'
import { profileView, type FactView } from './profile-view.server.ts'
import type { Route } from './+types/profile.ts'
import styles from './profile.module.css'

export const meta = () => [{ title: '企业信息 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const profile = ctx.actor.role === 'enterprise' ? await profileOf(ctx, ctx.actor.org_id) : undefined
  if (!profile) throw new Response('这里是企业自己的信息，请以企业身份登录。', { status: 403 })
  return { ...profileView(profile), today: shanghaiDate(ctx.now) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const fact = String(form.get('fact') ?? '')
  if (ctx.actor.role !== 'enterprise' || !isRecordable(fact))
    return refused(refuse('invalid', '没有这一项企业信息。'), { fact, asOf: '', value: [], none: false })
  const intent = String(form.get('intent') ?? 'save')
  const today = shanghaiDate(ctx.now)
  const asOf = String(form.get('asOf') || today)
  const answered = { value: form.getAll('value').map(String), none: form.has('none') }
  const typed = { fact, asOf, ...answered }
  const held = intent === 'confirm' ? (await profileOf(ctx, ctx.actor.org_id))?.stored.find((each) => each.fact === fact) : undefined
  if (intent === 'confirm' && !held) return refused(refuse('conflict', '这一项还没有填，没有可以确认的。'), typed)
  const value = held ? held.value : intent === 'forget' ? null : readAnswer(fact, answered)
  if (isRefusal(value)) return refused(value, typed)
  const done = await recordFact(ctx, {
    orgId: ctx.actor.org_id,
    fact,
    value,
    // Confirming says that it still holds, not that it comes from elsewhere now.
    source: held?.source ?? '企业填报',
    asOf: intent === 'save' ? asOf : today,
  })
  return isRefusal(done) ? refused(done, typed) : redirect(`/me/profile?saved=${fact}#${fact}`)
}

export default function ProfilePage({ loaderData: { org, groups, facts, size, today } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const [query] = useSearchParams()
  const saved = query.get('saved') as FactId | null
  const unknown = facts.filter((each) => each.said === null)
  return (
    <Page title="企业信息" lead="政策就按这些信息判断。没填的不会当作“没有”，只会请您补充。">
      {saved && Object.hasOwn(catalogue, saved) && (
        <Notice tone="good" title={`已更新“${catalogue[saved].label}”，政策正在按新信息重新判断`} live />
      )}
      <p>
        {org.name}，{org.uscc}，{org.region}
      </p>
      <section className="card" aria-labelledby="size">
        <h2 id="size">企业规模：{size.said}</h2>
        {!size.settled && <p>补充{size.missing.join('、')}后可以确定。</p>}
        <Disclosure summary="怎么算出来的">
          <ol>
            {size.working.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className="soft">
            依据：{size.source}
            {size.toVerify && '（所用的行待核实）'}
          </p>
        </Disclosure>
      </section>
      <ErrorSummary refusal={result?.refusal} />
      {groups.map((group) => (
        <section key={group.id} aria-labelledby={`group-${group.id}`}>
          <h2 id={`group-${group.id}`}>{group.title}</h2>
          <ul className={styles.facts}>
            {group.facts.map((each) => (
              <FactRow key={each.fact} view={each} today={today} failed={result?.values.fact === each.fact ? result : undefined} />
            ))}
          </ul>
        </section>
      ))}
      <p className="soft">还有 {unknown.length} 项未填。不必都填：用得上的，政策页会一项一项问您。</p>
    </Page>
  )
}

interface FactRowProps {
  view: FactView
  today: string
  /** The answer to this fact that was refused, with what was typed. */
  failed: { refusal: Refusal; values: Answered & { asOf: string } } | undefined
}

/** One fact: what is known and from where, or why it is worth telling; with its own small form. */
function FactRow({ view, today, failed }: FactRowProps) {
  const fields = failed?.refusal.fields
  return (
    <li id={view.fact}>
      <div>
        <strong>{view.label}</strong>
        <span>{view.said ?? <Badge tone="info">未填</Badge>}</span>
        <small className="soft">
          {view.source === null ? view.why : `${view.source}，${view.asOf}${view.by ? `，${view.by}确认` : ''}`}
        </small>
        {view.stale && <Badge tone="warn">超过 12 个月，请确认</Badge>}
      </div>
      <div className={styles.actions}>
        {view.stale && (
          <Form method="post">
            <input type="hidden" name="fact" value={view.fact} />
            <button type="submit" className="button" name="intent" value="confirm">
              没有变化，确认
            </button>
          </Form>
        )}
        <Disclosure summary={view.said === null ? '填写' : '修改'} open={failed !== undefined}>
          <FormPage>
            <input type="hidden" name="fact" value={view.fact} />
            <FactField
              fact={view.fact}
              value={view.value}
              error={fields?.value ?? fields?.[view.fact]}
              options={view.options}
              ledger={view.ledger}
              typed={failed?.values}
            />
            <DateField name="asOf" label="数据日期" required defaultValue={failed?.values.asOf || today} error={fields?.asOf} />
            <Submit label="保存" busyLabel="正在保存" name="intent" value="save" />
            {view.said !== null && <Submit label="改为未知" plain name="intent" value="forget" />}
          </FormPage>
        </Disclosure>
      </div>
    </li>
  )
}
