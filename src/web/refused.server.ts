/** A refusal as an action's answer: the right status, and the values that were typed, so that none is lost. */
import { data } from 'react-router'
import type { Refusal } from '../core/refusal.ts'

const statuses = { invalid: 422, forbidden: 403, conflict: 409, missing: 404 } as const

export const refused = <V extends Record<string, unknown> = Record<string, string>>(refusal: Refusal, values: V = {} as V) =>
  data({ refusal, values }, { status: statuses[refusal.kind] })
