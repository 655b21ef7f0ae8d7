/** Labels of one's own ledger: which, as a document; a new one for a label that is lost or was copied. */
import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { lockInstrument, noInstrument, stale } from '../change.server.ts'
import { sortKey } from '../keys.ts'
import type { Instrument } from '../model.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { eachInstrument, findInstrument, type InstrumentQuery } from '../queries.server.ts'
import { newToken } from '../register.server.ts'
import { labelOf, type LabelContent } from './content.ts'

/** More than this on one document is printed in parts. */
export const mostLabels = 10_000

/** In the order of their codes, as people look for them in a stack of sheets; no more than `mostLabels`. */
export async function labelsFor(ctx: Ctx, query: InstrumentQuery): Promise<LabelContent[]> {
  const labels: LabelContent[] = []
  for await (const rows of eachInstrument(ctx, query)) {
    labels.push(...rows.map(labelOf))
    if (labels.length >= mostLabels) break
  }
  const keyed = labels.slice(0, mostLabels).map((label) => ({ label, key: sortKey(label.code) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ label }) => label)
}

/** Gives the instrument a new label; from now on the old one opens nothing. `version` is the one that was looked at. */
export const renewLabel = (ctx: Ctx, id: string, version: number): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockInstrument(tx, id)
    if (!row) return noInstrument()
    if (row.version !== version) return stale()
    await tx.db
      .updateTable('instruments')
      .set({ token: newToken(), changed_at: tx.now, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await announce(tx, {
      subject: 'instrument',
      subjectId: row.id,
      action: 'label-renewed',
      province: row.province,
      region: row.region,
      orgId: row.org_id,
      title: `${row.code} ${row.name}`,
    })
    return (await findInstrument(tx, id))!
  })
