/** What holds in a book after every step, whatever was done: the ten invariants of `commons/accounts/README.md`, by their numbers. */
import { sql } from 'kysely'
import { replay } from '../../commons/accounts/index.server.ts'
import type { Fen } from '../../core/money.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { statementOf } from './statement.server.ts'

/** Amounts are numbers here: a test stays far below 2⁵³. */
interface Rows {
  charges: {
    id: string
    line_id: string | null
    fee_fen: number
    relief_fen: number
    outstanding_fen: number
    due_on: string
    deferral_id: string | null
  }[]
  entries: { id: string; act: string; source: string; booked_on: string; reverses: string | null }[]
  lines: { entry_id: string; account: string; charge_id: string | null; amount_fen: number }[]
  advances: { org_id: string; amount_fen: number }[]
  payments: { id: string; state: string; amount_fen: number; version: number; entry_id: string | null }[]
  orders: { id: string; state: string; version: number; accepted_on: string | null }[]
  orderLines: {
    id: string
    order_id: string
    state: string
    service: string
    to_verify: boolean
    version: number
    fee_fen: number
    relief_fen: number
  }[]
  extras: { order_id: string; fee_fen: number }[]
  deferrals: { id: string; state: string; term_ends_on: string }[]
}
export type Book = Readonly<Rows>

const tables: Record<keyof Rows, string> = {
  charges: 'charges',
  entries: 'book_entries',
  lines: 'book_lines',
  advances: 'advances',
  payments: 'payments',
  orders: 'orders',
  orderLines: 'order_lines',
  extras: 'order_extras',
  deferrals: 'deferrals',
}

/** Everything that one institution's money is made of, in one look. */
export async function bookOf({ db }: Ctx, institutionId: string): Promise<Book> {
  const parts = Object.entries(tables).map(
    ([name, table]) => sql`${sql.lit(name)}, coalesce((select jsonb_agg(to_jsonb(t) order by to_jsonb(t) ->> 'id', to_jsonb(t)::text)
      from ${sql.table(table)} t where t.institution_id = ${institutionId}), '[]'::jsonb)`,
  )
  return (await sql<{ book: Book }>`select jsonb_build_object(${sql.join(parts)}) as book`.execute(db)).rows[0]!.book
}

/** What the history knows by itself, without the book. */
export interface Known {
  /** Received less given back. */
  cash: number
  /** Relief found after acceptance, by charge. */
  credits: Map<string, number>
  /** Entries of each closed month, with their lines, as text. */
  closed: Map<string, string>
}

export interface Look {
  book: Book
  before: Book
  known: Known
  /** What was done just now. */
  what: string
}

const sum = (amounts: Iterable<number>): number => [...amounts].reduce((total, each) => total + each, 0)
const total = <T>(rows: readonly T[], of: (row: T) => number) => sum(rows.map(of))
const firstOf = <T>(rows: readonly T[], wrong: (row: T) => string | false): string | false => {
  for (const row of rows) {
    const said = wrong(row)
    if (said) return said
  }
  return false
}
const accountOf = ({ lines }: Book, account: string, chargeId?: string) =>
  total(
    lines.filter((line) => line.account === account && (chargeId === undefined || line.charge_id === chargeId)),
    ({ amount_fen }) => amount_fen,
  )
const amounts = ({ charges, entries }: Book) =>
  JSON.stringify([
    entries.length,
    charges.map(({ id, fee_fen, relief_fen, outstanding_fen }) => [id, fee_fen, relief_fen, outstanding_fen]),
  ])

/** The entries of a month with their lines: what a closed month is. */
export const monthOf = ({ entries, lines }: Book, month: string): string => {
  const own = entries.filter(({ booked_on }) => booked_on.startsWith(month))
  const ids = new Set(own.map(({ id }) => id))
  return JSON.stringify([own, lines.filter(({ entry_id }) => ids.has(entry_id))])
}

