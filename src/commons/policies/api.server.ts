/** REST operations of policies. */
import { z } from 'zod'
import { refuse } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { newSlug, saveDraft, takeStep } from './commands.server.ts'
import { dryRun } from './dry-run.server.ts'
import { setEvent } from './events.server.ts'
import { findPolicy, listEvents } from './queries.server.ts'
import {
  draftBody,
  dryRunBody,
  eventBody,
  eventParams,
  listQuery,
  newDraftBody,
  slugParams,
  stepBody,
  stepParams,
  versionParams,
} from './schema.ts'
import { listPolicies } from './search.server.ts'

const tag = '政策'
const writers = ['regulator', 'admin'] as const
const policy = z
  .object({
    policyId: z.string(),
    versionId: z.string(),
    slug: z.string(),
    number: z.number(),
    state: z.string(),
    status: z.string(),
    publishedAt: z.string(),
    content: contentAnswer(),
  })
  .loose()
const version = z
  .object({ id: z.string(), slug: z.string(), number: z.number(), state: z.string(), version: z.number(), content: contentAnswer() })
  .loose()
const example = z.object({ orgId: z.string(), name: z.string(), region: z.string(), sentence: z.string() })
const trial = z.object({
  region: z.string(),
  asOf: z.string(),
  source: z.union([z.object({ kind: z.literal('engine') }), z.object({ kind: z.enum(['sql', 'profiles']), why: z.string() })]),
  total: z.number(),
  eligible: z.number(),
  unknown: z.number(),
  ineligible: z.number(),
  compared: z.number(),
  examples: z.object({ eligible: z.array(example), nearest: z.array(example), unknown: z.array(example) }),
  change: z
    .object({ since: z.number(), newlyIn: z.number(), newlyOut: z.number(), inExamples: z.array(example), outExamples: z.array(example) })
    .optional(),
})
const event = z
  .object({
    id: z.string(),
    name: z.string(),
    startsOn: z.string().nullable(),
    endsOn: z.string().nullable(),
    source: z.string(),
    version: z.number(),
  })
  .loose()

/** As it is sent, so is it given; the rule's own check needs no second telling. */
function contentAnswer() {
  return z.object({ slug: z.string(), title: z.string(), rule: z.unknown() }).loose().describe('政策全文，结构同起草接口的 content')
}

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/policies',
    summary: '政策库：检索、筛选和各项计数',
    tag,
    by: 'public',
    query: listQuery,
    answer: z.object({ items: z.array(policy), total: z.number(), counts: z.record(z.string(), z.record(z.string(), z.number())) }),
    run: async (ctx, { query: { limit, ...query } }) => {
      const { rows, total, counts } = await listPolicies(ctx, { ...query, pageSize: limit })
      return { items: rows, total, counts }
    },
  }),
  operation({
    method: 'get',
    path: '/policies/{slug}',
    summary: '一份政策的现行版本',
    tag,
    by: 'public',
    params: slugParams,
    answer: policy,
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const found = await findPolicy(ctx, params.slug)
      return found?.current ? { ...found.current, status: found.status } : refuse('missing', '没有这份政策')
    },
  }),
  operation({
    method: 'get',
    path: '/policies/{slug}/versions',
    summary: '一份政策的各个版本（草稿仅辖区监管人员可见）',
    tag,
    by: 'public',
    params: slugParams,
    answer: z.object({ items: z.array(version) }),
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const found = await findPolicy(ctx, params.slug)
      return found ? { items: found.versions } : refuse('missing', '没有这份政策')
    },
  }),
  operation({
    method: 'post',
    path: '/policies/drafts',
    summary: '起草新政策，或为已有政策（同一 slug）起草新版',
    tag,
    by: writers,
    body: newDraftBody,
    answer: version,
    refusals: ['conflict'],
    run: async (ctx, { body: { content } }) =>
      saveDraft(ctx, { content: { ...content, slug: content.slug || (await newSlug(ctx, content)) } }),
  }),
  operation({
    method: 'put',
    path: '/policies/drafts/{versionId}',
    summary: '修改草稿',
    tag,
    by: writers,
    params: versionParams,
    body: draftBody,
    answer: version,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => saveDraft(ctx, { ...body, versionId: params.versionId }),
  }),
  operation({
    method: 'post',
    path: '/policies/versions/{versionId}/{step}',
    summary: '提交、退回、撤回、发布或废止一个版本',
    tag,
    by: writers,
    params: stepParams,
    body: stepBody,
    answer: version,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => takeStep(ctx, params.versionId, { ...body, step: params.step }),
  }),
  operation({
    method: 'post',
    path: '/policies/dry-run',
    summary: '试算：一份政策的条件今天会落到哪些企业',
    tag,
    by: writers,
    body: dryRunBody,
    answer: trial,
    run: (ctx, { body: { content, region } }) => dryRun(ctx, content, { region }),
  }),
  operation({
    method: 'get',
    path: '/policy-events',
    summary: '政策提到的事件及其起止日期',
    tag,
    by: 'public',
    answer: z.object({ items: z.array(event) }),
    run: async (ctx) => ({ items: await listEvents(ctx) }),
  }),
  operation({
    method: 'put',
    path: '/policy-events/{id}',
    summary: '登记事件或录入起止日期（国家级监管人员、平台管理员）',
    tag,
    by: writers,
    params: eventParams,
    body: eventBody,
    answer: event,
    refusals: ['conflict'],
    run: (ctx, { params, body }) => setEvent(ctx, { id: params.id, ...body }),
  }),
]
