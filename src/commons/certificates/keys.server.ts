/** The keys that institutions sign with: made when first needed, sealed, revoked by the platform. */
import { sql } from 'kysely'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { seal, unseal } from '../../platform/sealed.server.ts'
import type { SigningKey } from './tables.server.ts'
import { fingerprintOf, makeKey, validityOf, type KeyPair } from './x509.server.ts'

export interface Signer extends KeyPair {
  id: string
  fingerprint: string
}

interface Owner {
  province: string
  id: string
  region: string
  name: string
}

const about = (id: string) => `signing-key:${id}`

/** The institution's key of today, a new one where there is none. Its organisation is locked, so that two issues do not make two. */
export async function signerOf(tx: Ctx, owner: Owner): Promise<Signer | Refusal> {
  await sql`select 1 from organisations where province = ${owner.province} and id = ${owner.id} for update`.execute(tx.db)
  const row = await tx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where('province', '=', owner.province)
    .where('institution_id', '=', owner.id)
    .where('revoked_at', 'is', null)
    .where('not_before', '<=', tx.now)
    .where('not_after', '>', tx.now)
    .orderBy('not_after', 'desc')
    .executeTakeFirst()
  if (!row) return createKey(tx, owner)
  const privateKey = unseal(row.sealed_key, about(row.id))
  return privateKey
    ? { id: row.id, privateKey, certificate: row.certificate, fingerprint: row.fingerprint }
    : refuse('conflict', '签名密钥打不开（平台的 SECRET 可能换过），请联系平台管理员恢复 SECRET，或吊销这把密钥后重新出具。', {
        code: 'KEY_SEALED',
      })
}

async function createKey(tx: Ctx, owner: Owner): Promise<Signer> {
  // Valid from the start of its hour: an X.509 date has no fractions of a second.
  const notBefore = `${new Date(tx.now).toISOString().slice(0, 13)}:00:00.000Z`
  const pair = await makeKey({ owner: owner.name, notBefore })
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
      sealed_key: seal(pair.privateKey, about(id)),
      certificate: pair.certificate,
      fingerprint,
      not_before: from,
      not_after: until,
      revoked_at: null,
      revoked_reason: null,
      created_at: tx.now,
    })
    .execute()
  await tellKey(tx, owner, id, 'created', { fingerprint })
  return { ...pair, id, fingerprint }
}

const tellKey = (tx: Ctx, owner: Owner, id: string, action: string, detail: Record<string, unknown>) =>
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

/** By the platform, when a key may have been seen by others. What was signed before is on record and stays checkable. */
export const revokeKey = (ctx: Ctx, fingerprint: string, reason: string): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'admin') return refuse('forbidden', '签名密钥由平台吊销。')
    if (!reason.trim()) return refuse('invalid', '请写明吊销的原因。', { fields: { reason: '请写明吊销的原因' } })
    const row = await tx.db.selectFrom('signing_keys').selectAll().where('fingerprint', '=', fingerprint).forUpdate().executeTakeFirst()
    if (!row) return refuse('missing', '没有这把签名密钥。')
    if (row.revoked_at) return refuse('conflict', '这把签名密钥已经吊销。')
    await tx.db
      .updateTable('signing_keys')
      .set({ revoked_at: tx.now, revoked_reason: reason.trim(), version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tellKey(tx, { province: row.province, id: row.institution_id, region: row.region, name: row.owner }, row.id, 'revoked', {
      fingerprint,
      reason: reason.trim(),
    })
    return { id: row.id }
  })

export const findKey = ({ db }: Pick<Ctx, 'db'>, fingerprint: string): Promise<SigningKey | undefined> =>
  db.selectFrom('signing_keys').selectAll().where('fingerprint', '=', fingerprint).executeTakeFirst()
