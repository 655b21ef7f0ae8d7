/** Article 一 for programs: the same queries and commands as the pages. */
import { z } from 'zod'
import { awareness } from '../../commons/messages/index.server.ts'
import { derive } from '../../commons/people/index.server.ts'
import { policiesInForce, settingOf } from '../../commons/policies/index.server.ts'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { refuse } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { limiter } from '../../platform/rate.server.ts'
import { applyForPolicy, takeApplicationStep } from './commands.server.ts'
import { answerOf, toPublicApplication } from './api-answers.ts'
import { explainFor, followPolicy, judgeAll, matchesFor, subjectOf } from './matches.server.ts'
import { findApplication, pageApplications } from './queries.server.ts'
import {
  applicationAnswer,
  applicationForm,
  applicationsQuery,
  asOfQuery,
  awarenessAnswer,
  idParams,
  matchAnswer,
  matchBody,
  slugParams,
  stepBody,
  stepParams,
} from './schema.ts'

const tag = '政策匹配与申请'
const handlers = ['enterprise', 'regulator', 'admin'] as const

/** Anybody may ask, and nobody may ask all the time: so many requests a minute, counted per person, visitors together. */
const perMinute = { person: 120, visitors: 600 }
const person = limiter(perMinute.person, 60)
const visitors = limiter(perMinute.visitors, 60)

const tooMany = () =>
  new Response(
    JSON.stringify({
      type: 'about:blank',
      title: '请求太频繁',
      status: 429,
      detail: '匹配请求太频繁，请一分钟后再试；成批匹配请用命令行工具。',
    }),
    {
      status: 429,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '60' },
    },
  )

const today = (ctx: Ctx) => shanghaiDate(ctx.now)
const noEnterprise = () => refuse('missing', '没有找到本企业的信息，请联系平台管理员。')

const matchOne = operation({
  method: 'get',
  path: '/matches/{slug}',
  summary: '一项政策是否适合本企业，逐条说明',
  tag,
  by: ['enterprise'],
  params: slugParams,
  query: asOfQuery,
  answer: matchAnswer,
  refusals: ['missing'],
  run: async (ctx, { params, query }) => {
    const asOf = query.asOf ?? today(ctx)
    const [subject, found] = [await subjectOf(ctx, asOf), await followPolicy(ctx, params.slug, asOf)]
    if (!subject) return noEnterprise()
    if (!found) return refuse('missing', '没有这项政策。')
    const { judged, trace, benefits } = await explainFor(ctx, found.current, subject)
    return { ...answerOf(judged), asOf, inForce: found.inForce, successor: found.successor?.slug ?? null, trace, benefitLines: benefits }
  },
})

const matchMine = operation({
  method: 'get',
  path: '/matches',
  summary: '本企业现在能用的政策',
  tag,
  by: ['enterprise'],
  query: asOfQuery,
  answer: z.object({
    asOf: z.string(),
    decisions: z.array(matchAnswer),
    questions: z.array(z.object({ fact: z.string(), decides: z.number().int(), alone: z.number().int() })),
  }),
  refusals: ['missing'],
  run: async (ctx, { query }) => {
    const matches = await matchesFor(ctx, query.asOf ?? today(ctx))
    if (!matches) return noEnterprise()
    return { asOf: matches.asOf, decisions: matches.judged.map(answerOf), questions: matches.grouped.questions }
  },
})

const matchAny = operation({
  method: 'post',
  path: '/match',
  summary: '用给定的企业信息试判断，不保存',
  tag,
  by: 'public',
  body: matchBody,
  answer: z.object({ asOf: z.string(), decisions: z.array(matchAnswer) }),
  run: async (ctx, { body }) => {
    const { id, role } = ctx.actor
    if (role === 'visitor' ? !visitors.take('visitors') : !person.take(id)) return tooMany()
    const asOf = isIsoDate(body.asOf) ? body.asOf : today(ctx)
    const judged = judgeAll(await policiesInForce(ctx, asOf), { facts: body.facts as Facts, setting: await settingOf(ctx, asOf), derive })
    return { asOf, decisions: judged.map(answerOf) }
  },
})

const listMine = operation({
  method: 'get',
  path: '/applications',
  summary: '政策申请：企业看自己的，监管人员看本辖区的',
  tag,
  by: handlers,
  query: applicationsQuery,
  answer: z.object({ items: z.array(applicationAnswer), next: z.uuid().nullable() }),
  run: async (ctx, { query }) => {
    const { rows, next } = await pageApplications(ctx, query)
    return { items: rows.map(toPublicApplication), next: next ?? null }
  },
})

const getOne = operation({
  method: 'get',
  path: '/applications/{id}',
  summary: '一份政策申请',
  tag,
  by: handlers,
  params: idParams,
  answer: applicationAnswer,
  refusals: ['missing'],
  run: async (ctx, { params }) => {
    const row = await findApplication(ctx, params.id)
    return row ? toPublicApplication(row) : refuse('missing', '没有这份申请，或不归您看。')
  },
})

const apply = operation({
  method: 'post',
  path: '/applications',
  summary: '提交政策申请',
  tag,
  by: ['enterprise'],
  body: applicationForm,
  answer: z.object({ id: z.uuid(), number: z.string() }),
  refusals: ['conflict', 'missing'],
  run: (ctx, { body }) => applyForPolicy(ctx, body),
})

const step = operation({
  method: 'post',
  path: '/applications/{id}/{step}',
  summary: '办理政策申请的一步：受理、退回补正、确认已享受、不予通过、再次提交、撤回',
  tag,
  by: ['enterprise', 'regulator'],
  params: stepParams,
  body: stepBody,
  answer: z.object({ id: z.uuid(), state: z.string(), version: z.number().int() }),
  refusals: ['conflict', 'missing'],
  run: async (ctx, { params, body }) => {
    const row = await takeApplicationStep(ctx, params.id, { ...body, step: params.step })
    return 'kind' in row ? row : { id: row.id, state: row.state, version: row.version }
  },
})

const aware = operation({
  method: 'get',
  path: '/awareness/{slug}',
  summary: '一项政策在本辖区的知晓情况：送达、打开、办理',
  tag,
  by: ['regulator', 'admin'],
  params: slugParams,
  answer: awarenessAnswer,
  refusals: ['missing'],
  run: async (ctx, { params }) => {
    const found = await followPolicy(ctx, params.slug, today(ctx))
    return found
      ? { slug: params.slug, regions: await awareness(ctx, 'policy', found.current.policyId) }
      : refuse('missing', '没有这项政策。')
  },
})

export const operations: readonly Operation[] = [matchMine, matchOne, matchAny, listMine, getOne, apply, step, aware]
