/** 标准器：过期、范围不够、停用的不能用来完成，也不能出证。 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Refusal } from '../../../core/refusal.ts'
import { orThrow, codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { findLine } from '../../orders/index.server.ts'
import { approve } from '../approve.server.ts'
import { recordOf } from '../queries.server.ts'
import { checkRecord, completeRecord } from '../records.server.ts'
import { benchOf, type Bench } from '../test-bench.server.ts'
import { recalibrateStandard, withdrawStandard } from './commands.server.ts'
import { findStandard } from './queries.server.ts'

let database: Database
let bench: Bench
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  bench = await benchOf(database)
})
afterAll(() => database.close())
beforeEach(() => bench.choose())

describe('标准器', () => {
  const refusedWith = async (over: object, on = '2026-11-23') => {
    await bench.choose(over)
    const lineId = await bench.received()
    const answer = await completeRecord(bench.as(bench.lab.tester), lineId, { version: 0, entered: bench.typed({ doneOn: on }) })
    expect(codeOf(answer)).toBe('STANDARD_NOT_FIT')
    // Nothing is half-written: the refused record is not there either.
    expect(await recordOf(bench.as(bench.lab.tester), lineId)).toBeUndefined()
    return (answer as Refusal).reason
  }
  it('过期、还没生效、范围不够、不确定度不够，都说是哪一台、为什么、怎么办', async () => {
    expect(await refusedWith({ validUntil: '2026-11-22' })).toMatch(/精密压力表.*2026-11-22 到期.*换一台/)
    expect(await refusedWith({ validFrom: '2026-11-24' })).toContain('还没有生效')
    expect(await refusedWith({ high: '1' })).toContain('不包含 1.2 MPa')
    expect(await refusedWith({ quality: { kind: 'mpe', value: '0.4', k: null, of: 'span' } })).toContain('1/4')
    expect(
      await refusedWith({ low: '0', high: '200', rangeUnit: 'mm', unit: 'mm', quality: { kind: 'U', value: '0.1', k: '2', of: 'value' } }),
    ).toMatch(/不是同一种量|不能换算/)
  })
  it('到期当天还能用', async () => {
    await bench.choose({ validUntil: '2026-11-23' })
    expect(codeOf(await bench.complete(await bench.received()))).toBe('done')
  })
  it('新证书是新的一行，旧的不变；停用要理由', async () => {
    const again = orThrow(
      await recalibrateStandard(bench.as(bench.lab.tester), bench.standardId, {
        quality: { kind: 'mpe', value: '0.05', k: null, of: 'span' },
        certificate: '示例溯源-2',
        issuedBy: '示例·省院',
        validFrom: '2026-12-01',
        validUntil: '2027-11-30',
        version: 1,
      }),
    )
    expect(again).toMatchObject({ n: 2, state: 'in-use' })
    expect(await findStandard(bench.as(bench.lab.tester), bench.standardId)).toMatchObject({ state: 'replaced', certificate: '示例溯源-1' })
    expect(codeOf(await withdrawStandard(bench.as(bench.lab.tester), again.id, { version: 1, opinion: ' ' }))).toBe('invalid')
    expect(codeOf(await withdrawStandard(bench.as(bench.other), again.id, { version: 1, opinion: '摔过' }))).toBe('missing')
    expect(orThrow(await withdrawStandard(bench.as(bench.lab.tester), again.id, { version: 1, opinion: '摔过' }))).toMatchObject({
      state: 'withdrawn',
    })
  })
  it('完成以后停用的，也不能出证', async () => {
    const lineId = await bench.received()
    orThrow(await bench.complete(lineId))
    orThrow(await checkRecord(bench.as(bench.lab.second), lineId, { version: 2 }))
    orThrow(await withdrawStandard(bench.as(bench.lab.tester), bench.standardId, { version: 1, opinion: '示值漂移' }))
    const answer = await approve(bench.as(bench.lab.approver), lineId, { version: await bench.versionOf(lineId) })
    expect(codeOf(answer)).toBe('STANDARD_NOT_FIT')
    expect((answer as Refusal).reason).toContain('示值漂移')
    expect((await findLine(bench.as(bench.lab.tester), lineId))!.line.state).toBe('tested')
  })
})
