/** From a signed-in account to who is asking: the seats of a person, and the one they act from. */
import { agentName, visitor, type Actor } from '../../core/access.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { lapseOf, isAgencyInForce } from './agencies/rules.ts'
import { agenciesOf } from './agencies/queries.server.ts'
import type { Agency } from './agencies/model.ts'
import { duties, personNumber, type Membership } from './model.ts'
import { contactsOf } from './personal/contacts.server.ts'
import { membershipsOf, membershipsOfPerson } from './queries.server.ts'
import { isExpired, sayRenewers, whoCanRenew } from './rules.ts'

export interface Seat {
  /** Of the membership, or of the agency. */
  id: string
  actor: Actor
  /** 法定代表人, 经办人, 代办 … */
  duty: string
  membership?: Membership
  agency?: Agency
  /** Its last day has passed; `renewers` says who can renew it. */
  expired: boolean
  renewers: string
}

export interface Person {
  id: string
  name: string
  number: string
}

/** The person behind a sign-in, with the number that a manager needs for a first delegation. */
export async function findPerson(ctx: Ctx, userId: string): Promise<Person | undefined> {
  const row = await ctx.db.selectFrom('persons').select(['id', 'name']).where('user_id', '=', userId).executeTakeFirst()
  return row && { ...row, number: personNumber(row.id) }
}

/** Where a signed-in person may act; ended memberships are left out, expired ones say who can renew. Agencies are there while in force. */
export async function actorsOf(ctx: Ctx, userId: string): Promise<Seat[]> {
  const person = await findPerson(ctx, userId)
  return person ? seatsOf(ctx, person) : []
}

async function seatsOf(ctx: Ctx, { id, name }: Person): Promise<Seat[]> {
  const today = shanghaiDate(ctx.now)
  const own = (await membershipsOfPerson(ctx, id)).filter((each) => each.state === 'active' && each.startsOn <= today)
  const agencies = (await agenciesOf(ctx, id, ['active'])).filter((each) => isAgencyInForce(each, today))
  return [
    ...(await Promise.all(
      own.map(async ({ orgName, orgRegion, ...membership }) => ({
        id: membership.id,
        actor: { id, name, role: membership.role, org_id: membership.orgId, org_name: orgName, region: orgRegion },
        duty: duties[membership.duty],
        membership,
        expired: isExpired(membership, today),
        renewers: isExpired(membership, today) ? await renewersOf(ctx, membership) : '',
      })),
    )),
    ...agencies
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map(({ orgRegion, ...agency }) => ({
        id: agency.id,
        actor: asAgent(agency, orgRegion),
        duty: '代办',
        agency,
        expired: false,
        renewers: '',
      })),
  ]
}

const asAgent = (agency: Agency, region: string): Actor => ({
  id: agency.agentPersonId,
  name: agentName(agency.agentName, agency.agentOrgName),
  role: 'enterprise',
  org_id: agency.orgId,
  org_name: agency.orgName,
  region,
  agent: { orgName: agency.agentOrgName, agencyId: agency.id },
})

/** Who can renew this delegation today, in words, with the telephone numbers that they let colleagues see. */
export async function renewersOf(ctx: Ctx, membership: Membership): Promise<string> {
  const colleagues = await membershipsOf(ctx, membership.province, membership.orgId)
  const renewers = whoCanRenew(membership, colleagues, shanghaiDate(ctx.now))
  const contacts = await contactsOf(
    ctx,
    renewers.map(({ personId }) => personId),
    'contact-colleagues',
  )
  return sayRenewers(renewers.map((each) => ({ ...each, phone: contacts.get(each.personId)?.phone })))
}

export interface Standpoint {
  /** Absent for an account that no person belongs to. */
  person: Person | undefined
  seats: Seat[]
  /** The seat that is acted from; absent when the wanted one has lapsed or there is none. */
  current: Seat | undefined
  /** Who is asking: the actor of that seat, or a visitor who is told why there is none. */
  actor: Actor
}

/**
 * The seat that was picked, or the first one that can be used. A picked seat that has lapsed is never replaced by another one: what was
 * typed for one enterprise must not be done for another. An id that was never this person's picks nothing.
 */
export async function standpointOf(ctx: Ctx, userId: string, picked?: string): Promise<Standpoint> {
  const person = await findPerson(ctx, userId)
  if (!person)
    return { person, seats: [], current: undefined, actor: { ...visitor, lapsed: '您的账号还没有登记人员信息，请联系平台管理员登记' } }
  const seats = await seatsOf(ctx, person)
  const usable = seats.filter((seat) => !seat.expired)
  const without = (lapsed: string): Standpoint => ({
    person,
    seats,
    current: undefined,
    actor: { ...visitor, id: person.id, name: person.name, lapsed },
  })
  const chosen = usable.find((seat) => seat.id === picked)
  const lapsed = chosen || !picked ? undefined : await lapsedSeat(ctx, person, seats, picked)
  if (lapsed) return without(lapsed)
  const current = chosen ?? usable[0]
  if (current) return { person, seats, current, actor: current.actor }
  const [first] = seats
  return without(
    first ? sayExpired(first) : `您还没有可用的身份：请把个人编号 ${person.number} 和姓名告诉本单位的法定代表人或管理员，请其授权`,
  )
}

const sayExpired = ({ actor, membership, renewers }: Seat): string =>
  `您在${actor.org_name}的授权已于 ${membership?.endsOn} 到期，不能再以该单位的身份办理；可以续期的人：${renewers}`

async function lapsedSeat(ctx: Ctx, person: Person, seats: readonly Seat[], picked: string): Promise<string | undefined> {
  const expired = seats.find((seat) => seat.id === picked)
  if (expired) return sayExpired(expired)
  const ended = (await membershipsOfPerson(ctx, person.id)).find((each) => each.id === picked)
  if (ended)
    return ended.state === 'ended'
      ? `您在${ended.orgName}的授权已终止，不能再以该单位的身份办理`
      : `您在${ended.orgName}的授权从 ${ended.startsOn} 起才生效`
  const agency = (await agenciesOf(ctx, person.id)).find((each) => each.id === picked)
  return agency && lapseOf(agency, shanghaiDate(ctx.now))
}
