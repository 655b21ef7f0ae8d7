/** Stores full of random enterprises for the tests of equality: a pool of random facts, and rows that draw from it. */
import fc from 'fast-check'
import { compile } from '../core/eligibility/compile.ts'
import { evaluate } from '../core/eligibility/evaluate.ts'
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import type { Leaf, Rule } from '../core/eligibility/rule.ts'
import type { Row } from './gather.ts'
import { popcount } from './kernels/plain.ts'
import { keyAt } from './layout.ts'
import type { Store } from './store.ts'

/** Random seeds are printed by the tests, so that a failure can be had again. */
export const randomSeed = (): number => Math.floor(Math.random() * 2 ** 31)

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface World {
  pool: readonly Facts[]
  rules: readonly Rule[]
  setting: Setting
}

/** Conditions that random rules do not have, on facts that are kept in other ways. */
const rare: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ op: fc.constant('known' as const), fact: fc.constantFrom('instruments', 'hardship', 'registeredOn', 'revenue', 'park') }),
  fc.record({ op: fc.constant('in' as const), fact: fc.constantFrom('ownership' as const), values: fc.constant(['private']) }),
  fc.record({ op: fc.constant('flag' as const), fact: fc.constantFrom('keyEnergyUser' as const) }),
  fc.record({ op: fc.constant('has' as const), fact: fc.constantFrom('listings' as const), any: fc.constant(['list-a']) }),
  fc.record({ op: fc.constant('holds' as const), kinds: fc.constantFrom(['scale', 'meter'], ['gauge.pressure']), min: fc.nat({ max: 4 }) }),
) as fc.Arbitrary<Leaf>

/** Values of the wrong shape, and values at the ends of what columns hold. */
const odd: fc.Arbitrary<Facts> = fc.record(
  {
    employees: fc.constantFrom(3e9, -3e9, 4.5, Infinity, '5'),
    revenue: fc.constantFrom(NaN, -Infinity, 19.99, true),
    region: fc.constantFrom('', '33', '3301', '33010', '台湾', { oneOf: [] }, 330_109 as never),
    industry: fc.constantFrom('', '4011', 'C4', { oneOf: ['C40', 'D'] }),
    size: fc.constantFrom('unheard-of', ['micro'], { oneOf: ['micro', 'small'] }),
    hardship: fc.constantFrom('yes', 1, null as never),
    instruments: fc.constantFrom({}, [], { oneOf: ['scale'] }, { scale: 0, gauge: 4_294_967_295 }),
    registeredOn: fc.constantFrom('2023-02-29', 'yesterday', { oneOf: ['2019-02-28', '2024-06-14'] }),
    qualifications: fc.constantFrom(['cma', 'cnas', 'cma'], 'cnas'),
    listings: fc.constantFrom([], ['list-a']),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>

export const anyRule = fc.oneof({ weight: 6, arbitrary: arbitraryRule({ known: true }) }, { weight: 1, arbitrary: rare })
export const anyFacts: fc.Arbitrary<Facts> = fc.oneof(
  { weight: 6, arbitrary: arbitraryFacts },
  { weight: 1, arbitrary: fc.tuple(arbitraryFacts, odd).map(([facts, more]) => ({ ...facts, ...more })) },
)

export const sampleWorld = (seed: number, pool: number, rules: number): World => ({
  pool: fc.sample(anyFacts, { numRuns: pool, seed }),
  rules: fc.sample(anyRule, { numRuns: rules, seed: seed + 1 }),
  setting: fc.sample(arbitrarySetting, { numRuns: 1, seed: seed + 2 })[0]!,
})

/** `count` rows with keys in no order; `drawn[key]` is the number in the pool. */
export function drawRows(world: World, count: number, seed: number): { rows: Row[]; drawn: number[] } {
  const random = generator(seed)
  const drawn = Array.from({ length: count }, () => Math.floor(random() * world.pool.length))
  return { rows: drawn.map((_, i) => count - 1 - i).map((key) => ({ key, facts: world.pool[drawn[key]!]! })), drawn }
}

/** Bits of rows whose answers are not what the oracle says of the facts that `factsOf` gives for their keys, for all rows in force. */
export function differences(store: Store, rule: Rule, factsOf: (key: number) => Facts | undefined): string[] {
  const { eligible, possible } = store.bitmaps(rule)
  const known = new Map<Facts | undefined, number>()
  const found: string[] = []
  const { layout, setting } = store
  for (let row = 0; row < layout.capacity; row++) {
    const live = row < layout.rows && (layout.arena.u32[(layout.live >>> 2) + (row >>> 5)]! >>> (row & 31)) & 1
    const facts = live ? factsOf(keyAt(layout, row)) : undefined
    let wanted = known.get(facts)
    if (wanted === undefined) {
      wanted = facts ? evaluate(rule, facts, setting) : 0
      if (facts && compile(rule, setting)(facts) !== wanted) found.push(`closures differ: ${JSON.stringify(facts)}`)
      known.set(facts, wanted)
    }
    const given = ((eligible[row >>> 5]! >>> (row & 31)) & 1) + ((possible[row >>> 5]! >>> (row & 31)) & 1)
    const yesOnly = given === 1 && ((eligible[row >>> 5]! >>> (row & 31)) & 1) === 1
    if (given !== wanted || yesOnly)
      found.push(
        `row ${row}: ${yesOnly ? 'T without P' : given}, wanted ${wanted}: ${JSON.stringify(facts)} of ${layout.base}+${layout.rows - layout.base}`,
      )
  }
  const counts = store.match(rule)
  const ones = (bits: Uint32Array): number => bits.reduce((sum, word) => sum + popcount(word), 0)
  if (counts.eligible !== ones(eligible) || counts.possible !== ones(possible))
    found.push(`counts ${JSON.stringify(counts)} are not ${ones(eligible)} and ${ones(possible)}`)
  return found
}
