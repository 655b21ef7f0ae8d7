/** Names for the codes and ids in rules. Brings the whole table of places: for loaders and jobs, not for what the browser loads. */
import type { Names } from '../../core/eligibility/sentence.ts'
import { industryName } from '../../core/industries.ts'
import { kindName } from '../../core/instrument-kinds.ts'
import { findAlliance, findPark, fullRegionName } from '../../core/regions.ts'
import first from './library/_names-a.json' with { type: 'json' }
import second from './library/_names-b.json' with { type: 'json' }
import type { Clause } from './model.ts'

/** Lists that documents name: 首批成员名单. */
export const listingNames: Readonly<Record<string, string>> = { ...first.listings, ...second.listings }
/** Events that documents name; operators date them. */
export const eventNames: Readonly<Record<string, { name: string }>> = { ...first.events, ...second.events }
export const parkNames: Readonly<Record<string, string>> = { ...first.parks, ...second.parks }

/** `events`: those on record, for names that operators gave. An unknown id is shown as it is. */
export const namesFor = (clauses: readonly Clause[] = [], events: readonly { id: string; name: string }[] = []): Names => {
  const articles = new Map(clauses.map(({ id, article }) => [id, article ?? '条款号待核实']))
  const named = new Map(events.map(({ id, name }) => [id, name]))
  return {
    region: fullRegionName,
    industry: industryName,
    kind: kindName,
    park: (id) => findPark(id)?.name ?? parkNames[id] ?? id,
    event: (id) => named.get(id) ?? eventNames[id]?.name ?? id,
    listing: (id) => listingNames[id] ?? id,
    alliance: (id) => findAlliance(id)?.name ?? id,
    article: (src) => articles.get(src),
  }
}
