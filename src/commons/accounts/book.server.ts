/** Writing into the book: one entry, its lines, the balances that they change, the event. Nothing is ever altered or removed. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { addLines, nothing, paidOf, sumOf, type Charge, type Line } from './chart.ts'
import { pastOf, type Act, type Debtor, type Institution } from './model.ts'
import './tables.server.ts'

export interface Posting {
  institution: Institution
  org: Debtor
  act: Act
  /** What is booked, once: `order:<id>`, `payment:<id>:<version>`. The same act on the same source is the same entry. */
  source: string
  memo: string
  lines: readonly Line[]
  reverses?: string
  /** More of what the event tells: the policies that relief rests on. */
  detail?: Record<string, unknown>
}

export interface Posted {
  entryId: string
  /** It had been booked before; nothing was changed now. */
  again: boolean
}

/** In the caller's transaction, with the charges locked that the lines name. */
export async function post(tx: Ctx, posting: Posting): Promise<Posted | Refusal> {
  const { institution, org, act, source } = posting
  if (sumOf(posting.lines) !== 0n || posting.lines.length < 2) throw new Error(`${act} ${source} does not balance`)
  const bookedOn = shanghaiDate(tx.now)
  const closed = await holdBook(tx, institution)
  if (closed !== null && bookedOn <= closed)
    return refuse('conflict', `${closed} 及以前的账已经结账，不能再记入；请在下一个会计期间办理。`, { code: 'PERIOD_CLOSED' })
  const id = uuidv7()
  const entered = await tx.db
    .insertInto('book_entries')
    .values({
      province: org.province,
      id,
      org_id: org.id,
      region: org.region,
      institution_id: institution.id,
      act,
      source,
      booked_on: bookedOn,
      memo: posting.memo,
      reverses: posting.reverses ?? null,
      by_id: tx.actor.id,
      by_name: tx.actor.name,
      created_at: tx.now,
    })
    .onConflict((oc) => oc.columns(['province', 'institution_id', 'act', 'source']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!entered) return { entryId: await entryOf(tx, org.province, institution.id, act, source), again: true }
  await tx.db
    .insertInto('book_lines')
    .values(
      posting.lines.map(({ account, orgId, chargeId, amount }, n) => ({
        province: org.province,
        entry_id: id,
        n,
        org_id: orgId,
        institution_id: institution.id,
        account,
        charge_id: chargeId,
        amount_fen: amount,
      })),
    )
    .execute()
  const change = addLines(nothing, posting.lines)
  // A fee that has just been raised brings its row with it.
  if (act !== 'raise') await changeCharges(tx, org.province, [...change.charges.values()])
  for (const [orgId, amount] of change.advances) await changeAdvance(tx, { ...org, id: orgId }, institution.id, amount)
  const sum = (of: (charge: Charge) => bigint) => [...change.charges.values()].reduce((total, each) => total + of(each), 0n)
  await announce(tx, {
    subject: 'book-entry',
    subjectId: id,
    action: pastOf[act],
    province: org.province,
    region: org.region,
    orgId: org.id,
    title: posting.memo,
    detail: {
      institutionId: institution.id,
      source,
      feeFen: sum(({ fee }) => fee),
      reliefFen: sum(({ relief }) => relief),
      paidFen: sum(paidOf),
      outstandingFen: sum(({ outstanding }) => outstanding),
      cashFen: change.cash,
      ...posting.detail,
    },
  })
  return { entryId: id, again: false }
}

/** Shared with other postings, against the close of a month; gives until when it is closed. */
async function holdBook({ db }: Ctx, { province, id, region }: Institution): Promise<string | null> {
  const held = () =>
    sql<{ closed_through: string | null }>`select closed_through from books
      where province = ${province} and institution_id = ${id} for key share`.execute(db)
  const [book] = (await held()).rows
  if (book) return book.closed_through
  await db
    .insertInto('books')
    .values({ province, institution_id: id, region, closed_through: null })
    .onConflict((oc) => oc.doNothing())
    .execute()
  return (await held()).rows[0]!.closed_through
}

const entryOf = async ({ db }: Ctx, province: string, institutionId: string, act: Act, source: string): Promise<string> =>
  (
    await db
      .selectFrom('book_entries')
      .select('id')
      .where('province', '=', province)
      .where('institution_id', '=', institutionId)
      .where('act', '=', act)
      .where('source', '=', source)
      .executeTakeFirstOrThrow()
  ).id

async function changeCharges({ db }: Ctx, province: string, changes: readonly Charge[]): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map(({ id, fee, relief, outstanding }) => ({
    id,
    fee: String(fee),
    relief: String(relief),
    outstanding: String(outstanding),
  }))
  const { numAffectedRows } = await sql`update charges c
    set fee_fen = c.fee_fen + v.fee, relief_fen = c.relief_fen + v.relief, outstanding_fen = c.outstanding_fen + v.outstanding
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as v(id uuid, fee bigint, relief bigint, outstanding bigint)
    where c.province = ${province} and c.id = v.id`.execute(db)
  if (numAffectedRows !== BigInt(changes.length)) throw new Error('a line names a charge that is not there')
}

/** A negative change never makes a row: the check of the table would refuse it before it is added up. */
async function changeAdvance({ db }: Ctx, org: Debtor, institutionId: string, change: bigint): Promise<void> {
  if (change === 0n) return
  if (change > 0n)
    await sql`insert into advances (province, org_id, institution_id, amount_fen) values (${org.province}, ${org.id}, ${institutionId}, ${change})
      on conflict (province, org_id, institution_id) do update set amount_fen = advances.amount_fen + excluded.amount_fen`.execute(db)
  else
    await sql`update advances set amount_fen = amount_fen + ${change}
      where province = ${org.province} and org_id = ${org.id} and institution_id = ${institutionId}`.execute(db)
}
