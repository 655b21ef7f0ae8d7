/** Asking for a renewal: by the delegate, also after the end; one click, and once. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { duties, isUuid } from './model.ts'
import { asSelf } from './personal/queries.server.ts'
import { membershipsOfPerson } from './queries.server.ts'
import { endsSoon, isExpired } from './rules.ts'
import { renewersOf } from './seats.server.ts'

/** Those of these delegations whose renewal has been asked for since they were given or renewed, with the instant. */
export async function askedRenewals({ db }: Pick<Ctx, 'db'>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ subject_id: string; action: string; at: string }>`
    select distinct on (subject_id) subject_id, action, at from events
    where subject = 'membership' and subject_id = any(${ids}::text[]) order by subject_id, seq desc`.execute(db)
  return new Map(rows.filter(({ action }) => action === 'renewal-asked').map(({ subject_id, at }) => [subject_id, at]))
}

/** Tells those who can renew that this delegate asks for it; asking again changes nothing. */
export const askForRenewal = (ctx: Ctx, membershipId: string): Promise<{ askedAt: string; renewers: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const who = await asSelf(tx)
    if (isRefusal(who)) return who
    const { self, row } = who
    const missing = refuse('missing', '没有这项授权，或不是您的')
    if (!isUuid(membershipId)) return missing
    const locked = await tx.db
      .selectFrom('memberships')
      .select('id')
      .where('id', '=', membershipId)
      .where('person_id', '=', row.id)
      .forUpdate()
      .executeTakeFirst()
    const held = locked && (await membershipsOfPerson(tx, row.id)).find(({ id }) => id === membershipId)
    if (!held) return missing
    if (held.state !== 'active') return refuse('conflict', '这项授权已终止，不能续期；请本单位重新授权')
    const today = shanghaiDate(tx.now)
    if (!isExpired(held, today) && !endsSoon(held, today))
      return refuse('conflict', `这项授权${held.endsOn ? `到 ${held.endsOn} 才到期，到期前 14 天可以请求续期` : '没有到期日，不用续期'}`)
    const renewers = await renewersOf(tx, held)
    const asked = (await askedRenewals(tx, [held.id])).get(held.id)
    if (asked) return { askedAt: asked, renewers }
    await announce(self, {
      subject: 'membership',
      subjectId: held.id,
      action: 'renewal-asked',
      province: held.province,
      region: held.region,
      orgId: held.orgId,
      detail: { endsOn: held.endsOn },
    })
    return { askedAt: tx.now, renewers }
  })

/** The delegations of the signed-in person that have ended and may still be renewed: where, since when, who can, and whether they were asked. */
export async function expiredDelegations(ctx: Ctx) {
  if (!ctx.actor.id) return []
  const today = shanghaiDate(ctx.now)
  const expired = (await membershipsOfPerson(ctx, ctx.actor.id)).filter((each) => each.state === 'active' && isExpired(each, today))
  const asked = await askedRenewals(
    ctx,
    expired.map(({ id }) => id),
  )
  return Promise.all(
    expired.map(async (held) => ({
      id: held.id,
      orgName: held.orgName,
      duty: duties[held.duty],
      endsOn: held.endsOn!,
      renewers: await renewersOf(ctx, held),
      askedAt: asked.get(held.id) ?? null,
    })),
  )
}
