/** A trace opens by itself with what was found, and ends with the record that it rests on. */
import { sql } from 'kysely'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { promiseClock, shanghaiDate } from '../../../core/promise-clock.ts'
import { recordNumber } from '../../../core/record-number.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { announce, nextNumber } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import type { LockedRow } from '../change.server.ts'
import type { Check } from '../model.ts'
import { tracePromise, type Trace } from './model.ts'
import './tables.server.ts'
import { workflow } from './workflow.ts'

interface Opening {
  check: Pick<Check, 'id' | 'done_on'>
  confirmationId?: string
  found: string
}

/** One for each result; asked for again, it is the same one. The points where the instrument stood since the last good day are listed. */
export async function openTrace(tx: Ctx, row: LockedRow, { check, confirmationId, found }: Opening): Promise<void> {
  const known = await tx.db
    .selectFrom('instrument_traces')
    .select('id')
    .where('province', '=', row.province)
    .where('check_id', '=', check.id)
    .where('state', '!=', 'voided')
    .executeTakeFirst()
  if (known) return
  const id = uuidv7()
  const year = Number(shanghaiDate(tx.now).slice(0, 4))
  const clock = promiseClock({ startedAt: tx.now, limit: tracePromise.limit, now: tx.now })
  const goodOn = await lastGood(tx, row, check)
  const number = recordNumber(row.province, year, await nextNumber(tx, row.province, workflow.name, year))
  await tx.db
    .insertInto('instrument_traces')
    .values({
      province: row.province,
      id,
      number,
      org_id: row.org_id,
      region: row.region,
      state: workflow.start,
      instrument_id: row.id,
      check_id: check.id,
      confirmation_id: confirmationId ?? null,
      found: found.slice(0, 500),
      good_on: goodOn,
      found_on: check.done_on,
      due_on: clock.statutory.due,
      due_provisional: clock.provisional,
      conclusion: null,
      signed_by: null,
      signed_by_name: null,
      signed_at: null,
      created_at: tx.now,
    })
    .execute()
  const uses = await placesOf(tx, row, goodOn, check.done_on)
  if (uses.length > 0)
    await tx.db
      .insertInto('instrument_trace_uses')
      .values(
        uses.map((use, i) => ({
          province: row.province,
          trace_id: id,
          n: i + 1,
          org_id: row.org_id,
          origin: 'ledger' as const,
          ...use,
          judgement: null,
          evidence: null,
          judged_by_name: null,
          judged_at: null,
        })),
      )
      .execute()
  await tellTrace(tx, row, id, 'opened', { number, found, uses: uses.length })
}

/** The newest earlier result by which it was good: passed a verification, or confirmed fit. */
async function lastGood({ db }: Ctx, row: LockedRow, check: Opening['check']): Promise<string | null> {
  const good = await db
    .selectFrom('instrument_checks')
    .select('done_on')
    .where('province', '=', row.province)
    .where('instrument_id', '=', row.id)
    .where('id', '!=', check.id)
    .where('voided_at', 'is', null)
    .where('done_on', '<=', check.done_on)
    .where((eb) => eb.or([eb('conclusion', '=', 'pass'), eb('confirmation', '=', 'fit')]))
    .orderBy('done_on', 'desc')
    .limit(1)
    .executeTakeFirst()
  return good?.done_on ?? null
}

interface Use {
  what: string
  used_from: string | null
  used_to: string | null
}

/** Where the ledger says that it stood, from the events that changed place or point; without any, where it stands now. */
async function placesOf({ db }: Ctx, row: LockedRow, from: string | null, to: string): Promise<Use[]> {
  const { rows } = await sql<{ on: string; before: Record<string, string | null> }>`
    select (at at time zone 'Asia/Shanghai')::date as on, detail -> 'before' as before from events
    where subject = 'instrument' and subject_id = ${row.id} and action = 'changed'
      and (detail -> 'before' ? 'place' or detail -> 'before' ? 'point') order by seq desc`.execute(db)
  const uses: Use[] = []
  let [place, point, until]: [string | null, string | null, string] = [row.place, row.point, to]
  for (const { on, before } of rows) {
    if (from !== null && on < from) break
    if (on <= until) uses.push(useOf(place, point, on, until))
    until = addDays(on, -1)
    if ('place' in before) place = before.place || null
    if ('point' in before) point = before.point || null
  }
  uses.push(useOf(place, point, from, until))
  return uses.filter(({ used_from, used_to }) => used_from === null || used_from <= used_to!).reverse()
}

const useOf = (place: string | null, point: string | null, from: string | null, to: string): Use => ({
  what: `在${[place, point].filter(Boolean).join(' ') || '（台账没有写地点）'}使用时测过的产品和过程`,
  used_from: from,
  used_to: to,
})

export async function voidTrace(tx: Ctx, row: LockedRow, checkId: string): Promise<void> {
  const trace = (await tx.db
    .selectFrom('instrument_traces')
    .selectAll()
    .where('province', '=', row.province)
    .where('check_id', '=', checkId)
    .where('state', '!=', 'voided')
    .forUpdate()
    .executeTakeFirst()) as Trace | undefined
  if (!trace) return
  const next = advance(workflow, trace, 'void', tx.actor, tx.now)
  if (isRefusal(next)) throw new Error(next.reason)
  await tx.db
    .updateTable('instrument_traces')
    .set({ state: next.to, version: sql`version + 1` })
    .where('province', '=', trace.province)
    .where('id', '=', trace.id)
    .execute()
  await tellTrace(tx, row, trace.id, 'voided')
}

export const tellTrace = (
  tx: Ctx,
  row: Pick<LockedRow, 'id' | 'province' | 'region' | 'org_id' | 'code' | 'name'>,
  id: string,
  action: string,
  detail: Record<string, unknown> = {},
) =>
  announce(tx, {
    subject: workflow.name,
    subjectId: id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${row.code} ${row.name}`,
    detail: { instrumentId: row.id, ...detail },
  })
