/** Reading reference standards: always through `visible`. */
import { sql } from 'kysely'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../../people/index.ts'
import type { Standard, StandardState } from './model.ts'
import './tables.server.ts'
import { readers } from './workflow.ts'

export const standardSorts = ['valid_until', 'name', 'created_at'] as const

export async function listStandards(
  ctx: Ctx,
  {
    states,
    q,
    sort = 'valid_until',
    dir = 'asc',
    page = 1,
    pageSize = 20,
  }: {
    states?: readonly StandardState[]
    q?: string
    sort?: (typeof standardSorts)[number]
    dir?: 'asc' | 'desc'
    page?: number
    pageSize?: number
  } = {},
): Promise<{ rows: Standard[]; total: number }> {
  const own = ctx.db
    .selectFrom('reference_standards')
    .where(visible(ctx.actor, readers))
    .$if(Boolean(states), (qb) => qb.where('state', 'in', [...states!]))
    .$if(Boolean(q), (qb) =>
      qb.where(sql<boolean>`(strpos(name, ${q!}) > 0 or strpos(serial, ${q!}) > 0 or strpos(certificate, ${q!}) > 0)`),
    )
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll()
    .orderBy(sort, dir)
    .orderBy('id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as Standard[], total: Number(n) }
}

export async function findStandard(ctx: Ctx, id: string): Promise<Standard | undefined> {
  if (!isUuid(id)) return undefined
  const row = await ctx.db
    .selectFrom('reference_standards')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, readers))
    .executeTakeFirst()
  return row as Standard | undefined
}
