/**
 * The book of an institution: its accounts, its lines, and what they add up to. Double entry (借贷记账法) in 分; a debit is positive, a
 * credit negative, so that every entry sums to zero. Pure.
 */
import { subtract, zero, type Fen } from '../../core/money.ts'

export const accounts = {
  receivable: '应收账款',
  income: '检定、校准收入',
  relief: '减免',
  cash: '到账',
  advance: '预收账款',
} as const
export type Account = keyof typeof accounts

export interface Line {
  account: Account
  /** The enterprise that owes or is owed. */
  orgId: string
  /** Every line of `receivable`, `income` and `relief` names its charge; `cash` and `advance` never do. */
  chargeId: string | null
  amount: Fen
}

/** A fee of one order line: `paid + relief + outstanding = fee` holds because three are kept and the fourth is what is left. */
export interface Charge {
  id: string
  orgId: string
  fee: Fen
  relief: Fen
  outstanding: Fen
}

export const paidOf = ({ fee, relief, outstanding }: Pick<Charge, 'fee' | 'relief' | 'outstanding'>): Fen =>
  subtract(subtract(fee, relief), outstanding)

/** What a book holds, of those charges and enterprises that lines named. */
export interface Balances {
  charges: ReadonlyMap<string, Charge>
  /** What the institution holds for an enterprise and has not applied to a charge. */
  advances: ReadonlyMap<string, Fen>
  /** Received less refunded, in all. */
  cash: Fen
}

export const nothing: Balances = { charges: new Map(), advances: new Map(), cash: zero }

/** Adds lines to balances; the order of the lines is of no account. Throws when a line lacks its charge: that is a fault, not input. */
export function addLines(balances: Balances, lines: Iterable<Line>): Balances {
  const charges = new Map(balances.charges)
  const advances = new Map(balances.advances)
  let cash: bigint = balances.cash
  for (const { account, orgId, chargeId, amount } of lines) {
    if (account === 'cash') cash += amount
    // A credit of the account is what the enterprise has to its good.
    else if (account === 'advance') advances.set(orgId, subtract(advances.get(orgId) ?? zero, amount))
    else {
      if (chargeId === null) throw new Error(`a line of ${account} without its charge`)
      const before = charges.get(chargeId) ?? { id: chargeId, orgId, fee: zero, relief: zero, outstanding: zero }
      charges.set(chargeId, {
        ...before,
        fee: (account === 'income' ? before.fee - amount : before.fee) as Fen,
        relief: (account === 'relief' ? before.relief + amount : before.relief) as Fen,
        outstanding: (account === 'receivable' ? before.outstanding + amount : before.outstanding) as Fen,
      })
    }
  }
  return { charges, advances, cash: cash as Fen }
}

/** The first thing that is wrong with balances; absent where all is well. Checked after every entry, in code and by the database. */
export function fault({ charges, advances }: Balances): string | undefined {
  for (const charge of charges.values()) {
    const { id, fee, relief, outstanding } = charge
    if (relief < 0n || relief > fee) return `${id}: relief ${relief} of a fee of ${fee}`
    if (outstanding < 0n) return `${id}: outstanding ${outstanding}`
    if (paidOf(charge) < 0n) return `${id}: paid ${paidOf(charge)}`
  }
  for (const [org, advance] of advances) if (advance < 0n) return `${org}: advance ${advance}`
  return undefined
}

export const sumOf = (lines: Iterable<Line>): bigint => {
  let sum = 0n
  for (const { amount } of lines) sum += amount
  return sum
}
