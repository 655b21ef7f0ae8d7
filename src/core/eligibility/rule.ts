/**
 * The rule language: a policy's eligibility as data, small and closed, so that several interpreters can agree
 * on it exactly (evaluator here, columnar engine, SQL). No free text, no user functions, integers only.
 */
import type { EnumFact, CodeFact, DateFact, FactId, FlagFact, NumberFact, SetFact } from './facts.ts'

/** Three-valued answer. The order is Kleene's: all = min, any = max, not = 2 − x. */
export const NO = 0
export const UNKNOWN = 1
export const YES = 2
export type Truth = typeof NO | typeof UNKNOWN | typeof YES

/** Every condition names the clause it comes from: the id of a clause of the same policy. */
export type Src = string

/** How a document draws its territory. `codes` are GB/T 2260 codes, except for `alliance` and `park` (ids). */
export type RegionMode =
  /** One place and everything below it (省含市县). */
  | 'nested'
  /** Places listed by name in the document (six pilot cities); each with everything below it. */
  | 'listed'
  /** A named union of places (长三角): ids of `core/regions` alliances. */
  | 'alliance'
  /** A functional area without a code of its own (天衢新区, 计量产业园): park ids, compared with the fact `park`. */
  | 'park'

/** Which date a window looks at. `acceptedOn` falls back to the as-of date ("if it were accepted today"). */
export type Anchor = DateFact

/** Inclusive calendar dates, `YYYY-MM-DD`. */
export type IsoDate = string

export type Leaf =
  | { op: 'region'; mode: RegionMode; codes: readonly string[]; src?: Src }
  /** Nested code with prefix semantics: `['C40']` covers `C4011`. */
  | { op: 'within'; fact: CodeFact; codes: readonly string[]; src?: Src }
  | { op: 'in'; fact: EnumFact; values: readonly string[]; src?: Src }
  /** Half-open `gte ≤ value < lt`, integers in the fact's base unit. */
  | { op: 'range'; fact: NumberFact; gte?: number; lt?: number; src?: Src }
  /** Whole months since the date fact at the as-of date, half-open. */
  | { op: 'age'; fact: DateFact; gteMonths?: number; ltMonths?: number; src?: Src }
  /** `any`: at least one of these; `all`: every one of these. */
  | { op: 'has'; fact: SetFact; any?: readonly string[]; all?: readonly string[]; src?: Src }
  /** Of these instrument kinds together, at least `min` in the ledger. */
  | { op: 'holds'; kinds: readonly string[]; min: number; src?: Src }
  | { op: 'flag'; fact: FlagFact; src?: Src }
  /** Both ends inclusive; an open end means that the document states none. */
  | { op: 'window'; anchor: Anchor; from?: IsoDate; to?: IsoDate; src?: Src }
  /** Inside an event whose start and end an operator sets (疫情防控期间). Unset start: unknown. */
  | { op: 'during'; anchor: Anchor; event: string; src?: Src }
  /** Two-valued escape hatch: is the fact on record at all? */
  | { op: 'known'; fact: FactId; src?: Src }

export type Rule =
  | { op: 'all'; of: readonly Rule[]; src?: Src }
  | { op: 'any'; of: readonly Rule[]; src?: Src }
  /** 满足下列条件中的 n 项. */
  | { op: 'atLeast'; n: number; of: readonly Rule[]; src?: Src }
  | { op: 'not'; of: Rule; src?: Src }
  | Leaf

/** No condition at all: true for everyone. */
export const EVERYONE: Rule = { op: 'all', of: [] }
