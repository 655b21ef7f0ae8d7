/** Reading imports: always through `visible`. */
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { readers } from './import-workflow.ts'
import type { Import, ImportState } from './model.ts'
import { isId } from './steps.server.ts'
import './tables.server.ts'

export async function findImport(ctx: Ctx, id: string): Promise<Import | undefined> {
  if (!isId(id)) return undefined
  const row = await ctx.db
    .selectFrom('instrument_imports')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, readers))
    .executeTakeFirst()
  return row as Import | undefined
}

/** The latest first. */
export async function listImports(
  ctx: Ctx,
  { page = 1, pageSize = 20, states }: { page?: number; pageSize?: number; states?: readonly ImportState[] } = {},
): Promise<{ rows: Import[]; total: number }> {
  let q = ctx.db.selectFrom('instrument_imports').where(visible(ctx.actor, readers))
  if (states) q = q.where('state', 'in', [...states])
  const { n } = await q.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await q
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as Import[], total: Number(n) }
}

/** An import of the very same file that is not given up. */
export async function sameFile(ctx: Ctx, orgId: string, sha256: string): Promise<Import | undefined> {
  const row = await ctx.db
    .selectFrom('instrument_imports')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('sha256', '=', sha256)
    .where('state', 'not in', ['discarded', 'failed'])
    .where(visible(ctx.actor, readers))
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return row as Import | undefined
}
