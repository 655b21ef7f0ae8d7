/** A no is a value with a sentence: what, why, under which article, what to do. Recognised by `kind`, never by `instanceof`. */
export interface Refusal {
  kind: 'invalid' | 'forbidden' | 'conflict' | 'missing'
  /** One sentence for the person, in Chinese. */
  reason: string
  /** Machine-readable reason: `INSTITUTION_NOT_COVERED`. */
  code?: string
  /** Field name → what is wrong with it (kind `invalid`). */
  fields?: Record<string, string>
}

export const refuse = (kind: Refusal['kind'], reason: string, more: Omit<Refusal, 'kind' | 'reason'> = {}): Refusal => ({
  kind,
  reason,
  ...more,
})

const kinds = new Set(['invalid', 'forbidden', 'conflict', 'missing'])

/** Two module graphs may live in one process, so a refusal is told by its shape. */
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'kind' in value && 'reason' in value && kinds.has((value as Refusal).kind)
