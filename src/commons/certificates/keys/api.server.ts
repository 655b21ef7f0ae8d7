/** Signing keys for programs: see them, make, renew and revoke one. The private part never leaves the platform. */
import { z } from 'zod'
import { isRefusal } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { establishKey, renewKey, revokeKey } from './change.server.ts'
import { keyStates } from './model.ts'
import { findOwnKey, listKeys, type KeyRow } from './queries.server.ts'
import { suiteNames, suiteOf } from './suites.server.ts'

const tag = '证书'
const keys = <T extends object>(words: T) => Object.keys(words) as [keyof T & string, ...(keyof T & string)[]]
const params = z.object({ id: z.uuid('标识不正确') })
const version = z.number('缺少版本号').int()

const answer = z.object({
  id: z.uuid(),
  owner: z.string(),
  state: z.enum(keys(keyStates)),
  algorithm: z.enum(suiteNames).nullable(),
  fingerprint: z.string(),
  certificate: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
  revokedAt: z.string().nullable(),
  doubtedSince: z.string().nullable(),
  reason: z.string().nullable(),
  signed: z.number().int(),
  version: z.number().int(),
})

const shown = (row: KeyRow) => ({
  id: row.id,
  owner: row.owner,
  state: row.state,
  algorithm: suiteOf(row.certificate)?.name ?? null,
  fingerprint: row.fingerprint,
  certificate: row.certificate,
  validFrom: row.not_before,
  validUntil: row.not_after,
  revokedAt: row.revoked_at,
  doubtedSince: row.compromised_at,
  reason: row.revoked_reason,
  signed: row.signed,
  version: row.version,
})

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/signing-keys',
    summary: '签名密钥：机构看自己的，监管人员看本辖区的',
    tag,
    by: ['approver', 'regulator', 'admin'],
    query: z.object({ page: z.coerce.number('页码须是数字').int().min(1).max(100_000).default(1) }),
    answer: z.object({ items: z.array(answer), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listKeys(ctx, query)
      return { items: rows.map(shown), total }
    },
  }),
  operation({
    method: 'post',
    path: '/signing-keys',
    summary: '建立签名密钥：第一把，或吊销以后',
    tag,
    by: ['approver'],
    answer,
    refusals: ['forbidden', 'conflict'],
    run: async (ctx) => {
      const made = await establishKey(ctx)
      return isRefusal(made) ? made : shown((await findOwnKey(ctx, made.id))!)
    },
  }),
  operation({
    method: 'post',
    path: '/signing-keys/{id}/renew',
    summary: '签名密钥换新：答复是新的一把',
    tag,
    by: ['approver', 'admin'],
    params,
    body: z.strictObject({ version }),
    answer,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const made = await renewKey(ctx, id, body)
      return isRefusal(made) ? made : shown((await findOwnKey(ctx, made.id))!)
    },
  }),
  operation({
    method: 'post',
    path: '/signing-keys/{id}/revoke',
    summary: '吊销签名密钥：写明原因，和从哪一天起签的不能采信',
    tag,
    by: ['approver', 'admin'],
    params,
    body: z.strictObject({
      version,
      opinion: z.string().trim().min(1, '请写明吊销的原因').max(300),
      since: z.iso.date('日期写成 2026-11-24 这样'),
    }),
    answer,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const done = await revokeKey(ctx, id, body)
      return isRefusal(done) ? done : shown((await findOwnKey(ctx, done.id))!)
    },
  }),
]
