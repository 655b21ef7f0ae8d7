/** Enterprises and policies for the matching bench: invented, but skewed and full of gaps as real registers are. The same seed gives the same world. */
import type { Facts, Setting } from '../../src/core/eligibility/facts.ts'
import type { Rule } from '../../src/core/eligibility/rule.ts'
import { industryDivisions } from './divisions.ts'
import { countiesByProvince } from './places.ts'

export const setting: Setting = {
  asOf: '2026-06-30',
  events: { flood: { from: '2026-06-01' } },
  alliances: { 'yangtze-delta': ['310000', '320000', '330000', '340000'] },
}

/** mulberry32: numbers from 0 to 1. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Draws a number below `n`, small ones more often: the k-th is drawn in proportion to 1 / (k + 1). */
function zipf(n: number): (random: () => number) => number {
  const sums = new Float64Array(n)
  for (let k = 0, sum = 0; k < n; k++) sums[k] = sum += 1 / (k + 3)
  return (random) => {
    const wanted = random() * sums[n - 1]!
    let low = 0
    let high = n - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

const sizes = ['micro', 'small', 'medium', 'large'] as const
const qualifications = [
  'high-tech',
  'tech-sme',
  'innovative-sme',
  'specialised-sme',
  'little-giant',
  'above-scale',
  'cnas',
  'cma',
  'ms-cert',
]
const kinds = [
  'scale.electronic',
  'scale.truck',
  'pressure-gauge',
  'caliper',
  'water-meter',
  'gas-meter',
  'ev-charger',
  'sphygmomanometer',
  'taximeter',
  'fuel-dispenser',
  'scale.price',
  'thermometer',
]
/** Everything that a ledger may hold, the coarse kind included. */
export const allKinds: readonly string[] = ['scale', ...kinds]
const parks = Array.from({ length: 300 }, (_, i) => `park-${i}`)
const provinces = [...countiesByProvince.keys()]
const classesOf = new Map(industryDivisions.map((division) => [division, Array.from({ length: 16 }, (_, i) => `${division}${10 + i * 5}`)]))

const pickProvince = zipf(provinces.length)
const pickDivision = zipf(industryDivisions.length)
const pickCounty = new Map([...countiesByProvince].map(([province, counties]) => [province, zipf(counties.length)]))
const pickKind = zipf(kinds.length)

function county(random: () => number): string {
  const province = provinces[pickProvince(random)]!
  return countiesByProvince.get(province)![pickCounty.get(province)!(random)]!
}

/** One enterprise after the other, so that ten million need no memory here. */
export function* enterprises(seed: number, count: number): Generator<{ key: number; facts: Facts }> {
  const random = generator(seed)
  for (let key = 0; key < count; key++) yield { key, facts: enterprise(random) }
}

function enterprise(random: () => number): Facts {
  const facts: Record<string, unknown> = {}
  const chance = (share: number): boolean => random() < share
  const individual = chance(0.7)
  if (!chance(0.002)) {
    const place = county(random)
    facts.region = chance(0.02) ? `${place.slice(0, 4)}00` : place
  }
  if (!chance(0.02)) {
    const division = industryDivisions[pickDivision(random)]!
    facts.industry = chance(0.05) ? division : classesOf.get(division)![Math.floor(random() * 16)]!
  }
  facts.subjectKind = individual ? 'individual' : 'enterprise'
  if (individual) facts.size = 'individual'
  else if (chance(0.05)) facts.size = { oneOf: ['micro', 'small'] }
  else if (!chance(0.03)) facts.size = sizes[chance(0.8) ? 0 : chance(0.8) ? 1 : chance(0.8) ? 2 : 3]
  if (!chance(0.3)) facts.employees = Math.floor(random() ** 4 * (individual ? 20 : 1500))
  if (!chance(0.4)) facts.revenue = Math.floor(random() ** 5 * (individual ? 500 : 200_000))
  if (!chance(0.4)) facts.assets = Math.floor(random() ** 5 * (individual ? 300 : 300_000))
  if (chance(0.2)) facts.energyTce = Math.floor(random() ** 4 * 20_000)
  if (!chance(0.2)) facts.park = chance(0.9) ? 'none' : parks[Math.floor(random() * parks.length)]!
  facts.registeredOn = `${2026 - Math.floor(random() ** 2 * 30)}-${String(1 + Math.floor(random() * 12)).padStart(2, '0')}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`
  if ((facts.registeredOn as string) > '2026-06-30') facts.registeredOn = '2026-01-15'
  facts.qualifications = individual ? [] : qualifications.filter(() => chance(0.03))
  if (!chance(0.55)) facts.instruments = holdings(random)
  if (chance(0.1)) facts.hardship = chance(0.5)
  if (chance(0.4)) facts.keyEnergyUser = chance(0.05)
  return facts as Facts
}

/** Nine in ten known ledgers hold one kind or none. */
function holdings(random: () => number): Record<string, number> {
  const held: Record<string, number> = {}
  for (let n = random() < 0.4 ? 0 : random() < 0.8 ? 1 : 3; n > 0; n--)
    held[random() < 0.1 ? 'scale' : kinds[pickKind(random)]!] = 1 + Math.floor(random() ** 3 * 40)
  return held
}

/** `national`: share of policies for the whole country; of the others a quarter is for provinces, and so on. */
export function makePolicies(seed: number, count: number, national = 0.05): Rule[] {
  const random = generator(seed)
  return Array.from({ length: count }, () => policy(random, national))
}

function policy(random: () => number, national: number): Rule {
  const chance = (share: number): boolean => random() < share
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const of: Rule[] = [place(random, national)].filter((rule) => rule !== undefined)
  of.push({
    op: 'in',
    fact: 'size',
    values: pick([
      ['micro', 'small', 'medium'],
      ['micro', 'small'],
      ['micro', 'small', 'individual'],
      ['micro', 'individual'],
    ]),
  })
  const numeric = (): Rule =>
    pick<Rule>([
      { op: 'range', fact: 'employees', lt: pick([10, 20, 50, 100, 300, 1000]) },
      { op: 'range', fact: 'revenue', gte: pick([100, 300, 500]), lt: pick([2000, 5000, 40_000]) },
      { op: 'range', fact: 'assets', lt: pick([500, 2000, 5000, 80_000]) },
      { op: 'age', fact: 'registeredOn', ltMonths: pick([12, 24, 36, 60]) },
    ])
  const industry = (): Rule => ({
    op: 'within',
    fact: 'industry',
    codes: Array.from({ length: pick([1, 1, 1, 2, 2, 4, 12]) }, () => code(random)),
  })
  const special = (): Rule =>
    pick<Rule>([
      { op: 'has', fact: 'qualifications', any: [pick(qualifications), pick(qualifications)] },
      { op: 'has', fact: 'qualifications', all: [pick(qualifications)] },
      { op: 'holds', kinds: [pick([...kinds, 'scale'])], min: 1 + Math.floor(random() * 5) },
      { op: 'holds', kinds: ['scale', pick(kinds)], min: 1 + Math.floor(random() * 3) },
      { op: 'flag', fact: pick(['hardship', 'keyEnergyUser'] as const) },
      { op: 'region', mode: 'park', codes: [pick(parks), pick(parks)] },
    ])
  const shape = random()
  if (shape < 0.6) of.push(...(chance(0.3) ? [numeric()] : []))
  else if (shape < 0.85) of.push(industry())
  else if (shape < 0.95) of.push(special())
  else
    of.push({
      op: 'any',
      of: [
        { op: 'all', of: [numeric(), { op: 'not', of: special() }] },
        { op: 'all', of: [industry(), { op: 'not', of: numeric() }] },
        { op: 'atLeast', n: 2, of: [special(), special(), numeric()] },
      ],
    })
  return { op: 'all', of }
}

function place(random: () => number, national: number): Rule | undefined {
  if (random() < national) return undefined
  const scope = random()
  const one = county(random)
  if (scope < 0.02) return { op: 'region', mode: 'alliance', codes: ['yangtze-delta'] }
  if (scope < 0.27) return { op: 'region', mode: 'nested', codes: [`${one.slice(0, 2)}0000`] }
  if (scope < 0.69) return { op: 'region', mode: 'nested', codes: [`${one.slice(0, 4)}00`] }
  return { op: 'region', mode: 'listed', codes: [one, county(random)] }
}

const code = (random: () => number): string => {
  const division = industryDivisions[pickDivision(random)]!
  const depth = random()
  return depth < 0.15 ? division[0]! : depth < 0.8 ? division : classesOf.get(division)![Math.floor(random() * 16)]!
}
