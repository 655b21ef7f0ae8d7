/** Enters the ledgers of the demo enterprises, as an import would have. */
import { readDraft } from '../commons/instruments/index.ts'
import { refreshHoldings, registerMany } from '../commons/instruments/index.server.ts'
import { isRefusal } from '../core/refusal.ts'
import { inTx, type Ctx } from '../platform/db.server.ts'
import { enterprises } from './enterprises.ts'
import { ledgerOf } from './ledgers.ts'

/** How many instruments were entered. `orgs`: key of the demo world → the organisation. */
export async function tellLedgers(
  ctx: Ctx,
  orgs: ReadonlyMap<string, { id: string; province: string; region: string }>,
  today: string,
): Promise<number> {
  let told = 0
  for (const firm of enterprises) {
    const entering = ledgerOf(firm, today).map((input) => {
      const { draft, problems } = readDraft(input, today)
      if (!draft) throw new Error(`演示台账 ${firm.key} ${input.code}：${problems.map(({ reason }) => reason).join('；')}`)
      return { draft }
    })
    if (entering.length === 0) continue
    const org = orgs.get(firm.key)!
    const done = await inTx(ctx, async (tx) => {
      const ids = await registerMany(tx, org, entering, { detail: { source: '演示台账' } })
      const fact = await refreshHoldings(tx, org.id)
      return isRefusal(fact) ? fact : ids.length
    })
    if (isRefusal(done)) throw new Error(`演示台账被拒绝：${done.reason}`)
    told += done
  }
  return told
}
