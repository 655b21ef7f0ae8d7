/** A key is made, renewed or revoked by hand: by an approver of the institution, or by the platform. Nothing is ever deleted. */
import { sql } from 'kysely'
import { z } from 'zod'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../../people/index.ts'
import { asProtected, type SigningKey } from './model.ts'
import { createKey, currentKey, lockOwner, tellKey, type Owner } from './signer.server.ts'
import { readers, workflow } from './workflow.ts'

const stale = () => refuse('conflict', '您打开之后这把密钥已有变化，请核对最新情况后再办理；您填的内容还在本页。', { code: 'STALE' })

async function lock(tx: Ctx, id: string, version: number): Promise<SigningKey | Refusal> {
  const found = isUuid(id)
    ? await tx.db
        .selectFrom('signing_keys')
        .select(['province', 'institution_id'])
        .where('id', '=', id)
        .where(visible(tx.actor, readers, { own: 'institution_id' }))
        .executeTakeFirst()
    : undefined
  if (!found) return refuse('missing', '没有这把签名密钥，或不归您办理。请从“签名密钥”列表打开，或请本机构的批准人办理。')
  await lockOwner(tx, { province: found.province, id: found.institution_id })
  const row = await tx.db.selectFrom('signing_keys').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  return row.version === version ? row : stale()
}

const ownerOf = (row: SigningKey): Owner => ({ province: row.province, id: row.institution_id, region: row.region, name: row.owner })

const set = (tx: Ctx, row: SigningKey, values: Partial<Omit<SigningKey, 'version'>>) =>
  tx.db
    .updateTable('signing_keys')
    .set({ ...values, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()

/** The approver's institution gets a key: its first, or one after the last was revoked. */
export const establishKey = (ctx: Ctx): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const { actor } = tx
    if (actor.role !== 'approver') return refuse('forbidden', '签名密钥由机构的批准人建立，请批准人登录后办理。')
    const owner = { province: actor.region.slice(0, 2), id: actor.org_id, region: actor.region, name: actor.org_name }
    await lockOwner(tx, owner)
    if (await currentKey(tx, owner)) return refuse('conflict', '本机构已有可以签发的密钥；要换的，请打开它点“换新”。')
    const { id } = await createKey(tx, owner)
    return { id }
  })

/** Another takes its place at once; gives the new one. */
export const renewKey = (ctx: Ctx, id: string, { version }: { version: number }): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, asProtected(row), 'renew', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const fresh = await createKey(tx, ownerOf(row))
    await set(tx, row, { state: next.to })
    await tellKey(tx, ownerOf(row), row.id, 'renewed', { fingerprint: row.fingerprint, replacedBy: fresh.id })
    return { id: fresh.id }
  })

export interface Revoking {
  version: number
  opinion: string
  /** Day (`YYYY-MM-DD`, Shanghai) from which others may have had it: what was signed before stays good. */
  since: string
}

export const revokeKey = (ctx: Ctx, id: string, { version, opinion, since }: Revoking): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, asProtected(row), 'revoke', tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    const wrong = dayProblem(since, shanghaiDate(tx.now))
    if (wrong) return refuse('invalid', `${wrong}。`, { fields: { since: wrong } })
    const compromised = new Date(`${since}T00:00:00+08:00`).toISOString()
    const reason = opinion.trim()
    await set(tx, row, {
      state: next.to,
      revoked_at: tx.now,
      revoked_reason: reason,
      revoked_by_name: tx.actor.name,
      compromised_at: compromised,
    })
    await tellKey(tx, ownerOf(row), row.id, 'revoked', { fingerprint: row.fingerprint, reason, compromisedAt: compromised })
    return { id: row.id }
  })

function dayProblem(day: string, today: string): string | undefined {
  if (!z.iso.date().safeParse(day).success) return '请填写从哪一天起不能采信，例如 2026-11-24'
  return day > today ? '不能采信的日期不能晚于今天；从今天起的填今天' : undefined
}
