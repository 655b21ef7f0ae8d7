/** Reads: always through `visible`, except where the platform itself works through every enterprise. */
import { sql, type SqlBool } from 'kysely'
import type { Grant } from '../../core/access.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { SizeClass } from '../../core/size-class.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { isUuid, kindsWithoutProfile, type Membership, type Organisation, type OrganisationKind, type Profile } from './model.ts'
import { lastingFacts, lastStaleDay, profileFrom } from './profile-rules.ts'
import { isInForce } from './rules.ts'
import { toFact, toMembership, toOrganisation, type FactRow, type OrganisationRow } from './tables.server.ts'
import { membershipReaders } from './workflow.ts'

/** Who sees an enterprise and its facts. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

/** Number and name must both be right, so that a mistyped number gives nobody a delegation. `number` as `readPersonNumber` gives it. */
export async function findPersonByNumber(ctx: Ctx, number: string, name: string): Promise<{ id: string } | undefined> {
  const rows = await ctx.db
    .selectFrom('persons')
    .select('id')
    .where(sql<string>`right(id::text, 12)`, '=', number)
    .where('name', '=', name)
    .where('erased_at', 'is', null)
    .limit(2)
    .execute()
  return rows.length === 1 ? rows[0] : undefined
}

const memberships = ({ db }: Ctx) =>
  db
    .selectFrom('memberships')
    .innerJoin('persons', 'persons.id', 'memberships.person_id')
    .leftJoin('persons as granter', 'granter.id', 'memberships.granted_by')
    .selectAll('memberships')
    .select(['persons.name as person_name', 'granter.name as granted_by_name'])

/** Every membership of one organisation, for rules about who may delegate. No filter of its own: callers have found the organisation. */
export async function membershipsOf(ctx: Ctx, province: string, orgId: string): Promise<Membership[]> {
  const rows = await memberships(ctx)
    .where('memberships.province', '=', province)
    .where('memberships.org_id', '=', orgId)
    .orderBy('memberships.created_at')
    .execute()
  return rows.map(toMembership)
}

/** What one person holds and held anywhere, with the names of the organisations. No filter by actor: it decides who the actor is. */
export async function membershipsOfPerson(ctx: Ctx, personId: string): Promise<(Membership & { orgName: string; orgRegion: string })[]> {
  const rows = await memberships(ctx)
    .innerJoin('organisations', (join) =>
      join.onRef('organisations.province', '=', 'memberships.province').onRef('organisations.id', '=', 'memberships.org_id'),
    )
    .select(['organisations.name as org_name', 'organisations.region as org_region'])
    .where('memberships.person_id', '=', personId)
    .orderBy('memberships.created_at')
    .execute()
  return rows.map((row) => ({ ...toMembership(row), orgName: row.org_name, orgRegion: row.org_region }))
}

/** Who works for an enterprise is not an agent's business. */
const visibleMemberships = ({ actor }: Ctx) =>
  actor.agent ? sql<SqlBool>`false` : visible(actor, membershipReaders, { table: 'memberships' })

/** The delegations that the actor may see: their own organisation's. */
export async function listMemberships(ctx: Ctx): Promise<Membership[]> {
  const rows = await memberships(ctx)
    .where(visibleMemberships(ctx))
    .where('memberships.org_id', '=', ctx.actor.org_id)
    .orderBy('memberships.state')
    .orderBy('memberships.created_at')
    .execute()
  return rows.map(toMembership)
}

/** One delegation that the actor may see; the platform's administrator sees those of every organisation. */
export async function findMembership(ctx: Ctx, id: string): Promise<Membership | undefined> {
  if (!isUuid(id)) return undefined
  const row = await memberships(ctx).where(visibleMemberships(ctx)).where('memberships.id', '=', id).executeTakeFirst()
  return row && toMembership(row)
}

/** What the actor holds today in their own organisation; an agent holds nothing in it, whatever else they are. */
export const actingMembership = (ctx: Ctx, all: readonly Membership[]): Membership | undefined =>
  ctx.actor.agent ? undefined : all.find((each) => each.personId === ctx.actor.id && isInForce(each, shanghaiDate(ctx.now)))

export async function findOrganisation(ctx: Ctx, id: string): Promise<Organisation | undefined> {
  if (!isUuid(id)) return undefined
  const row = await ctx.db
    .selectFrom('organisations')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, readers, organisationColumns))
    .executeTakeFirst()
  return row && toOrganisation(row)
}

/** An organisation's own column is its id. */
const organisationColumns = { own: 'id' } as const

export interface OrganisationQuery {
  q?: string | undefined
  kind?: OrganisationKind | undefined
  /** Only those with a fact that is more than twelve months old. */
  stale?: boolean | undefined
  page: number
  pageSize: number
  sort: string
  dir: 'asc' | 'desc'
}

export interface OrganisationLine extends Organisation {
  facts: number
  staleFacts: number
  /** The size classes that are still possible; one when it is settled. */
  sizes: readonly SizeClass[]
}

