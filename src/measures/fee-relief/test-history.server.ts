/** Steps of random histories of money: the platform's own commands, chosen by numbers, also again, stale, for strangers and too late. */
import {
  applyAdvance,
  closePeriod,
  creditCharge,
  lockCharges,
  matchPayment,
  monthEnd,
  recordPayment,
  refundAdvance,
  reverseEntry,
} from '../../commons/accounts/index.server.ts'
import { cancelLine, takeOrderStep } from '../../commons/orders/index.server.ts'
import type { Actor } from '../../core/access.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { addMonths } from '../../core/due-day.ts'
import { fen } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { agreePlan, deferCharges } from './deferral.server.ts'
import { acceptWithRelief, placeWithRelief } from './orders.server.ts'
import { monthOf, type Book, type Known } from './test-invariants.server.ts'
import { caliper, deferPolicy, orderOf, scale, type World } from './test-world.server.ts'

export interface Wish {
  /** Which of what is there. */
  pick: number
  amount: number
  way: 'plain' | 'again' | 'stale' | 'strange' | 'late'
}

/** Where a history takes place: one enterprise, one institution, one clock. */
export interface Scene {
  world: World
  firm: Awaited<ReturnType<World['firm']>>
  lab: Awaited<ReturnType<World['institution']>>
  today: string
}

interface Prepared {
  /** The same arguments each time, so that calling it twice is the same request twice. */
  run: (as: (actor: Actor) => Ctx, now: string) => Promise<unknown>
  /** What the history learns when it was done. */
  done?: () => void
}

interface Given extends Scene {
  book: Book
  known: Known
}
export type What = keyof typeof steps

const at = <T>(rows: readonly T[], pick: number): T | undefined => rows[pick % Math.max(1, rows.length)]
const off = (version: number, { way }: Wish) => (way === 'stale' ? version + 7 : version)
const own = (id: string, { way }: Wish) => (way === 'strange' ? uuidv7() : id)

let serial = 0
/** Longer with every extension, for all histories: a policy has one text. */
let deferDays = 90
export const openDays = (content: ReturnType<typeof deferPolicy>): ReturnType<typeof deferPolicy> => ({
  ...content,
  effectiveTo: '2035-12-31',
  rule: JSON.parse(JSON.stringify(content.rule).replaceAll('2026-12-31', '2035-12-31')) as typeof content.rule,
})

