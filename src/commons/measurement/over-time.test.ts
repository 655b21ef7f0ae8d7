/** 同一件器具历次的误差，按检定点排在一起，单位不同的换算成一种。 */
import { describe, expect, it } from 'vitest'
import type { PointResult } from './model.ts'
import { overTime, type Measured } from './over-time.ts'

const point = (at: string, error: number, over: Partial<PointResult> = {}) =>
  ({ at, error, U: 0.01, limit: { value: 0.02, corrected: false }, verdict: 'pass', ...over }) as PointResult
const record = (on: string, points: PointResult[], unit = 'MPa'): Measured => ({ on, results: { unit, points } })

describe('历次误差', () => {
  it('测过不止一次的点才画，按日期排', () => {
    const found = overTime([record('2026-05-01', [point('0.5', 0.002), point('1', 0)]), record('2025-05-01', [point('0.5', 0.001)])], 'MPa')
    expect(found).toEqual([
      {
        at: 0.5,
        errors: [
          { on: '2025-05-01', error: 0.001, expanded: 0.01, limit: 0.02, verdict: 'pass' },
          { on: '2026-05-01', error: 0.002, expanded: 0.01, limit: 0.02, verdict: 'pass' },
        ],
      },
    ])
  })
  it('5 bar 和 0.5 MPa 是同一点；不是同一种量的不算', () => {
    const bar = record('2025-05-01', [point('5', 0.02, { U: 0.1, limit: { value: 0.2, corrected: false } })], 'bar')
    const [found] = overTime([bar, record('2026-05-01', [point('0.50', 0.001)]), record('2024-05-01', [point('0.5', 1)], 'mm')], 'MPa')
    expect(found!.errors.map(({ error, expanded, limit }) => [error, expanded, limit])).toEqual([
      [0.002, 0.01, 0.02],
      [0.001, 0.01, 0.02],
    ])
  })
  it('一次里同一个值有两行的，取误差大的；校准没有允许误差', () => {
    const twice = record('2025-05-01', [point('100', -0.3), point('100', 0.1)], '%')
    const calibrated = record('2026-05-01', [point('100', 0.2, { limit: null, verdict: null })], '%')
    expect(overTime([twice, calibrated], '%')[0]!.errors.map(({ error, limit }) => [error, limit])).toEqual([
      [-0.3, 0.02],
      [0.2, null],
    ])
  })
})
