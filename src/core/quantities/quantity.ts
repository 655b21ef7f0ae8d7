/** Quantities: value and unit, never text. The door of this folder for values and ranges; `units.ts` and `accuracy.ts` stand beside. */
export { formatRange, formatRanges, formatValue, parseRange, parseValue } from './range-text.ts'
export { readDecimal } from './rational.ts'
export * from './values.ts'