/** False, or what is wrong. */
export const invariants: Record<string, (look: Look) => string | false> = {
  '1 每张分录借贷相等': ({ book }) =>
    firstOf(book.entries, ({ id, act }) => {
      const own = book.lines.filter(({ entry_id }) => entry_id === id)
      return (own.length < 2 || total(own, ({ amount_fen }) => amount_fen) !== 0) && `${act} ${id}`
    }),
  '2 已付 + 减免 + 未付 = 费用，逐笔和合计': ({ book, known }) => {
    const paidOf = ({ id }: Book['charges'][number]) =>
      -(accountOf(book, 'receivable', id) + accountOf(book, 'relief', id) + accountOf(book, 'income', id))
    const one = firstOf(
      book.charges,
      (charge) =>
        (paidOf(charge) < 0 || paidOf(charge) + charge.relief_fen + charge.outstanding_fen !== charge.fee_fen) && `charge ${charge.id}`,
    )
    const held = total(book.advances, ({ amount_fen }) => amount_fen)
    const paid = total(book.charges, (charge) => charge.fee_fen - charge.relief_fen - charge.outstanding_fen)
    return one || (paid + held !== known.cash && `paid ${paid} + held ${held}, but ${known.cash} came in`)
  },
  '3 0 ≤ 减免 ≤ 费用': ({ book }) =>
    firstOf(book.charges, ({ id, fee_fen, relief_fen }) => (relief_fen < 0 || relief_fen > fee_fen) && `charge ${id}`),
  '4 未付 ≥ 0': ({ book }) => firstOf(book.charges, ({ id, outstanding_fen }) => outstanding_fen < 0 && `charge ${id}`),
  '5 预收 ≥ 0，且等于它的分录行': ({ book }) =>
    firstOf(book.advances, ({ amount_fen }) => amount_fen < 0 && `advance ${amount_fen}`) ||
    (total(book.advances, ({ amount_fen }) => amount_fen) !== -accountOf(book, 'advance') && 'advances differ from their lines'),
  '6 一件事、一个来源，一张分录': ({ book }) => {
    const undone = new Set(book.entries.map(({ reverses }) => reverses))
    const live = book.entries.filter(({ id }) => !undone.has(id))
    const count = (act: string, source: string) => live.filter((entry) => entry.act === act && entry.source.startsWith(source)).length
    const keys = new Set(book.entries.map(({ act, source }) => `${act} ${source}`))
    return (
      (keys.size !== book.entries.length && 'an act was booked twice') ||
      firstOf(book.payments, ({ id, state }) => count('receive', `payment:${id}:`) !== (state === 'matched' ? 1 : 0) && `payment ${id}`) ||
      firstOf(book.orders, ({ id, accepted_on }) => count('raise', `order:${id}`) > (accepted_on ? 1 : 0) && `order ${id}`) ||
      firstOf(book.charges, ({ id, fee_fen }) => count('cancel', `charge:${id}`) !== (fee_fen === 0 ? 1 : 0) && `charge ${id}`)
    )
  },
  '7 缓缴、约定和顺延不动金额': ({ book, before, what }) =>
    ['defer', 'agree', 'extend'].includes(what) && amounts(book) !== amounts(before) && `${what} moved an amount`,
  '8 结了账的月份不变': ({ book, known }) =>
    firstOf([...known.closed], ([month, was]) => monthOf(book, month) !== was && `${month} is not what it was`),
  '9 强制检定没有费用，也没有减免': ({ book }) =>
    firstOf(
      book.orderLines.filter(({ service }) => service === 'mandatory-verification'),
      ({ id, fee_fen, relief_fen }) =>
        (fee_fen !== 0 || relief_fen !== 0 || book.charges.some(({ line_id }) => line_id === id)) && `order line ${id}`,
    ),
}

/** The tenth asks the platform itself: a replay from nothing, and the enterprise's statement against its order lines. */
export async function tenth(ctx: Ctx, system: Ctx, institutionId: string, { book, known }: Look): Promise<string | false> {
  const [broken] = await replay(system, institutionId)
  if (broken) return broken
  const lines = book.orderLines.filter(
    ({ order_id, state }) => state !== 'cancelled' && book.orders.find(({ id }) => id === order_id)!.accepted_on,
  )
  const extras = book.extras.filter((extra) => lines.some(({ order_id }) => order_id === extra.order_id))
  const credits = sum(book.charges.map(({ id, fee_fen }) => (fee_fen > 0 ? (known.credits.get(id) ?? 0) : 0)))
  const fee = total(lines, ({ fee_fen }) => fee_fen) + total(extras, ({ fee_fen }) => fee_fen)
  const saved = total(lines, ({ relief_fen }) => relief_fen) + credits
  const said = await statementOf(ctx, {})
  const monthly = (of: (month: (typeof said.months)[number]) => Fen) => sum(said.months.map((month) => Number(of(month))))
  if (Number(said.fee) !== fee || monthly((month) => month.fee) !== fee) return `the statement says fee ${said.fee}, the lines ${fee}`
  if (Number(said.saved) !== saved || monthly((month) => month.saved) !== saved)
    return `the statement says saved ${said.saved}, the lines ${saved}`
  return said.paid + said.saved + said.outstanding !== said.fee && 'the statement does not add up'
}
