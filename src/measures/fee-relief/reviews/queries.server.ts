/** Reading reviews: always through `visible`. */
import { sql, type SqlBool } from 'kysely'
import { isUuid } from '../../../commons/people/index.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { openReviewStates, type Review, type ReviewState } from './model.ts'
import { reviewReaders } from './workflow.ts'
import '../tables.server.ts'

/** An enterprise's reviews stand in its own province; an agent sees none of them. */
const seen = ({ actor }: Pick<Ctx, 'actor'>) =>
  actor.agent
    ? sql<SqlBool>`false`
    : actor.role === 'enterprise'
      ? sql<SqlBool>`(r.province = ${actor.region.slice(0, 2)} and ${visible(actor, reviewReaders, { table: 'r' })})`
      : visible(actor, reviewReaders, { table: 'r', entrusted: true })

export const seenReviews = (ctx: Ctx) => ctx.db.selectFrom('relief_reviews as r').where(seen(ctx))

/** One review, or nothing when it is not there for this person. */
export const findReview = async (ctx: Ctx, id: string): Promise<Review | undefined> =>
  isUuid(id) ? ((await seenReviews(ctx).selectAll('r').where('r.id', '=', id).executeTakeFirst()) as Review | undefined) : undefined

export const reviewSorts = ['due_on', 'created_at', 'number'] as const
export type ReviewSort = (typeof reviewSorts)[number]

export interface ReviewQuery {
  states?: readonly ReviewState[] | undefined
  orderId?: string | undefined
  /** Not proposed by this person: what a second pair of eyes may take. */
  notProposedBy?: string | undefined
  sort?: ReviewSort | undefined
  dir?: 'asc' | 'desc' | undefined
  page?: number | undefined
  pageSize?: number | undefined
}

export async function listReviews(ctx: Ctx, query: ReviewQuery = {}): Promise<{ rows: Review[]; total: number }> {
  const { page = 1, pageSize = 20, sort = 'created_at', dir = 'desc', states, orderId, notProposedBy } = query
  const own = seenReviews(ctx)
    .$if(states !== undefined, (qb) => qb.where('r.state', 'in', [...states!]))
    .$if(orderId !== undefined, (qb) => qb.where('r.order_id', '=', orderId!))
    .$if(notProposedBy !== undefined, (qb) => qb.where(sql<SqlBool>`r.proposed_by is distinct from ${notProposedBy!}`))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll('r')
    .orderBy(sql`${sql.ref(`r.${sort}`)} ${sql.raw(dir === 'asc' ? 'asc' : 'desc')} nulls last`)
    .orderBy('r.id', dir)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as Review[], total: Number(n) }
}

export const isOpen = (state: ReviewState): boolean => (openReviewStates as readonly ReviewState[]).includes(state)
