/** Reading signing keys: always through `visible`; the public check looks one up by its fingerprint, which is public. */
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../../people/index.ts'
import type { SigningKey } from './model.ts'
import { readers } from './workflow.ts'
import '../tables.server.ts'

/** Of the key that a file names; for checks, not for pages. */
export const findKey = ({ db }: Pick<Ctx, 'db'>, fingerprint: string): Promise<SigningKey | undefined> =>
  db.selectFrom('signing_keys').selectAll().where('fingerprint', '=', fingerprint).executeTakeFirst()

/** Of the key that signed a certificate on record. */
export const keyOfCertificate = ({ db }: Pick<Ctx, 'db'>, row: { key_id: string }): Promise<SigningKey | undefined> =>
  db.selectFrom('signing_keys').selectAll().where('id', '=', row.key_id).executeTakeFirst()

export type KeyRow = Omit<SigningKey, 'sealed_key'> & {
  /** Certificates that it signed. */
  signed: number
  /** Of these, from the instant on from which it is not believed. */
  doubted: number
}

const keys = (ctx: Ctx) =>
  ctx.db
    .selectFrom('signing_keys as k')
    .where(visible(ctx.actor, readers, { table: 'k', own: 'institution_id' }))
    .select([
      'k.province',
      'k.id',
      'k.institution_id',
      'k.region',
      'k.owner',
      'k.state',
      'k.certificate',
      'k.fingerprint',
      'k.not_before',
      'k.not_after',
      'k.revoked_at',
      'k.revoked_reason',
      'k.revoked_by_name',
      'k.compromised_at',
      'k.created_at',
      'k.version',
    ])
    .select((eb) => {
      const signed = eb.selectFrom('certificates as c').whereRef('c.key_id', '=', 'k.id').select(eb.fn.countAll<bigint>().as('n'))
      return [signed.as('signed'), signed.whereRef('c.issued_at', '>=', 'k.compromised_at').as('doubted')]
    })

const counted = ({
  signed,
  doubted,
  ...row
}: Omit<KeyRow, 'signed' | 'doubted'> & { signed: bigint | null; doubted: bigint | null }): KeyRow => ({
  ...row,
  signed: Number(signed),
  doubted: Number(doubted),
})

/** Newest first. */
export async function listKeys(ctx: Ctx, { page = 1, pageSize = 20 } = {}): Promise<{ rows: KeyRow[]; total: number }> {
  const { n } = await ctx.db
    .selectFrom('signing_keys')
    .where(visible(ctx.actor, readers, { own: 'institution_id' }))
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await keys(ctx)
    .orderBy('k.created_at', 'desc')
    .orderBy('k.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows.map(counted), total: Number(n) }
}

export async function findOwnKey(ctx: Ctx, id: string): Promise<KeyRow | undefined> {
  const row = isUuid(id) ? await keys(ctx).where('k.id', '=', id).executeTakeFirst() : undefined
  return row && counted(row)
}