/** Enterprises in the actor's region, with how much is known of each. */
export async function listOrganisations(ctx: Ctx, query: OrganisationQuery): Promise<{ rows: OrganisationLine[]; total: number }> {
  const today = shanghaiDate(ctx.now)
  const counted = ctx.db
    .selectFrom('organisations')
    .leftJoin('profile_facts', (join) =>
      join.onRef('profile_facts.province', '=', 'organisations.province').onRef('profile_facts.org_id', '=', 'organisations.id'),
    )
    .where(visible(ctx.actor, readers, { ...organisationColumns, table: 'organisations' }))
    .where('organisations.kind', 'not in', [...kindsWithoutProfile])
    .$if(Boolean(query.kind), (qb) => qb.where('organisations.kind', '=', query.kind!))
    .$if(Boolean(query.q), (qb) =>
      qb.where((eb) =>
        eb.or([sql<boolean>`strpos(organisations.name, ${query.q!}) > 0`, eb('organisations.uscc', '=', query.q!.toUpperCase())]),
      ),
    )
    .groupBy(['organisations.province', 'organisations.id'])
    .selectAll('organisations')
    .select((eb) => eb.fn.count<bigint>('profile_facts.fact').as('facts'))
    .$if(Boolean(query.stale), (qb) =>
      qb.having(
        (eb) =>
          eb.fn
            .count('profile_facts.fact')
            .filterWhere('profile_facts.as_of', '<=', lastStaleDay(today))
            .filterWhere('profile_facts.fact', 'not in', [...lastingFacts]),
        '>',
        0n,
      ),
    )
  const all = ctx.db.selectFrom(counted.as('counted'))
  const sort = query.sort === 'facts' ? 'facts' : query.sort === 'region' ? 'region' : 'name'
  const rows = await all
    .selectAll()
    .orderBy(sort, query.dir)
    .orderBy('id')
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize)
    .execute()
  const { total } = await all.select((eb) => eb.fn.countAll<bigint>().as('total')).executeTakeFirstOrThrow()
  const profiles = await profilesFor(ctx, rows, today)
  return {
    rows: profiles.map(({ org, stored, size, stale }) => ({
      ...org,
      facts: stored.length,
      staleFacts: stale.length,
      sizes: size.possible,
    })),
    total: Number(total),
  }
}

/** Everything that is known of one enterprise; undefined when it is not the actor's to see. */
export async function profileOf(ctx: Ctx, orgId: string): Promise<Profile | undefined> {
  const org = await findOrganisation(ctx, orgId)
  if (!org) return undefined
  const rows = await ctx.db
    .selectFrom('profile_facts')
    .leftJoin('persons', 'persons.id', 'profile_facts.confirmed_by')
    .selectAll('profile_facts')
    .select('persons.name as confirmed_by_name')
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .orderBy('fact')
    .execute()
  return profileFrom(org, rows.map(toFact), shanghaiDate(ctx.now))
}

/** The profiles of these organisations, in their order. No filter of its own: callers have found the organisations. */
async function profilesFor(ctx: Ctx, orgs: readonly OrganisationRow[], today: string): Promise<Profile[]> {
  if (orgs.length === 0) return []
  const ids = orgs.map(({ id }) => id)
  const facts = await ctx.db.selectFrom('profile_facts').selectAll().where('org_id', 'in', ids).execute()
  const byOrg = Map.groupBy<string, FactRow>(facts, (row) => row.org_id)
  return orgs.map((row) => profileFrom(toOrganisation(row), (byOrg.get(row.id) ?? []).map(toFact), today))
}

/** Every enterprise in batches, for the platform's own matching: no filter by actor, so it never answers a person directly. */
export async function* listProfilesForMatching(
  ctx: Ctx,
  { regionPrefix = '', batch = 500 }: { regionPrefix?: string; batch?: number } = {},
): AsyncGenerator<Profile[]> {
  for await (const orgs of enterprisesIn(ctx, regionPrefix, batch)) yield await profilesFor(ctx, orgs, shanghaiDate(ctx.now))
}

/** Ids of all enterprises in batches, in order; for the same work. */
export async function* listEnterpriseIds(ctx: Ctx, batch: number): AsyncGenerator<string[]> {
  for await (const orgs of enterprisesIn(ctx, '', batch)) yield orgs.map(({ id }) => id)
}

/** Profiles of these enterprises, in the order of their ids; who has no profile is left out. For the platform's own matching. */
export async function profilesForMatching(ctx: Ctx, orgIds: readonly string[]): Promise<Profile[]> {
  if (orgIds.length === 0) return []
  const orgs = await enterprises(ctx).where('id', 'in', orgIds).orderBy('id').execute()
  return profilesFor(ctx, orgs, shanghaiDate(ctx.now))
}

const enterprises = ({ db }: Ctx) =>
  db
    .selectFrom('organisations')
    .selectAll()
    .where('kind', 'not in', [...kindsWithoutProfile])

async function* enterprisesIn(ctx: Ctx, regionPrefix: string, batch: number): AsyncGenerator<OrganisationRow[]> {
  for (let after = ''; ;) {
    const orgs = await enterprises(ctx)
      .where('region', 'like', `${regionPrefix}%`)
      .$if(after !== '', (qb) => qb.where('id', '>', after))
      .orderBy('id')
      .limit(batch)
      .execute()
    if (orgs.length === 0) return
    yield orgs
    if (orgs.length < batch) return
    after = orgs.at(-1)!.id
  }
}