/** A step as things stand; nothing where there is nothing to do it to. */
export const steps = {
  place: ({ firm, lab, today }, { pick, amount }) => {
    const lines = [[caliper], [scale], [caliper, scale], [caliper, caliper, scale]][pick % 4]!
    const form = orderOf(lab.org.id, lines, { wantedOn: addDays(today, 3), express: pick % 3 === 0 && lines.length > 1 })
    return { run: (as) => placeWithRelief(as(firm.actor), form, { pledge: amount % 2 === 0 }) }
  },
  accept: ({ lab, book }, wish) => {
    const order = at(
      book.orders.filter(({ state }) => state === 'placed'),
      wish.pick,
    )
    if (!order) return undefined
    const lines = book.orderLines.filter(({ order_id }) => order_id === order.id)
    const form = {
      version: off(order.version, wish),
      received: lines.map(({ id }) => id).filter((_, n) => n === 0 || (wish.pick >> n) % 2 === 0),
      settled: Object.fromEntries(lines.map(({ id }) => [id, wish.amount % 2 ? ('mandatory' as const) : ('voluntary' as const)])),
    }
    return { run: (as) => acceptWithRelief(as(lab.counter), own(order.id, wish), form) }
  },
  cancel: ({ lab, book }, wish) => {
    const line = at(
      book.orderLines.filter(({ state }) => state === 'received'),
      wish.pick,
    )
    const form = line && { version: off(line.version, wish), opinion: '不做' }
    return form && { run: (as) => cancelLine(as(lab.counter), own(line.id, wish), form) }
  },
  withdraw: ({ firm, book }, wish) => {
    const open = book.orders.filter(({ state }) => state === 'placed')
    const order = at(open.length > 0 ? open : book.orders, wish.pick)
    return (
      order && { run: (as) => takeOrderStep(as(firm.actor), own(order.id, wish), { step: 'withdraw', version: off(order.version, wish) }) }
    )
  },
  credit: ({ lab, book, known }, wish) => {
    const charge = at(book.charges, wish.pick)
    if (!charge) return undefined
    const institution = { province: lab.org.province, id: lab.org.id, region: lab.org.region }
    const source = `review:${++serial}`
    // Mostly what there is room for, also where it was paid: then it comes back as an advance.
    const amount = wish.pick % 5 === 0 ? wish.amount : Math.max(1, Math.min(wish.amount, charge.fee_fen - charge.relief_fen))
    const run: Prepared['run'] = (as) =>
      inTx(as(lab.finance), async (tx) => {
        const [row] = await lockCharges(tx, '33', { ids: [charge.id] })
        return creditCharge(tx, { institution, charge: row!, source, memo: '补减' }, fen(BigInt(amount)))
      })
    return { run, done: () => void known.credits.set(charge.id, (known.credits.get(charge.id) ?? 0) + amount) }
  },
  record: ({ lab, today }, { amount }) => {
    const slip = { method: 'transfer' as const, reference: `H-${++serial}`, paidOn: today, payer: '示例', amount: fen(BigInt(amount)) }
    return { run: (as) => recordPayment(as(lab.finance), slip) }
  },
  match: ({ firm, lab, book, known }, wish) => {
    const open = book.payments.filter(({ state }) => state === 'unmatched')
    const payment = at(open.length > 0 ? open : book.payments, wish.pick)
    const form = payment && { paymentId: payment.id, orgId: own(firm.org.id, wish), version: off(payment.version, wish) }
    return form && { run: (as) => matchPayment(as(lab.finance), form), done: () => void (known.cash += payment.amount_fen) }
  },
  advance: ({ firm, lab }, wish) => ({ run: (as) => applyAdvance(as(lab.finance), own(firm.org.id, wish)) }),
  refund: ({ firm, lab, book, known }, wish) => {
    const held = book.advances[0]?.amount_fen ?? 0
    const amount = wish.pick % 3 === 0 ? wish.amount : Math.min(held, wish.amount)
    const form = { orgId: own(firm.org.id, wish), amount: fen(BigInt(amount)), reason: '多付', reference: `R-${++serial}` }
    return { run: (as) => refundAdvance(as(lab.finance), form), done: () => void (known.cash -= amount) }
  },
  reverse: ({ lab, book, known }, wish) => {
    const entry = at(
      book.entries.filter(({ act }) => ['receive', 'use-advance', 'refund', 'raise'].includes(act)),
      wish.pick,
    )
    if (!entry) return undefined
    const came = book.lines.filter(({ entry_id, account }) => entry_id === entry.id && account === 'cash')
    const done = () => void (known.cash -= came.reduce((sum, { amount_fen }) => sum + amount_fen, 0))
    return { run: (as) => reverseEntry(as(lab.finance), own(entry.id, wish), '认错'), done }
  },
  defer: ({ firm, book, today }, wish) => {
    const open = book.charges.filter(({ outstanding_fen }) => outstanding_fen > 0).filter((_, n) => n === 0 || (wish.pick >> n) % 2 === 0)
    const days = wish.amount % 2 ? [addDays(today, 20), addDays(today, 60)] : undefined
    const chargeIds = open.map(({ id }) => own(id, wish))
    return { run: (as) => deferCharges(as(firm.actor), { chargeIds, days }) }
  },
  agree: ({ firm, lab, book, today }, wish) => {
    const row = at(
      book.deferrals.filter(({ state }) => state === 'open'),
      wish.pick,
    )
    const days = [addDays(today, 10 + (wish.amount % 30)), addDays(today, 60)]
    return row && { run: (as) => agreePlan(as(wish.pick % 2 ? firm.actor : lab.finance), own(row.id, wish), { days }) }
  },
  extend: ({ world }) => {
    deferDays += 5
    return { run: (_, now) => world.publish(openDays(deferPolicy(deferDays)), now) }
  },
  close: ({ lab, book, known }) => {
    const month = monthToClose(book, known)
    return month && { run: (as) => closePeriod(as(lab.finance), month), done: () => void known.closed.set(month, monthOf(book, month)) }
  },
} satisfies Record<string, (given: Given, wish: Wish) => Prepared | undefined | '' | 0>

const monthToClose = ({ entries }: Book, { closed }: Known): string | undefined => {
  const last = [...closed.keys()].toSorted().at(-1)
  return last ? addMonths(`${last}-01`, 1).slice(0, 7) : entries.map(({ booked_on }) => booked_on.slice(0, 7)).toSorted()[0]
}

/** Acts that post to the book: whose clock stands in a closed month is refused. */
const posting = new Set<string>(['accept', 'cancel', 'credit', 'match', 'advance', 'refund', 'reverse'])

/** The step as the scene stands, to be taken as often as one likes; the clock moves on where a month is to be closed. */
export function prepare(scene: Scene, what: What, wish: Wish, book: Book, known: Known): (() => Promise<unknown>) | undefined {
  const month = what === 'close' ? monthToClose(book, known) : undefined
  if (month && monthEnd(month) >= scene.today && wish.way !== 'strange') scene.today = addDays(monthEnd(month), 2)
  const step = steps[what] as (given: Given, wish: Wish) => Prepared | undefined
  const prepared = step({ ...scene, book, known }, wish)
  if (!prepared) return undefined
  const closed = [...known.closed.keys()].toSorted().at(-1)
  const day = wish.way === 'late' && posting.has(what) && closed ? monthEnd(closed) : scene.today
  const now = `${day}T04:00:00.000Z`
  let learnt = false
  return async () => {
    const answer = await prepared.run((actor) => scene.world.as(actor, now), now)
    if (!learnt && !isRefusal(answer)) prepared.done?.()
    learnt ||= !isRefusal(answer)
    await scene.world.hear(now)
    return answer
  }
}
