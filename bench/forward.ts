/**
 * One enterprise against many policies, pair by pair: our two interpreters and two engines that a user might pick instead,
 * on the same rules and the same facts, in one run, with every answer compared.
 *
 *   node bench/forward.ts [--json] [--policies 1000] [--enterprises 300] [--seed 1]
 *
 * The peers know two values: a missing fact makes a condition false. They get every help that is fair: codes split into levels beforehand,
 * ledgers summed up, missing numbers as values that no comparison accepts, so that no guard is needed. The bench ends with code 1 if any decided pair differs.
 */
import { LogicEngine } from 'json-logic-engine'
import { Engine, type TopLevelCondition } from 'json-rules-engine'
import { parseArgs } from 'node:util'
import { countHeld } from '../src/core/eligibility/codes.ts'
import { compile } from '../src/core/eligibility/compile.ts'
import { evaluate } from '../src/core/eligibility/evaluate.ts'
import { explain } from '../src/core/eligibility/explain.ts'
import type { Facts, Setting } from '../src/core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from '../src/core/eligibility/rule.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    policies: { type: 'string', default: '1000' },
    enterprises: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})
const setting: Setting = { asOf: '2024-06-15', events: {} }

// —— the data: invented, but with the shapes and gaps of real registers

/** mulberry32: the same seed gives the same bench everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
const random = generator(Number(options.seed))
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

// —— the same for engines with two values

type Row = Record<string, string | number | boolean | readonly string[]>
/** Field and value to compare for a code: the level is told by its length. */
const level = (code: string): [field: string, value: string] => {
  if (code.startsWith('C')) return [code.length === 1 ? 'section' : 'division', code]
  return code.endsWith('0000') ? ['province', code.slice(0, 2)] : code.endsWith('00') ? ['city', code.slice(0, 4)] : ['county', code]
}
/** A dot would be a path to json-logic. */
const field = (kind: string): string => `held ${kind.replace('.', ' ')}`

/** `missing`: what stands for a number that is not on record. */
function toRow(facts: Facts, missing: number): Row {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const [place, trade] = [text(facts.region), text(facts.industry)]
  const held = ['scale', ...kinds].map((kind) => [field(kind), countHeld([kind], facts.instruments)?.sure ?? missing] as const)
  return {
    province: place.slice(0, 2),
    city: place.slice(0, 4),
    county: place,
    section: trade.slice(0, 1),
    division: trade.slice(0, 3),
    // Possibilities are beyond them; every size list here holds both or neither, so the first will do.
    size: text(typeof facts.size === 'object' && 'oneOf' in facts.size ? (facts.size.oneOf as readonly string[])[0] : facts.size),
    employees: (facts.employees ?? missing) as number,
    revenue: (facts.revenue ?? missing) as number,
    qualifications: (facts.qualifications ?? []) as readonly string[],
    hardship: facts.hardship === true,
    ...Object.fromEntries(held),
  }
}

/** Conditions as (field, comparison, value), joined by `any` or `all`: what both peers can express. */
type Test = { field: string; is: 'among' | 'atLeast' | 'below' | 'contains' | 'true'; value: unknown }
function tests(leaf: Leaf): { join: 'any' | 'all'; of: Test[] } {
  switch (leaf.op) {
    case 'region':
    case 'within': {
      const fields = [...new Set(leaf.codes.map((code) => level(code)[0]))]
      const of = fields.map((name): Test => ({
        field: name,
        is: 'among',
        value: leaf.codes.map(level).flatMap(([each, value]) => (each === name ? [value] : [])),
      }))
      return { join: 'any', of }
    }
    case 'in':
      return { join: 'all', of: [{ field: leaf.fact, is: 'among', value: leaf.values }] }
    case 'range':
      return {
        join: 'all',
        of: [
          ...(leaf.gte === undefined ? [] : [{ field: leaf.fact, is: 'atLeast', value: leaf.gte } as const]),
          ...(leaf.lt === undefined ? [] : [{ field: leaf.fact, is: 'below', value: leaf.lt } as const]),
        ],
      }
    case 'has':
      return {
        join: leaf.any ? 'any' : 'all',
        of: (leaf.any ?? leaf.all ?? []).map((value): Test => ({ field: leaf.fact, is: 'contains', value })),
      }
    case 'holds':
      return { join: 'all', of: [{ field: field(leaf.kinds[0]!), is: 'atLeast', value: leaf.min }] }
    case 'flag':
      return { join: 'all', of: [{ field: leaf.fact, is: 'true', value: true }] }
    default:
      throw new Error(`the bench makes no ${leaf.op}`)
  }
}

