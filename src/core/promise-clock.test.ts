import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { promiseClock, readLimit, shanghaiDate, type Limit, type Pause } from './promise-clock.ts'
import { dateOf, dayNumber, isWorkday } from './work-calendar.ts'

/** 10:00 in China on a day. */
const at = (date: string, time = '10:00') => `${date}T${time}:00+08:00`
const dueOf = (startedAt: string, limit: Limit, pauses: Pause[] = [], now = startedAt) =>
  promiseClock({ startedAt, limit, pauses, now }).statutory.due

describe('承诺时钟', () => {
  it('2026-09-18 受理、20 个工作日：10 月 22 日到期，两种算法相同', () => {
    const clock = promiseClock({ startedAt: at('2026-09-18'), limit: '20 工作日', now: at('2026-09-21') })
    expect(clock.statutory).toEqual({ elapsed: 2, due: '2026-10-22', left: 18, state: 'running' })
    expect(clock.whole).toEqual(clock.statutory)
    expect(clock.provisional).toBe(false)
  })

  it('受理当日不计；最后一天仍在期限内，次日超期', () => {
    const on = (date: string, time?: string) =>
      promiseClock({ startedAt: at('2026-03-02'), limit: '3 工作日', now: at(date, time) }).statutory
    expect(on('2026-03-02')).toMatchObject({ elapsed: 0, left: 3, state: 'running' })
    expect(on('2026-03-05', '23:59')).toEqual({ elapsed: 3, due: '2026-03-05', left: 0, state: 'due-today' })
    expect(on('2026-03-06', '00:00')).toEqual({ elapsed: 4, due: '2026-03-05', left: -1, state: 'overdue' })
    expect(on('2026-03-08')).toMatchObject({ left: -1 })
  })

  it('日历日期限到期日是休息日的，顺延到下一个工作日（民法典第二百零三条）', () => {
    expect(dueOf(at('2026-03-02'), '5 日历日')).toBe('2026-03-09')
    expect(dueOf(at('2026-09-26'), '5 日历日')).toBe('2026-10-08')
    expect(dueOf(at('2026-02-09'), '5 日历日')).toBe('2026-02-14')
    const clock = promiseClock({ startedAt: at('2026-03-02'), limit: '5 日历日', now: at('2026-03-08') })
    expect(clock.statutory).toEqual({ elapsed: 6, due: '2026-03-09', left: 1, state: 'running' })
  })

  it('等待补正时法定时钟停，全程时钟不停', () => {
    const pauses = [{ from: at('2026-03-04'), to: at('2026-03-11'), reason: '等待补正材料' }]
    const clock = promiseClock({ startedAt: at('2026-03-02'), limit: '5 工作日', pauses, now: at('2026-03-12') })
    expect(clock.statutory).toEqual({ elapsed: 3, due: '2026-03-16', left: 2, state: 'running' })
    expect(clock.whole).toEqual({ elapsed: 8, due: '2026-03-09', left: -3, state: 'overdue' })
  })

  it('暂停期间显示暂停，不会超期；已经超期后再暂停仍是超期', () => {
    const paused = (from: string, now: string) =>
      promiseClock({ startedAt: at('2026-03-02'), limit: '5 工作日', pauses: [{ from: at(from), reason: '等待送样' }], now: at(now) })
        .statutory
    expect(paused('2026-03-04', '2026-03-06')).toEqual({ elapsed: 1, due: '2026-03-12', left: 4, state: 'paused' })
    expect(paused('2026-03-09', '2026-03-20')).toMatchObject({ elapsed: 4, left: 1, state: 'paused' })
    expect(paused('2026-03-10', '2026-03-20')).toMatchObject({ due: '2026-03-09', state: 'overdue' })
    expect(paused('2026-03-04', '2026-03-03')).toMatchObject({ elapsed: 1, state: 'running' })
  })

  it('最后一天暂停的，恢复当天还可以办', () => {
    const pauses = [{ from: at('2026-03-09'), to: at('2026-03-20'), reason: '等待补正材料' }]
    const clock = promiseClock({ startedAt: at('2026-03-02'), limit: '5 工作日', pauses, now: at('2026-03-20', '15:00') })
    expect(clock.statutory).toEqual({ elapsed: 5, due: '2026-03-20', left: 0, state: 'due-today' })
  })

  it('重叠的暂停只扣一次；当日暂停当日恢复不扣', () => {
    const overlapping = [
      { from: at('2026-03-04'), to: at('2026-03-10'), reason: '等待补正材料' },
      { from: at('2026-03-06'), to: at('2026-03-11'), reason: '等待送样' },
    ]
    expect(dueOf(at('2026-03-02'), '5 工作日', overlapping, at('2026-03-12'))).toBe('2026-03-16')
    const sameDay = [{ from: at('2026-03-04', '09:00'), to: at('2026-03-04', '16:00'), reason: '等待送样' }]
    expect(dueOf(at('2026-03-02'), '5 工作日', sameDay, at('2026-03-05'))).toBe('2026-03-09')
  })

  it('提醒在 50%、80%、100%，只在工作日 9 时至 17 时', () => {
    const clock = promiseClock({ startedAt: at('2026-09-18'), limit: '20 工作日', now: at('2026-09-18') })
    expect(clock.remindersAt).toEqual([
      { percent: 50, at: '2026-10-09T17:00:00+08:00' },
      { percent: 80, at: '2026-10-16T17:00:00+08:00' },
      { percent: 100, at: '2026-10-22T17:00:00+08:00' },
    ])
    const five = promiseClock({ startedAt: at('2026-03-02'), limit: '5 工作日', now: at('2026-03-02') })
    expect(five.remindersAt.map((r) => r.at)).toEqual([
      '2026-03-05T13:00:00+08:00',
      '2026-03-06T17:00:00+08:00',
      '2026-03-09T17:00:00+08:00',
    ])
    const holidays = promiseClock({ startedAt: at('2026-09-30'), limit: '5 日历日', now: at('2026-09-30') })
    expect(holidays.remindersAt.map((r) => r.at)).toEqual(Array(3).fill('2026-10-08T09:00:00+08:00'))
  })

  it('跨入尚未公布放假安排的年份时注明是推算', () => {
    const clock = promiseClock({ startedAt: at('2026-12-20'), limit: '20 工作日', now: at('2026-12-21') })
    expect(clock).toMatchObject({ provisional: true, note: '2027 年放假安排尚未公布，按周一至周五推算' })
  })

  it('中国日期：UTC 16 时起算作次日', () => {
    expect(shanghaiDate('2026-03-01T15:59:59Z')).toBe('2026-03-01')
    expect(shanghaiDate('2026-03-01T16:00:00Z')).toBe('2026-03-02')
    expect(shanghaiDate('2026-03-01T23:30:00-05:00')).toBe('2026-03-02')
  })

  it('没有时区的时刻和不合写法的期限不接受', () => {
    expect(() => shanghaiDate('2026-03-01T10:00:00')).toThrow(RangeError)
    expect(() => shanghaiDate('2026-03-01')).toThrow(RangeError)
    for (const limit of ['20 天', '0 工作日', '工作日', '1.5 工作日']) expect(() => readLimit(limit)).toThrow(RangeError)
    expect(readLimit('20 工作日')).toEqual({ days: 20, unit: 'workday' })
    expect(readLimit('5日历日')).toEqual({ days: 5, unit: 'calendar' })
  })
})

