import fc from 'fast-check'
import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue, type Setting } from '../../core/eligibility/facts.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting } from '../../core/eligibility/rule.arbitrary.ts'
import { NO, YES, type Rule } from '../../core/eligibility/rule.ts'
import type { Database } from '../../platform/db.server.ts'
import { onCluster, testCluster, testDatabase } from '../../platform/test-database.server.ts'
import { decodeFacts, encodeFacts, factColumns, type MatchColumns } from './columns.ts'
import { provincesOf } from './provinces.ts'
import { ruleSql } from './rule-sql.ts'
import { countStatement, pageStatement, statement, type Statement } from './statements.ts'

const enterpriseFacts = (Object.keys(catalogue) as FactId[]).filter((fact) => catalogue[fact].scope === 'enterprise')

/** What the small world of the random rules does not have: other facts of each kind, and values that nobody should have written. */
const odd: fc.Arbitrary<Facts> = fc.record(
  {
    ownership: fc.constantFrom<FactValue>('private', 'martian', { oneOf: ['state', 'foreign'] }),
    size: fc.constantFrom<FactValue>({ oneOf: [] }, 'gigantic', { oneOf: ['micro', 'gigantic'] }, 7),
    region: fc.constantFrom<FactValue>('', '000000', '33', { oneOf: ['330000', '330109'] }, true),
    industry: fc.constantFrom<FactValue>('', 'C4', { oneOf: ['C40', 'C4011'] }, ['C40']),
    registeredOn: fc.constantFrom<FactValue>(
      '2023-02-29',
      'soon',
      { oneOf: ['2020-02-29', 'soon'] },
      { oneOf: ['2020-02-29', '2024-06-15'] },
    ),
    employees: fc.constantFrom<FactValue>(-1, 19.5, 'many', { oneOf: ['5'] }),
    qualifications: fc.constantFrom<FactValue>([], 'cnas', ['cnas', 'unheard-of']),
    instruments: fc.constantFrom<FactValue>({}, { scale: 0 }, { 'scale.electronic': 2, 'scale.spring': 1 }, ['scale'], 'some'),
    hardship: fc.constantFrom<FactValue>('yes', 1),
  },
  { requiredKeys: [] },
)
const onRows = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([fact]) => enterpriseFacts.includes(fact as FactId)))
const row = fc
  .oneof(
    { weight: 4, arbitrary: arbitraryFacts },
    { weight: 1, arbitrary: fc.tuple(arbitraryFacts, odd).map(([facts, more]) => ({ ...facts, ...more })) },
  )
  .map(onRows)
const more: fc.Arbitrary<Rule> = fc.constantFrom<Rule>(
  { op: 'known', fact: 'registeredOn' },
  { op: 'known', fact: 'instruments' },
  { op: 'known', fact: 'certificateOn' },
  { op: 'in', fact: 'ownership', values: ['private', 'state'] },
  { op: 'in', fact: 'park', values: ['none'] },
  { op: 'range', fact: 'employees', gte: 5 },
  { op: 'region', mode: 'nested', codes: ['000000'] },
  { op: 'all', of: [] },
  { op: 'not', of: { op: 'any', of: [] } },
)
const rules = fc.oneof(
  { weight: 5, arbitrary: arbitraryRule({ known: true }) },
  { weight: 1, arbitrary: fc.tuple(arbitraryRule(), more).map(([of, each]): Rule => ({ op: 'not', of: { op: 'all', of: [of, each] } })) },
  { weight: 1, arbitrary: more },
)

let database: Database
const enterprises = fc.sample(row, { numRuns: 700, seed: 20 })
const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** The province that they may be in, if it is one; `00` otherwise. */
const provinceOf = (facts: Facts): string => {
  const { place, place_of } = encodeFacts(facts, regionPrefix) as MatchColumns & { place: string | null; place_of: string[] | null }
  const [one, another] = new Set((place_of ?? [place ?? '']).map((each) => each.slice(0, 2)))
  return another === undefined && one?.length === 2 ? one : '00'
}
const registered = enterprises.map(provinceOf).map((province, n) => `${province}${n % 2 ? '0109' : '0200'}`)

