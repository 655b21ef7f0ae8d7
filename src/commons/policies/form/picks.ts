/** Names that people type ↔ codes that rules hold. Whatever is shown can be read back. Heavy tables: for the server. */
import { industryName, normaliseIndustry, searchIndustries, sections } from '../../../core/industries.ts'
import { findKind, findKindByName, instrumentKinds, kindName, searchKinds } from '../../../core/instrument-kinds.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { alliances, findPark, findRegion, fullRegionName, listRegions, parks } from '../../../core/regions.ts'
import { findRegionByName } from '../../../core/region-names.ts'
import { listingNames, parkNames } from '../names.ts'
import type { Lookup } from './conditions.ts'

/** A code, or why the text is none: an ambiguous one lists what it may mean. */
export type Picked = { code: string } | { problem: string }

export interface Picks {
  show: (pick: Lookup, code: string) => string
  read: (pick: Lookup, typed: string) => Picked
  /** For the list that drops down. */
  options: (pick: Lookup) => readonly string[]
}

/** `events`: those on record. */
export function picksWith(events: readonly { id: string; name: string }[]): Picks {
  const tables: Record<Lookup, Table> = { ...fixed, event: named(events, '事件', '请先在“政策事件日期”中登记') }
  return {
    show: (pick, code) => {
      const name = tables[pick].name(code)
      const read = name === undefined ? undefined : tables[pick].read(name)
      // A name that means something else, or several things, carries its code.
      return name === undefined ? code : read && 'code' in read && read.code === code ? name : `${name}（${code}）`
    },
    read: (pick, typed) => {
      const inside = /（([^（）]+)）$/.exec(typed)?.[1]
      if (inside !== undefined && tables[pick].name(inside) !== undefined) return { code: inside }
      return tables[pick].read(typed)
    },
    options: (pick) => tables[pick].options(),
  }
}

interface Table {
  name: (code: string) => string | undefined
  read: (typed: string) => Picked
  options: () => readonly string[]
}

const listed = (names: readonly string[]): string => names.slice(0, 8).join('、') + (names.length > 8 ? ` 等 ${names.length} 个` : '')

/** Things with an id and a name of their own. */
const named = (rows: readonly { id: string; name: string }[], what: string, advice: string): Table => ({
  name: (id) => rows.find((row) => row.id === id)?.name,
  read: (typed) => {
    const found = rows.filter(({ id, name }) => id === typed || name === typed)
    if (found.length === 1) return { code: found[0]!.id }
    const like = rows.filter(({ name }) => name.includes(typed))
    if (found.length === 0 && like.length === 1) return { code: like[0]!.id }
    return {
      problem:
        like.length > 1 ? `“${typed}”可能是：${listed(like.map(({ name }) => name))}，请写全名` : `没有名为“${typed}”的${what}，${advice}`,
    }
  },
  options: () => rows.map(({ name }) => name),
})

const regions: Table = {
  name: (code) => (/^(?:\d\d){3}$/.test(code) && findRegion(code) ? fullRegionName(code) : undefined),
  read: (typed) => {
    const codes = findRegionByName(typed)
    if (codes.length === 1) return { code: codes[0]! }
    if (codes.length === 0) return { problem: `没有找到地区“${typed}”，请写全称，如 浙江省杭州市萧山区` }
    return { problem: `“${typed}”可能是：${listed(codes.map(fullRegionName))}，请写全称` }
  },
  // Counties are found by typing their full name; three thousand of them would make the page heavy.
  options: () => [
    '全国',
    ...listRegions()
      .filter(({ level }) => level !== 'county')
      .map(({ code }) => fullRegionName(code)),
  ],
}

const industries: Table = {
  name: (code) => (isRefusal(normaliseIndustry(code)) ? undefined : industryName(code)),
  read: (typed) => {
    const code = normaliseIndustry(typed)
    if (!isRefusal(code)) return { code }
    const like = searchIndustries(typed)
    const found = like.find(({ name }) => name === typed) ?? (like.length === 1 ? like[0] : undefined)
    if (found) return { code: found.code }
    return {
      problem:
        like.length > 0
          ? `“${typed}”可能是：${listed(like.map((each) => `${each.name}（${each.code}）`))}，请选定一个`
          : `没有找到行业“${typed}”，请填写 GB/T 4754 的行业名称或代码，如 C40`,
    }
  },
  options: () => sections.flatMap((section) => [section, ...section.divisions]).map(({ code, name }) => `${name}（${code}）`),
}

const kinds: Table = {
  name: (code) => (findKind(code) ? kindName(code) : undefined),
  read: (typed) => {
    const found = findKindByName(typed)
    if (found) return { code: found.code }
    const like = searchKinds(typed)
    if (like.length === 1) return { code: like[0]!.code }
    return {
      problem:
        like.length > 0
          ? `“${typed}”可能是：${listed(like.map(({ name }) => name))}，请选定一种`
          : `没有找到器具“${typed}”，请从列表中选择`,
    }
  },
  options: () => instrumentKinds.map(({ name }) => name),
}

const allParks = [
  ...parks,
  ...Object.entries(parkNames)
    .filter(([id]) => !findPark(id))
    .map(([id, name]) => ({ id, name })),
]
const fixed: Omit<Record<Lookup, Table>, 'event'> = {
  region: regions,
  industry: industries,
  kind: kinds,
  park: named(allParks, '园区', '请从列表中选择'),
  alliance: named(alliances, '区域联盟', '请从列表中选择'),
  // A document may name a list of its own: its name is then its id.
  listing: {
    ...named(
      Object.entries(listingNames).map(([id, name]) => ({ id, name })),
      '名单',
      '',
    ),
    read: (typed) => {
      const found = Object.entries(listingNames).find(([id, name]) => id === typed || name === typed)
      if (found) return { code: found[0] }
      return /^[^\s\p{C}]{2,64}$/u.test(typed) ? { code: typed } : { problem: '名单名称须为 2 至 64 个字，中间不留空格' }
    },
  },
}
