/** What waits for somebody because a delegation ends: for those who can renew it, and for the delegate. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import type { Membership } from './model.ts'
import { actingMembership, listMemberships } from './queries.server.ts'
import { askedRenewals } from './renewal.server.ts'
import { endsSoon, sayEnd, sayRenewers, whoCanRenew } from './rules.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const today = shanghaiDate(ctx.now)
  const all = await listMemberships(ctx)
  const acting = actingMembership(ctx, all)
  const open = all.filter((each) => each.state === 'active' && each.endsOn !== null)
  const asked = await askedRenewals(
    ctx,
    open.map(({ id }) => id),
  )
  return open
    .filter((each) => asked.has(each.id) || endsSoon(each, today))
    .flatMap((held) => {
      if (held.personId === ctx.actor.id) return held.id === acting?.id && !asked.has(held.id) ? [toDelegate(held, all, today)] : []
      const mine = acting !== undefined && whoCanRenew(held, [acting], today).length > 0
      return mine ? [toRenewer(held, asked.get(held.id), today)] : []
    })
}

const about = (held: Membership) => ({ id: held.id, to: '/me/people', kind: '授权到期', dueOn: held.endsOn! })

const toRenewer = (held: Membership, askedAt: string | undefined, today: string): DeskItem => ({
  ...about(held),
  title: `${held.personName}的授权${sayEnd(held.endsOn!, today)}${askedAt ? '，本人请您续期' : ''}`,
  action: '续期',
  overdue: held.endsOn! < today,
  since: askedAt ?? `${held.endsOn}T00:00:00.000Z`,
})

const toDelegate = (held: Membership, all: readonly Membership[], today: string): DeskItem => ({
  ...about(held),
  title: `您自己的授权${sayEnd(held.endsOn!, today)}，可以续期的人：${sayRenewers(whoCanRenew(held, all, today))}`,
  action: '请求续期',
  since: `${held.endsOn}T00:00:00.000Z`,
})
