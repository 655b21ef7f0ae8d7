/** What people do with a policy that concerns them: apply, take an application through its steps, put an offer aside. */
import { markActed } from '../../commons/messages/index.server.ts'
import { missingScope } from '../../commons/people/index.server.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { recordNumber } from '../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce, nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { followPolicy, subjectOf } from './matches.server.ts'
import type { Application } from './model.ts'
import { dueOf, outcomeOf, pausesAfter } from './rules.ts'
import type { ApplicationForm, StepForm } from './schema.ts'
import { isId } from './queries.server.ts'
import { prepareSubmission } from './submission.server.ts'
import { openStates, readers, workflow, type ApplicationStep } from './workflow.ts'

export interface Applied {
  id: string
  number: string
}

/** Submits an application for one's own enterprise; what was decided and seen is kept with it. */
export const applyForPolicy = (ctx: Ctx, form: ApplicationForm): Promise<Applied | Refusal> =>
  inTx(ctx, async (tx) => {
    const submission = await prepareSubmission(tx, form)
    if (isRefusal(submission)) return submission
    const { judged, org, made } = submission
    const { policyId, versionId } = judged.policy
    const running = await tx.db
      .selectFrom('policy_applications')
      .select(['number', 'state'])
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('policy_id', '=', policyId)
      .where('state', 'in', openStates)
      .executeTakeFirst()
    if (running)
      return refuse(
        'conflict',
        `这项政策已有一份申请在办（${running.number}，${workflow.states[running.state]}），请在那一份上继续办理。`,
        { code: 'ALREADY_APPLIED' },
      )
    const due = dueOf(tx.now, [], tx.now)
    const year = Number(shanghaiDate(tx.now).slice(0, 4))
    const number = recordNumber(org.province, year, await nextNumber(tx, org.province, workflow.name, year))
    const id = uuidv7()
    await tx.db
      .insertInto('policy_applications')
      .values({
        id,
        number,
        province: org.province,
        org_id: org.id,
        region: org.region,
        policy_id: policyId,
        version_id: versionId,
        state: workflow.start,
        as_submitted: jsonb([made]) as never,
        submitted_by: tx.actor.id,
        submitted_by_name: tx.actor.name,
        handled_by: null,
        handled_by_name: null,
        saving_fen: null,
        reason_code: null,
        opinion: null,
        due_on: due.on,
        due_provisional: due.provisional,
        pauses: jsonb([]) as never,
        decided_at: null,
        created_at: tx.now,
      })
      .execute()
    await announce(tx, {
      ...about({ id, province: org.province, region: org.region, org_id: org.id }),
      action: 'submitted',
      title: judged.policy.content.title,
      detail: { number, policyId, versionId, slug: form.slug },
    })
    await markActed(tx, 'policy', policyId)
    return { id, number }
  })

const about = (row: { id: string; province: string; region: string; org_id: string }) => ({
  subject: 'policy-application',
  subjectId: row.id,
  province: row.province,
  region: row.region,
  orgId: row.org_id,
})

const past: Record<ApplicationStep, string> = {
  accept: 'accepted',
  grant: 'granted',
  return: 'returned',
  decline: 'declined',
  resubmit: 'resubmitted',
  withdraw: 'withdrawn',
}

