/** Is it alive, and what does it count; for whoever runs it. */
import type { Context } from 'hono'
import { sql } from 'kysely'
import { matchingMetrics } from '../commons/matching/index.server.ts'
import type { Database } from '../platform/db.server.ts'

export const health = (database: Database) => async (c: Context) => {
  try {
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(database.db)
    return c.json({ status: rows[0]?.one === 1 ? 'ok' : 'failing', database: database.kind, uptimeSeconds: Math.round(process.uptime()) })
  } catch {
    return c.json({ status: 'failing', database: database.kind }, 503)
  }
}

/** Prometheus text format. */
export const metrics = (database: Database) => async (c: Context) => {
  const { rows } = await sql<{ name: string; value: bigint }>`
    select 'hengqi_events_total' as name, count(*) as value from events
    union all select 'hengqi_organisations', count(*) from organisations
    union all select 'hengqi_policy_matches', count(*) from policy_matches
    union all select 'hengqi_messages_total', count(*) from messages`.execute(database.db)
  const memory = process.memoryUsage()
  const lines = [
    ...rows.map((r) => `${r.name} ${r.value}`),
    ...(await matchingMetrics(database)),
    `process_resident_memory_bytes ${memory.rss}`,
    `process_uptime_seconds ${process.uptime().toFixed(0)}`,
  ]
  return c.text(`${lines.join('\n')}\n`)
}
