/** The tables of policies and what their rows become. */
import { sql, type Generated } from 'kysely'
import { jsonb } from '../../platform/db.server.ts'
import { searchText } from '../../platform/search.server.ts'
import type { Confidence, Force, PolicyContent, PolicyEvent, PublicPolicy, State, Topic, Version } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    policies: PolicyRow
    policy_versions: VersionRow & { search: string }
    policy_events: EventRow
    policy_edition: { id: number; edition: bigint; token: string; changed_at: string }
  }
}

export interface PolicyRow {
  id: string
  slug: string
  province: string
  region: string
  org_id: string
  live_version_id: string | null
  created_at: string
  version: Generated<number>
}

export interface VersionRow {
  id: string
  policy_id: string
  number: number
  province: string
  region: string
  org_id: string
  state: State
  content: PolicyContent
  content_hash: string
  title: string
  topic: Topic
  force: Force
  confidence: Confidence
  effective_from: string | null
  effective_to: string | null
  demo: boolean
  created_by: string | null
  created_by_name: string
  authors: string[]
  submitted_by: string | null
  submitted_by_name: string | null
  submitted_at: string | null
  published_by: string | null
  published_by_name: string | null
  published_at: string | null
  ended_at: string | null
  opinion: string | null
  created_at: string
  updated_at: string
  version: number
}

export interface EventRow {
  id: string
  name: string
  starts_on: string | null
  ends_on: string | null
  source: string
  trust: string
  set_by: string | null
  set_by_name: string | null
  set_at: string
  version: number
}

export const toVersion = (row: VersionRow & { slug: string }): Version => ({
  id: row.id,
  policyId: row.policy_id,
  slug: row.slug,
  number: row.number,
  state: row.state,
  province: row.province,
  region: row.region,
  orgId: row.org_id,
  content: row.content,
  demo: row.demo,
  createdBy: row.created_by,
  createdByName: row.created_by_name,
  authors: row.authors,
  submittedBy: row.submitted_by,
  submittedByName: row.submitted_by_name,
  submittedAt: row.submitted_at,
  publishedBy: row.published_by,
  publishedByName: row.published_by_name,
  publishedAt: row.published_at,
  endedAt: row.ended_at,
  opinion: row.opinion,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export const toPublic = (row: VersionRow & { slug: string }): PublicPolicy => ({
  policyId: row.policy_id,
  versionId: row.id,
  number: row.number,
  slug: row.slug,
  content: row.content,
  publishedAt: instant(row.published_at!),
  state: row.state as PublicPolicy['state'],
  endedAt: row.ended_at && instant(row.ended_at),
  opinion: row.opinion,
  region: row.region,
  demo: row.demo,
})

export const toEvent = (row: EventRow): PolicyEvent => ({
  id: row.id,
  name: row.name,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  source: row.source,
  trust: row.trust,
  setByName: row.set_by_name,
  setAt: instant(row.set_at),
  version: row.version,
})

/** Inside JSON the database writes instants with its own offset. */
const instant = (text: string): string => new Date(text).toISOString()

/** The columns that follow from the content. */
export const contentColumns = (content: PolicyContent) => ({
  content: jsonb(content),
  title: content.title,
  topic: content.topic,
  force: content.force,
  confidence: content.confidence,
  effective_from: content.effectiveFrom,
  effective_to: content.effectiveTo,
  region: regionOf(content),
  province: regionOf(content).slice(0, 2),
  search: sql<string>`to_tsvector('simple', ${searchText(words(content))})`,
})

/** Whose territory a policy belongs to; where the place is not known, the national authority's. */
export const regionOf = ({ regionCode }: Pick<PolicyContent, 'regionCode'>): string => regionCode ?? '000000'

const words = ({ title, docNumber, issuer, regionName, card, clauses, benefits, interpretation, steps, slug }: PolicyContent): string =>
  [
    title,
    docNumber,
    issuer,
    regionName,
    slug,
    ...Object.values(card),
    ...clauses.map(({ text }) => text),
    ...benefits.flatMap(({ appliesTo, detail }) => [appliesTo, detail]),
    ...interpretation.questions.flatMap(({ q, a }) => [q, a]),
    interpretation.example,
    ...interpretation.notFor,
    ...steps,
  ].join('\n')
