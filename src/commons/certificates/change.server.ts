/** What happens to a certificate after it was issued: another takes its place, or it is withdrawn by two people. Nothing is ever deleted. */
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { isUuid } from '../people/index.ts'
import type { CertificateDraft } from './content.ts'
import { issue, tellCertificate } from './issue.server.ts'
import type { Certificate } from './model.ts'
import { seen } from './queries.server.ts'
import { workflow, type CertificateStep } from './workflow.ts'

const stale = () => refuse('conflict', '您打开之后这份证书已有变化，请核对最新情况后再办理；您填的内容还在本页。', { code: 'STALE' })

async function lock(tx: Ctx, id: string, version: number): Promise<Certificate | Refusal> {
  const row = isUuid(id)
    ? await tx.db.selectFrom('certificates').selectAll().where('id', '=', id).where(seen(tx)).forUpdate().executeTakeFirst()
    : undefined
  if (!row) return refuse('missing', '没有这份证书，或不归您办理。')
  return row.version === version ? (row as Certificate) : stale()
}

const set = (tx: Ctx, row: Certificate, values: Partial<Omit<Certificate, 'version' | 'assigned' | 'content'>>) =>
  tx.db
    .updateTable('certificates')
    .set({ ...values, version: sql`version + 1`, changed_at: tx.now, changed_by_name: tx.actor.name })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()

export interface Amending {
  version: number
  draft: CertificateDraft
  reason: string
}

/** A whole new certificate under a new number takes its place (ISO/IEC 17025 7.8.8); the old one stays readable. Gives the new one. */
export const amendCertificate = (ctx: Ctx, id: string, { version, draft, reason }: Amending): Promise<Certificate | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'amend', tx.actor, tx.now, reason)
    if (isRefusal(next)) return next
    const why = reason.trim()
    // The line of the order is free for the new one only when the old one has left it; the reference is checked when both are there.
    const org = { province: row.province, id: row.org_id, region: row.region }
    const fresh = await issue(tx, { draft, org, orderId: row.order_id ?? undefined }, { id: row.id, number: row.number, reason: why })
    if (isRefusal(fresh)) return fresh
    await set(tx, row, { state: next.to, reason: why, replaced_by: fresh.id })
    if (row.line_id)
      await tx.db
        .updateTable('certificates')
        .set({ line_id: row.line_id })
        .where('province', '=', fresh.province)
        .where('id', '=', fresh.id)
        .execute()
    await tellCertificate(tx, row, 'amended', { reason: why, replacedBy: fresh.id, number: fresh.number })
    return { ...fresh, line_id: row.line_id }
  })

const pastOf = { 'ask-withdrawal': 'withdrawal-asked', keep: 'kept', withdraw: 'withdrawn' } as const

export interface Withdrawing {
  step: Exclude<CertificateStep, 'amend'>
  version: number
  opinion: string
}

/** 申请撤销、不撤销、撤销: the reason is the asker's, another approver carries it out. */
export const withdrawCertificate = (ctx: Ctx, id: string, { step, version, opinion }: Withdrawing): Promise<Certificate | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, step, tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    const asked =
      step === 'ask-withdrawal'
        ? { asked_by: tx.actor.id, asked_by_name: tx.actor.name, reason: opinion.trim() }
        : step === 'keep'
          ? { asked_by: null, asked_by_name: null, reason: null }
          : {}
    await set(tx, row, { state: next.to, ...asked })
    await tellCertificate(tx, row, pastOf[step], { reason: asked.reason ?? row.reason })
    return { ...row, ...asked, state: next.to, version: row.version + 1 }
  })
