/** 检测台到证书：自动保存、完成、核验、审核出证、退回，一次事务里要么全有要么全无。 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Refusal } from '../../core/refusal.ts'
import { orThrow, codeOf } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { findCertificate } from '../certificates/index.server.ts'
import { findLine } from '../orders/index.server.ts'
import { approve, sendBack } from './approve.server.ts'
import type { Entered } from './model.ts'
import { issuedResults, recordOf } from './queries.server.ts'
import { checkRecord, completeRecord, saveRecord } from './records.server.ts'
import { registerStandard } from './standards/commands.server.ts'
import { startOf } from './start.ts'
import { templateById } from './templates/index.ts'
import { benchOf, gaugeStandard, type Bench } from './test-bench.server.ts'
import { recordTyped } from './typed.server.ts'

let database: Database
let bench: Bench
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  bench = await benchOf(database)
})
afterAll(() => database.close())
beforeEach(() => bench.choose())

describe('自动保存', () => {
  it('第一次新建，以后按版本；同一版本再来一次是过期，填到一半的原样留着', async () => {
    const lineId = await bench.received()
    const half = bench.typed({ verified: false, points: bench.typed().points.slice(0, 2) })
    expect(orThrow(await saveRecord(bench.as(bench.lab.tester), lineId, { version: 0, entered: half }))).toMatchObject({ version: 1 })
    expect(codeOf(await saveRecord(bench.as(bench.lab.tester), lineId, { version: 0, entered: bench.typed() }))).toBe('STALE')
    expect(orThrow(await saveRecord(bench.as(bench.lab.tester), lineId, { version: 1, entered: half }))).toMatchObject({ version: 2 })
    expect(codeOf(await saveRecord(bench.as(bench.lab.second), lineId, { version: 1, entered: bench.typed() }))).toBe('STALE')
    expect((await recordOf(bench.as(bench.lab.tester), lineId))!.entered).toEqual(half)
  })
  it('两个人同时新建，只成一个', async () => {
    const lineId = await bench.received()
    const both = await Promise.all(
      [bench.lab.tester, bench.lab.second].map((actor) => saveRecord(bench.as(actor), lineId, { version: 0, entered: bench.typed() })),
    )
    expect(both.map(codeOf).toSorted()).toEqual(['STALE', 'done'])
  })
  it('别的机构的人当作没有；批准人不能填', async () => {
    const lineId = await bench.received()
    expect(codeOf(await saveRecord(bench.as(bench.other), lineId, { version: 0, entered: bench.typed() }))).toBe('missing')
    expect(codeOf(await saveRecord(bench.as(bench.lab.approver), lineId, { version: 0, entered: bench.typed() }))).toBe('forbidden')
    expect(codeOf(await saveRecord(bench.as(bench.firm), lineId, { version: 0, entered: bench.typed() }))).toBe('forbidden')
  })
})

describe('从记录到证书', () => {
  it('检定：完成、另一人核验、批准人签，证书从记录出，号由序列给，企业读得到数', async () => {
    const lineId = await bench.received()
    orThrow(await bench.complete(lineId))
    const line = (await findLine(bench.as(bench.lab.tester), lineId))!.line
    expect(line).toMatchObject({ state: 'tested', conclusion: 'pass', certificate_no: null, valid_until: '2027-05-22' })
    expect(codeOf(await approve(bench.as(bench.lab.approver), lineId, { version: line.version }))).toBe('NOT_CHECKED')
    expect(codeOf(await checkRecord(bench.as(bench.lab.tester), lineId, { version: 2 }))).toBe('conflict')
    orThrow(await checkRecord(bench.as(bench.lab.second), lineId, { version: 2 }))
    orThrow(await approve(bench.as(bench.lab.approver), lineId, { version: line.version }))
    const record = (await recordOf(bench.as(bench.firm), lineId))!
    const certificate = (await findCertificate(bench.as(bench.firm), record.certificate_id!))!
    expect(certificate).toMatchObject({ kind: 'verification', state: 'issued', line_id: lineId })
    expect(certificate.content.people).toEqual({ tester: '示例·甲检测员', checker: '示例·乙检测员', approver: '示例·批准人' })
    expect(certificate.content.tables[0]!.rows).toHaveLength(5)
    expect(certificate.content.standards[0]).toMatchObject({ certificate: '示例溯源-1', validUntil: '2026-12-31' })
    expect(certificate.content.conformity).toMatchObject({ unit: 'MPa', guardBand: '0' })
    const after = (await findLine(bench.as(bench.firm), lineId))!.line
    expect(after).toMatchObject({ state: 'approved', certificate_no: certificate.number, file_id: certificate.pdf_file_id })
    const results = (await issuedResults(bench.as(bench.firm), lineId))!
    expect(results).toMatchObject({ k: '1.96', asFound: true })
    expect(results.points[2]).toMatchObject({ at: '0.8', atUnit: 'MPa', unit: 'MPa', error: '0.0000', expanded: '0.0063' })
  })
  it('按检定规程评定的：核验员不明确同意就不能核验；同意以后写进证书，误判的可能性照样给出', async () => {
    const lineId = await bench.received()
    orThrow(await bench.complete(lineId, { judging: 'regulation' }))
    const refused = await checkRecord(bench.as(bench.lab.second), lineId, { version: 2 })
    expect(codeOf(refused)).toBe('RULE_NOT_AGREED')
    expect((refused as Refusal).reason).toContain('请勾选')
    expect((await recordOf(bench.as(bench.lab.tester), lineId))!.state).toBe('completed')
    orThrow(await checkRecord(bench.as(bench.lab.second), lineId, { version: 2, agreed: true }))
    orThrow(await approve(bench.as(bench.lab.approver), lineId, { version: await bench.versionOf(lineId) }))
    const record = (await recordOf(bench.as(bench.firm), lineId))!
    const { content } = (await findCertificate(bench.as(bench.firm), record.certificate_id!))!
    expect(content.conformity).toMatchObject({ guardBand: '0', U: '0.0063', falseAccept: '0.001' })
    expect(content.conformity!.rule).toContain('不计测量不确定度：JJG 52-2013')
    expect(content.remarks.join()).toContain('检测员示例·甲检测员选定、核验员示例·乙检测员同意')
  })
  it('不合格的出检定结果通知书', async () => {
    const lineId = await bench.received()
    const entered = bench.typed()
    entered.points[4]!.readings.up = ['1.7']
    orThrow(await completeRecord(bench.as(bench.lab.tester), lineId, { version: 0, entered }))
    orThrow(await checkRecord(bench.as(bench.lab.second), lineId, { version: 2 }))
    orThrow(await approve(bench.as(bench.lab.approver), lineId, { version: await bench.versionOf(lineId) }))
    const record = (await recordOf(bench.as(bench.lab.tester), lineId))!
    expect((await findCertificate(bench.as(bench.firm), record.certificate_id!))!).toMatchObject({
      kind: 'verification-failure',
      valid_until: null,
    })
  })
  it('校准：不判定，不用核验，检测和批准两个人', async () => {
    const lineId = await bench.received('calibration')
    const template = templateById('caliper')!
    const start = startOf({ template, service: 'calibration', known: { able: '0～150mm', accuracy: null }, today: '2026-11-23' })
    const block = orThrow(
      await registerStandard(
        bench.as(bench.lab.tester),
        gaugeStandard({
          name: '量块',
          high: '1000',
          rangeUnit: 'mm',
          unit: 'um',
          quality: { kind: 'U', value: '0.6', k: '2', of: 'value' },
        }),
      ),
    )
    const entered: Entered = {
      ...start,
      conditions: { t: '20', h: '50' },
      verified: true,
      standardId: block.id,
      points: start.points.map((point) => ({ ...point, readings: { r: [point.at, point.at, (Number(point.at) + 0.01).toFixed(2)] } })),
    }
    orThrow(await completeRecord(bench.as(bench.lab.tester), lineId, { version: 0, entered }))
    orThrow(await approve(bench.as(bench.lab.approver), lineId, { version: await bench.versionOf(lineId) }))
    const record = (await recordOf(bench.as(bench.firm), lineId))!
    const { content } = (await findCertificate(bench.as(bench.firm), record.certificate_id!))!
    expect(content).toMatchObject({ kind: 'calibration', tables: [{ unit: 'mm', coverage: '0.95' }] })
    expect(content.tables[0]!.rows[0]).not.toHaveProperty('verdict')
  })
  it('退回：上一次原样留着，下一次从它开始；企业看不到没出证的', async () => {
    const lineId = await bench.received()
    orThrow(await bench.complete(lineId))
    orThrow(await sendBack(bench.as(bench.lab.approver), lineId, { version: await bench.versionOf(lineId), opinion: '第三点重测' }))
    expect(await recordOf(bench.as(bench.lab.tester), lineId)).toMatchObject({ state: 'sent-back', attempt: 1, opinion: '第三点重测' })
    expect(await recordOf(bench.as(bench.firm), lineId)).toBeUndefined()
    orThrow(await bench.complete(lineId))
    expect(await recordOf(bench.as(bench.lab.tester), lineId)).toMatchObject({ state: 'completed', attempt: 2 })
  })
  it('没核对规程不能完成；完成以后不能再改；有模板的不能手工录入', async () => {
    const lineId = await bench.received()
    expect(codeOf(await bench.complete(lineId, { verified: false }))).toBe('RECORD_OPEN')
    expect(
      codeOf(
        await recordTyped(bench.as(bench.lab.tester), lineId, { doneOn: '2026-11-23', conclusion: 'pass', certificateNo: 'X', version: 2 }),
      ),
    ).toBe('USE_RECORD')
    orThrow(await bench.complete(lineId))
    expect(codeOf(await saveRecord(bench.as(bench.lab.tester), lineId, { version: 2, entered: bench.typed() }))).toBe('conflict')
  })
})
