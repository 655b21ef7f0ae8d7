/** Money in whole 分 as bigint. No floating point: an amount is parsed from text and shown as text. */
import { refuse, type Refusal } from './refusal.ts'

declare const unit: unique symbol
/** An amount in 分. May be negative (a refund, a correction). */
export type Fen = bigint & { readonly [unit]: 'fen' }

export const zero = 0n as Fen

/** Makes an amount from a count of 分. Throws when it is not a whole number. */
export const fen = (count: bigint | number): Fen => BigInt(count) as Fen

/** `12.34`, `1,234.5`, `¥12`, `１２．３４` in 元 → 分, exactly. More than two decimals are refused, not rounded. */
export function parseYuan(text: string): Fen | Refusal {
  const plain = text.normalize('NFKC').replace(/\s/g, '').replace(/元$/, '')
  const [, sign, yuan, decimals = ''] = /^(-?)¥?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(plain) ?? []
  if (yuan === undefined) return wrong(`“${text.trim()}”不是金额：请填写以元为单位的数字，如 1234.50。`)
  if (decimals.length > 2) return wrong(`“${text.trim()}”的小数超过两位：金额最小到分，请改为两位小数。`)
  const count = BigInt(yuan.replaceAll(',', '') + decimals.padEnd(2, '0'))
  return fen(sign === '-' ? -count : count)
}

/** `1234.50`, for files and machines. */
export function plainYuan(amount: Fen): string {
  const digits = absolute(amount).toString().padStart(3, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** `¥1,234.50`, for people. */
export function formatYuan(amount: Fen): string {
  const [yuan = '', decimals = ''] = plainYuan(absolute(amount)).split('.')
  return `${amount < 0n ? '-' : ''}¥${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`
}

export const add = (...amounts: readonly Fen[]): Fen => amounts.reduce<bigint>((sum, amount) => sum + amount, 0n) as Fen

export const subtract = (from: Fen, amount: Fen): Fen => (from - amount) as Fen

/** A price times a whole number of pieces. */
export const times = (price: Fen, count: number): Fen => (price * BigInt(count)) as Fen

/**
 * A share of an amount in basis points (5000 = 50 %), rounded half up once, at the end.
 * A negative amount is rounded like its opposite, so that a refund undoes a charge exactly.
 */
export function applyRate(amount: Fen, basisPoints: number): Fen {
  if (basisPoints < 0) throw new RangeError(`negative rate: ${basisPoints}`)
  const share = (absolute(amount) * BigInt(basisPoints) * 2n + 10_000n) / 20_000n
  return (amount < 0n ? -share : share) as Fen
}

/**
 * Splits an amount in proportion to whole weights by largest remainder; the parts sum to the amount exactly.
 * Equal remainders go to the earlier part. Throws when a weight is negative or all are zero.
 */
export function split(amount: Fen, weights: readonly (bigint | number)[]): Fen[] {
  const shares = weights.map(BigInt)
  const total = shares.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n || shares.some((weight) => weight < 0n)) throw new RangeError('weights must be non-negative and not all zero')
  const whole = absolute(amount)
  const floors = shares.map((weight) => (whole * weight) / total)
  const left = Number(whole - floors.reduce((sum, part) => sum + part, 0n))
  const remainder = (i: number) => (whole * (shares[i] ?? 0n)) % total
  const byRemainder = shares.map((_, i) => i).sort((a, b) => (remainder(a) === remainder(b) ? a - b : remainder(a) > remainder(b) ? -1 : 1))
  const extra = new Set(byRemainder.slice(0, left))
  return floors.map((part, i) => {
    const value = part + (extra.has(i) ? 1n : 0n)
    return (amount < 0n ? -value : value) as Fen
  })
}

const absolute = (amount: Fen): Fen => (amount < 0n ? -amount : amount) as Fen
const wrong = (reason: string) => refuse('invalid', reason, { code: 'MONEY_INVALID' })
