import { Form, redirect, useActionData, useSearchParams } from 'react-router'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { readAnswer } from '../answer.ts'
import { recordFact } from '../commands.server.ts'
import { isRecordable } from '../profile-rules.ts'
import { profileOf } from '../queries.server.ts'
import { FactField } from './fact-field.tsx'
import { profileView } from './profile-view.server.ts'
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
  if (ctx.actor.role !== 'enterprise' || !isRecordable(fact)) return refused(refuse('invalid', '没有这一项企业信息'), { fact })
  const intent = String(form.get('intent') ?? 'save')
  const today = shanghaiDate(ctx.now)
  const asOf = String(form.get('asOf') || today)
  const value =
    intent === 'confirm'
      ? (await profileOf(ctx, ctx.actor.org_id))?.facts[fact]
      : intent === 'forget'
        ? null
        : readAnswer(fact, { value: form.getAll('value').map(String), none: form.has('none') })
  if (isRefusal(value)) return refused(value, { fact })
  const done = await recordFact(ctx, { orgId: ctx.actor.org_id, fact, value, source: '企业填报', asOf: intent === 'save' ? asOf : today })
  return isRefusal(done) ? refused(done, { fact }) : redirect(`/me/profile?saved=${fact}#${fact}`)
}

export default function ProfilePage({ loaderData: { org, facts, size, today } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const [query] = useSearchParams()
  const saved = query.get('saved') as FactId | null
  const unknown = facts.filter((each) => each.said === null)
  const failed = result?.values.fact
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
      <ul className={styles.facts}>
        {facts.map((each) => (
          <li key={each.fact} id={each.fact}>
            <div>
              <strong>{each.label}</strong>
              <span>{each.said ?? <Badge tone="info">未填</Badge>}</span>
              {each.source && (
                <small className="soft">
                  {each.source}，{each.asOf}
                  {each.by && `，${each.by}确认`}
                </small>
              )}
              {each.stale && <Badge tone="warn">超过 12 个月，请确认</Badge>}
            </div>
            <div className={styles.actions}>
              {each.stale && (
                <Form method="post">
                  <input type="hidden" name="fact" value={each.fact} />
                  <button type="submit" className="button" name="intent" value="confirm">
                    没有变化，确认
                  </button>
                </Form>
              )}
              <Disclosure summary={each.said === null ? '填写' : '修改'} open={failed === each.fact}>
                <FormPage>
                  <input type="hidden" name="fact" value={each.fact} />
                  <FactField
                    fact={each.fact}
                    value={each.value}
                    error={failed === each.fact ? (result?.refusal.fields?.value ?? result?.refusal.fields?.[each.fact]) : undefined}
                    options={each.options}
                    ledger={each.ledger}
                  />
                  <DateField name="asOf" label="数据日期" required defaultValue={today} />
                  <Submit label="保存" busyLabel="正在保存" name="intent" value="save" />
                  {each.said !== null && <Submit label="改为未知" plain name="intent" value="forget" />}
                </FormPage>
              </Disclosure>
            </div>
          </li>
        ))}
      </ul>
      <p className="soft">还有 {unknown.length} 项未填。不必都填：用得上的，政策页会一项一项问您。</p>
    </Page>
  )
}
