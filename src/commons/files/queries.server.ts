/** Reading files: always through `visible`. */
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { readers, type StoredFile } from './model.ts'
import './tables.server.ts'

const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** A file on record, or nothing when it is not there for this person. */
export async function findFile(ctx: Ctx, id: string): Promise<StoredFile | undefined> {
  if (!isId(id)) return undefined
  return ctx.db.selectFrom('files').selectAll().where('id', '=', id).where(visible(ctx.actor, readers)).executeTakeFirst()
}

/** The files of one thing, in the order in which they came. */
export const filesOf = (ctx: Ctx, subject: string, subjectId: string): Promise<StoredFile[]> =>
  ctx.db
    .selectFrom('files')
    .selectAll()
    .where('subject', '=', subject)
    .where('subject_id', '=', subjectId)
    .where(visible(ctx.actor, readers))
    .orderBy('id')
    .execute()

/** The content, piece by piece; each piece is a query of its own, so that a slow reader holds no connection. Nothing for a foreign file. */
export async function* readChunks(ctx: Ctx, id: string): AsyncGenerator<Uint8Array> {
  const file = await findFile(ctx, id)
  if (!file) return
  for (let n = 0; ; n++) {
    const row = await ctx.db
      .selectFrom('file_chunks')
      .select('data')
      .where('province', '=', file.province)
      .where('file_id', '=', file.id)
      .where('n', '=', n)
      .executeTakeFirst()
    if (!row) return
    yield row.data
  }
}

/** All of a file at once, for what needs it so: small pictures, an archive's directory. Throws when pieces are missing. */
export async function readWhole(ctx: Ctx, file: Pick<StoredFile, 'id' | 'bytes'>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readChunks(ctx, file.id)) pieces.push(piece)
  const whole = Buffer.concat(pieces)
  if (BigInt(whole.length) !== BigInt(file.bytes)) throw new Error(`file ${file.id} has ${whole.length} of ${file.bytes} bytes`)
  return whole
}
