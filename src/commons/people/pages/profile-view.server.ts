/** The profile as its page shows it: names for codes, the working of the size, what is stale, what is unknown. */
import { facts as catalogue, type FactId, type FactValue } from '../../../core/eligibility/facts.ts'
import { sayValue } from '../../../core/eligibility/sentence.ts'
import { industryName } from '../../../core/industries.ts'
import { kindName } from '../../../core/instrument-kinds.ts'
import { findAlliance, findPark, fullRegionName, parksIn } from '../../../core/regions.ts'
import { sizeNames } from '../../../core/size-class.ts'
import type { Profile } from '../model.ts'
import { factGroups } from '../profile-words.ts'

export interface FactView {
  fact: FactId
  label: string
  /** Why it matters; shown while it is unknown. */
  why: string
  /** In words; null while unknown. */
  said: string | null
  value: FactValue | undefined
  source: string | null
  asOf: string | null
  by: string | null
  stale: boolean
  options: { value: string; label: string }[]
  ledger: string
}

const names = {
  region: fullRegionName,
  industry: (code: string) => `${industryName(code)}（${code}）`,
  kind: kindName,
  park: (id: string) => (id === 'none' ? '不在任何园区' : (findPark(id)?.name ?? id)),
  event: (id: string) => id,
  listing: (id: string) => id,
  alliance: (id: string) => findAlliance(id)?.name ?? id,
}

export function profileView(profile: Profile) {
  const stored = new Map(profile.stored.map((each) => [each.fact, each]))
  const view = (fact: FactId, why: string): FactView => {
    const held = stored.get(fact)
    const ledger =
      fact === 'instruments' && held && typeof held.value === 'object' ? Object.entries(held.value as Record<string, number>) : []
    return {
      fact,
      label: catalogue[fact].label,
      why,
      said: held ? sayHeld(fact, held.value, ledger) : null,
      value: held?.value,
      source: held?.source ?? null,
      asOf: held?.asOf ?? null,
      by: held?.confirmedByName ?? null,
      stale: profile.stale.includes(fact),
      options:
        fact === 'park'
          ? [
              { value: 'none', label: '不在任何园区' },
              ...parksIn(`${profile.org.region.slice(0, 4)}00`).map(({ id, name }) => ({ value: id, label: name })),
            ]
          : [],
      ledger: ledger.map(([kind, count]) => `${kindName(kind)} ${count}`).join('\n'),
    }
  }
  const groups = factGroups.map(({ id, title, facts }) => ({
    id,
    title,
    facts: Object.entries(facts).map(([fact, why]) => view(fact as FactId, why)),
  }))
  return {
    org: { id: profile.org.id, name: profile.org.name, uscc: profile.org.uscc, region: fullRegionName(profile.org.region) },
    groups,
    facts: groups.flatMap(({ facts }) => facts),
    size: {
      said: profile.size.possible.map((size) => sizeNames[size]).join('或'),
      settled: profile.size.size !== undefined,
      missing: [...profile.size.unsettled, ...profile.size.missing].map((fact) => catalogue[fact].label),
      working: profile.size.working.map((step) => step.text),
      source: profile.size.source,
      toVerify: profile.size.toVerify,
    },
  }
}

function sayHeld(fact: FactId, value: FactValue, ledger: [string, number][]): string {
  if (fact === 'instruments')
    return ledger.length === 0 ? '没有计量器具' : `${ledger.length} 种 ${ledger.reduce((n, [, count]) => n + count, 0)} 件`
  if (Array.isArray(value) && value.length === 0) return '没有'
  return sayValue(fact, value, names)
}
