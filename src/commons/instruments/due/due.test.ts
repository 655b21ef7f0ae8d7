/** 到期：清单、打包、预测、提醒。 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { daysLeft } from '../../../core/due-day.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { isWorkday } from '../../../core/work-calendar.ts'
import { inTx, type Ctx, type Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { orThrow, stageOf } from '../../people/test-stage.server.ts'
import { readDraft, type DraftInput } from '../draft.ts'
import { changeSettings } from '../own-kinds.server.ts'
import { registerMany } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { bundle, sendable, windowDays, type DueItem } from './bundle.ts'
import { bundlesOf, dueByDay, dueItems, forecast } from './due.server.ts'
import { feeOf, forecastItems, forecastMonths, medians, occurrences, sumOf } from './forecast.ts'
import { daysToTell, remind, tellDay, tellWeek } from './schedules.server.ts'
import { card, desk } from './week.server.ts'

const today = '2026-11-23'
const item = (over: Partial<DueItem> = {}): DueItem => ({
  id: 'i',
  code: 'K-1',
  name: '游标卡尺',
  kind: 'caliper',
  state: 'in-use',
  place: '一车间',
  institution: '示例·检测院',
  mandatory: 'no',
  mandatoryToVerify: false,
  use: 'other',
  validUntil: '2026-12-01',
  intervalMonths: 12,
  lastFeeFen: 6000n,
  lastKind: 'calibration',
  ...over,
})
const dueItem = fc
  .record({
    n: fc.nat(1_000_000),
    state: fc.constantFrom('in-use', 'stored', 'sent', 'returned'),
    place: fc.constantFrom('一车间', '二车间', null),
    institution: fc.constantFrom('甲院', '乙所', null),
    left: fc.integer({ min: -40, max: 90 }),
    mandatory: fc.constantFrom('yes', 'no', 'unknown') as fc.Arbitrary<DueItem['mandatory']>,
    months: fc.constantFrom(null, 3, 6, 12, 24),
    fee: fc.constantFrom(null, 0n, 4_000n, 12_345n),
  })
  .map(({ n, left, months, fee, ...rest }) =>
    item({ ...rest, id: `i${n}`, code: `K-${n}`, validUntil: addDays(today, left), intervalMonths: months, lastFeeFen: fee }),
  )
const dueList = fc.uniqueArray(dueItem, { selector: ({ id }) => id, maxLength: 40 })

describe('打包', () => {
  it('同一周到期的 20 件，同一机构同一地点：一条建议、一次送检', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => item({ id: `i${i}`, code: `K-${i}`, validUntil: addDays('2026-12-07', i % 5) }))
    const [one, ...more] = bundle(twenty, today, 20)
    expect(more).toEqual([])
    expect(one).toMatchObject({ pieces: 20, from: '2026-12-07', to: '2026-12-11', sendBy: '2026-11-09' })
  })

  it('每件要送的恰在一批里；一批只有一家机构、一个地点、不超过一周；送检中的不再送', () => {
    fc.assert(
      fc.property(dueList, (items) => {
        const bundles = bundle(items, today, 10)
        expect(bundles.flatMap(({ ids }) => ids).toSorted()).toEqual(
          items
            .filter(sendable)
            .map(({ id }) => id)
            .toSorted(),
        )
        for (const each of bundles) {
          const those = items.filter(({ id }) => each.ids.includes(id))
          expect(new Set(those.map(({ institution, place }) => `${institution}|${place}`)).size).toBe(1)
          if (each.from >= today) expect(daysLeft(each.to, each.from)).toBeLessThan(windowDays)
        }
      }),
    )
  })
})

describe('预测', () => {
  it('6 个月的一年做两次，逾期的算在本月', () => {
    expect(occurrences(item({ validUntil: '2026-12-10', intervalMonths: 6 }), today)).toEqual(['2026-12-10', '2027-06-09'])
    expect(occurrences(item({ validUntil: '2026-10-01', intervalMonths: 12 }), today)).toEqual([today, '2027-11-22'])
    expect(occurrences(item({ validUntil: '2027-12-01' }), today)).toEqual([])
  })

  it('与逐日往后走的做法一致', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60, max: 400 }), fc.constantFrom(1, 3, 6, 12, 24), (left, months) => {
        const found = occurrences(item({ validUntil: addDays(today, left), intervalMonths: months }), today)
        const end = '2027-11-23'
        const slow: string[] = []
        let valid = addDays(today, left)
        for (let day = today; day < end; day = addDays(day, 1))
          if (valid <= day) {
            slow.push(day)
            const [y, m, d] = day.split('-').map(Number) as [number, number, number]
            const whole = new Date(Date.UTC(y, m - 1 + months, 1))
            const lastDay = new Date(Date.UTC(whole.getUTCFullYear(), whole.getUTCMonth() + 1, 0)).getUTCDate()
            const target = new Date(Date.UTC(whole.getUTCFullYear(), whole.getUTCMonth(), Math.min(d, lastDay))).toISOString().slice(0, 10)
            valid = d > lastDay ? target : addDays(target, -1)
          }
        expect(found).toEqual(slow)
      }),
    )
  })

  it('各月之和等于逐件之和；少付的不超过费用；强制检定不算少付', () => {
    fc.assert(
      fc.property(dueList, (items) => {
        const all = forecastItems(items, today, () => ({ rateBp: 5_000, slug: 's', title: '减半', force: 'apply' }))
        const months = forecastMonths(all, today)
        const whole = sumOf('', all)
        expect(months.reduce((n, { pieces }) => n + pieces, 0)).toBe(whole.pieces)
        expect(months.reduce((n, { cost }) => n + cost, 0n)).toBe(whole.cost)
        expect(months.reduce((n, { off }) => n + off, 0n)).toBe(whole.off)
        for (const each of all) {
          expect(each.off <= (each.fee ?? 0n)).toBe(true)
          if (each.service === 'mandatory-verification') expect([each.off, each.fee]).toEqual([0n, 0n])
        }
      }),
    )
  })

  it('价格：强检 0 元；上次费用；同种中位数；待核实的强检和没有来源的没有价格', () => {
    const list = [item({ lastFeeFen: 100n }), item({ lastFeeFen: 300n }), item({ lastFeeFen: 900n })]
    const byKind = medians(list)
    expect(feeOf(item({ mandatory: 'yes' }), byKind)).toEqual({ fee: 0n, source: 'law' })
    expect(feeOf(item({ mandatory: 'yes', mandatoryToVerify: true }), byKind)).toEqual({ fee: null, source: 'unknown' })
    expect(feeOf(item({ lastFeeFen: null }), byKind)).toEqual({ fee: 300n, source: 'kind' })
    expect(feeOf(item({ lastFeeFen: null, kind: 'cmm' }), byKind).source).toBe('unknown')
  })

  it('需要申请的政策列出来，不算进金额', () => {
    const [one] = forecastItems([item()], today, () => ({ rateBp: 5_000, slug: 's', title: 't', force: 'apply-for' }))
    expect(one).toMatchObject({ off: 0n, fee: 6000n })
    expect(formatYuan(fen(6000n))).toBe('¥60.00')
  })
})

describe('提醒的日子', () => {
  it('每个到期日的每一档恰提醒一次，休息日的提前到之前的工作日', () => {
    const told = new Map<string, number>()
    for (let day = '2026-06-01'; day < '2027-01-31'; day = addDays(day, 1)) {
      const list = daysToTell(day)
      if (!isWorkday(day)) expect(list).toEqual([])
      for (const { days, until } of list) for (const each of until) told.set(`${each} ${days}`, (told.get(`${each} ${days}`) ?? 0) + 1)
    }
    for (let day = '2026-09-01'; day < '2026-12-15'; day = addDays(day, 1))
      for (const days of [60, 30, 14, 7, 0]) expect(told.get(`${day} ${days}`), `${day} 前 ${days} 天`).toBe(1)
  })
})

let database: Database
let ctx: Ctx
let org: { id: string; province: string; region: string }
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  const stage = stageOf(database)
  const firm = await stage.organisation('到期厂', '330110')
  org = firm
  ctx = stage.as((await stage.seat(firm, '计量员', 'manager')).actor)
  const drafts = [-3, 0, 5, 6, 20, 50, 200].map((left, n): DraftInput => ({
    code: `D-${n}`,
    name: n < 2 ? '压力表' : '游标卡尺',
    use: n < 2 ? 'safety' : 'other',
    place: '一车间',
    intervalMonths: '12',
    validUntil: addDays(today, left),
    lastInstitution: '示例·检测院',
    lastFee: n < 2 ? '0' : '60',
    lastKind: n < 2 ? '检定' : '校准',
  }))
  orThrow(
    await inTx(ctx, (tx) =>
      registerMany(
        tx,
        org,
        drafts.map((each) => ({ draft: readDraft(each, today).draft! })),
      ),
    ),
  )
})
afterAll(() => database.close())

const messages = () =>
  database.db.selectFrom('messages').select(['title', 'number', 'action_url']).where('org_id', '=', org.id).orderBy('id').execute()

describe('在库里', () => {
  it('送检中的不从清单里消失，但不再建议送', async () => {
    const [first] = await dueItems(ctx, addDays(today, 60))
    orThrow(await takeInstrumentStep(ctx, first!.id, { step: 'send' }))
    const items = await dueItems(ctx, addDays(today, 60))
    expect(items).toHaveLength(6)
    expect((await bundlesOf(ctx, addDays(today, 60))).flatMap(({ ids }) => ids)).not.toContain(first!.id)
  })

  it('月历每天的件数加起来等于清单', async () => {
    const days = [...(await dueByDay(ctx, '2026-11')), ...(await dueByDay(ctx, '2026-12')), ...(await dueByDay(ctx, '2027-01'))]
    expect(days.reduce((sum, { n }) => sum + n, 0)).toBe(6)
  })

  it('本周计量：数字和去处；待办先是逾期的', async () => {
    const week = await card(ctx)
    expect(week?.figures.map(({ label, value }) => `${label} ${value}`)).toEqual(['已逾期 1', '7 天内到期 3', '30 天内到期 4', '送检中 1'])
    expect((await desk(ctx)).map(({ title }) => title)).toEqual(['4 件要在本周送出，才能在到期前取回'])
  })

  it('预测等于明细之和', async () => {
    const { months, pieces, cost } = await forecast(ctx)
    expect(months.reduce((n, each) => n + each.pieces, 0)).toBe(pieces)
    expect(cost > 0n).toBe(true)
  })

  it('没有到期的不说；同一天跑两次只说一次；关了提醒的不说', async () => {
    // Tuesday: what is 7 days ahead or falls on the day is told, the most pressing with its number.
    const tuesday: Ctx = { ...ctx, now: '2026-11-24T00:30:00Z' }
    expect(await tellDay(tuesday)).toBe(1)
    expect(await tellDay(tuesday)).toBe(0)
    expect((await messages()).map(({ title }) => title)).toEqual(['1 件计量器具已逾期 1 天'])
    expect(await remind({ ...ctx, now: '2026-11-25T00:30:00Z' })).toBe(0)
    expect(await tellWeek(ctx)).toBe(1)
    expect(await tellDay({ ...ctx, now: '2026-11-23T00:30:00Z' })).toBe(0)
    orThrow(await changeSettings(ctx, { turnaroundWorkdays: 20, reminders: false }))
    expect(await tellWeek({ ...ctx, now: '2026-11-30T00:30:00Z' })).toBe(0)
    expect(await messages()).toHaveLength(2)
  })
})
