/** 查找：按量程、按字词、排序、逐批取。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow } from '../../core/test-refusal.ts'
import { inTx, type Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { stageOf } from '../people/test-stage.server.ts'
import { readDraft } from './draft.ts'
import { eachInstrument, listInstruments } from './queries.server.ts'
import { registerMany } from './register.server.ts'
import { firmsOf, gauge, register, miscounted, type Firm } from './test-firm.server.ts'

let database: Database
let firm: () => Promise<Firm>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = firmsOf(stageOf(database))
})
afterAll(() => database.close())

describe('查找', () => {
  it('跨单位按量程找：0～1.6 MPa 能测 0～10 bar，0～0.6 MPa 不能', async () => {
    const { ctx } = await firm()
    await register(ctx)
    await register(ctx, { code: 'YL-2', serial: '2', range: '0～0.6 MPa' })
    await register(ctx, { code: 'YL-3', serial: '3', range: '0～16 kgf/cm²' })
    const found = await listInstruments(ctx, { range: { low: '0', high: '10', unit: 'bar' } })
    expect(found.rows.map(({ code }) => code)).toEqual(['YL-001', 'YL-3'])
  })

  it('按字词找，编号按人的习惯排序，逐批取不漏不重', async () => {
    const { ctx, org } = await firm()
    const drafts = Array.from({ length: 1_100 }, (_, i) => ({
      draft: readDraft({ ...gauge, code: `B-${i + 1}`, serial: `S${i}` }, '2026-11-23').draft!,
    }))
    orThrow(await inTx(ctx, (tx) => registerMany(tx, org, drafts)))
    const page = await listInstruments(ctx, { pageSize: 11 })
    expect([page.total, page.capped]).toEqual([1_100, false])
    expect(page.rows.slice(8, 11).map(({ code }) => code)).toEqual(['B-9', 'B-10', 'B-11'])
    expect((await listInstruments(ctx, { q: '锅炉房 S1099' })).rows.map(({ code }) => code)).toEqual(['B-1100'])
    const seen = new Set<string>()
    for await (const rows of eachInstrument(ctx)) for (const { id } of rows) seen.add(id)
    expect(seen.size).toBe(1_100)
    expect((await listInstruments(ctx, { page: 110, pageSize: 10, dir: 'desc' })).rows.at(-1)!.code).toBe('B-1')
    // Page after page, each way, is everything once and in order; pages past the middle are read from the end.
    for (const [sort, dir] of [
      ['code', 'asc'],
      ['code', 'desc'],
      ['valid_until', 'asc'],
      ['place', 'desc'],
    ] as const) {
      const paged: string[] = []
      for (let page = 1; page <= 13; page++)
        paged.push(...(await listInstruments(ctx, { sort, dir, page, pageSize: 97 })).rows.map(({ id }) => id))
      const whole = (await listInstruments(ctx, { sort, dir, pageSize: 1_100 })).rows.map(({ id }) => id)
      expect(paged).toEqual(whole)
    }
  })
})

it('每种状态的件数等于逐件数出来的', async () => expect(await miscounted(database)).toBe(0))
