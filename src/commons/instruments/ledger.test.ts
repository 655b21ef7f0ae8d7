/** 台账：登记、修改、办理，谁能看，记了什么。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { drain } from '../../platform/jobs.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { profileOf } from '../people/index.server.ts'
import { monday, stageOf, type Stage } from '../people/test-stage.server.ts'
import { changeInstrument } from './change.server.ts'
import { recordCheck } from './checks.server.ts'
import { prepareConfirmation, signConfirmation } from './confirmation/commands.server.ts'
import { listeners } from './listeners.server.ts'
import { removeOwnKind, saveOwnKind } from './own-kinds.server.ts'
import { countsByState, findInstrument, historyOf, listInstruments } from './queries.server.ts'
import { registerInstrument } from './register.server.ts'
import { confirmMandatory } from './rulings.server.ts'
import { stepMany, takeInstrumentStep } from './steps.server.ts'
import { firmsOf, gauge, register, miscounted, type Firm } from './test-firm.server.ts'

let database: Database
let stage: Stage
let firm: () => Promise<Firm>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  firm = firmsOf(stage)
})
afterAll(() => database.close())

describe('登记', () => {
  it('锅炉上的压力表是强制检定，试验台上的不是；有效期按周期推算', async () => {
    const { ctx } = await firm()
    const boiler = await register(ctx)
    expect(boiler).toMatchObject({ mandatory: 'yes', valid_until: '2027-02-09', state: 'in-use', kind: 'pressure-gauge' })
    const bench = await register(ctx, { code: 'YL-002', serial: 'A1002', use: '其他', place: '试验台' })
    expect(bench).toMatchObject({ mandatory: 'no', mandatory_to_verify: false })
    const open = await register(ctx, { code: 'YL-003', serial: 'A1003', use: '' })
    expect(open.mandatory).toBe('unknown')
  })

  it('单位写错、日期在将来、日期倒置、公式，都按格说明，什么也不登记', async () => {
    const { ctx } = await firm()
    const answer = refusalOf(
      await registerInstrument(ctx, {
        ...gauge,
        range: '0～1.6 kk',
        lastDoneOn: '2026-12-01',
        validUntil: '2026-01-01',
        maker: '=HYPERLINK("x")',
      }),
    )
    expect(answer.kind).toBe('invalid')
    expect(Object.keys(answer.fields!).sort()).toEqual(['lastDoneOn', 'maker', 'range'])
    expect(refusalOf(await registerInstrument(ctx, { ...gauge, validUntil: '2026-01-01' })).fields).toHaveProperty('validUntil')
    expect((await listInstruments(ctx)).total).toBe(0)
  })

  it('编号或出厂编号重复：说出是哪一件', async () => {
    const { ctx } = await firm()
    await register(ctx)
    expect(refusalOf(await registerInstrument(ctx, { ...gauge, serial: 'A2' }))).toMatchObject({ kind: 'conflict', code: 'CODE_TAKEN' })
    const twice = refusalOf(await registerInstrument(ctx, { ...gauge, code: 'YL-009', serial: ' a1001 ' }))
    expect(twice).toMatchObject({ kind: 'conflict', code: 'SERIAL_TAKEN' })
    expect(twice.reason).toContain('YL-001')
  })

  it('没有编号的由平台编号，不与已有的重复', async () => {
    const { ctx } = await firm()
    await register(ctx, { code: 'QJ-00002', serial: 'S0' })
    const codes = []
    for (const serial of ['S1', 'S2', 'S3']) codes.push((await register(ctx, { code: '', serial })).code)
    expect(codes).toEqual(['QJ-00001', 'QJ-00003', 'QJ-00004'])
  })

  it('自定种类归到目录的种类下，就按目录判断；没有归的待判定', async () => {
    const { ctx } = await firm()
    const { id } = orThrow(await saveOwnKind(ctx, { name: '蒸汽压力表', parent: 'pressure-gauge' }))
    const free = orThrow(await saveOwnKind(ctx, { name: '厚薄自检规' }))
    expect((await register(ctx, { name: '蒸汽压力表', ownKind: id })).mandatory).toBe('yes')
    expect((await register(ctx, { code: 'X', serial: 'X', name: '自检规', ownKind: free.id })).mandatory).toBe('unknown')
    expect(refusalOf(await removeOwnKind(ctx, id)).kind).toBe('conflict')
    expect(refusalOf(await saveOwnKind(ctx, { name: '厚薄自检规' })).kind).toBe('conflict')
    const other = await firm()
    expect(refusalOf(await registerInstrument(other.ctx, { ...gauge, ownKind: id })).fields).toHaveProperty('ownKind')
  })
})

describe('修改', () => {
  it('两个人同时改：后保存的被告知，内容不丢；记下改前改后', async () => {
    const { ctx } = await firm()
    const it = await register(ctx)
    const changed = orThrow(await changeInstrument(ctx, it.id, { ...gauge, place: '动力站' }, it.version))
    expect(refusalOf(await changeInstrument(ctx, it.id, { ...gauge, place: '质检室' }, it.version))).toMatchObject({ code: 'STALE' })
    expect(changed.place).toBe('动力站')
    const events = await timeline(database.db, 'instrument', it.id)
    expect(events.at(-1)).toMatchObject({ action: 'changed', detail: { before: { place: '锅炉房' }, after: { place: '动力站' } } })
    orThrow(await changeInstrument(ctx, it.id, { ...gauge, place: '动力站' }, changed.version))
    expect(await timeline(database.db, 'instrument', it.id)).toHaveLength(events.length)
  })

  it('用途改了，是否强制检定跟着变；已确认的不再算数', async () => {
    const { ctx } = await firm()
    const it = await register(ctx, { use: '' })
    const settled = orThrow(await confirmMandatory(ctx, it.id, { verdict: 'yes', basis: '强检备案 示例-1', version: it.version }))
    expect(settled).toMatchObject({ mandatory: 'yes', mandatory_to_verify: false })
    const changed = orThrow(await changeInstrument(ctx, it.id, { ...gauge, use: 'other' }, settled.version))
    expect(changed.mandatory).toBe('no')
    expect(refusalOf(await confirmMandatory(ctx, it.id, { verdict: 'yes', basis: '想改', version: changed.version })).reason).toContain(
      '不需要另行确认',
    )
  })
})

describe('一生', () => {
  it('送检后仍在台账和到期清单里；没有结果不能确认可用，有了才行', async () => {
    const { ctx } = await firm()
    const it = await register(ctx, { lastDoneOn: '2026-05-30' })
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'send' }))
    expect((await listInstruments(ctx, { stage: 'due30' })).rows.map(({ state }) => state)).toEqual(['sent'])
    const back = orThrow(await takeInstrumentStep(ctx, it.id, { step: 'take-back' }))
    expect(refusalOf(await takeInstrumentStep(ctx, it.id, { step: 'confirm' })).reason).toContain('还没有录入这次检定')
    expect(back.state).toBe('returned')
    orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-23', conclusion: 'pass', certificateNo: 'C-1' }))
    expect(orThrow(await takeInstrumentStep(ctx, it.id, { step: 'confirm' }))).toMatchObject({ state: 'in-use', valid_until: '2027-05-22' })
  })

  it('校准证书不能直接确认可用，要先作计量确认', async () => {
    const { ctx } = await firm()
    const it = await register(ctx, {
      name: '游标卡尺',
      range: '0～150 mm',
      accuracy: '±0.02 mm',
      use: 'other',
      lastKind: '校准',
      lastConclusion: '',
    })
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'send' }))
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'take-back' }))
    orThrow(await recordCheck(ctx, it.id, { kind: 'calibration', doneOn: '2026-11-23', conclusion: 'none' }))
    expect(refusalOf(await takeInstrumentStep(ctx, it.id, { step: 'confirm' })).reason).toContain('计量确认')
    const check = (await historyOf(ctx, it.id)).find(({ kind, confirmation }) => kind === 'calibration' && !confirmation)!
    const { id } = orThrow(
      await prepareConfirmation(ctx, check.id, {
        need: { kind: 'absolute', limit: '0.05', unit: 'mm' },
        needSource: 'process',
        results: { points: [{ at: '150', atUnit: 'mm', error: '0.02', expanded: '0.01', unit: 'mm' }], k: '2', asFound: true },
        rule: 'jjf1094',
      }),
    )
    expect((await findInstrument(ctx, it.id))!.state).toBe('returned')
    orThrow(await signConfirmation(ctx, id, { verdict: 'fit', version: 1 }))
    expect(await findInstrument(ctx, it.id)).toMatchObject({ state: 'in-use', last_confirmation: 'fit' })
  })

  it('强制检定逾期的不能启用，写明依据', async () => {
    const { ctx } = await firm()
    const it = await register(ctx, { state: '封存', lastDoneOn: '2025-01-10' })
    expect(refusalOf(await takeInstrumentStep(ctx, it.id, { step: 'put-in-use' })).reason).toContain('《计量法》第九条')
  })

  it('成批办理：能办的办，不能办的逐件说明', async () => {
    const { ctx } = await firm()
    const one = await register(ctx)
    const two = await register(ctx, { code: 'YL-2', serial: '2' })
    orThrow(await takeInstrumentStep(ctx, two.id, { step: 'scrap', opinion: '指针脱落' }))
    const answer = orThrow(await stepMany(ctx, [one.id, two.id], 'seal'))
    expect(answer.done).toEqual([one.id])
    expect(answer.refused).toMatchObject([{ code: 'YL-2' }])
    expect(await countsByState(ctx)).toEqual({ sealed: 1, scrapped: 1 })
  })
})

describe('谁能看，谁能改', () => {
  it('别的企业看不到也改不了；本辖区监管只看；授权不含台账的不能改', async () => {
    const { ctx, org } = await firm()
    const it = await register(ctx)
    const other = await firm()
    expect(await findInstrument(other.ctx, it.id)).toBeUndefined()
    expect(refusalOf(await takeInstrumentStep(other.ctx, it.id, { step: 'seal' })).kind).toBe('missing')
    expect(refusalOf(await changeInstrument(other.ctx, it.id, gauge, it.version)).kind).toBe('missing')
    expect(refusalOf(await recordCheck(other.ctx, it.id, { kind: 'verification', doneOn: '2026-11-01', conclusion: 'pass' })).kind).toBe(
      'missing',
    )
    const officer = stage.as(await stage.officer('市局', '330100'))
    expect((await findInstrument(officer, it.id))?.code).toBe('YL-001')
    expect(refusalOf(await takeInstrumentStep(officer, it.id, { step: 'seal' })).kind).toBe('forbidden')
    expect(await findInstrument(stage.as(await stage.officer('外省', '340000')), it.id)).toBeUndefined()
    const { actor } = await stage.seat(org as never, '只管政策', 'clerk', { scope: ['policy'], endsOn: '2027-01-01' })
    expect(refusalOf(await registerInstrument(stage.as(actor), { ...gauge, code: 'N', serial: 'N' }))).toMatchObject({
      code: 'SCOPE_MISSING',
    })
  })
})

describe('台账给政策用', () => {
  it('器具种类和件数随台账更新，报废的不算', async () => {
    const { ctx, org } = await firm()
    const one = await register(ctx)
    await register(ctx, { code: 'K1', serial: 'K1', name: '游标卡尺', range: '0～150 mm', accuracy: '', use: 'other' })
    await drain(database, listeners, monday)
    const fact = async () => (await profileOf(stage.as(ctx.actor), org.id))?.stored.find(({ fact }) => fact === 'instruments')
    expect(await fact()).toMatchObject({ value: { caliper: 1, 'pressure-gauge': 1 }, source: '器具台账' })
    orThrow(await takeInstrumentStep(ctx, one.id, { step: 'scrap', opinion: '损坏' }))
    await drain(database, listeners, monday)
    expect((await fact())?.value).toEqual({ caliper: 1 })
  })

  it('每种状态的件数等于逐件数出来的', async () => expect(await miscounted(database)).toBe(0))
})
