/** REST operations of people. */
import { z } from 'zod'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { checkUscc } from '../../core/uscc.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { delegate, endMembership, recordFact, renewMembership } from './commands.server.ts'
import { listMemberships, listOrganisations, profileOf } from './queries.server.ts'
import { endForm, factForm, factParams, grantForm, idParams, organisationQuery, renewForm } from './schema.ts'

const organisation = z
  .object({ id: z.string(), name: z.string(), uscc: z.string().nullable(), region: z.string(), kind: z.string() })
  .loose()
const profile = z
  .object({
    org: organisation,
    stored: z.array(z.object({ fact: z.string(), value: z.unknown(), source: z.string(), asOf: z.string() }).loose()),
    size: z.object({ possible: z.array(z.string()), missing: z.array(z.string()) }).loose(),
    stale: z.array(z.string()),
  })
  .loose()
const membership = z
  .object({
    id: z.string(),
    personName: z.string(),
    duty: z.string(),
    scope: z.array(z.string()),
    endsOn: z.string().nullable(),
    state: z.string(),
    version: z.number(),
  })
  .loose()
const tag = '企业与人员'

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/uscc/{code}',
    summary: '核对统一社会信用代码（GB 32100-2015）',
    tag,
    by: 'public',
    params: z.object({ code: z.string() }),
    answer: z.object({ code: z.string(), warnings: z.array(z.string()) }),
    run: async (_, { params }) => checkUscc(params.code),
  }),
  operation({
    method: 'get',
    path: '/me/profile',
    summary: '本企业的信息和划型',
    tag,
    by: ['enterprise'],
    answer: profile,
    refusals: ['missing'],
    run: async (ctx) => (await profileOf(ctx, ctx.actor.org_id)) ?? refuse('missing', '没有本企业的记录'),
  }),
  operation({
    method: 'put',
    path: '/me/profile/facts/{fact}',
    summary: '更新一项企业信息',
    tag,
    by: ['enterprise'],
    params: factParams,
    body: factForm,
    answer: z.object({ changed: z.array(z.string()) }),
    refusals: ['missing'],
    run: async (ctx, { params, body }) => {
      const today = shanghaiDate(ctx.now)
      const changed = await recordFact(ctx, {
        orgId: ctx.actor.org_id,
        fact: params.fact,
        value: body.value,
        source: '企业填报',
        asOf: body.asOf ?? today,
      })
      return isRefusal(changed) ? changed : { changed }
    },
  }),
  operation({
    method: 'get',
    path: '/me/people',
    summary: '本单位的授权',
    tag,
    by: ['enterprise'],
    answer: z.object({ items: z.array(membership) }),
    run: async (ctx) => ({ items: await listMemberships(ctx) }),
  }),
  operation({
    method: 'post',
    path: '/me/people',
    summary: '授权一位同事',
    tag,
    by: ['enterprise'],
    body: grantForm,
    answer: membership,
    refusals: ['missing', 'conflict'],
    run: (ctx, { body }) => delegate(ctx, body),
  }),
  operation({
    method: 'post',
    path: '/me/people/{id}/renew',
    summary: '续期一项授权',
    tag,
    by: ['enterprise', 'admin'],
    params: idParams,
    body: renewForm,
    answer: membership,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => renewMembership(ctx, params.id, body),
  }),
  operation({
    method: 'post',
    path: '/me/people/{id}/end',
    summary: '终止一项授权',
    tag,
    by: ['enterprise', 'admin'],
    params: idParams,
    body: endForm,
    answer: membership,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => endMembership(ctx, params.id, body),
  }),
  operation({
    method: 'get',
    path: '/organisations',
    summary: '辖区内的企业',
    tag,
    by: ['regulator', 'admin'],
    query: organisationQuery
      .pick({ q: true, kind: true, stale: true, limit: true })
      .extend({ page: z.coerce.number('页码须是数字').int().min(1).max(100_000).default(1) }),
    answer: z.object({ items: z.array(organisation), total: z.number() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listOrganisations(ctx, { ...query, pageSize: query.limit, sort: 'name', dir: 'asc' })
      return { items: rows, total }
    },
  }),
  operation({
    method: 'get',
    path: '/organisations/{id}',
    summary: '一家企业',
    tag,
    by: ['regulator', 'admin'],
    params: idParams,
    answer: organisation.extend({ profile: profile.omit({ org: true }) }),
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const found = await profileOf(ctx, params.id)
      if (!found) return refuse('missing', '没有这家企业，或不在您的辖区')
      const { org, stored, size, stale } = found
      return { ...org, profile: { stored, size, stale } }
    },
  }),
]
