import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, stateResult } from './coverage.ts'
import { roundAt, roundUncertainty } from './rounding.ts'

describe('修约', () => {
  it.each([
    [0.25, -1, '0.2'],
    [0.35, -1, '0.4'],
    [1.005, -2, '1.00'],
    [1.015, -2, '1.02'],
    [2.5, 0, '2'],
    [-0.25, -1, '-0.2'],
    [-0.04, -1, '0.0'],
    [12345, 2, '12300'],
    [12350, 2, '12400'],
    [49, 2, '0'],
    [51, 2, '100'],
    [0.1 + 0.2, -1, '0.3'],
    [9.96, -1, '10.0'],
    [1e21, 0, '1000000000000000000000'],
    [1.5e-9, -9, '0.000000002'],
    [0, -2, '0.00'],
  ])('GB/T 8170：%d 修约到 10^%i 位是 %s', (x, place, text) => expect(roundAt(x, place)).toBe(text))

  it.each([
    [10.47, 2, 'up', '11'],
    [10.47, 2, 'even', '10'],
    [0.0996, 2, 'even', '0.10'],
    [0.996, 1, 'even', '1'],
    [28.05, 2, 'up', '29'],
    [0.0231, 'auto', 'even', '0.023'],
    [0.0331, 'auto', 'even', '0.03'],
    [0.7, 2, 'even', '0.70'],
    [123, 1, 'up', '200'],
  ] as const)('U = %d 取 %s 位（%s）得 %s', (U, digits, way, text) => expect(roundUncertainty(U, digits, way).text).toBe(text))

  it('向上修约不小于原值，差不超过末位的 1；修约到偶不超过末位的一半', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.constantFrom(1 as const, 2 as const), (U, digits) => {
        const up = roundUncertainty(U, digits, 'up')
        const even = roundUncertainty(U, digits)
        expect(Number(up.text)).toBeGreaterThanOrEqual(U * (1 - 1e-14))
        expect(Number(up.text) - U).toBeLessThanOrEqual(10 ** up.place * (1 + 1e-9))
        expect(Math.abs(Number(even.text) - U)).toBeLessThanOrEqual((10 ** even.place / 2) * (1 + 1e-9))
      }),
    )
  })

  it.each([
    [{ kind: 'factor', k: 2 }, 'ms = 100.02147 g；U = 0.00070 g，k = 2', 'ms = (100.02147 ± 0.00070) g，k = 2'],
    [
      { kind: 'probability', p: 0.95 },
      'ms = 100.02147 g；U95 = 0.00079 g，νeff = 9，k = 2.26',
      'ms = (100.02147 ± 0.00079) g，νeff = 9，k = 2.26',
    ],
  ] as const)('JJF 1059.1 5.3 的写法', (choice, text, short) => {
    const said = stateResult(100.021472, expand({ u: 0.00035, dof: 9.7 }, choice), { symbol: 'ms', unit: 'g' })
    expect(said).toMatchObject({ text, short })
  })

  it('没有不确定度就写 0，不修约掉', () => expect(stateResult(1.25, expand({ u: 0, dof: Infinity })).text).toBe('y = 1.25；U = 0'))
})
