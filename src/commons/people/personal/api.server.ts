/** REST operations about one's own information: for everybody who is signed in, with or without a seat. */
import { z } from 'zod'
import { roles, type Role } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { askForRenewal } from '../renewal.server.ts'
import { idParams } from '../schema.ts'
import { correctMyself, eraseMyself, setConsent } from './commands.server.ts'
import { asSelf, ownData } from './queries.server.ts'
import { consentBody, consentParams, correctionForm, erasureForm } from './schema.ts'

/** Somebody signed in whose delegation has ended still owns their information; a visitor who is not is refused by the command. */
const everybody = Object.keys(roles) as Role[]
const tag = '个人信息'

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/me/data',
    summary: '平台上关于我的全部信息',
    tag,
    by: everybody,
    answer: z
      .object({
        person: z.object({ id: z.string(), name: z.string(), number: z.string(), version: z.number() }).loose(),
        memberships: z.array(z.object({}).loose()),
        agencies: z.array(z.object({}).loose()),
        consents: z.array(z.object({ purpose: z.string(), given: z.boolean() }).loose()),
        activity: z.array(z.object({ subject: z.string(), action: z.string(), n: z.number() }).loose()),
      })
      .loose(),
    refusals: ['forbidden'],
    run: async (ctx) => {
      const who = await asSelf(ctx)
      return isRefusal(who) ? who : ownData(ctx, who.row)
    },
  }),
  operation({
    method: 'put',
    path: '/me/data',
    summary: '更正我的姓名、手机号、电子邮箱',
    tag,
    by: everybody,
    body: correctionForm,
    answer: z.object({ version: z.number() }),
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => correctMyself(ctx, body),
  }),
  operation({
    method: 'put',
    path: '/me/data/consents/{purpose}',
    summary: '作出或撤回一项同意',
    tag,
    by: everybody,
    params: consentParams,
    body: consentBody,
    answer: z.object({ purpose: z.string(), given: z.boolean(), changedAt: z.string().nullable() }),
    refusals: ['forbidden', 'missing'],
    run: (ctx, { params, body }) => setConsent(ctx, params.purpose, body.given),
  }),
  operation({
    method: 'delete',
    path: '/me/data',
    summary: '删除我的账号和个人信息',
    tag,
    by: everybody,
    body: erasureForm,
    answer: z.object({ erasedAt: z.string() }),
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => eraseMyself(ctx, body),
  }),
  operation({
    method: 'post',
    path: '/me/memberships/{id}/ask-renewal',
    summary: '请求续期我的授权',
    tag: '企业与人员',
    by: everybody,
    params: idParams,
    answer: z.object({ askedAt: z.string(), renewers: z.string() }),
    refusals: ['missing', 'conflict'],
    run: (ctx, { params }) => askForRenewal(ctx, params.id),
  }),
]
