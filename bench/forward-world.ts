/** Policies and enterprises for the forward bench: invented, but with the shapes and gaps of real registers. */
import type { Facts } from '../src/core/eligibility/facts.ts'
import type { Rule } from '../src/core/eligibility/rule.ts'

/** The same seed gives the same world everywhere. */
export function makeWorld(seed: number, policies: number, enterprises: number): { rules: Rule[]; firms: Facts[] } {
  random = generator(seed)
  return { rules: Array.from({ length: policies }, policy), firms: Array.from({ length: enterprises }, enterprise) }
}

/** mulberry32, seeded: numbers from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
let random = generator(1)
const chance = (share: number): boolean => random() < share
const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
const digits = (n: number): string => String(n).padStart(2, '0')

const provinces = ['11', '31', '32', '33', '34', '35', '37', '41', '42', '44', '50', '51', '61']
const sizes = ['micro', 'small', 'medium', 'large', 'individual']
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
const kinds = ['scale.electronic', 'scale.truck', 'pressure-gauge', 'caliper', 'water-meter', 'gas-meter', 'ev-charger', 'sphygmomanometer']

const city = (): string => `${pick(provinces)}${digits(between(1, 11))}00`
const county = (): string => `${city().slice(0, 4)}${digits(between(1, 9))}`
const division = (): string => `C${between(13, 43)}`
const region = (): Rule => {
  const scope = random()
  if (scope < 0.05) return { op: 'region', mode: 'listed', codes: provinces.map((each) => `${each}0000`) }
  if (scope < 0.3) return { op: 'region', mode: 'nested', codes: [`${pick(provinces)}0000`] }
  return scope < 0.7 ? { op: 'region', mode: 'nested', codes: [city()] } : { op: 'region', mode: 'listed', codes: [county(), county()] }
}
const size = (): Rule => ({
  op: 'in',
  fact: 'size',
  values: pick([
    ['micro', 'small', 'medium'],
    ['micro', 'small'],
    ['micro', 'small', 'individual'],
  ]),
})
const numeric = (): Rule =>
  pick<Rule>([
    { op: 'range', fact: 'employees', lt: pick([20, 100, 300]) },
    { op: 'range', fact: 'revenue', gte: pick([100, 300]), lt: pick([2000, 40_000]) },
  ])
const industry = (): Rule => ({ op: 'within', fact: 'industry', codes: chance(0.3) ? ['C'] : [division(), division()] })
const special = (): Rule =>
  pick<Rule>([
    { op: 'has', fact: 'qualifications', any: [pick(qualifications), pick(qualifications)] },
    { op: 'has', fact: 'qualifications', all: [pick(qualifications)] },
    { op: 'holds', kinds: [pick([...kinds, 'scale'])], min: between(1, 5) },
    { op: 'flag', fact: 'hardship' },
  ])
const nested = (): Rule => ({
  op: 'any',
  of: [{ op: 'all', of: [size(), numeric()] }, { op: 'all', of: [industry(), { op: 'not', of: pick([special, numeric])() }] }, special()],
})
function policy(): Rule {
  const shape = random()
  const extra = shape < 0.6 ? (chance(0.3) ? [numeric()] : []) : shape < 0.85 ? [industry()] : shape < 0.95 ? [special()] : [nested()]
  return { op: 'all', of: [region(), size(), ...extra] }
}

function enterprise(): Facts {
  const known = <T>(missing: number, value: T): T | undefined => (chance(missing) ? undefined : value)
  const ledger = Object.fromEntries(Array.from({ length: between(0, 3) }, () => [chance(0.1) ? 'scale' : pick(kinds), between(1, 12)]))
  const all = {
    region: known(0.002, chance(0.03) ? city() : county()),
    industry: known(0.05, `${chance(0.7) ? division() : `F${between(51, 52)}`}${digits(between(10, 39))}`),
    size: chance(0.05) ? { oneOf: ['micro', 'small'] } : known(0.03, pick(sizes)),
    employees: known(0.3, Math.floor(random() ** 3 * 500)),
    revenue: known(0.4, Math.floor(random() ** 3 * 60_000)),
    qualifications: known(
      0.1,
      qualifications.filter(() => chance(0.1)),
    ),
    instruments: known(0.55, ledger),
    hardship: known(0.9, chance(0.5)),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Facts
}