interface Case {
  start: string
  limit: number
  unit: '工作日' | '日历日'
  pauses: { from: string; to?: string }[]
  now: string
}
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    start: fc.integer({ min: dayNumber('2025-06-01'), max: dayNumber('2026-12-20') }),
    limit: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom('工作日' as const, '日历日' as const),
    pauses: fc.array(fc.record({ after: fc.nat(40), long: fc.nat(20), open: fc.boolean() }), { maxLength: 4 }),
    now: fc.nat(90),
  })
  .map((c) => ({
    ...c,
    start: dateOf(c.start),
    now: dateOf(c.start + c.now),
    pauses: c.pauses.map((p) => ({ from: dateOf(c.start + p.after), ...(!p.open && { to: dateOf(c.start + p.after + p.long) }) })),
  }))
const ask = (c: Case) =>
  promiseClock({
    startedAt: at(c.start),
    limit: `${c.limit} ${c.unit}`,
    pauses: c.pauses.map((p) => ({ from: at(p.from), to: p.to && at(p.to), reason: '等待' })),
    now: at(c.now),
  })

/** Slow and obvious: walk day by day and keep a tally. */
function walk({ start, limit, unit, pauses, now }: Case) {
  const known = pauses.filter((p) => p.from <= now)
  const stopped = (day: string) => known.some((p) => p.from <= day && (p.to === undefined ? day <= now : day < p.to))
  const counts = (day: string) => !stopped(day) && (unit === '日历日' || isWorkday(day))
  let [elapsed, used, due, day] = [0, 0, '', start]
  while (due === '' || day < now) {
    day = dateOf(dayNumber(day) + 1)
    if (!counts(day)) continue
    if (day <= now) elapsed++
    used++
    if (used >= limit && due === '' && isWorkday(day)) due = day
  }
  let left = 0
  for (let d = due; d < now;) if (counts((d = dateOf(dayNumber(d) + 1)))) left--
  for (let d = now; d < due;) if (counts((d = dateOf(dayNumber(d) + 1)))) left++
  return { elapsed, due, left }
}

