import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { findInstrument, historyOf, takeInstrumentStep } from '../../instruments/index.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { listIncoming } from './queries.server.ts'
import { receiveCertificate } from './receive.server.ts'
import { recordIncoming } from './record.server.ts'
import { incomingOf, bring, came, type Incoming } from './test-incoming.server.ts'

let database: Database
let incoming: Incoming
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  incoming = incomingOf(stageOf(database))
})
afterAll(async () => {
  await database.close()
  incoming.close()
})

const pdf = (text: string) => `%PDF-1.7\n${text}\n%%EOF`

describe('PDF 上传', () => {
  it('没有人填写核对，什么也不变；校准的还要签过计量确认，才可能满足使用要求', async () => {
    const { ctx, id } = await incoming.firm()
    const row = came(await bring(ctx, pdf('校准证书 结论：合格'), { instrumentId: id, name: '证书.pdf' }))
    expect(row).toMatchObject({ state: 'waiting', standing: 'paper', reading: null })
    expect(await findInstrument(ctx, id)).toMatchObject({ state: 'returned', last_conclusion: null, last_confirmation: null })
    expect(refusalOf(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('还没有录入')
    const typed = { kind: 'calibration', conclusion: 'none', doneOn: '2026-11-24', certificateNo: 'P-1' } as const
    const at = { instrumentId: id, version: row.version }
    expect(refusalOf(await recordIncoming(ctx, row.id, { ...at, typed })).fields).toHaveProperty('confirmed')
    expect(refusalOf(await recordIncoming(ctx, row.id, { ...at, confirmed: true })).fields).toHaveProperty('kind')
    expect(
      refusalOf(await recordIncoming(ctx, row.id, { ...at, confirmed: true, typed: { ...typed, conclusion: 'pass' } })).reason,
    ).toContain('校准不判定合格')
    orThrow(await recordIncoming(ctx, row.id, { ...at, confirmed: true, typed }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ certificate_no: 'P-1', file_id: row.file_id, confirmation: null, results: null })
    expect(refusalOf(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('先作计量确认')
  })

  it('不是 PDF 也不是 XML、空的、没有传完的：不收', async () => {
    const { ctx } = await incoming.firm()
    expect(refusalOf(await receiveCertificate(ctx, { name: 'a.pdf', bytes: new Uint8Array() })).reason).toContain('空的')
    expect(refusalOf(await bring(ctx, 'MZ 程序', { name: 'a.pdf' })).code).toBe('DCC_MALFORMED')
    expect(refusalOf(await bring(ctx, '%PDF-1.7 没有结尾', { name: 'a.pdf' })).reason).toContain('不完整')
    expect((await listIncoming(ctx)).total).toBe(0)
  })
})
