import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor } from '../../../core/access.ts'
import type { Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import type { Organisation } from '../../people/index.ts'
import { monday, orThrow, stageOf, type Seated, type Stage } from '../../people/test-stage.server.ts'
import { instrumentStates, type InstrumentState } from '../model.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { labelUrl } from './content.ts'
import { drawLabels } from './draw.server.ts'
import { labelFormats, perSheet, placeOf, sheetsFor, startOn, type LabelFormat } from './formats.ts'
import { labelsFor, renewLabel } from './labels.server.ts'
import { dueInWords, statusOf, type Scanned } from './scan.ts'
import { mayScan, scan } from './scan.server.ts'

const formats = Object.entries(labelFormats) as [string, LabelFormat][]

describe('标签纸', () => {
  it.each(formats)('%s：每一张都在纸内，互不重叠，码放得下', (_, format) => {
    const places = Array.from({ length: perSheet(format) }, (_, n) => placeOf(format, n))
    for (const { x, y, sheet } of places) {
      expect(sheet).toBe(0)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + format.width).toBeLessThanOrEqual(format.page.width + 0.01)
      expect(y + format.height).toBeLessThanOrEqual(format.page.height + 0.01)
    }
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1))
        expect(Math.abs(a.x - b.x) >= format.width - 0.01 || Math.abs(a.y - b.y) >= format.height - 0.01).toBe(true)
    // Version 4 (62 bytes) has 33 modules; a code keeps its quiet zone of four to the edges by padding and gap.
    expect(format.code / 33).toBeGreaterThanOrEqual(0.4)
    expect(format.code).toBeLessThan(format.height - 2 * format.pad - 3.5)
  })

  it('用过一半的纸从指定的一格开始，张数对得上', () => {
    const format = labelFormats['a4-24']
    expect(placeOf(format, 0, 5)).toEqual({ sheet: 0, x: 70, y: 37.5 })
    expect(placeOf(format, 20, 5)).toEqual({ sheet: 1, x: 0, y: 0.5 })
    expect([sheetsFor(format, 0, 5), sheetsFor(format, 20, 5), sheetsFor(format, 21, 5), sheetsFor(format, 3000)]).toEqual([0, 1, 2, 125])
    expect(['5', '24', '25', '0', '1.5', 'x', null].map((start) => startOn(format, start))).toEqual([5, 24, 1, 1, 1, 1, 1])
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 24 }), (n, start) => {
        const { sheet } = placeOf(format, n, start)
        expect(sheetsFor(format, n + 1, start)).toBe(sheet + 1)
      }),
    )
  })
})

describe('扫码看状态', () => {
  const today = '2026-11-23'
  const row = (more: Partial<Scanned> = {}): Scanned => ({
    state: 'in-use',
    mandatory: 'no',
    valid_until: '2027-05-01',
    last_conclusion: 'pass',
    last_confirmation: null,
    ...more,
  })
  it.each([
    ['在用、在有效期内', {}, '可以使用'],
    ['有效期最后一天', { valid_until: today }, '可以使用'],
    ['过期一天', { valid_until: '2026-11-22' }, '已过有效期'],
    ['限用但已过期', { state: 'limited', valid_until: '2026-11-22' }, '已过有效期'],
    ['强检没有检定过', { mandatory: 'yes', valid_until: null }, '不得使用'],
    ['非强检没有有效期', { valid_until: null }, '可以使用'],
    ['结论不合格但还没停用', { last_conclusion: 'fail' }, '停止使用'],
    ['确认为不满足要求', { last_confirmation: 'unfit' }, '停止使用'],
    ['限用', { state: 'limited' }, '限用'],
    ['备用', { state: 'stored' }, '备用，还没有启用'],
    ['送检中', { state: 'sent', valid_until: '2026-01-01' }, '送检中'],
    ['停用', { state: 'stopped' }, '停止使用'],
    ['报废', { state: 'scrapped' }, '已报废，不得使用'],
  ] as [string, Partial<Scanned>, string][])('%s', (_, more, word) => expect(statusOf(row(more), today).word).toBe(word))

  it('只有一种情形是绿色的“可以使用”：在用、没过期、没有不合格', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(instrumentStates) as InstrumentState[])),
        fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
        fc.constantFrom(null, '2026-11-22', '2026-11-23', '2027-01-01'),
        fc.constantFrom(null, 'pass' as const, 'fail' as const, 'none' as const),
        fc.constantFrom(null, 'fit' as const, 'limited' as const, 'unfit' as const),
        (state, mandatory, until, conclusion, confirmation) => {
          const status = statusOf(
            { state, mandatory, valid_until: until, last_conclusion: conclusion, last_confirmation: confirmation },
            today,
          )
          const fine =
            state === 'in-use' && conclusion !== 'fail' && confirmation !== 'unfit' && (until ? until >= today : mandatory !== 'yes')
          expect(status.tone === 'good').toBe(fine)
          expect(status.todo).not.toBe('')
        },
      ),
    )
  })

  it('还有几天用话说；停用、报废的不说', () => {
    const say = (valid_until: string | null, state: InstrumentState = 'in-use') => dueInWords({ state, valid_until }, today)
    expect([say('2026-12-28'), say(today), say('2026-11-11'), say(null), say('2026-12-28', 'sent'), say('2026-12-28', 'stopped')]).toEqual([
      '还有 35 天到期',
      '今天是最后一天',
      '已超期 12 天',
      '还没有登记有效期',
      '还有 35 天到期',
      undefined,
    ])
  })
})

