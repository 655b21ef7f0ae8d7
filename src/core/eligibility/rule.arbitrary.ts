/**
 * Random rules, facts and settings for property tests of every interpreter. A deliberately small world:
 * few codes, thresholds and days, so that they collide, nest and meet at their edges often.
 */
import fc from 'fast-check'
import { addDays, latestStart } from './calendar-day.ts'
import type { DateFact, EventWindow, FactId, FactValue, Facts, NumberFact, Setting } from './facts.ts'
import type { Leaf, Rule } from './rule.ts'

export const regions = ['330000', '330100', '330109', '330110', '340000', '340100', '429000', '429004']
const counties = ['330102', '330109', '330110', '330203', '340102', '340202', '420102', '429004', '429005', '110101']
export const alliances = { delta: ['330000', '340100'], lakes: ['420000'], nowhere: [] }
const parks = ['tianqu', 'qiantang']
const industries = ['C', 'C40', 'C401', 'C4011', 'C39', 'D']
const subclasses = ['C1311', 'C3911', 'C4011', 'C4012', 'C4020', 'D4411', 'F5111']
const kinds = ['scale', 'scale.electronic', 'gauge', 'gauge.pressure']
const sizes = ['micro', 'small', 'medium', 'large', 'individual', 'unclassified']
const subjectKinds = ['enterprise', 'individual']
const numbers: NumberFact[] = ['employees', 'revenue']
const thresholds = [5, 20, 300]
const days = ['2019-02-28', '2020-02-29', '2023-08-31', '2024-06-14', '2024-06-15', '2024-06-16']
const months = [1, 12, 36, 52]
const flags = ['hardship', 'epidemicAffected', 'traceable'] as const
const qualifications = ['high-tech', 'cnas', 'cma']
const anchors: DateFact[] = ['acceptedOn', 'certificateOn', 'registeredOn']
const events = ['epidemic', 'campaign', 'flood']

/** The last day of every stretch that a window or an age can draw, and the day after it. */
const datesAround = (asOf: string): string[] => {
  const edges = [...days, ...months.map((n) => latestStart(n, asOf))]
  return [
    ...new Set(['1999-01-01', ...edges, ...edges.map((day) => addDays(day, 1)), ...days.map((day) => addDays(day, -1)), '2099-01-01']),
  ]
}

const answersOf: Partial<Record<FactId, readonly FactValue[]>> = {
  region: counties,
  park: [...parks, 'none'],
  industry: subclasses,
  instrumentKind: ['scale.electronic', 'scale.spring', 'gauge.pressure', 'gauge.torque', 'meter'],
  size: sizes,
  subjectKind: [...subjectKinds, 'other'],
  employees: [0, 4, 5, 19, 20, 299, 300],
  revenue: [0, 4, 5, 19, 20, 299, 300],
  qualifications: [[], ['high-tech'], ['cnas'], ['cma'], ['high-tech', 'cnas'], ['high-tech', 'cma'], ['cnas', 'cma'], qualifications],
  hardship: [true, false],
  epidemicAffected: [true, false],
  traceable: [true, false],
}

/** Complete answers to each fact that random rules ask about: every distinction that such a rule can draw is among them. Ledgers apart. */
export const completeAnswers = (fact: FactId, asOf: string): readonly FactValue[] => answersOf[fact] ?? datesAround(asOf)

const some = <T>(items: readonly T[], max = 2): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: max })
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
/** Two bounds with the lower one first; one of them may be open. */
const bounds = <T extends string | number>(points: readonly T[]): fc.Arbitrary<[T | undefined, T | undefined]> =>
  fc.oneof(
    fc.subarray([...points], { minLength: 2, maxLength: 2 }).map(([low, high]): [T | undefined, T | undefined] => [low, high]),
    fc.constantFrom(...points).map((low): [T | undefined, T | undefined] => [low, undefined]),
    fc.constantFrom(...points).map((high): [T | undefined, T | undefined] => [undefined, high]),
  )
/** Without the keys that hold `undefined`: a rule is JSON. */
const tidy = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T

