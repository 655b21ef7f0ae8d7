/** Opening a label. Whoever holds the label holds its token, and is told its status and no more; so this read goes by the token alone. */
import { allowed } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { limiter } from '../../../platform/rate.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { readers } from '../workflow.ts'
import '../tables.server.ts'
import { dueInWords, statusOf, type ScanStatus } from './scan.ts'

export interface ScanCard {
  code: string
  name: string
  owner: string
  status: ScanStatus
  validUntil: string | null
  due: string | undefined
  /** The instrument's own page, for those who may read it anyhow. */
  page: string | undefined
}

const isToken = (text: string) => /^[23456789a-z]{12}$/.test(text)

/** The row of a label that is in force; undefined for an old or invented one. For the scan page and the fault report only. */
export const byToken = async ({ db }: Pick<Ctx, 'db'>, token: string) =>
  isToken(token)
    ? db
        .selectFrom('instruments as i')
        .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'i.province').onRef('o.id', '=', 'i.org_id'))
        .select(['i.province', 'i.id', 'i.org_id', 'i.region', 'i.code', 'i.name', 'i.state', 'i.mandatory', 'i.valid_until'])
        .select(['i.last_conclusion', 'i.last_confirmation', 'o.name as org_name'])
        .where('i.token', '=', token)
        .executeTakeFirst()
    : undefined

export async function scan(ctx: Ctx, token: string): Promise<ScanCard | undefined> {
  const row = await byToken(ctx, token)
  if (!row) return undefined
  const today = shanghaiDate(ctx.now)
  return {
    code: row.code,
    name: row.name,
    owner: row.org_name,
    status: statusOf(row, today),
    validUntil: row.valid_until,
    due: dueInWords(row, today),
    page: allowed(readers, ctx.actor, row) ? `${ctx.actor.role === 'enterprise' ? '/me' : ''}/instruments/${row.id}` : undefined,
  }
}

/**
 * A label is scanned by the people of one workshop; tokens are guessed by nobody who is told apart. So each label has its own measure,
 * and everything that is no label shares one: guessing is slow for all guessers together, scanning is not.
 */
const perLabel = limiter(60, 60)
const guesses = limiter(300, 60)

export const mayScan = (token: string, known: boolean): boolean => (known ? perLabel.take(token) : guesses.take('unknown'))
