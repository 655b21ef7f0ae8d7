/** Open payments and refunds are asked about: a notification may be lost. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { Schedule } from '../../../platform/jobs.server.ts'
import { onlineIsOn } from './gateway.server.ts'
import { askAboutRefund } from './refunds.server.ts'
import { askAbout } from './settle.server.ts'
import './tables.server.ts'

/** Younger ones are about to be told. */
const graceSeconds = 20
const atOnce = 200

export async function askAboutOpen(ctx: Ctx): Promise<void> {
  if (!onlineIsOn()) return
  const before = new Date(Date.parse(ctx.now) - graceSeconds * 1000).toISOString()
  const open = (table: 'online_payments' | 'online_refunds', state: 'created' | 'requested') =>
    ctx.db
      .selectFrom(table)
      .select('id')
      .where('state', '=', state)
      .where('created_at', '<=', before)
      .orderBy('created_at')
      .limit(atOnce)
      .execute()
  for (const { id } of await open('online_payments', 'created')) await askAbout(ctx, id)
  for (const { id } of await open('online_refunds', 'requested')) await askAboutRefund(ctx, id)
}

export const schedules: readonly Schedule[] = [{ name: 'online-payments-asking', cron: '* * * * *', run: askAboutOpen }]
