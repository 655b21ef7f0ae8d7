/** The kinds of conditions that the editor offers, in words; what each needs beside them. Made from the catalogue of facts. */
import { facts, type DateFact, type FactId } from '../../../core/eligibility/facts.ts'

/** What is typed as a name and kept as a code. */
export type Lookup = 'region' | 'industry' | 'kind' | 'park' | 'alliance' | 'listing' | 'event'

export type Shape =
  | { as: 'group' }
  /** Names that become codes. */
  | { as: 'names'; lookup: Lookup; one?: true }
  /** Boxes to tick; `all`: 同时具有 may be asked as well. */
  | { as: 'choices'; values: Readonly<Record<string, string>>; all?: true }
  /** Like choices, from an open list. */
  | { as: 'names-or-all'; lookup: Lookup }
  | { as: 'bounds'; unit: string }
  | { as: 'months' }
  | { as: 'days' }
  | { as: 'count'; lookup: Lookup }
  | { as: 'nothing' }

export interface Condition {
  /** `range.employees`, or the op of a group. */
  what: string
  label: string
  group: string
  shape: Shape
}

export const groups: readonly Condition[] = [
  { what: 'all', label: '下列条件全部满足', group: '一组条件', shape: { as: 'group' } },
  { what: 'any', label: '满足下列条件之一', group: '一组条件', shape: { as: 'group' } },
  { what: 'atLeast', label: '满足下列条件中的若干项', group: '一组条件', shape: { as: 'group' } },
  { what: 'not', label: '不得有下列情形', group: '一组条件', shape: { as: 'group' } },
]

const entries = Object.entries(facts) as [FactId, (typeof facts)[FactId]][]
const titles = { enterprise: '企业', request: '送检事项（只用于“给什么”）' } as const

const ofFact = ([fact, entry]: (typeof entries)[number]): Condition[] => {
  const group = titles[entry.scope]
  const make = (op: string, label: string, shape: Shape): Condition => ({ what: `${op}.${fact}`, label, group, shape })
  switch (entry.type) {
    case 'code':
      return fact === 'region'
        ? []
        : [make('within', `${entry.label}属于`, { as: 'names', lookup: fact === 'industry' ? 'industry' : 'kind' })]
    case 'enum':
      return [make('in', `${entry.label}为`, fact === 'park' ? { as: 'names', lookup: 'park' } : { as: 'choices', values: entry.values })]
    case 'number':
      return [make('range', `${entry.label}（${entry.unit}）`, { as: 'bounds', unit: entry.unit })]
    case 'set':
      return [
        make(
          'has',
          entry.label,
          fact === 'listings' ? { as: 'names-or-all', lookup: 'listing' } : { as: 'choices', values: entry.values, all: true },
        ),
      ]
    case 'flag':
      return [make('flag', entry.label, { as: 'nothing' })]
    case 'date':
      return [make('age', `自${entry.label}起的月数`, { as: 'months' })]
    case 'holdings':
      return [{ what: 'holds', label: '台账中的器具不少于', group, shape: { as: 'count', lookup: 'kind' } }]
  }
}

const places: readonly Condition[] = [
  {
    what: 'region.nested',
    label: '注册地在（一个地区及其下级）',
    group: titles.enterprise,
    shape: { as: 'names', lookup: 'region', one: true },
  },
  { what: 'region.listed', label: '注册地在（列举的几个地区）', group: titles.enterprise, shape: { as: 'names', lookup: 'region' } },
  { what: 'region.alliance', label: '注册地在（区域联盟）', group: titles.enterprise, shape: { as: 'names', lookup: 'alliance' } },
  { what: 'region.park', label: '位于园区或功能区', group: titles.enterprise, shape: { as: 'names', lookup: 'park' } },
]

const dates = entries.filter(([, { type }]) => type === 'date').map(([fact, { label }]) => [fact as DateFact, label] as const)
const days: readonly Condition[] = dates.flatMap(([fact, label]): Condition[] => [
  { what: `window.${fact}`, label: `${label}在起止日期内`, group: '日期和事件', shape: { as: 'days' } },
  { what: `during.${fact}`, label: `${label}在事件期间`, group: '日期和事件', shape: { as: 'names', lookup: 'event', one: true } },
])

const filled: readonly Condition[] = entries.map(([fact, { label }]) => ({
  what: `known.${fact}`,
  label: `已填报${label}`,
  group: '是否已填报（少用）',
  shape: { as: 'nothing' },
}))

export const conditions: readonly Condition[] = [...places, ...entries.flatMap(ofFact), ...days, ...filled]

const byWhat: ReadonlyMap<string, Condition> = new Map([...groups, ...conditions].map((each) => [each.what, each]))
export const findCondition = (what: string): Condition | undefined => byWhat.get(what)
export const isGroup = (what: string): boolean => findCondition(what)?.shape.as === 'group'
