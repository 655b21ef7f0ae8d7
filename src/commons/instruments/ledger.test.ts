/** 台账：登记、修改、办理、录入结果，谁能看，记了什么。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { drain } from '../../platform/jobs.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { profileOf } from '../people/index.server.ts'
import { monday, orThrow, stageOf, type Stage } from '../people/test-stage.server.ts'
import { changeInstrument } from './change.server.ts'
import { recordCheck, voidCheck } from './checks.server.ts'
import { prepareConfirmation, signConfirmation } from './confirmation/commands.server.ts'
import { confirmMandatory, setInterval } from './rulings.server.ts'
import { readDraft, type DraftInput } from './draft.ts'
import { listeners } from './listeners.server.ts'
import { removeOwnKind, saveOwnKind } from './own-kinds.server.ts'
import { countsByState, eachInstrument, findInstrument, historyOf, listInstruments } from './queries.server.ts'
import { registerInstrument, registerMany } from './register.server.ts'
import { stepMany, takeInstrumentStep } from './steps.server.ts'

let database: Database
let stage: Stage
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())

let firms = 0
/** A firm of its own for each story, with somebody who keeps its ledger. */
async function firm(): Promise<{ ctx: Ctx; actor: Actor; org: { id: string; province: string; region: string } }> {
  const org = await stage.organisation(`厂${++firms}`, '330110')
  const { actor } = await stage.seat(org, `计量员${firms}`, 'manager')
  return { ctx: stage.as(actor), actor, org }
}

const gauge: DraftInput = {
  code: 'YL-001',
  name: '压力表',
  maker: '示例·仪表厂',
  model: 'Y-100',
  serial: 'A1001',
  range: '0～1.6 MPa',
  accuracy: '1.6级',
  place: '锅炉房',
  use: '安全防护',
  intervalMonths: '6',
  lastDoneOn: '2026-08-10',
  lastKind: '检定',
  lastConclusion: '合格',
}
const register = async (ctx: Ctx, input: DraftInput = {}) => orThrow(await registerInstrument(ctx, { ...gauge, ...input }))
const refusalOf = (answer: unknown) => {
  if (!isRefusal(answer)) throw new Error('not refused')
  return answer
}

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

  it('每种状态的件数等于逐件数出来的', async () => {
    const { rows } = await sql<{ bad: bigint }>`
      select count(*) as bad from (select province, org_id, state, count(*) n from instruments group by 1, 2, 3) a
      full join (select * from ledger_counts where n <> 0) c using (province, org_id, state) where a.n is distinct from c.n`.execute(
      database.db,
    )
    expect(Number(rows[0]!.bad)).toBe(0)
  })
})
