/** Numbers as people type them, and expressions over names. */
import { evaluate, parseExpression, type Expression } from '../../core/metrology/expression.ts'
import { readDecimal } from '../../core/quantities/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'

export type Names = Readonly<Record<string, number>>

/** The number that was typed; undefined: nothing, or not a number. */
export function numberOf(text: string | undefined): number | undefined {
  const read = text === undefined ? undefined : readDecimal(text)
  return read === undefined ? undefined : Number(read)
}

const known = new Map<string, Expression>()

/** Templates are data of the product: an expression in one that cannot be read is a mistake of its author, found by its test. */
export function expressionOf(text: string): Expression {
  const found = known.get(text) ?? parseExpression(text)
  if (isRefusal(found)) throw new Error(`${text}: ${found.reason}`)
  known.set(text, found)
  return found
}

/** The value, as decimals are meant (14 digits); undefined where a name is missing or it has no value. */
export function reckon(text: string, names: Names): number | undefined {
  const expression = expressionOf(text)
  if (expression.names.some((name) => !Object.hasOwn(names, name))) return undefined
  const value = evaluate(expression, names)
  return Number.isFinite(value) ? Number(value.toPrecision(14)) : undefined
}

export function spanOf(values: readonly number[]): { mean: number; range: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean: Number(mean.toPrecision(14)), range: Number((Math.max(...values) - Math.min(...values)).toPrecision(14)) }
}

/** Decimal places to show a mean with: those that were read, and one more where several readings were averaged. */
export const placesOf = (texts: readonly string[], at: string): number =>
  Math.min(
    9,
    Math.max(...[...texts, at].map((text) => /\.(\d+)/.exec(readDecimal(text) ? text : '')?.[1]?.length ?? 0)) + (texts.length > 1 ? 1 : 0),
  )

/** An expression as it is printed: a minus as wide as a plus, a dot for a product. */
export const sayModel = (text: string): string => text.replaceAll('-', '−').replaceAll('*', '·')
