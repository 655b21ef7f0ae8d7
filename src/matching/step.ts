/** A rule made ready, as steps over bitmaps. */
import type { Truth } from '../core/eligibility/rule.ts'
import type { Source } from './source.ts'

export type Step =
  | { kind: 'constant'; truth: Truth }
  | { kind: 'source'; source: Source }
  | { kind: 'all' | 'any'; of: Step[] }
  | { kind: 'atLeast'; n: number; of: Step[] }
  | { kind: 'not'; of: Step }

export interface Part {
  step: Step
  /** Pairs of rows: from, to. */
  ranges: readonly number[]
}

export interface Plan {
  parts: Part[]
  /** For rows in no order; made when there are some, see `tailOf`. */
  tail?: Step
}
