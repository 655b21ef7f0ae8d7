/** The certificate's file to a result: PDF, picture or digital certificate. */
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { storeFile } from '../../files/index.server.ts'
import type { StoredFile } from '../../files/index.ts'
import type { Check } from '../model.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { isId } from '../queries.server.ts'
import { readers } from '../workflow.ts'
import { certificateFile } from './model.ts'
import '../tables.server.ts'

/** A result with the instrument that it belongs to; nothing for a foreign one. */
export async function findResult(ctx: Ctx, id: string): Promise<(Check & { code: string; name: string }) | undefined> {
  if (!isId(id)) return undefined
  const row = await ctx.db
    .selectFrom('instrument_checks as c')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 'c.province').onRef('i.id', '=', 'c.instrument_id'))
    .selectAll('c')
    .select(['i.code', 'i.name'])
    .where('c.id', '=', id)
    .where(visible(ctx.actor, readers, { table: 'c' }))
    .executeTakeFirst()
  return row as (Check & { code: string; name: string }) | undefined
}

/** Keeps the file with the result. A later one takes its place; the earlier one stays on record. */
export const attachFile = (ctx: Ctx, checkId: string, file: { name: string; bytes: Uint8Array }): Promise<StoredFile | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const check = isId(checkId)
      ? await tx.db
          .selectFrom('instrument_checks')
          .select(['province', 'id', 'org_id', 'region', 'instrument_id', 'done_on', 'voided_at', 'file_id'])
          .where('id', '=', checkId)
          .where(visible(tx.actor, readers))
          .forUpdate()
          .executeTakeFirst()
      : undefined
    if (!check) return refuse('missing', '没有这条检定、校准记录，或不归您管。')
    if (check.voided_at) return refuse('conflict', '这条记录已经作废，不能再上传证书；请录入正确的结果后上传。')
    const stored = await storeFile(tx, {
      org,
      subject: 'instrument-check',
      subjectId: check.id,
      ...file,
      allow: certificateFile.types,
      maxBytes: certificateFile.bytes,
    })
    if (isRefusal(stored)) return stored
    await tx.db
      .updateTable('instrument_checks')
      .set({ file_id: stored.id })
      .where('province', '=', check.province)
      .where('id', '=', check.id)
      .execute()
    const { code, name } = (await findResult(tx, check.id))!
    await announce(tx, {
      subject: 'instrument',
      subjectId: check.instrument_id,
      action: 'certificate-attached',
      province: check.province,
      region: check.region,
      orgId: check.org_id,
      title: `${code} ${name}`,
      detail: {
        checkId: check.id,
        doneOn: check.done_on,
        fileId: stored.id,
        sha256: stored.sha256,
        ...(check.file_id && { before: check.file_id }),
      },
    })
    return stored
  })
