/** 检定、校准的结果：录入、作废、间隔。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { stageOf } from '../people/test-stage.server.ts'
import { recordCheck, voidCheck } from './checks.server.ts'
import { findInstrument, historyOf } from './queries.server.ts'
import { setInterval } from './rulings.server.ts'
import { firmsOf, register, miscounted, type Firm } from './test-firm.server.ts'

let database: Database
let firm: () => Promise<Firm>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = firmsOf(stageOf(database))
})
afterAll(() => database.close())

describe('结果', () => {
  it('将来的日期、校准写合格、检定不写结论，都被拒绝', async () => {
    const { ctx } = await firm()
    const it = await register(ctx)
    const no = async (input: Partial<Parameters<typeof recordCheck>[2]>) =>
      Object.keys(
        refusalOf(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-20', conclusion: 'pass', ...input })).fields!,
      )
    expect(await no({ doneOn: '2026-11-24' })).toEqual(['doneOn'])
    expect(await no({ validUntil: '2026-11-01' })).toEqual(['validUntil'])
    expect(await no({ kind: 'calibration' })).toEqual(['conclusion'])
    expect(await no({ conclusion: 'none' })).toEqual(['conclusion'])
  })

  it('作废最近一条，回到上一条；记录都还在', async () => {
    const { ctx } = await firm()
    const it = await register(ctx)
    orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-10-01', conclusion: 'pass' }))
    const wrong = orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-01', conclusion: 'fail' }))
    expect(await findInstrument(ctx, it.id)).toMatchObject({ last_conclusion: 'fail', valid_until: null })
    orThrow(await voidCheck(ctx, wrong.id, '录到别的器具上了'))
    expect(await findInstrument(ctx, it.id)).toMatchObject({
      last_conclusion: 'pass',
      last_done_on: '2026-10-01',
      valid_until: '2027-03-31',
    })
    expect(await historyOf(ctx, it.id)).toHaveLength(3)
  })

  it('作废唯一录入的一条，回到台账带来的日期', async () => {
    const { ctx } = await firm()
    const it = await register(ctx)
    const wrong = orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-01', conclusion: 'fail' }))
    orThrow(await voidCheck(ctx, wrong.id, '录错'))
    expect(await findInstrument(ctx, it.id)).toMatchObject({
      last_done_on: '2026-08-10',
      valid_until: '2027-02-09',
      last_conclusion: 'pass',
    })
  })

  it('间隔建议不用于强制检定', async () => {
    const { ctx } = await firm()
    const it = await register(ctx)
    expect(
      refusalOf(await setInterval(ctx, it.id, { months: 12, source: 'advice', basis: '阶梯法', version: it.version })).reason,
    ).toContain('强制检定')
    const free = await register(ctx, { code: 'F', serial: 'F', use: 'other' })
    expect(
      orThrow(await setInterval(ctx, free.id, { months: 12, source: 'advice', basis: '阶梯法', version: free.version })),
    ).toMatchObject({
      interval_months: 12,
      valid_until: '2027-08-09',
    })
  })
})

it('每种状态的件数等于逐件数出来的', async () => expect(await miscounted(database)).toBe(0))
