/** The library as a list: filters with counts, order and pages. Pure, over what the snapshot holds. */
import { COUNTRY, covers, regionsIn } from '../../core/regions.ts'
import type { Confidence, Force, PolicySort, PublicPolicy, Status, Topic } from './model.ts'
import { statusOf, type Moment } from './status.ts'

export interface PolicyQuery {
  q?: string | undefined
  topic?: Topic | undefined
  force?: Force | undefined
  /** GB/T 2260: policies that hold somewhere in this place, those of places around it and national ones included. */
  region?: string | undefined
  status?: Status | undefined
  trust?: Confidence | undefined
  sort?: PolicySort | undefined
  /** From 1. */
  page?: number | undefined
  pageSize?: number | undefined
}

export interface PolicyRow extends PublicPolicy {
  status: Status
}

type Counts = Record<string, number>
export interface PolicyList {
  rows: PolicyRow[]
  total: number
  /** How many each choice would give, all other filters kept. Regions: every province by its code, national policies counted in each. */
  counts: { topic: Counts; force: Counts; region: Counts; status: Counts; trust: Counts }
}

const filters = {
  topic: (row: PolicyRow, query: PolicyQuery) => query.topic === undefined || row.content.topic === query.topic,
  force: (row: PolicyRow, query: PolicyQuery) => query.force === undefined || row.content.force === query.force,
  region: (row: PolicyRow, query: PolicyQuery) => query.region === undefined || holdsIn(row, query.region),
  status: (row: PolicyRow, query: PolicyQuery) => query.status === undefined || row.status === query.status,
  trust: (row: PolicyRow, query: PolicyQuery) => query.trust === undefined || row.content.confidence === query.trust,
}
type Filter = keyof typeof filters

/** A policy whose place is not known holds nowhere in particular. */
const holdsIn = ({ content: { regionCode } }: PolicyRow, region: string): boolean =>
  regionCode !== null && (covers(regionCode, region) || covers(region, regionCode))

/** `found`: slugs that the text search gave, best first; absent: no text was asked for. */
export function arrange(
  policies: readonly PublicPolicy[],
  query: PolicyQuery,
  moment: string | Moment,
  found?: readonly string[],
): PolicyList {
  const rank = found && new Map(found.map((slug, i) => [slug, i]))
  const all = policies
    .filter(({ slug }) => !rank || rank.has(slug))
    .map((policy): PolicyRow => ({ ...policy, status: statusOf(policy, moment) }))
  const passing = (but?: Filter) =>
    all.filter((row) => (Object.keys(filters) as Filter[]).every((name) => name === but || filters[name](row, query)))
  const count = (name: Filter, key: (row: PolicyRow) => string): Counts => tally(passing(name).map(key))
  const rows = passing().sort(query.sort === undefined && !rank ? useful : order(query.sort ?? 'relevance', rank))
  const [page, size] = [query.page ?? 1, query.pageSize ?? 20]
  return {
    rows: rows.slice((page - 1) * size, page * size),
    total: rows.length,
    counts: {
      topic: count('topic', ({ content }) => content.topic),
      force: count('force', ({ content }) => content.force),
      region: holdingByProvince(passing('region')),
      status: count('status', ({ status }) => status),
      trust: count('trust', ({ content }) => content.confidence),
    },
  }
}

const provinces = regionsIn(COUNTRY).map(({ code }) => code)
const holdingByProvince = (rows: readonly PolicyRow[]): Counts =>
  Object.fromEntries(provinces.map((code) => [code, rows.filter((row) => holdsIn(row, code)).length]))

const tally = (keys: readonly string[]): Counts => {
  const counts: Counts = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

/** The document's own day; one that nobody knows is no news, so it comes last. */
const day = ({ content }: PolicyRow): string => content.publishedOn ?? content.source.date ?? ''
const collator = new Intl.Collator('zh-CN')
/** Ties by slug, so that pages never overlap. */
const tie = (a: PolicyRow, b: PolicyRow): number => (a.slug < b.slug ? -1 : 1)
const newest = (a: PolicyRow, b: PolicyRow): number => day(b).localeCompare(day(a)) || tie(a, b)
/** Unless somebody asks for another order: what can be had now, then what soon can, then the rest. */
const useful = (a: PolicyRow, b: PolicyRow): number => turn(a) - turn(b) || newest(a, b)
const turn = ({ status }: PolicyRow): number => (status === 'open' ? 0 : status === 'upcoming' ? 1 : 2)

function order(sort: PolicySort, rank: ReadonlyMap<string, number> | undefined): (a: PolicyRow, b: PolicyRow) => number {
  switch (sort) {
    case 'title':
      return (a, b) => collator.compare(a.content.title, b.content.title) || tie(a, b)
    case 'deadline':
      // What can still be had comes first; without an end, last.
      return (a, b) => Number(b.status === 'open') - Number(a.status === 'open') || end(a).localeCompare(end(b)) || newest(a, b)
    case 'relevance':
      return rank ? (a, b) => rank.get(a.slug)! - rank.get(b.slug)! : newest
    case 'newest':
      return newest
  }
}
const end = ({ content }: PolicyRow): string => content.effectiveTo ?? '9999-12-31'