/** One step of an application: lock, decide, write, tell, in one transaction. */
export const takeApplicationStep = (ctx: Ctx, id: string, form: StepForm): Promise<Application | Refusal> =>
  inTx(ctx, async (tx) => {
    if (!isId(id)) return refuse('missing', '没有这份申请，或不归您办理。')
    const row = (await tx.db
      .selectFrom('policy_applications')
      .selectAll()
      .where('id', '=', id)
      .where(visible(tx.actor, readers))
      .forUpdate()
      .executeTakeFirst()) as Application | undefined
    if (!row) return refuse('missing', '没有这份申请，或不归您办理。')
    if (row.version !== form.version)
      return refuse('conflict', '您打开之后，这份申请已有变化。您填写的内容还在本页，请核对最新情况后再提交。', { code: 'STALE' })
    const next = advance(workflow, row, form.step, tx.actor, tx.now, form.opinion)
    if (isRefusal(next)) return next
    const beyond = await missingScope(tx, 'policy')
    if (beyond) return beyond
    const outcome = outcomeOf(form.step, form)
    if (isRefusal(outcome)) return outcome
    const again =
      form.step === 'resubmit'
        ? await prepareSubmission(tx, { slug: row.as_submitted.at(-1)!.policy.slug, documents: form.documents, note: form.note })
        : undefined
    if (isRefusal(again)) return again
    const pauses = pausesAfter(row.pauses, form.step, tx.now)
    const due = dueOf(row.created_at, pauses, tx.now)
    const byOfficer = tx.actor.role === 'regulator'
    const ends = next.to === 'granted' || next.to === 'declined' || next.to === 'withdrawn'
    const changed = await tx.db
      .updateTable('policy_applications')
      .set({
        state: next.to,
        ...(byOfficer && { handled_by: tx.actor.id, handled_by_name: tx.actor.name, opinion: form.opinion || null }),
        ...(again && { as_submitted: jsonb([...row.as_submitted, again.made]) as never, version_id: again.made.policy.versionId }),
        saving_fen: outcome.savingFen,
        reason_code: outcome.reasonCode,
        pauses: jsonb(pauses) as never,
        due_on: due.on,
        due_provisional: due.provisional,
        decided_at: ends ? tx.now : null,
        version: row.version + 1,
      })
      .where('province', '=', row.province)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await announce(tx, {
      ...about(row),
      action: past[form.step],
      title: row.as_submitted.at(-1)!.policy.title,
      detail: {
        number: row.number,
        policyId: row.policy_id,
        before: row.state,
        after: next.to,
        ...(form.opinion && { opinion: form.opinion }),
        ...(outcome.savingFen !== null && { savingFen: String(outcome.savingFen) }),
        ...(outcome.reasonCode && { reason: outcome.reasonCode }),
      },
    })
    return changed as Application
  })

export const dismissReasons = { irrelevant: '与我无关', done: '已经享受或办过', later: '现在不需要' } as const

/** Puts an offer aside until the policy has a new version. Doing it twice is once. */
export const dismissMatch = (
  ctx: Ctx,
  { slug, reason }: { slug: string; reason: keyof typeof dismissReasons },
): Promise<undefined | Refusal> =>
  onOwnMatch(ctx, slug, async (tx, { province, orgId, policyId, versionId }) => {
    const row = {
      province,
      org_id: orgId,
      policy_id: policyId,
      version_id: versionId,
      reason,
      dismissed_by: tx.actor.id,
      created_at: tx.now,
    }
    await tx.db
      .insertInto('policy_dismissals')
      .values(row)
      .onConflict((oc) =>
        oc
          .columns(['province', 'org_id', 'policy_id'])
          .doUpdateSet({ version_id: versionId, reason, dismissed_by: tx.actor.id, created_at: tx.now }),
      )
      .execute()
    return 'dismissed'
  })

/** Takes an offer back that was put aside. */
export const restoreMatch = (ctx: Ctx, slug: string): Promise<undefined | Refusal> =>
  onOwnMatch(ctx, slug, async (tx, { province, orgId, policyId }) => {
    await tx.db
      .deleteFrom('policy_dismissals')
      .where('province', '=', province)
      .where('org_id', '=', orgId)
      .where('policy_id', '=', policyId)
      .execute()
    return 'restored'
  })

interface OwnMatch {
  province: string
  orgId: string
  policyId: string
  versionId: string
}

const onOwnMatch = (ctx: Ctx, slug: string, write: (tx: Ctx, match: OwnMatch) => Promise<string>): Promise<undefined | Refusal> =>
  inTx(ctx, async (tx) => {
    const today = shanghaiDate(tx.now)
    const [subject, policy] = [await subjectOf(tx, today), await followPolicy(tx, slug, today)]
    if (tx.actor.role !== 'enterprise' || !subject) return refuse('forbidden', '只有企业可以把政策放到一边，请用企业身份登录。')
    if (!policy) return refuse('missing', '没有这项政策。')
    const beyond = await missingScope(tx, 'policy')
    if (beyond) return beyond
    const { org } = subject.profile
    const { policyId, versionId, content } = policy.current
    const action = await write(tx, { province: org.province, orgId: org.id, policyId, versionId })
    await announce(tx, {
      subject: 'policy-match',
      subjectId: policyId,
      action,
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: content.title,
      detail: { slug, versionId },
    })
    return undefined
  })