const src = maybe(fc.constantFrom('c1', 'c2', 'c3'))
const leaves: fc.Arbitrary<Leaf>[] = [
  fc.record({ op: fc.constant('region' as const), mode: fc.constantFrom('nested' as const, 'listed' as const), codes: some(regions), src }),
  fc.record({
    op: fc.constant('region' as const),
    mode: fc.constant('alliance' as const),
    codes: some([...Object.keys(alliances), 'unheard-of']),
    src,
  }),
  fc.record({ op: fc.constant('region' as const), mode: fc.constant('park' as const), codes: some(parks), src }),
  fc.record({ op: fc.constant('within' as const), fact: fc.constant('industry' as const), codes: some(industries), src }),
  fc.record({ op: fc.constant('within' as const), fact: fc.constant('instrumentKind' as const), codes: some(kinds), src }),
  fc.record({ op: fc.constant('in' as const), fact: fc.constant('size' as const), values: some(sizes, 4), src }),
  fc.record({ op: fc.constant('in' as const), fact: fc.constant('subjectKind' as const), values: some(subjectKinds), src }),
  fc
    .record({ op: fc.constant('range' as const), fact: fc.constantFrom(...numbers), bounds: bounds(thresholds), src })
    .map(({ bounds: [gte, lt], ...leaf }) => ({ ...leaf, gte, lt })),
  fc
    .record({ op: fc.constant('age' as const), fact: fc.constant('registeredOn' as const), bounds: bounds(months), src })
    .map(({ bounds: [gteMonths, ltMonths], ...leaf }) => ({ ...leaf, gteMonths, ltMonths })),
  fc.record({ op: fc.constant('has' as const), fact: fc.constant('qualifications' as const), any: some(qualifications), src }),
  fc.record({
    op: fc.constant('has' as const),
    fact: fc.constant('qualifications' as const),
    any: maybe(some(qualifications)),
    all: some(qualifications),
    src,
  }),
  fc.record({ op: fc.constant('holds' as const), kinds: some(kinds), min: fc.constantFrom(1, 3), src }),
  fc.record({ op: fc.constant('flag' as const), fact: fc.constantFrom(...flags), src }),
  fc
    .record({ op: fc.constant('window' as const), anchor: fc.constantFrom(...anchors), bounds: bounds(days), src })
    .map(({ bounds: [from, to], ...leaf }) => ({ ...leaf, from, to })),
  fc.record({ op: fc.constant('during' as const), anchor: fc.constantFrom(...anchors), event: fc.constantFrom(...events), src }),
]
const knownLeaf: fc.Arbitrary<Leaf> = fc.record({
  op: fc.constant('known' as const),
  fact: fc.constantFrom('employees' as const, 'size' as const, 'region' as const),
  src,
})

/** Valid rules. `known` is off unless asked for, because it alone breaks monotonicity; `depth` counts nested groups. */
export function arbitraryRule({
  known = false,
  depth = 3,
  width = 3,
}: { known?: boolean; depth?: number; width?: number } = {}): fc.Arbitrary<Rule> {
  const leaf: fc.Arbitrary<Rule> = fc.oneof(...(known ? [...leaves, knownLeaf] : leaves)).map(tidy)
  const level = (left: number): fc.Arbitrary<Rule> => {
    if (left === 0) return leaf
    const part = level(left - 1)
    const of = fc.array(part, { minLength: 1, maxLength: width })
    return fc.oneof(
      { weight: 3, arbitrary: leaf },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('all' as const), of }) },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('any' as const), of, src }).map(tidy) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), of: part }) },
      {
        weight: 1,
        arbitrary: of.chain((parts) =>
          fc.record({ op: fc.constant('atLeast' as const), n: fc.integer({ min: 1, max: parts.length }), of: fc.constant(parts) }),
        ),
      },
    )
  }
  return level(depth)
}

const oneOf = (items: readonly string[]): fc.Arbitrary<FactValue> =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 2, maxLength: 3 }).map((each) => ({ oneOf: each }))
const answer = (fact: FactId): fc.Arbitrary<FactValue> => fc.constantFrom(...completeAnswers(fact, '2024-06-15'))
const ledger = fc.dictionary(fc.constantFrom(...kinds, 'scale.spring', 'meter'), fc.integer({ min: 1, max: 3 }), { noNullPrototype: true })

