/** Dates of a deferral: what may be put off until when, and what happens after the last day. Pure; a deferral never changes an amount. */
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen, split, zero, type Fen } from '../../core/money.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { formatYuan } from '../../core/money.ts'
import type { PlanDate, Stage } from './model.ts'

/** Days after the last day of a deferral on which each step begins. */
export const graces = { plan: 15, prepay: 30 } as const

/** `covered`: a payment plan that was agreed after the term holds as long as its own dates are kept. */
export function stageOf(termEndsOn: string, outstanding: bigint, today: string): Stage {
  if (outstanding === 0n || today <= termEndsOn) return 'in-term'
  if (today <= addDays(termEndsOn, graces.plan)) return 'remind'
  return today <= addDays(termEndsOn, graces.prepay) ? 'plan' : 'prepay'
}

/** Equal parts on the given days, to the fen; the first days bear what does not divide. */
export function planDates(total: Fen, days: readonly string[]): PlanDate[] {
  const parts = split(
    total,
    days.map(() => 1),
  )
  return days.map((dueOn, i) => ({ dueOn, amountFen: String(parts[i]!) }))
}

export const mostDates = 12

/** Why such dates cannot be: in order, in the future, none after the last day that the rule allows, adding up to what is owed. */
export function datesProblem(
  dates: readonly PlanDate[],
  { total, today, termEndsOn }: { total: Fen; today: string; termEndsOn: string },
): Refusal | undefined {
  const wrong = (reason: string) => refuse('invalid', `${reason}。`, { fields: { dates: reason } })
  if (dates.length === 0 || dates.length > mostDates) return wrong(`请填写 1 至 ${mostDates} 个付款日期`)
  for (const [i, { dueOn, amountFen }] of dates.entries()) {
    if (dueOn <= today) return wrong(`付款日期 ${dueOn} 须在今天以后`)
    if (dueOn > termEndsOn) return wrong(`付款日期 ${dueOn} 超过最晚日期 ${termEndsOn}`)
    if (i > 0 && dueOn <= dates[i - 1]!.dueOn) return wrong('付款日期须一个比一个晚，不能重复')
    if (BigInt(amountFen) <= 0n) return wrong('每次付款的金额须大于 0')
  }
  const sum = dates.reduce<Fen>((all, { amountFen }) => fen(all + BigInt(amountFen)), zero)
  return sum === total ? undefined : wrong(`各次付款合计 ${formatYuan(sum)}，须等于 ${formatYuan(total)}`)
}

export interface NextDate {
  dueOn: string
  /** Still to be paid of this date. */
  amount: Fen
}

/** Dates that are not covered yet by what was paid, the next one first: payments count for the earliest date. */
export function openDates(dates: readonly PlanDate[], total: bigint, outstanding: bigint): NextDate[] {
  let paid = total - outstanding
  const open: NextDate[] = []
  for (const { dueOn, amountFen } of dates) {
    const part = BigInt(amountFen)
    const covered = paid < part ? (paid > 0n ? paid : 0n) : part
    paid -= covered
    if (covered < part) open.push({ dueOn, amount: fen(part - covered) })
  }
  return open
}

/** The rule was extended: the last day moves, and every date that is still ahead moves by as many days. Dates gone by stay. */
export function extended(dates: readonly PlanDate[], { by, after }: { by: number; after: string }): PlanDate[] {
  return dates.map((date) => (date.dueOn > after ? { ...date, dueOn: addDays(date.dueOn, by) } : date))
}
