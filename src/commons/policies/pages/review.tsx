import { Form, Link, redirect, useActionData } from 'react-router'
import { lintRule } from '../../../core/eligibility/lint.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { takeStep } from '../commands.server.ts'
import { compareVersions } from '../compare.ts'
import { dryRun } from '../dry-run.server.ts'
import { picksWith } from '../form/picks.ts'
import { eventWords, states, type Version } from '../model.ts'
import { namesFor } from '../names.ts'
import { gapsOf } from '../publication.ts'
import { findOpenVersion, findPolicy, listEvents } from '../queries.server.ts'
import { choicesFor, type PolicyStep } from '../workflow.ts'
import type { Route } from './+types/review.ts'
import { assertWriter, mayWriteIn } from './editing.server.ts'
import { Changes, Checklist, Trial } from './review-parts.tsx'
import styles from './review.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `审核 ${loaderData?.title ?? '政策'} · 衡企` }]

export async function loader({ params, request, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  const policy = await findPolicy(ctx, params.slug)
  const version = (await findOpenVersion(ctx, params.slug)) ?? policy?.versions[0]
  if (!policy || !version) throw new Response('没有这份政策', { status: 404 })
  const gaps = gapsOf(version.content)
  const place = new URL(request.url).searchParams.get('place')
  const { id, number, state, content } = version
  return {
    slug: params.slug,
    id,
    number,
    state,
    lock: version.version,
    title: content.title,
    author: version.createdByName,
    submitter: version.submittedByName,
    gaps,
    warnings: lintRule(content.rule),
    mine: mayWriteIn(ctx, version.region),
    choices: choicesFor(
      version,
      gaps.map(({ sentence }) => sentence),
      ctx.actor,
      ctx.now,
    ),
    changes: await changesSince(ctx, policy.versions, version),
    place: place ?? fullRegionName(ctx.actor.region || content.regionCode || '000000'),
    trial: place === null ? undefined : await trial(ctx, version, place),
    entries: await entriesOf(ctx, policy.policyId),
  }
}

/** Against the published version before this one. */
async function changesSince(ctx: Ctx, versions: readonly Version[], version: Version) {
  const before = versions.find(({ number, publishedAt }) => number < version.number && publishedAt !== null)
  if (!before) return undefined
  const events = await listEvents(ctx)
  const names = { before: namesFor(before.content.clauses, events), after: namesFor(version.content.clauses, events) }
  return { number: before.number, ...compareVersions(before.content, version.content, names) }
}

async function trial(ctx: Ctx, { content }: Version, place: string) {
  const read = picksWith([]).read('region', place.trim())
  if ('problem' in read) return { refused: read.problem }
  const run = await dryRun(ctx, content, { region: read.code })
  return isRefusal(run) ? { refused: run.reason } : { run, place: fullRegionName(read.code) }
}

const entriesOf = async ({ db }: Ctx, policyId: string) =>
  (await timeline(db, 'policy', policyId)).map(({ at, actor_name, action, detail }) => {
    const { number, opinion } = detail as { number?: number; opinion?: string }
    return { at, who: actor_name, what: `第 ${number} 版${eventWords[action] ?? action}`, detail: opinion }
  })

export async function action({ params, request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const value = (name: string) => String(form.get(name) ?? '')
  const values = { step: value('step'), opinion: value('opinion'), successor: value('successor') }
  const done = await takeStep(context.get(ctxKey), new URL(request.url).searchParams.get('id') ?? value('id'), {
    ...values,
    step: values.step as PolicyStep,
    version: Number(value('version')),
  })
  return isRefusal(done) ? refused(done, values) : redirect(`/policies/${params.slug}/review`)
}

export default function Review({ loaderData }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const { slug, id, number, state, lock, title, author, submitter, gaps, warnings, mine, choices, changes, place, trial, entries } =
    loaderData
  const end = choices.find(({ name }) => name === 'end')
  return (
    <Page
      title={title || '（未写标题）'}
      state={{ label: states[state], tone: state === 'published' ? 'good' : state === 'review' ? 'info' : 'neutral' }}
      lead={`第 ${number} 版${author && `，${author}起草`}${submitter ? `，${submitter}提交` : ''}。${leads[state]}`}
      back={{ to: '/policies/drafts', label: '起草与审核' }}
      actions={
        state === 'review' || !mine ? undefined : (
          <Link className="button" to={`/policies/${slug}/edit`}>
            {state === 'draft' ? '修改' : '起草新版'}
          </Link>
        )
      }
    >
      <ErrorSummary refusal={result?.refusal} />
      {result?.refusal && result.values.opinion && <Notice title="您填写的意见">{result.values.opinion}</Notice>}
      <Checklist gaps={gaps} warnings={warnings} slug={slug} editable={state === 'draft'} />
      <Steps choices={choices.filter(({ name }) => name !== 'end')} version={lock} action={`/policies/${slug}/review?id=${id}`} />
      {end && !end.disabledReason && (
        <Disclosure summary="废止……" open={result?.values.step === 'end'}>
          <Form method="post" className="form" noValidate>
            <p>{end.confirm}</p>
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="step" value="end" />
            <input type="hidden" name="version" value={lock} />
            <TextArea
              name="opinion"
              label="理由"
              required
              rows={2}
              defaultValue={result?.values.opinion}
              error={result?.refusal.fields?.opinion}
            />
            <TextField
              name="successor"
              label="接替它的政策（网址标识）"
              defaultValue={result?.values.successor}
              error={result?.refusal.fields?.successor}
              help="已发布的政策网址最后一段；没有的留空"
            />
            <Submit label="确认废止" busyLabel="正在办理" danger />
          </Form>
        </Disclosure>
      )}
      <Trial slug={slug} place={place} trial={trial} />
      {changes && <Changes changes={changes} />}
      <section className={styles.part} aria-labelledby="history">
        <h2 id="history">办理经过</h2>
        {entries.length > 0 ? <Timeline entries={entries} /> : <p className="soft">还没有提交。</p>}
      </section>
    </Page>
  )
}

const leads = {
  draft: '检查没有缺项、试算结果合理后提交审核。',
  review: '请核对条款与条件，试算后发布或退回；起草人和提交人不能发布。',
  published: '已经公开并用于匹配。',
  superseded: '已被新版取代。',
  ended: '已经废止，仍可查到。',
} as const
