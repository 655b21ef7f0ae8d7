import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import table from './reference/calendar.json' with { type: 'json' }
import { addWorkdays, calendarNotices, dateOf, dayNumber, dayOf, isWorkday, workdaysBetween } from './work-calendar.ts'

/** Slow and obvious: look the day up, else go by the weekday. */
const kinds = new Map((table.rows as [string, string, string][]).map(([date, kind]) => [date, kind]))
const obvious = (date: string): boolean => {
  const kind = kinds.get(date)
  if (kind) return kind === 'workday'
  const day = new Date(`${date}T12:00:00Z`).getUTCDay()
  return day !== 0 && day !== 6
}
const next = (date: string): string => new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
const anyDate = fc.integer({ min: dayNumber('2019-06-01'), max: dayNumber('2028-06-30') }).map(dateOf)

describe('工作日历', () => {
  it('2026-09-18 起 20 个工作日是 2026-10-22（起始日不计）', () => {
    expect(addWorkdays('2026-09-18', 20)).toEqual({ date: '2026-10-22', provisional: false })
    expect(workdaysBetween('2026-09-18', '2026-10-22')).toEqual({ days: 20, provisional: false })
  })

  it('2026 年的放假与调休上班', () => {
    const made = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']
    for (const date of made) expect(isWorkday(date)).toBe(true)
    for (const date of ['2026-01-02', '2026-02-23', '2026-04-06', '2026-05-05', '2026-06-19', '2026-09-25', '2026-10-07']) {
      expect(isWorkday(date)).toBe(false)
    }
    expect(dayOf('2026-02-16')).toEqual({ workday: false, name: '春节', provisional: false })
    expect(dayOf('2026-02-14')).toEqual({ workday: true, name: '春节', provisional: false })
    expect(dayOf('2026-03-02')).toEqual({ workday: true, provisional: false })
    const workdays2026 = table.rows.filter(([date, kind]) => date?.startsWith('2026') && kind === 'workday').map(([date]) => date)
    expect(workdays2026).toEqual(made)
  })

  it('2021 至 2026 每年都有通知；2022 年调休上班 7 天', () => {
    expect(calendarNotices.map((n) => n.year)).toEqual([2021, 2022, 2023, 2024, 2025, 2026])
    for (const n of calendarNotices)
      expect(n).toMatchObject({ docNoTrust: 'model-knowledge', docNo: expect.stringContaining(`〔${n.year - 1}〕`) })
    expect(table.rows.filter(([date, kind]) => date?.startsWith('2022') && kind === 'workday')).toHaveLength(7)
  })

  it('碰到没有放假安排的年份时按周一至周五推算，并注明', () => {
    expect(addWorkdays('2026-12-30', 3)).toEqual({
      date: '2027-01-04',
      provisional: true,
      note: '2027 年放假安排尚未公布，按周一至周五推算',
    })
    expect(addWorkdays('2026-12-30', 1)).toEqual({ date: '2026-12-31', provisional: false })
    expect(dayOf('2027-10-01')).toMatchObject({ workday: true, provisional: true })
    expect(workdaysBetween('2020-12-31', '2021-01-04')).toMatchObject({ days: 1, provisional: true })
    expect(workdaysBetween('2027-01-04', '2026-12-30')).toMatchObject({ days: -3, provisional: true })
  })

  it('零天是当天，负数和小数不接受，不存在的日期不接受', () => {
    expect(addWorkdays('2026-10-03', 0).date).toBe('2026-10-03')
    expect(() => addWorkdays('2026-10-03', -1)).toThrow(RangeError)
    expect(() => addWorkdays('2026-10-03', 1.5)).toThrow(RangeError)
    expect(() => addWorkdays('2026-02-29', 1)).toThrow(RangeError)
  })

  it('每一天都与逐日查表一致', () => {
    for (let date = '2019-06-01'; date < '2028-07-01'; date = next(date)) expect([date, isWorkday(date)]).toEqual([date, obvious(date)])
  })

  it('加工作日与逐日数一致，再数回来不变', () => {
    fc.assert(
      fc.property(anyDate, fc.nat(300), (date, n) => {
        let expected = date
        for (let left = n; left > 0;) {
          expected = next(expected)
          if (obvious(expected)) left--
        }
        expect(addWorkdays(date, n).date).toBe(expected)
        expect(workdaysBetween(date, expected).days).toBe(n)
      }),
      { numRuns: 300 },
    )
  })

  it('两日之间的工作日与逐日数一致，反向为负', () => {
    fc.assert(
      fc.property(anyDate, fc.nat(500), (from, span) => {
        let to = from
        let days = 0
        for (let i = 0; i < span; i++) {
          to = next(to)
          if (obvious(to)) days++
        }
        expect(workdaysBetween(from, to).days).toBe(days)
        expect(workdaysBetween(to, from).days).toBe(days === 0 ? 0 : -days)
      }),
      { numRuns: 300 },
    )
  })
})
