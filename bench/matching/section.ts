/** A section of the report, and how figures are written in it. */
import type { Chart } from './charts.ts'
import type { Figures } from './measure.ts'
import type { Results } from './results.ts'

export interface Section {
  title: string
  /** Plain text; `code` in backticks. */
  text: string[]
  table?: { head: string[]; rows: string[][] }
  chart?: Chart
}

/** Three figures, or all of a whole number. */
export const figure = (value: number | undefined): string => {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** Engines that were there. */
export const present = (figures: Results['engines']): Figures[] => Object.values(figures).filter(({ absent }) => absent === undefined)

/** Our own engine as it is used. */
export const isOurs = ({ engine }: Figures): boolean => engine.includes('(simd)')
