/** What a certificate that comes as a file is held against: the instruments that it may be for, and what is on record under its number. */
import { sql } from 'kysely'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { normalise } from './keys.ts'
import type { Instrument } from './model.ts'
import { readers } from './workflow.ts'
import './tables.server.ts'

export type NamedInstrument = Pick<Instrument, 'id' | 'code' | 'name' | 'model' | 'serial' | 'ranges'>

/** Own instruments with one of these numbers, whatever their case, width and blanks; at most 20. */
export async function instrumentsNamed(ctx: Ctx, { codes, serials }: { codes: readonly string[]; serials: readonly string[] }) {
  const [plainCodes, plainSerials] = [codes.map(normalise).filter(Boolean), serials.map(normalise).filter(Boolean)]
  if (plainCodes.length + plainSerials.length === 0) return []
  const plain = (column: 'code' | 'serial') => sql<string>`upper(regexp_replace(normalize(${sql.ref(column)}, NFKC), '\\s', '', 'g'))`
  const rows = await ctx.db
    .selectFrom('instruments')
    .select(['id', 'code', 'name', 'model', 'serial', 'ranges'])
    .where('province', '=', ctx.actor.region.slice(0, 2))
    .where(visible(ctx.actor, readers))
    .where((eb) =>
      eb.or([
        ...(plainCodes.length > 0 ? [eb(plain('code'), 'in', plainCodes)] : []),
        ...(plainSerials.length > 0 ? [eb(plain('serial'), 'in', plainSerials)] : []),
      ]),
    )
    .orderBy('sort_key')
    .limit(20)
    .execute()
  return rows as NamedInstrument[]
}

/** A result that already has this number, of the same institution or of the same instrument; voided ones do not count. */
export const certificateOnRecord = (
  ctx: Ctx,
  { number, institution, instrumentId }: { number: string; institution: string | undefined; instrumentId: string },
): Promise<{ id: string; instrument_id: string; done_on: string; code: string } | undefined> =>
  ctx.db
    .selectFrom('instrument_checks as c')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 'c.province').onRef('i.id', '=', 'c.instrument_id'))
    .select(['c.id', 'c.instrument_id', 'c.done_on', 'i.code'])
    .where('c.province', '=', ctx.actor.region.slice(0, 2))
    .where(visible(ctx.actor, readers, { table: 'c' }))
    .where('c.certificate_no', '=', number)
    .where('c.voided_at', 'is', null)
    .where((eb) => eb.or([eb('c.instrument_id', '=', instrumentId), ...(institution ? [eb('c.institution', '=', institution)] : [])]))
    .orderBy('c.id')
    .limit(1)
    .executeTakeFirst()

/** Whether a result still counts. */
export const isVoided = async (ctx: Ctx, checkId: string): Promise<boolean> =>
  (
    await ctx.db
      .selectFrom('instrument_checks')
      .select('voided_at')
      .where('province', '=', ctx.actor.region.slice(0, 2))
      .where('id', '=', checkId)
      .where(visible(ctx.actor, readers))
      .executeTakeFirst()
  )?.voided_at !== null
