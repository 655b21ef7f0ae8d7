/** What a person settles of an instrument with a basis: whether it is mandatory where the catalogue leaves that open, and how often it is done. */
import { sql } from 'kysely'
import { validUntil } from '../../core/due-day.ts'
import { findKind } from '../../core/instrument-kinds.ts'
import { mandatoryOf } from '../../core/mandatory.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { lockInstrument, noInstrument, stale } from './change.server.ts'
import { tell } from './checks.server.ts'
import type { Instrument, IntervalSource } from './model.ts'
import { ownLedger, parents } from './own-kinds.server.ts'
import { findInstrument } from './queries.server.ts'

/** Settles what the catalogue leaves open, with the basis; a firm rule is not put to the vote. */
export const confirmMandatory = (
  ctx: Ctx,
  id: string,
  form: { verdict: 'yes' | 'no'; basis: string; version: number },
): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockInstrument(tx, id)
    if (!row) return noInstrument()
    if (row.version !== form.version) return stale()
    const basis = form.basis.trim()
    if (!basis) return refuse('invalid', '请写明依据，如证书编号或强检备案编号。', { fields: { basis: '请写明依据' } })
    const kind = row.kind ?? (row.own_kind ? (await parents(tx, org))(row.own_kind) : null)
    const today = shanghaiDate(tx.now)
    const ruled = mandatoryOf({ kind, use: row.use, onDate: today })
    if (ruled.verdict !== 'unknown' && !ruled.toVerify)
      return refuse('conflict', `${ruled.reason}（${ruled.citations.join('；')}），不需要另行确认；用途或种类填错的请改正。`)
    const confirmed = { verdict: form.verdict, basis, by: tx.actor.id, byName: tx.actor.name, on: today }
    const settled = mandatoryOf({ kind, use: row.use, onDate: today, confirmed })
    await tx.db
      .updateTable('instruments')
      .set({
        mandatory: settled.verdict,
        mandatory_reason: settled.reason,
        mandatory_to_verify: settled.toVerify,
        mandatory_confirmed: jsonb(confirmed) as never,
        changed_at: tx.now,
        version: sql`version + 1`,
      })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tell(tx, row, 'mandatory-confirmed', { verdict: form.verdict, opinion: basis })
    return (await findInstrument(tx, id))!
  })

/** Sets the interval; a mandatory one follows its regulation and is never made longer. */
export const setInterval = (
  ctx: Ctx,
  id: string,
  form: { months: number; source: IntervalSource; basis: string; version: number },
): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockInstrument(tx, id)
    if (!row) return noInstrument()
    if (row.version !== form.version) return stale()
    const { months, source } = form
    if (!Number.isInteger(months) || months < 1 || months > 120)
      return refuse('invalid', '间隔请填 1 到 120 的整月数。', { fields: { months: '请填 1 到 120 的整月数' } })
    if (row.mandatory !== 'no' && source === 'advice')
      return refuse('conflict', '强制检定的周期由检定规程规定，不能按间隔建议调整（《计量法》第九条）；是否强制检定待判定的，请先判定。')
    const limit = row.mandatory === 'yes' ? longestOf(row.kind) : undefined
    if (limit && months > limit.months && limit.firm)
      return refuse('conflict', `${limit.regulation} 规定周期不超过 ${limit.months} 个月，不能延长。`, {
        fields: { months: `不超过 ${limit.months} 个月` },
      })
    const until = row.last_done_on && row.last_conclusion !== 'fail' ? validUntil(row.last_done_on, months) : row.valid_until
    await tx.db
      .updateTable('instruments')
      .set({ interval_months: months, interval_source: source, valid_until: until, changed_at: tx.now, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tell(tx, row, 'interval-set', { before: row.interval_months, after: months, validUntil: until, opinion: form.basis })
    return (await findInstrument(tx, id))!
  })

/** The longest interval that the regulations of a kind give, and whether that is certain enough to refuse by it. */
export function longestOf(kind: string | null): { regulation: string; months: number; firm: boolean } | undefined {
  const found = (kind === null ? undefined : findKind(kind))?.regulations.filter(({ months }) => months !== undefined) ?? []
  const longest = found.toSorted((a, b) => b.months! - a.months!)[0]
  return (
    longest && {
      regulation: `${longest.no}《${longest.title}》`,
      months: longest.months!,
      firm: longest.confidence.startsWith('high') && longest.trust !== 'model-knowledge',
    }
  )
}