/** Facts about one firm and one order line: each is missing about half of the time, some are coarse or undecided. */
export const arbitraryFacts: fc.Arbitrary<Facts> = fc
  .record({
    region: maybe(fc.oneof(answer('region'), fc.constantFrom(...regions, '000000'), oneOf(counties))),
    park: maybe(fc.oneof(answer('park'), oneOf([...parks, 'none']))),
    industry: maybe(fc.oneof(answer('industry'), fc.constantFrom(...industries), oneOf(subclasses))),
    instrumentKind: maybe(fc.oneof(answer('instrumentKind'), fc.constantFrom(...kinds))),
    size: maybe(fc.oneof(answer('size'), oneOf(sizes))),
    subjectKind: maybe(answer('subjectKind')),
    employees: maybe(answer('employees')),
    revenue: maybe(answer('revenue')),
    registeredOn: maybe(answer('registeredOn')),
    certificateOn: maybe(answer('certificateOn')),
    acceptedOn: maybe(answer('acceptedOn')),
    qualifications: maybe(answer('qualifications')),
    instruments: maybe(ledger),
    hardship: maybe(answer('hardship')),
    epidemicAffected: maybe(answer('epidemicAffected')),
    traceable: maybe(answer('traceable')),
  })
  .map(tidy)

const eventWindow: fc.Arbitrary<EventWindow> = fc.oneof(
  fc.constant({}),
  bounds(days).map(([from, to]) => tidy({ from, to })),
)
/** `unheard-of` is never an alliance; `flood` never has a start. */
export const arbitrarySetting: fc.Arbitrary<Setting> = fc.record({
  asOf: fc.constantFrom('2024-06-15', '2024-02-29', '2023-03-31', '2020-02-29'),
  events: fc.record({ epidemic: eventWindow, campaign: eventWindow, flood: fc.constant({}) }),
  alliances: fc.constant(alliances),
})

const finerRegion = (code: string): string[] => counties.filter((county) => county.startsWith(code.replace(/(00)+$/, '')))
const finerIndustry = (code: string): string[] => subclasses.filter((each) => each.startsWith(code))
const finerKind = (kind: string): string[] => [`${kind}.other`, ...kinds.filter((each) => each.startsWith(`${kind}.`))]

/** Ways of knowing more without contradicting what is on record: fill a gap, settle a possibility, refine a coarse code or ledger entry. */
export function arbitraryRefinement(facts: Facts): fc.Arbitrary<Facts> {
  const refined = Object.fromEntries(
    [...Object.keys(answersOf), ...anchors, 'instruments'].map((id) => {
      const fact = id as FactId
      const value = facts[fact]
      // Without an acceptance date a rule assumes today: giving one corrects an assumption instead of filling a gap.
      if (fact === 'acceptedOn' && value === undefined) return [fact, fc.constant(undefined)]
      return [fact, fc.oneof(fc.constant(value), finer(fact, value))]
    }),
  )
  return fc.record(refined as Record<FactId, fc.Arbitrary<FactValue | undefined>>).map(tidy)
}

function finer(fact: FactId, value: FactValue | undefined): fc.Arbitrary<FactValue> {
  if (value === undefined) return fact === 'instruments' ? ledger : answer(fact)
  if (typeof value === 'object' && 'oneOf' in value) return fc.constantFrom(...(value.oneOf as string[]))
  if (fact === 'instruments') {
    const entries = Object.entries(value).map(([kind, count]) =>
      fc.constantFrom(kind, ...finerKind(kind)).map((each) => [each, count as number] as const),
    )
    return fc
      .tuple(...entries)
      .map((pairs) => pairs.reduce<Record<string, number>>((sum, [kind, count]) => ({ ...sum, [kind]: (sum[kind] ?? 0) + count }), {}))
  }
  const codes =
    fact === 'region'
      ? finerRegion(String(value))
      : fact === 'industry'
        ? finerIndustry(String(value))
        : fact === 'instrumentKind'
          ? finerKind(String(value))
          : []
  return codes.length > 0 ? fc.constantFrom<FactValue>(...codes) : fc.constant(value)
}
