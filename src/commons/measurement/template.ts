/**
 * What a record of measurement asks for and how it is reckoned, as data: no template has code of its own.
 * Expressions are those of `core/metrology/expression.ts`, read and never executed. Their names, for one point:
 * `x` its nominal value, each column by its name (the mean of its repeats), `<column>_range` (largest less smallest),
 * each parameter by its name, `t` the temperature in ℃. In limits of `checks` `mpe` is the permissible error of the point.
 */
export type Trust = 'page' | 'model-knowledge'

/** A JJG or JJF with its edition. What is from memory (`model-knowledge`) is 待核实 and decides nothing until a person has compared it. */
export interface Norm {
  number: string
  title: string
  trust: Trust
  /** A regulation whose method a calibration follows, for want of a specification of its own: 参照. */
  followed?: true
}

/** A 检定规程, as against a 校准规范. */
export const isRegulation = ({ number }: Norm): boolean => number.startsWith('JJG ')

export interface Ambient {
  name: 't' | 'h'
  label: string
  /** Code of the table of units. */
  unit: string
  low: number
  high: number
}

export interface Parameter {
  name: string
  label: string
  /** `instrument`: the unit of the range. Absent: a pure number. */
  unit?: 'instrument' | (string & {})
  /** What of the order line it starts from: an end of the range, the class, the permissible error as a value or in per cent. */
  from?: 'low' | 'high' | 'class' | 'mpe' | 'percent'
  /** Class of the instrument → value. */
  byClass?: Readonly<Record<string, string>>
  usual?: string
  help?: string
}

export interface Column {
  name: string
  label: string
  /** Where it is not that of the results. */
  unit?: string
}

/** In order; the first whose `upTo` is not below `over` (the nominal value, unless said) holds. */
export interface Piece {
  upTo?: string
  is: string
}

export type InputEvaluation =
  /** Type A from the repeats of the judged column. */
  | { kind: 'observations' }
  /** Type A, few repeats. */
  | { kind: 'range' }
  /** Type A with a spread known from before: `s` and `dof` are expressions over parameters. */
  | { kind: 'pooled'; s: string; dof: string }
  /** From the chosen standard: its U and k, or its permissible error. */
  | { kind: 'standard' }
  | { kind: 'resolution'; step: string }
  | { kind: 'half-width'; shape: 'rectangular' | 'triangular' | 'arcsine'; halfWidth: string }

export interface BudgetInput {
  /** As in the model. */
  name: string
  label: string
  evaluation: InputEvaluation
  /** Estimate, where the observations do not give it; an expression, 0 when absent. */
  value?: string
}

export interface Budget {
  /** Of the error: `P - Ps + δr`. Parameters and `x` in it are taken as exact. */
  model: string
  inputs: readonly BudgetInput[]
  trust: Trust
}

/** Something else that is measured at every point: 回程误差. Judged without U, as the regulation words it. */
export interface Check {
  name: string
  label: string
  clause: string
  value: string
  limit: string
  trust: Trust
}

/** Something that is seen, not measured. */
export interface Seen {
  name: string
  label: string
}

export interface Template {
  id: string
  /** Changes with every change of what it says; a record keeps the one that it was made by. */
  edition: string
  title: string
  /** Codes of the catalogue of kinds, with what is below them. */
  kinds: readonly string[]
  /** Absent: this service is not done by this template. */
  verification?: Norm
  calibration?: Norm
  /** Longest interval of a verification in months, by the norm. */
  months?: number
  /** A fixed unit of the results, or that of the range of the instrument. `quantity` is what a range must be of. */
  unit?: string
  quantity: string
  ambient: readonly Ambient[]
  parameters: readonly Parameter[]
  /** Expressions over the parameters. */
  points: readonly { at: string; label?: string }[]
  columns: readonly Column[]
  repeats: number
  /** Columns each of which is judged by itself, the one with the largest error counts: up and down. */
  judged: readonly string[]
  /** Of the judged column, which is `y` here. */
  indication: string
  reference: string
  error: string
  limit: { pieces: readonly Piece[]; over?: string; clause: string; trust: Trust }
  checks: readonly Check[]
  seen: readonly Seen[]
  budget: Budget
  standard: {
    label: string
    /** U or permissible error of the standard, at most this part of the permissible error. */
    ratio: number
    clause: string
    /** What it must cover where that is not the points themselves. */
    cover?: { low: string; high: string; unit: string }
  }
}
