/**
 * What was on record when an order was accepted, read from the chain of events up to that acceptance: facts, 承诺书, granted
 * applications, policies. A record keeps only the facts that a rule asked for; a changed rule may ask for others.
 */
import { sql } from 'kysely'
import { findOrganisation, profileAsRecorded } from '../../commons/people/index.server.ts'
import type { Organisation, StoredFact } from '../../commons/people/index.ts'
import { isLive, type LivePolicy, type PolicyContent } from '../../commons/policies/index.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { platform } from '../../core/access.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { canonical, type EventRow } from '../../platform/events.server.ts'
import { pledgedFacts } from './pledges.server.ts'
import type { Standing } from './simulation-decide.ts'

type Told = Pick<EventRow, 'seq' | 'subject' | 'action' | 'org_id' | 'detail'>

/** Publications and endings in the order of the chain, with what was published. */
export async function policyHistory({ db }: Ctx): Promise<{ seq: bigint; slug: string; policy: LivePolicy | null }[]> {
  const { rows } = await sql<{ seq: bigint; slug: string; action: string; policy: LivePolicy }>`
    select e.seq, e.action, p.slug, jsonb_build_object('policyId', p.id, 'versionId', v.id, 'number', v.number, 'slug', p.slug,
        'content', v.content, 'publishedAt', v.published_at) as policy
      from events e join policy_versions v on v.id = (e.detail ->> 'versionId')::uuid join policies p on p.id = v.policy_id
      where e.subject = 'policy' and e.action in ('published', 'ended') order by e.seq`.execute(db)
  return rows.map(({ seq, slug, action, policy }) => ({ seq, slug, policy: action === 'published' ? policy : null }))
}

/** Those in force on a day as the platform knew them at a point of the chain. */
export function policiesAt(history: Awaited<ReturnType<typeof policyHistory>>, seq: bigint, day: string): LivePolicy[] {
  const known = new Map<string, LivePolicy>()
  for (const each of history) {
    if (each.seq >= seq) break
    if (each.policy) known.set(each.slug, each.policy)
    else known.delete(each.slug)
  }
  return [...known.values()].filter(({ content }) => isLive(content as PolicyContent, day))
}

/** The past of some enterprises, to be asked for any point of the chain. */
export async function enterprisePasts(
  ctx: Ctx,
  orgIds: readonly string[],
): Promise<(orgId: string, seq: bigint) => Omit<Standing, 'policies'>> {
  const own = sql`${[...orgIds]}::text[]`
  const { rows } = await sql<Told>`select seq, subject, action, org_id, detail from events
    where (subject = 'profile' and subject_id = any(${own}))
      or (subject = 'policy-application' and action = 'granted' and org_id = any(${own}))
      or (subject = 'relief-pledge' and subject_id in (select id::text from relief_pledges where org_id::text = any(${own})))
    order by seq`.execute(ctx.db)
  const byOrg = Map.groupBy(rows, ({ org_id }) => org_id!)
  const orgs = new Map<string, Organisation>()
  for (const id of orgIds) {
    const org = await findOrganisation({ ...ctx, actor: platform }, id)
    if (org) orgs.set(id, org)
  }
  return (orgId, seq) =>
    standingAt(
      orgs.get(orgId)!,
      (byOrg.get(orgId) ?? []).filter((told) => told.seq < seq),
      shanghaiDate(ctx.now),
    )
}

interface Change {
  fact: StoredFact['fact']
  after: StoredFact['value'] | null
}

function standingAt(org: Organisation, past: readonly Told[], today: string): Omit<Standing, 'policies'> {
  const stored = new Map<string, StoredFact>()
  const granted = new Set<string>()
  let pledge: { action: string; facts: unknown } | undefined
  for (const { subject, action, detail } of past) {
    if (subject === 'profile' && action === 'changed') {
      const { facts = [], source, asOf } = detail as { facts?: Change[]; source: string; asOf: string }
      for (const { fact, after } of facts)
        if (after === null) stored.delete(fact)
        else stored.set(fact, { fact, value: after, source, asOf })
    } else if (subject === 'policy-application' && action === 'granted') granted.add((detail as { policyId: string }).policyId)
    else if (subject === 'relief-pledge' && action === 'signed') pledge = { action, facts: (detail as { facts: unknown }).facts }
    else if (subject === 'relief-pledge' && pledge) pledge = { ...pledge, action }
  }
  const profile = profileAsRecorded(org, [...stored.values()], today)
  const same = pledge !== undefined && canonical(pledge.facts) === canonical(pledgedFacts(profile))
  return { facts: profile.facts, pledge: !same ? 'missing' : pledge!.action === 'broken' ? 'broken' : 'standing', granted }
}
