import { describe, expect, it } from 'vitest'
import { errorsOver } from './history.ts'

describe('误差历史的单位', () => {
  it('换算除不尽的单位也是数：1 m³/h 的误差画在 L/min 里是 16.67', () => {
    const known = { id: '1', state: 'signed', verdict: 'fit' } as const
    const of = (done_on: string, unit: string) => ({
      ...known,
      done_on,
      decision: {
        rule: 'jjf1094',
        k: '2',
        verdict: 'fit',
        worst: 0,
        usable: null,
        sentences: [],
        points: [
          { at: '100', atUnit: 'L/min', error: '1', expanded: '0.5', unit, limit: '2', guard: '0', verdict: 'fit', used: 0.5, beyond: 0 },
        ],
      } as const,
    })
    const { points } = errorsOver([of('2025-01-01', 'm3/h'), of('2026-01-01', 'L/min')], [], null)
    expect(points[0]!.error).toBeCloseTo(50 / 3, 9)
    expect(points[0]!.expanded).toBeCloseTo(25 / 3, 9)
    expect(points[0]!.limit).toBeCloseTo(100 / 3, 9)
  })
})