async function fill(): Promise<void> {
  for (const [n, facts] of enterprises.entries()) {
    const { instruments, ...columns } = encodeFacts(facts, regionPrefix)
    await database.db
      .insertInto('match_rows' as never)
      .values({
        province: registered[n]!.slice(0, 2),
        org_id: idOf(n),
        region: registered[n]!,
        key: n,
        seq: n,
        changed_at: '2026-01-01T00:00:00Z',
        ...columns,
        instruments: instruments === null ? null : JSON.stringify(instruments),
      } as never)
      .execute()
  }
}

const ask = async <T>({ text, parameters }: { text: string; parameters: readonly unknown[] }): Promise<T[]> =>
  (await database.db.executeQuery<T>(CompiledQuery.raw(text, [...parameters]))).rows

/** Every row for which the two conditions do not say what the oracle says. */
async function differences(rule: Rule, setting: Setting): Promise<unknown[]> {
  const { eligible, possible, parameters } = ruleSql(rule, setting)
  const answers = await ask<{ key: bigint; t: boolean; p: boolean }>(
    statement(`select key, (${eligible}) is true as t, (${possible}) is true as p from match_rows order by key`, parameters),
  )
  expect(answers).toHaveLength(enterprises.length)
  return answers.flatMap(({ key, t, p }) => {
    const facts = enterprises[Number(key)]!
    const truth = evaluate(rule, facts, setting)
    return t === (truth === YES) && p === (truth !== NO) ? [] : [{ facts, truth, t, p }]
  })
}

const sameAsOracle = (open: () => Promise<Database>) => () => {
  beforeAll(async () => {
    database = await open()
    await fill()
  }, 120_000)
  afterAll(() => database.close())

  it('对每一行，必定与可能都与逐条判断相同', async () => {
    await fc.assert(
      fc.asyncProperty(rules, arbitrarySetting, async (rule, setting) => {
        expect((await differences(rule, setting)).slice(0, 1)).toEqual([])
      }),
      { numRuns: 500, seed: 22 },
    )
  }, 300_000)

  it('写进条件的查询也一样：可能的都在内，其余都不在', async () => {
    await fc.assert(
      fc.asyncProperty(rules, arbitrarySetting, async (rule, setting) => {
        const truths = enterprises.map((facts) => evaluate(rule, facts, setting))
        const ids = (test: (truth: number) => boolean, prefix = '') =>
          truths.flatMap((truth, n) => (test(truth) && registered[n]!.startsWith(prefix) ? [idOf(n)] : []))
        for (const byProvince of [false, true]) {
          const [counts] = await ask<{ eligible: bigint; possible: bigint }>(countStatement(rule, setting, { byProvince }))
          expect([Number(counts!.eligible), Number(counts!.possible)]).toEqual([ids((t) => t === YES).length, ids((t) => t !== NO).length])
        }
        const page = async (wanted: 'eligible' | 'unknown' | 'ineligible' | 'possible', more = {}) =>
          (await ask<{ org_id: string }>(pageStatement(rule, setting, { wanted, limit: 1000, byProvince: true, ...more }))).map(
            ({ org_id }) => org_id,
          )
        expect(await page('unknown')).toEqual(ids((t) => t === 1))
        expect(await page('ineligible', { regionPrefix: '3301' })).toEqual(ids((t) => t === NO, '3301'))
        expect(await page('possible', { after: idOf(400) })).toEqual(ids((t) => t !== NO).filter((id) => id > idOf(400)))
        expect(await page('eligible', { except: rule })).toEqual([])
      }),
      { numRuns: 60, seed: 23 },
    )
  }, 300_000)
}

