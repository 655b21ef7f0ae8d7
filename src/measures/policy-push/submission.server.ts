/** What is sent with an application: the decision of that moment, with the facts, conditions and questions as they were seen. */
import type { StoredFact } from '../../commons/people/index.ts'
import { missingScope } from '../../commons/people/index.server.ts'
import { listEvents, namesFor } from '../../commons/policies/index.server.ts'
import { facts as catalogue } from '../../core/eligibility/facts.ts'
import { sayPassed, sayQuestion, sayValue } from '../../core/eligibility/sentence.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { refuse } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Judged } from './judge.ts'
import { followPolicy, judgeAll, subjectOf } from './matches.server.ts'
import type { SeenQuestion, Submission } from './model.ts'
import { applicationProblem } from './rules.ts'
import type { ApplicationForm } from './schema.ts'

/** Decides anew at the moment of submission: what the page showed may be a day old. */
export async function prepareSubmission(ctx: Ctx, form: Pick<ApplicationForm, 'slug' | 'documents' | 'note'>) {
  const today = shanghaiDate(ctx.now)
  const subject = await subjectOf(ctx, today)
  const policy = await followPolicy(ctx, form.slug, today)
  if (!policy) return refuse('missing', '没有这项政策，请从“现在能用的政策”中重新选择。')
  if (!subject) return refuse('forbidden', ctx.actor.lapsed ?? '政策申请由企业提交，请用企业身份登录。')
  const beyond = await missingScope(ctx, 'policy')
  if (beyond) return beyond
  const { title, card } = policy.current.content
  if (!policy.inForce)
    return refuse('conflict', `《${title}》现在不受理申请（${card.until}）。${policy.successor ? '请看接续的政策。' : ''}`, {
      code: 'NOT_IN_FORCE',
    })
  const [judged] = judgeAll([policy.current], subject) as [Judged]
  const problem = applicationProblem(judged, ctx.actor)
  if (problem) return problem
  const names = namesFor(policy.current.content.clauses, await listEvents(ctx))
  const made: Submission = {
    at: ctx.now,
    byName: ctx.actor.name,
    asOf: today,
    policy: {
      slug: form.slug,
      title,
      docNumber: policy.current.content.docNumber,
      versionId: policy.current.versionId,
      number: policy.current.number,
    },
    force: judged.force,
    facts: subject.facts,
    met: judged.decision.passed.map((leaf) => sayPassed(leaf, names)),
    questions: seen(judged, subject.profile.stored, (fact, value) => sayValue(fact, value, names).trim()),
    documents: policy.current.content.documents.map(({ name }) => ({ name, ready: form.documents.includes(name) })),
    note: form.note,
  }
  return { judged, org: subject.profile.org, made }
}

/** The facts that decided, each with the question as it is asked and the answer on record. */
function seen(
  { decision }: Judged,
  stored: readonly StoredFact[],
  say: (fact: StoredFact['fact'], value: StoredFact['value']) => string,
): SeenQuestion[] {
  const facts = [...new Set(decision.passed.map(({ fact }) => fact))]
  return facts.flatMap((fact) => {
    const actual = decision.passed.find((leaf) => leaf.fact === fact)?.actual
    if (catalogue[fact].scope === 'request' || actual === undefined) return []
    const record = stored.find((each) => each.fact === fact)
    return [
      {
        fact,
        question: sayQuestion(fact),
        answer: say(fact, actual),
        source: record?.source ?? '登记信息或系统计算',
        asOf: record?.asOf ?? '',
      },
    ]
  })
}
