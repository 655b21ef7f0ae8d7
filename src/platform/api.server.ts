/** One REST operation as data: the router, the OpenAPI document, the reference page and the route-table tests are made from it. */
import type { ZodType } from 'zod'
import type { Role } from '../core/access.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Ctx } from './db.server.ts'

export interface Input {
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
}

export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below `/api/v1`, parameters in braces: `/policies/{slug}`. */
  path: string
  /** One line in Chinese. */
  summary: string
  /** The group on the reference page. */
  tag: string
  /** Who may call it at all; rows are filtered further by the grants of the query or command. */
  by: 'public' | readonly Role[]
  params?: ZodType
  query?: ZodType
  body?: ZodType
  answer: ZodType
  /** Which refusals it may give besides 422. */
  refusals?: readonly Refusal['kind'][]
  run: (ctx: Ctx, input: Input) => Promise<unknown>
}

/** Keeps the schemas' types in `run` where the operation is written. */
export const operation = <P = Record<string, string>, Q = Record<string, unknown>, B = unknown>(
  definition: Omit<Operation, 'params' | 'query' | 'body' | 'run'> & {
    params?: ZodType<P>
    query?: ZodType<Q>
    body?: ZodType<B>
    run: (ctx: Ctx, input: { params: P; query: Q; body: B }) => Promise<unknown>
  },
): Operation => definition as unknown as Operation