describe('承诺时钟的性质', () => {
  it('与逐日推算一致', () => {
    fc.assert(
      fc.property(anyCase, (c) => {
        const clock = ask(c)
        expect(clock.statutory).toMatchObject(walk(c))
        expect(clock.whole).toMatchObject(walk({ ...c, pauses: [] }))
      }),
      { numRuns: 500 },
    )
  })

  it('暂停只会推迟到期日，全程时钟不受影响', () => {
    fc.assert(
      fc.property(anyCase, (c) => {
        const [paused, plain] = [ask(c), ask({ ...c, pauses: [] })]
        expect(paused.statutory.due >= plain.statutory.due).toBe(true)
        expect(paused.statutory.elapsed <= plain.statutory.elapsed).toBe(true)
        expect(paused.whole).toEqual(plain.whole)
      }),
    )
  })

  it('提醒都在工作日 9 时至 17 时，先后有序，不早于受理次日，不晚于到期日', () => {
    fc.assert(
      fc.property(anyCase, (c) => {
        const { remindersAt, statutory } = ask(c)
        expect(remindersAt.map((r) => r.at)).toEqual(remindersAt.map((r) => r.at).sort())
        for (const { at: when } of remindersAt) {
          expect(isWorkday(when.slice(0, 10))).toBe(true)
          expect(when.slice(11, 16) >= '09:00' && when.slice(11, 16) <= '17:00').toBe(true)
          expect(when.slice(0, 10) > c.start && when.slice(0, 10) <= statutory.due).toBe(true)
        }
      }),
    )
  })
})

describe('与机器时区无关', () => {
  const machine = process.env.TZ
  afterEach(() => {
    if (machine === undefined) delete process.env.TZ
    else process.env.TZ = machine
  })

  it.each([
    ['Asia/Shanghai', -480],
    ['UTC', 0],
    ['America/Los_Angeles', 480],
    ['Pacific/Kiritimati', -840],
    ['Asia/Kathmandu', -345],
  ])('%s', (zone, offset) => {
    process.env.TZ = zone
    // Proof that the zone took effect.
    expect(new Date('2026-01-15T00:00:00Z').getTimezoneOffset()).toBe(offset)
    const clock = promiseClock({ startedAt: '2026-09-17T16:30:00Z', limit: '20 工作日', now: '2026-09-20T16:30:00Z' })
    expect(clock.statutory).toEqual({ elapsed: 2, due: '2026-10-22', left: 18, state: 'running' })
    expect(clock.remindersAt[0]?.at).toBe('2026-10-09T17:00:00+08:00')
    fc.assert(
      fc.property(anyCase, (c) => {
        expect(ask(c).statutory).toMatchObject(walk(c))
      }),
      { numRuns: 50 },
    )
  })
})
