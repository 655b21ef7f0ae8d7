/** The key that an institution signs with: made when first needed, sealed. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { seal, unseal } from '../../../platform/sealed.server.ts'
import { signingSuite } from '../settings.server.ts'
import { fingerprintOf, makeKey, validityOf, type KeyPair } from '../x509.server.ts'
import type { SigningKey } from './model.ts'
import { suiteOf } from './suites.server.ts'
import { workflow } from './workflow.ts'
import '../tables.server.ts'

export interface Signer extends KeyPair {
  id: string
  fingerprint: string
}

export interface Owner {
  province: string
  id: string
  region: string
  name: string
}

const about = (id: string) => `signing-key:${id}`

/** Keys change one after the other: two issues do not make two, and none signs while it is being revoked. */
export const lockOwner = (tx: Ctx, { province, id }: Pick<Owner, 'province' | 'id'>) =>
  sql`select 1 from organisations where province = ${province} and id = ${id} for update`.execute(tx.db)

/** The newest that is in force today and of the suite that the installation signs with. */
export async function currentKey(ctx: Ctx, owner: Pick<Owner, 'province' | 'id'>): Promise<SigningKey | undefined> {
  const rows = await ctx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where('province', '=', owner.province)
    .where('institution_id', '=', owner.id)
    .where('state', '=', 'active')
    .where('not_before', '<=', ctx.now)
    .where('not_after', '>', ctx.now)
    .orderBy('not_after', 'desc')
    .orderBy('created_at', 'desc')
    .execute()
  return rows.find(({ certificate }) => suiteOf(certificate)?.name === signingSuite())
}

/** The institution's key of today, a new one where there never was one or the last has ended. After a revocation a person decides. */
export async function signerOf(tx: Ctx, owner: Owner): Promise<Signer | Refusal> {
  await lockOwner(tx, owner)
  const row = await currentKey(tx, owner)
  if (row) return opened(row)
  const last = await tx.db
    .selectFrom('signing_keys')
    .select(['state', 'revoked_at'])
    .where('province', '=', owner.province)
    .where('institution_id', '=', owner.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (last?.state === 'revoked')
    return refuse(
      'conflict',
      `本机构的签名密钥已于 ${shanghaiDate(last.revoked_at!)} 吊销，不能签发。请批准人到“签名密钥”（/certificates/keys）建立新的密钥，再来签发；填好的内容不会丢。`,
      { code: 'KEY_REVOKED' },
    )
  return createKey(tx, owner)
}

function opened(row: SigningKey): Signer | Refusal {
  const privateKey = unseal(row.sealed_key, about(row.id))
  return privateKey
    ? { id: row.id, privateKey, certificate: row.certificate, fingerprint: row.fingerprint }
    : refuse(
        'conflict',
        '签名密钥打不开（平台的 SECRET 可能换过），请联系平台管理员恢复 SECRET，或到“签名密钥”（/certificates/keys）换一把新的再签发。',
        { code: 'KEY_SEALED' },
      )
}

export async function createKey(tx: Ctx, owner: Owner): Promise<Signer> {
  // Valid from the start of its hour: an X.509 date has no fractions of a second.
  const notBefore = `${new Date(tx.now).toISOString().slice(0, 13)}:00:00.000Z`
  const pair = makeKey({ owner: owner.name, notBefore, suite: signingSuite() })
  const id = uuidv7()
  const fingerprint = fingerprintOf(pair.certificate)
  const { from, until } = validityOf(pair.certificate)
  await tx.db
    .insertInto('signing_keys')
    .values({
      province: owner.province,
      id,
      institution_id: owner.id,
      region: owner.region,
      owner: owner.name,
      state: workflow.start,
      sealed_key: seal(pair.privateKey, about(id)),
      certificate: pair.certificate,
      fingerprint,
      not_before: from,
      not_after: until,
      revoked_at: null,
      revoked_reason: null,
      revoked_by_name: null,
      compromised_at: null,
      created_at: tx.now,
    })
    .execute()
  await tellKey(tx, owner, id, 'created', { fingerprint })
  return { ...pair, id, fingerprint }
}

export const tellKey = (tx: Ctx, owner: Owner, id: string, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'signing-key',
    subjectId: id,
    action,
    province: owner.province,
    region: owner.region,
    orgId: owner.id,
    title: owner.name,
    detail,
  })