describe('标签与台账', () => {
  let database: Database
  let stage: Stage
  let org: Organisation
  let own: Seated
  beforeAll(async () => {
    database = await testDatabase(inject('template'))
    stage = stageOf(database)
    org = await stage.organisation('标签厂', '330110')
    own = await stage.seat(org, '赵工', 'manager')
  })
  afterAll(() => database.close())
  const enter = async (code: string, more = {}) =>
    orThrow(
      await registerInstrument(stage.as(own.actor), {
        code,
        name: '压力表',
        kind: '压力表',
        range: '0～1.6MPa',
        accuracy: '1.6级',
        state: '在用',
        lastDoneOn: '2026-06-01',
        lastKind: '校准',
        validUntil: '2027-05-31',
        maker: '示例·仪表厂',
        serial: `S-${code}`,
        keeper: '钱师傅',
        place: '一车间',
        ...more,
      }),
    )

  it('扫码只说状态，不说厂家、编号、地点、保管人', async () => {
    const { token } = await enter('A-1')
    const card = (await scan(stage.as(visitor), token))!
    expect(card).toEqual({
      code: 'A-1',
      name: '压力表',
      owner: '示例·标签厂',
      status: expect.objectContaining({ word: '可以使用', tone: 'good', shape: '●' }),
      validUntil: '2027-05-31',
      due: '还有 189 天到期',
      page: undefined,
    })
    expect(JSON.stringify(card)).not.toMatch(/仪表厂|S-A-1|一车间|钱师傅/)
  })

  it('本企业和本地监管扫码能进详情，别家不能', async () => {
    const { token, id } = await enter('A-2')
    const other = await stage.seat(await stage.organisation('别的厂', '330110'), '孙工', 'manager')
    const pageFor = async (actor: typeof own.actor) => (await scan(stage.as(actor), token))!.page
    expect(await pageFor(own.actor)).toBe(`/me/instruments/${id}`)
    expect(await pageFor(await stage.officer('杭州王工', '330100'))).toBe(`/instruments/${id}`)
    expect(await pageFor(await stage.officer('安徽吴工', '340000'))).toBeUndefined()
    expect(await pageFor(other.actor)).toBeUndefined()
  })

  it('没有的、写错的标签就是没有', async () => {
    for (const token of ['', 'x', '2'.repeat(12), `'; drop table`, 'A'.repeat(12)])
      expect(await scan(stage.as(visitor), token)).toBeUndefined()
  })

  it('换标签后旧码失效，新码有效，记入经过；别家不能换', async () => {
    const before = await enter('A-3')
    const after = orThrow(await renewLabel(stage.as(own.actor), before.id, before.version))
    expect(after.token).not.toBe(before.token)
    expect(await scan(stage.as(visitor), before.token)).toBeUndefined()
    expect((await scan(stage.as(visitor), after.token))?.code).toBe('A-3')
    const events = await timeline(database.db, 'instrument', before.id)
    expect(events.at(-1)).toMatchObject({ action: 'label-renewed' })
    expect(JSON.stringify(events.map(({ detail }) => detail))).not.toContain(after.token)
    expect(await renewLabel(stage.as(own.actor), before.id, before.version)).toMatchObject({ kind: 'conflict' })
    const other = await stage.seat(await stage.organisation('又一家', '330110'), '周工', 'manager')
    expect(await renewLabel(stage.as(other.actor), before.id, after.version)).toMatchObject({ kind: 'missing' })
    const clerk = await stage.seat(org, '小吴', 'staff', { scope: ['policy'] })
    expect(await renewLabel(stage.as(clerk.actor), before.id, after.version)).toMatchObject({ kind: 'forbidden' })
  })

  it('打印清单按编号排（2 在 10 前），跟着筛选走', async () => {
    for (const code of ['B-10', 'B-2']) await enter(code, { place: '二车间' })
    const labels = await labelsFor(stage.as(own.actor), { place: '二车间' })
    expect(labels.map(({ code, able, validUntil, state }) => [code, able, validUntil, state])).toEqual([
      ['B-2', '(0～1.6) MPa · 1.6 级', '2027-05-31', '在用'],
      ['B-10', '(0～1.6) MPa · 1.6 级', '2027-05-31', '在用'],
    ])
    expect(labels[0]!.token).toMatch(/^[2-9a-z]{12}$/)
    const sent = await enter('B-3', { place: '三车间' })
    orThrow(await takeInstrumentStep(stage.as(own.actor), sent.id, { step: 'send' }))
    expect((await scan(stage.as(visitor), sent.token))!.status.word).toBe('送检中')
  })

  it('同一张单子画两次，逐字节相同；没有器具也是一份完整的 PDF', async () => {
    const labels = await labelsFor(stage.as(own.actor), {})
    const draw = async (those: typeof labels) => {
      const chunks: Buffer[] = []
      const sheets = { format: labelFormats['a4-24'], start: 3, publicUrl: 'https://hengqi.example', now: monday }
      for await (const chunk of drawLabels(those, sheets)) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks)
    }
    const one = await draw(labels)
    expect(one.equals(await draw(labels))).toBe(true)
    const none = await draw([])
    for (const pdf of [one, none])
      expect([pdf.subarray(0, 5).toString(), pdf.toString('latin1').trimEnd().endsWith('%%EOF')]).toEqual(['%PDF-', true])
  })

  it('扫码太频繁会被挡一下：一个标签一个限额，乱猜的合用一个', () => {
    const results = Array.from({ length: 61 }, () => mayScan('aaaaaaaaaaaa', true))
    expect([results[59], results[60], mayScan('bbbbbbbbbbbb', true)]).toEqual([true, false, true])
    expect(Array.from({ length: 301 }, () => mayScan(String(Math.random()), false)).filter(Boolean)).toHaveLength(300)
  })

  it('码里的网址短到四号码放得下', () =>
    expect(labelUrl('https://jiliang.hangzhou.example.gov.cn', '2'.repeat(12)).length).toBeLessThanOrEqual(62))
})
