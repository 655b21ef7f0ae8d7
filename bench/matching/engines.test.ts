import { afterAll, describe, expect, it } from 'vitest'
import { engines, type EngineName } from './engines/index.ts'
import { dropBenchDatabase } from './engines/postgres.ts'
import { measure } from './measure.ts'

const url = process.env.TEST_DATABASE_URL
const postgres = url === undefined ? undefined : { url, database: `hengqi_bench_test_${process.pid}` }
afterAll(() => (postgres ? dropBenchDatabase(postgres) : undefined))

const names = (Object.keys(engines) as EngineName[]).filter((name) => name !== 'columns')

describe.each([0.05, 1])('全国性政策占 %d 时各引擎的答案', (national) => {
  it.each(names)('%s 与本库的引擎一致', async (name) => {
    const { verdict, absent, values, reverse, forward } = await measure(engines[name], {
      rows: 3000,
      policies: 200,
      national,
      seed: 7,
      ...(postgres && { postgres }),
    })
    if (absent !== undefined) return expect(absent).toMatch(/not installed|no PostgreSQL/)
    expect(verdict.differences).toBe(0)
    expect(verdict.compared).toBeGreaterThan(0)
    expect(reverse!.eligible).toBeGreaterThan(0)
    if (values === 3) expect(verdict.wronglyEligible).toBe(0)
    else expect(forward!.fresh.n).toBeGreaterThan(0)
  })
})