function toRulesEngine(rule: Rule): TopLevelCondition {
  if (rule.op === 'not') return { not: toRulesEngine(rule.of) }
  if (rule.op === 'all') return { all: rule.of.map(toRulesEngine) }
  if (rule.op === 'any') return { any: rule.of.map(toRulesEngine) }
  const operators = { among: 'in', atLeast: 'greaterThanInclusive', below: 'lessThan', contains: 'contains', true: 'equal' }
  const { join, of } = tests(rule as Leaf)
  const conditions = of.map((test) => ({ fact: test.field, operator: operators[test.is], value: test.value }))
  return join === 'any' ? { any: conditions } : { all: conditions }
}

function toLogic(rule: Rule): unknown {
  if (rule.op === 'not') return { '!': [toLogic(rule.of)] }
  if (rule.op === 'all') return { and: rule.of.map(toLogic) }
  if (rule.op === 'any') return { or: rule.of.map(toLogic) }
  const said = ({ field: name, is, value }: Test): unknown => {
    const actual = { var: name }
    if (is === 'among') return (value as unknown[]).length === 1 ? { '===': [actual, (value as unknown[])[0]] } : { in: [actual, value] }
    if (is === 'contains') return { in: [value, actual] }
    if (is === 'below') return { '<=': [0, actual, (value as number) - 1] }
    return { [is === 'atLeast' ? '>=' : '===']: [actual, value] }
  }
  const { join, of } = tests(rule as Leaf)
  return of.length === 1 ? said(of[0]!) : { [join === 'any' ? 'or' : 'and']: of.map(said) }
}

// —— measuring

interface Result {
  engine: string
  valued: 2 | 3
  pairs: number
  nsPerPair: number
  /** Decided pairs that are answered otherwise than by the oracle. */
  differences: number
  /** Pairs that are unknown in truth, and called eligible or not all the same. */
  unknownCalledEligible: number
  unknownCalledIneligible: number
}

/** The answers of one enterprise to all policies; a promise only where the engine has no other way. */
type Answers = (enterprise: number) => ArrayLike<number> | Promise<ArrayLike<number>>

async function measure(engine: string, valued: 2 | 3, enterprises: number, rounds: number, answer: Answers): Promise<Result> {
  const counts = { differences: 0, unknownCalledEligible: 0, unknownCalledIneligible: 0 }
  for (let e = 0; e < enterprises; e++) compare(await answer(e), truths[e]!, valued, counts)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (let e = 0; e < enterprises; e++) {
      const pending = answer(e)
      if (pending instanceof Promise) await pending
    }
    times.push(performance.now() - start)
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
  const pairs = enterprises * rules.length
  return { engine, valued, pairs, nsPerPair: (median * 1e6) / pairs, ...counts }
}

function compare(
  given: ArrayLike<number>,
  wanted: Uint8Array,
  valued: 2 | 3,
  counts: Pick<Result, 'differences' | 'unknownCalledEligible' | 'unknownCalledIneligible'>,
): void {
  wanted.forEach((truth, p) => {
    if (valued === 3 || truth !== UNKNOWN) counts.differences += given[p] === truth ? 0 : 1
    else if (given[p] === YES) counts.unknownCalledEligible++
    else counts.unknownCalledIneligible++
  })
}

const rules = Array.from({ length: Number(options.policies) }, policy)
const firms = Array.from({ length: Number(options.enterprises) }, enterprise)
// json-rules-engine passes over NaN; json-logic-engine throws on it, and takes −1 with comparisons that begin at 0.
const nanRows = firms.map((facts) => toRow(facts, NaN))
const rows = firms.map((facts) => toRow(facts, -1))
const truths = firms.map((facts) => Uint8Array.from(rules, (rule) => evaluate(rule, facts, setting)))

