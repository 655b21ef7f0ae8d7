/** Reading records of measurement: always through `visible`. */
import { sql, type SqlBool } from 'kysely'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { isUuid } from '../people/index.ts'
import type { Results } from '../instruments/index.ts'
import type { Entered, MeasurementRecord } from './model.ts'
import './tables.server.ts'
import { readers } from './workflow.ts'

/** An enterprise reads what was issued to it, not what is still being written. */
const seen = ({ actor }: Ctx, table = 'r') =>
  actor.role === 'enterprise' || actor.role === 'regulator'
    ? sql<SqlBool>`(${sql.ref(`${table}.state`)} = 'issued' and ${visible(actor, readers, { table })})`
    : visible(actor, readers, { table, entrusted: true })

/** The newest record of a line that the actor may see: what is open, or what was issued. */
export async function recordOf(ctx: Ctx, lineId: string): Promise<MeasurementRecord | undefined> {
  if (!isUuid(lineId)) return undefined
  const row = await ctx.db
    .selectFrom('measurement_records as r')
    .selectAll('r')
    .where('r.line_id', '=', lineId)
    .where(seen(ctx))
    .orderBy('r.attempt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row as MeasurementRecord | undefined
}

/** Conditions and standard that this tester used last for the same template. */
export async function lastUsed(
  ctx: Ctx,
  template: string,
): Promise<{ conditions: Record<string, string>; standardId: string } | undefined> {
  const row = await ctx.db
    .selectFrom('measurement_records as r')
    .select('r.entered')
    .where('r.tester_id', '=', ctx.actor.id)
    .where('r.template', '=', template)
    .where(seen(ctx))
    .orderBy('r.changed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const entered = row?.entered as Entered | undefined
  return entered && { conditions: entered.conditions, standardId: entered.standardId }
}

export interface Earlier {
  line_id: string
  done_on: string
  certificate_no: string | null
  results: MeasurementRecord['results']
}

/** Issued records of the same instrument, newest first. */
export async function historyOf(
  ctx: Ctx,
  line: { id: string; instrument_id: string | null; org_id: string; province: string },
): Promise<Earlier[]> {
  if (!line.instrument_id) return []
  const rows = await ctx.db
    .selectFrom('measurement_records as r')
    .innerJoin('order_lines as l', (join) => join.onRef('l.province', '=', 'r.province').onRef('l.id', '=', 'r.line_id'))
    .select(['r.line_id', 'l.done_on', 'l.certificate_no', 'r.results'])
    .where('r.province', '=', line.province)
    .where('l.instrument_id', '=', line.instrument_id)
    .where('r.line_id', '!=', line.id)
    .where('r.state', '=', 'issued')
    .where(seen(ctx))
    .orderBy('l.done_on', 'desc')
    .limit(5)
    .execute()
  return rows as Earlier[]
}

export type ToCheck = MeasurementRecord & {
  token: string
  code: string
  name: string
  number: string
  org_name: string
  due_on: string | null
}

/** Verifications that wait for a second tester. */
export async function listToCheck(ctx: Ctx): Promise<ToCheck[]> {
  const rows = await ctx.db
    .selectFrom('measurement_records as r')
    .innerJoin('order_lines as l', (join) => join.onRef('l.province', '=', 'r.province').onRef('l.id', '=', 'r.line_id'))
    .innerJoin('orders as o', (join) => join.onRef('o.province', '=', 'l.province').onRef('o.id', '=', 'l.order_id'))
    .selectAll('r')
    .select(['l.token', 'l.code', 'l.name', 'o.number', 'o.org_name', 'o.due_on'])
    .where('r.state', '=', 'completed')
    .where('l.service', 'in', ['mandatory-verification', 'voluntary-verification'])
    .where('r.tester_id', '!=', ctx.actor.id)
    .where(seen(ctx))
    .orderBy('r.completed_at')
    .limit(50)
    .execute()
  return rows as unknown as ToCheck[]
}

/** What an issued record gives, for the ledger of its enterprise: certificates already read. */
export async function issuedResults(ctx: Ctx, lineId: string): Promise<Results | undefined> {
  const record = await recordOf(ctx, lineId)
  const results = record?.state === 'issued' ? record.results : null
  if (!results || results.points.length === 0) return undefined
  const ks = results.points.map(({ k }) => k)
  // One k belongs to all: where points differ, U is brought to k = 2.
  const same = new Set(results.points.map(({ kText }) => kText)).size === 1
  return {
    points: results.points.map(({ at, errorText, U, UText, k }) => ({
      at,
      atUnit: results.unit,
      error: errorText,
      expanded: same ? UText : String(Number(((U / k) * 2).toPrecision(3))),
      unit: results.unit,
    })),
    k: same ? String(ks[0]!.toFixed(2)) : '2',
    asFound: true,
  }
}
