import { afterAll, describe, expect, it } from 'vitest'
import type { BenchEngine, Counts, Prepared } from './engine.ts'
import { engines, type EngineName } from './engines/index.ts'
import { dropBenchDatabases } from './engines/postgres.ts'
import { measure } from './measure.ts'

const servers = Object.fromEntries(
  Object.entries({ postgres: process.env.TEST_DATABASE_URL, citus: process.env.TEST_CITUS_URL }).flatMap(([name, url]) =>
    url === undefined ? [] : [[name, { url, database: `hengqi_bench_test_${name}_${process.pid}` }]],
  ),
)
afterAll(() => dropBenchDatabases(servers))

const names = (Object.keys(engines) as EngineName[]).filter((name) => name !== 'columns')

describe.each([0.05, 1])('全国性政策占 %d 时各引擎的答案', (national) => {
  it.for(names)('%s 与本库的引擎一致', async (name, { skip }) => {
    const { verdict, absent, values, reverse, forward } = await measure(engines[name], {
      rows: 800,
      policies: 160,
      national,
      seed: 7,
      questions: 16,
      ...servers,
    })
    if (absent !== undefined) return skip(absent)
    expect(verdict.differences).toBe(0)
    expect(verdict.compared).toBeGreaterThan(0)
    expect(reverse!.eligible).toBeGreaterThan(0)
    if (values === 3) expect(verdict.wronglyEligible).toBe(0)
    else expect(forward!.fresh.n).toBeGreaterThan(0)
  })
})

describe('比较本身会发现错误', () => {
  const answers = async (change: (counts: { eligible: number; possible?: number }) => Counts, values: 2 | 3 = 3) => {
    const wrong: BenchEngine = {
      ...engines.closures,
      values,
      async prepare(world) {
        const prepared = (await engines.closures.prepare(world)) as Prepared
        return { reverse: async (policy) => change(await prepared.reverse(policy)) }
      },
    }
    const { verdict } = await measure(wrong, { rows: 400, policies: 160, national: 1, seed: 7, questions: 20 })
    return verdict
  }

  it('多算一家就是差异', async () => {
    expect((await answers(({ eligible, possible }) => ({ eligible: eligible + 1, possible: possible! + 1 }))).differences).toBe(20)
    expect((await answers((counts) => counts)).differences).toBe(0)
  })

  it('两值引擎：没有“不”的规则要完全相同，有“不”的规则只能多出待定的', async () => {
    const asPossible = await answers(({ possible }) => ({ eligible: possible! }), 2)
    expect(asPossible.differences).toBeGreaterThan(0)
    expect(asPossible.differences).toBeLessThan(20)
    expect(asPossible.wronglyEligible).toBeGreaterThan(0)
    expect((await answers(({ possible }) => ({ eligible: possible! + 1 }), 2)).differences).toBe(20)
  })
})