describe(
  '规则写成 SQL',
  sameAsOracle(() => testDatabase(inject('template'))),
)
describe.skipIf(!onCluster)('规则写成 SQL，按省分布在 Citus 上（TEST_CITUS_URL；没有设时跳过）', () => {
  sameAsOracle(testCluster)()

  it('行在两台机器上；全国的问题问每一片，一个省的规则只问该省和省份不明的，限定在一个省的只问一片', async () => {
    const shards = await ask<{ nodeport: number; n: number }>({
      text: 'select nodeport, count(*)::int as n from citus_shards group by 1 having max(shard_size) > 0',
      parameters: [],
    })
    expect(shards).toHaveLength(2)
    const setting: Setting = { asOf: '2026-11-23', events: {} }
    const tasks = async ({ text, parameters }: Statement) => {
      const plan = await ask<Record<string, string>>({ text: `explain ${text}`, parameters })
      return plan.flatMap((line) => /Task Count: (\d+)/.exec(line['QUERY PLAN']!)?.slice(1).map(Number) ?? [])
    }
    const small: Rule = { op: 'in', fact: 'size', values: ['micro', 'small'] }
    const inZhejiang: Rule = { op: 'all', of: [{ op: 'region', mode: 'nested', codes: ['330100', '330200'] }, small] }
    expect(await tasks(countStatement(small, setting, { byProvince: true }))).toEqual([shards[0]!.n + shards[1]!.n])
    expect(await tasks(countStatement(inZhejiang, setting, { byProvince: true }))).toEqual([2])
    expect(await tasks(pageStatement(inZhejiang, setting, { wanted: 'possible', limit: 10, byProvince: true }))).toEqual([2])
    expect(await tasks(countStatement(small, setting, { regionPrefix: '3301' }))).toEqual([1])
  })
})

describe('规则与参数', () => {
  it('规则可能涉及的企业登记在哪些省：说不准的不排除', () => {
    const setting: Setting = { asOf: '2026-11-23', events: {}, alliances: { delta: ['310000', '330000'] } }
    const inside = (...codes: string[]): Rule => ({ op: 'region', mode: 'listed', codes })
    const where = (rule: Rule) => provincesOf(rule, setting)
    expect(where(inside('330109', '440000'))).toEqual(['00', '33', '44'])
    expect(where({ op: 'region', mode: 'alliance', codes: ['delta'] })).toEqual(['00', '31', '33'])
    expect(where({ op: 'all', of: [{ op: 'flag', fact: 'hardship' }, inside('330109', '440000'), inside('330110')] })).toEqual(['00', '33'])
    expect(where({ op: 'any', of: [inside('330109'), inside('110000')] })).toEqual(['00', '11', '33'])
    expect(where({ op: 'any', of: [] })).toEqual(['00'])
    const anywhere: Rule[] = [
      inside('000000'),
      { op: 'all', of: [] },
      { op: 'not', of: inside('330109') },
      { op: 'region', mode: 'park', codes: ['330109'] },
      { op: 'region', mode: 'alliance', codes: ['delta', 'unheard-of'] },
      { op: 'any', of: [inside('330109'), { op: 'flag', fact: 'hardship' }] },
      { op: 'atLeast', n: 1, of: [inside('330109')] },
    ]
    expect(anywhere.map(where)).toEqual(anywhere.map(() => undefined))
  })

  it('三种结果都常见，否则上面的比较是空谈', () => {
    const seen = [0, 0, 0]
    for (const [rule, setting] of fc.sample(fc.tuple(rules, arbitrarySetting), { numRuns: 50, seed: 22 }))
      for (const facts of enterprises.slice(0, 100)) seen[evaluate(rule, facts, setting)]!++
    expect(Math.min(...seen)).toBeGreaterThan(300)
  })

  it('值只作为参数出现', () => {
    const rule: Rule = { op: 'region', mode: 'park', codes: [`'; drop table match_rows --`] }
    const { eligible, possible, parameters } = ruleSql(rule, { asOf: '2026-11-23', events: {} })
    expect(eligible + possible).not.toContain('drop')
    expect(JSON.stringify(parameters)).toContain('drop')
  })

  it('不认识的条件当场拒绝', () =>
    expect(() => ruleSql({ op: 'eval', fact: 'region' } as never, { asOf: '2026-11-23', events: {} })).toThrow(RangeError))
})

describe('一行怎样存放', () => {
  it('企业的每一项事实都有一列，次序不变', () => {
    expect(factColumns.map(({ fact }) => fact).toSorted()).toEqual(enterpriseFacts.toSorted())
    expect(factColumns.slice(0, 3).map(({ fact, bit }) => [fact, bit])).toEqual([
      ['region', 1],
      ['industry', 2],
      ['park', 4],
    ])
  })

  it('取回来的事实，任何规则的答案都不变', () => {
    fc.assert(
      fc.property(row, rules, arbitrarySetting, (facts, rule, setting) => {
        const back = decodeFacts(encodeFacts(facts, regionPrefix) as MatchColumns)
        expect(evaluate(rule, back, setting)).toBe(evaluate(rule, facts, setting))
      }),
      { numRuns: 3000 },
    )
  })
})
