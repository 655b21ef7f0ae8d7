/** Administrative divisions (GB/T 2260), the alliances and functional areas that documents name, and how they nest. */
import { regionPrefix } from './eligibility/codes.ts'
import table from './reference/regions.json' with { type: 'json' }
import territories from './reference/territories.json' with { type: 'json' }

export type RegionLevel = 'country' | 'province' | 'prefecture' | 'county'

export interface Region {
  /** Six digits; `000000` is the whole country. */
  code: string
  /** The official name of this level alone: 萧山区. */
  name: string
  level: RegionLevel
  /** A code that only groups others (市辖区, 省直辖县级行政区划); not a place a person would name. */
  grouping: boolean
  /** Year (or date) from which the code no longer holds; old credit codes and certificates still carry it. */
  until?: string
  /** The code that took the place of a retired one. */
  successor?: string
}

/** A named union of places: 长三角. */
export interface Alliance {
  id: string
  name: string
  codes: readonly string[]
  source: string
  trust: string
}

/** A functional area without a GB/T 2260 code of its own: 德州天衢新区. */
export interface Park {
  id: string
  name: string
  /** Code of the place it lies in. */
  region: string
  source: string
  trust: string
}

export const COUNTRY = '000000'

/** Where the table comes from; shown beside it. */
export const regionEdition = {
  source: table.source,
  edition: table.edition,
  cutOff: table.cutOff,
  licence: table.licence,
  trust: table.trust,
} as const

export const alliances: readonly Alliance[] = territories.alliances

/** Bodies that act like a province but have no code: 新疆生产建设兵团. */
export const organisationRegions = territories.organisations

/** Ids of development zones are their six-digit statistical code after `park-`; those codes are not GB/T 2260. */
export const parks: readonly Park[] = [
  ...territories.parks,
  ...(table.functionalAreas as [string, string][]).map(([code, name]) => ({
    id: `park-${code}`,
    name,
    region: `${code.slice(0, 4)}00`,
    source: `${table.edition}，统计用区划代码 ${code}（非 GB/T 2260）`,
    trust: table.trust,
  })),
]

const groupings = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

const levelOf = (code: string): RegionLevel =>
  code === COUNTRY ? 'country' : code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'prefecture' : 'county'

const region = (code: string, name: string): Region => {
  const level = levelOf(code)
  return { code, name, level, grouping: level === 'prefecture' && groupings.has(name) }
}

const current: readonly Region[] = [
  region(COUNTRY, '全国'),
  ...[...(table.rows as [string, string][]), ...territories.added.map((a): [string, string] => [a.code, a.name])]
    .map(([code, name]) => region(code, name))
    .sort((a, b) => (a.code < b.code ? -1 : 1)),
]
const retired: readonly Region[] = territories.retired.map((r) => ({ ...region(r.code, r.name), until: r.until, successor: r.successor }))
const byCode: ReadonlyMap<string, Region> = new Map([...retired, ...current].map((r) => [r.code, r]))

/** Every place in force, by code, without grouping codes. */
export const listRegions = (): readonly Region[] => places
const places = current.filter((r) => !r.grouping && r.level !== 'country')

/** The region of a code, also of a retired one (then with `until` and `successor`). */
export const findRegion = (code: string): Region | undefined => byCode.get(code)

/** The code in force today: a retired code gives its successor, any other code itself. */
export const currentRegionCode = (code: string): string => byCode.get(code)?.successor ?? code

/** `萧山区`; a code that is not in the table is shown as such. */
export const regionName = (code: string): string => byCode.get(code)?.name ?? `未知地区（${code}）`

/** `浙江省杭州市萧山区`; grouping levels are left out (`北京市朝阳区`, `湖北省仙桃市`). */
export function fullRegionName(code: string): string {
  const found = byCode.get(code)
  if (!found) return `未知地区（${code}）`
  const above = parentOf(code)
  return (above && above !== COUNTRY ? fullRegionName(above) : '') + (found.grouping ? '' : found.name)
}

/** The next place above, skipping grouping codes: 朝阳区 → 北京市, 仙桃市 → 湖北省, a province → 全国. */
export function parentOf(code: string): string | undefined {
  const level = levelOf(code)
  if (level === 'country') return undefined
  if (level === 'province') return COUNTRY
  const province = `${code.slice(0, 2)}0000`
  if (level === 'prefecture') return province
  const prefecture = byCode.get(`${code.slice(0, 4)}00`)
  return prefecture && !prefecture.grouping ? prefecture.code : province
}

/** The places right below, skipping grouping codes, in code order. `000000` gives the provinces. */
export const regionsIn = (code: string): readonly Region[] => childrenOf.get(code) ?? []
const childrenOf = Map.groupBy(places, (r) => parentOf(r.code))

/** The two digits of the province: `33`. */
export const provinceOf = (code: string): string => code.slice(0, 2)

/**
 * Whether `inner` lies in `outer` (or is it), by the digits alone, so that it also holds for retired codes
 * and says exactly what an index over codes says: `000000` ⊃ `330000` ⊃ `330100` ⊃ `330109`.
 */
export const covers = (outer: string, inner: string): boolean => inner.startsWith(regionPrefix(outer))

export const findAlliance = (id: string): Alliance | undefined => alliances.find((a) => a.id === id)

/** A park by its id or its exact name. */
export const findPark = (idOrName: string): Park | undefined => parks.find((p) => p.id === idOrName || p.name === idOrName.trim())

/** The parks that lie in a place. Lists not yet loaded (region `000000`) belong to no place in particular. */
export const parksIn = (code: string): readonly Park[] => parks.filter((p) => covers(code, p.region))