const out = new Uint8Array(rules.length)
const each =
  (judge: (policy: number, enterprise: number) => number): Answers =>
  (e) => {
    for (let p = 0; p < rules.length; p++) out[p] = judge(p, e)
    return out
  }

const started = performance.now()
const closures = rules.map((rule) => compile(rule, setting))
const compileMs = performance.now() - started
const logics = rules.map(toLogic)
const logic = new LogicEngine()
const built = logics.map((each) => logic.build(each as object) as (row: Row) => unknown)
const rulesEngine = new Engine([], { allowUndefinedFacts: true })
rules.forEach((rule, p) => rulesEngine.addRule({ conditions: toRulesEngine(rule), event: { type: String(p) } }))

// The asynchronous engine is a thousand times slower: fewer enterprises and one round keep the bench under a minute.
const few = Math.min(firms.length, Math.ceil(60_000 / rules.length))
const results = [
  await measure('json-rules-engine 7', 2, few, 1, async (e) => {
    const { events } = await rulesEngine.run(nanRows[e]!)
    const eligible = new Uint8Array(rules.length)
    for (const { type } of events) eligible[Number(type)] = YES
    return eligible
  }),
  await measure(
    'json-logic-engine 5, interpreted',
    2,
    firms.length,
    5,
    each((p, e) => (logic.run(logics[p] as object, rows[e]!) ? YES : NO)),
  ),
  await measure(
    'json-logic-engine 5, compiled',
    2,
    firms.length,
    9,
    each((p, e) => (built[p]!(rows[e]!) ? YES : NO)),
  ),
  await measure(
    'evaluate (the oracle)',
    3,
    firms.length,
    9,
    each((p, e) => evaluate(rules[p]!, firms[e]!, setting)),
  ),
  await measure(
    'compile (closures)',
    3,
    firms.length,
    9,
    each((p, e) => closures[p]!(firms[e]!)),
  ),
  await measure(
    'explain (trace, questions, flips)',
    3,
    Math.min(20, firms.length),
    3,
    each((p, e) => explain(rules[p]!, firms[e]!, setting).truth),
  ),
]

const total = rules.length * firms.length
const share = (truth: Truth): number => truths.reduce((sum, row) => sum + row.filter((each) => each === truth).length, 0) / total
const shares = { eligible: share(YES), unknown: share(UNKNOWN), ineligible: share(NO) }
const differences = results.reduce((sum, result) => sum + result.differences, 0)
const [slowest, , peer] = results

if (options.json) {
  console.log(
    JSON.stringify(
      {
        node: process.version,
        seed: Number(options.seed),
        policies: rules.length,
        enterprises: firms.length,
        shares,
        compileMs,
        differences,
        results,
      },
      null,
      2,
    ),
  )
} else {
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
  console.log(`${rules.length} policies × ${firms.length} enterprises, seed ${options.seed}, Node ${process.version}`)
  console.log(
    `truth: ${percent(shares.eligible)} eligible, ${percent(shares.unknown)} unknown, ${percent(shares.ineligible)} not; compiling all policies took ${compileMs.toFixed(1)} ms\n`,
  )
  console.table(
    Object.fromEntries(
      results.map((result) => [
        result.engine,
        {
          values: result.valued,
          pairs: result.pairs,
          'ns/pair': Number(result.nsPerPair.toPrecision(3)),
          '× json-rules': Number((slowest!.nsPerPair / result.nsPerPair).toPrecision(3)),
          '× json-logic': Number((peer!.nsPerPair / result.nsPerPair).toPrecision(3)),
          differences: result.differences,
          'unknown → yes': result.unknownCalledEligible,
          'unknown → no': result.unknownCalledIneligible,
        },
      ]),
    ),
  )
  console.log(differences === 0 ? 'All decided pairs agree.' : `${differences} decided pairs differ.`)
}
process.exitCode = differences === 0 ? 0 : 1
