import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, daysLeft, remindOn, sendBy, stageDays, stageNames, stageOf, stages, validUntil, type Stage } from './due-day.ts'
import { addWorkdays, dateOf, dayNumber, isWorkday } from './work-calendar.ts'

const day = fc.integer({ min: dayNumber('2020-06-01'), max: dayNumber('2029-06-30') }).map(dateOf)
/** Slow and obvious: one day at a time. */
const next = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
const previous = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
const back = (date: string, days: number): string => (days === 0 ? date : back(previous(date), days - 1))

describe('有效期至', () => {
  it.each([
    ['2026-03-10', 12, '2027-03-09'],
    ['2026-01-01', 12, '2026-12-31'],
    ['2026-03-01', 12, '2027-02-28'],
    ['2023-03-01', 12, '2024-02-29'],
    ['2026-11-24', 6, '2027-05-23'],
    ['2026-11-24', 36, '2029-11-23'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-01-29', 1, '2026-02-28'],
    ['2026-01-28', 1, '2026-02-27'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-12-31', 6, '2027-06-30'],
  ])('%s 起 %i 个月，有效期至 %s', (doneOn, months, until) => expect(validUntil(doneOn, months)).toBe(until))

  it('不是日期、不是整月数的报错', () => {
    expect(() => validUntil('2026-02-30', 12)).toThrow(RangeError)
    for (const months of [0, -1, 1.5, Number.NaN]) expect(() => validUntil('2026-01-01', months)).toThrow(RangeError)
  })

  it('等于逐日数出的最后一天：次日是对应日，没有对应日的止于月末', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (doneOn, months) => {
        // Walk to the month that is `months` further, then to its corresponding day or its end.
        let date = doneOn
        for (let left = months; left > 0;) {
          const after = next(date)
          if (after.slice(0, 7) !== date.slice(0, 7)) left--
          date = after
        }
        const month = date.slice(0, 7)
        while (next(date).startsWith(month) && date.slice(8) < doneOn.slice(8)) date = next(date)
        expect(validUntil(doneOn, months)).toBe(date.slice(8) === doneOn.slice(8) ? previous(date) : date)
      }),
    )
  })

  it('检定越晚、间隔越长，有效期不会更短；总在检定日之后', () => {
    fc.assert(
      fc.property(day, day, fc.integer({ min: 1, max: 60 }), (a, b, months) => {
        const [early, late] = a <= b ? [a, b] : [b, a]
        expect(validUntil(early, months) <= validUntil(late, months)).toBe(true)
        expect(validUntil(a, months) < validUntil(a, months + 1)).toBe(true)
        expect(validUntil(a, months) > a).toBe(true)
        expect(validUntil(a, months) <= addMonths(a, months)).toBe(true)
      }),
    )
  })
})

describe('到期阶段', () => {
  it.each([
    ['2026-11-23', 'overdue'],
    ['2026-11-24', 'd0'],
    ['2026-11-25', 'd7'],
    ['2026-12-01', 'd7'],
    ['2026-12-02', 'd14'],
    ['2026-12-08', 'd14'],
    ['2026-12-09', 'd30'],
    ['2026-12-24', 'd30'],
    ['2026-12-25', 'd60'],
    ['2027-01-23', 'd60'],
    ['2027-01-24', 'later'],
  ])('有效期至 %s：%s', (until, stage) => expect(stageOf(until, '2026-11-24')).toBe(stage))

  it('等于逐日数出的天数所在的阶段', () => {
    const limits: [Stage, number][] = [
      ['d0', 0],
      ['d7', 7],
      ['d14', 14],
      ['d30', 30],
      ['d60', 60],
    ]
    fc.assert(
      fc.property(day, fc.integer({ min: -40, max: 90 }), (today, offset) => {
        const until = dateOf(dayNumber(today) + offset)
        let left = 0
        for (let date = today; date < until; date = next(date)) left++
        const slow: Stage = until < today ? 'overdue' : (limits.find(([, most]) => left <= most)?.[0] ?? 'later')
        expect(stageOf(until, today)).toBe(slow)
        expect(daysLeft(until, today)).toBe(offset)
      }),
    )
  })

  it('各阶段的起止日期首尾相接，日期在哪个阶段的起止之间就属于哪个阶段', () => {
    expect(stageDays('overdue', '2026-11-24')).toEqual({ to: '2026-11-23' })
    expect(stageDays('d0', '2026-11-24')).toEqual({ from: '2026-11-24', to: '2026-11-24' })
    expect(stageDays('d14', '2026-11-24')).toEqual({ from: '2026-12-02', to: '2026-12-08' })
    expect(stageDays('later', '2026-11-24')).toEqual({ from: '2027-01-24' })
    fc.assert(
      fc.property(day, day, (until, today) => {
        const within = stages.filter((stage) => {
          const { from, to } = stageDays(stage, today)
          return (from === undefined || from <= until) && (to === undefined || until <= to)
        })
        expect(within).toEqual([stageOf(until, today)])
      }),
    )
    expect(Object.keys(stageNames)).toEqual([...stages])
  })
})

describe('提醒日和送出日', () => {
  it.each([
    // 2026-10-01 to -07 is the National Day holiday; 2026-09-27 a Sunday; 2026-09-20 a make-up day.
    ['2026-10-07', 0, '2026-09-30'],
    ['2026-10-07', 7, '2026-09-30'],
    ['2026-10-08', 0, '2026-10-08'],
    ['2026-12-06', 0, '2026-12-04'],
    ['2026-12-24', 30, '2026-11-24'],
  ])('有效期至 %s，提前 %i 天提醒：%s', (until, days, on) => expect(remindOn(until, days)).toBe(on))

  it.each([
    ['2026-10-08', 1, '2026-09-30'],
    ['2026-10-08', 0, '2026-10-08'],
    ['2026-10-05', 0, '2026-09-30'],
    ['2026-12-04', 5, '2026-11-27'],
    ['2026-12-06', 5, '2026-11-27'],
  ])('有效期至 %s，往返 %i 个工作日：最晚 %s 送出', (until, turnaround, by) => expect(sendBy(until, turnaround)).toBe(by))

  it('提醒日等于逐日往回找到的工作日', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 90 }), (until, days) => {
        let slow = back(until, days)
        while (!isWorkday(slow)) slow = previous(slow)
        expect(remindOn(until, days)).toBe(slow)
      }),
    )
  })

  it('送出日等于逐日往回找到的、来得及取回的最后一个工作日', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 40 }), (until, turnaround) => {
        let slow = until
        while (!isWorkday(slow) || addWorkdays(slow, turnaround).date > until) slow = previous(slow)
        expect(sendBy(until, turnaround)).toBe(slow)
      }),
    )
  })

  it('天数不是非负整数的报错', () => {
    for (const n of [-1, 0.5]) {
      expect(() => remindOn('2026-12-01', n)).toThrow(RangeError)
      expect(() => sendBy('2026-12-01', n)).toThrow(RangeError)
    }
  })
})
