import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalOf, exactDecimal, rational, readDecimal, roundedDecimal } from './rational.ts'

const integer = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })
const natural = fc.bigInt({ min: 1n, max: 10n ** 24n })

describe('读数字', () => {
  it.each([
    ['1.60', '1.6'],
    ['１，２３４．５', '1234.5'],
    ['−0.10', '-0.1'],
    ['—5', '-5'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['007', '7'],
    ['2×10^3', '2000'],
    ['2×10³', '2000'],
    ['1.5x10-3', '0.0015'],
    ['1e-6', '0.000001'],
    ['10⁻⁶', '0.000001'],
    ['1,234,567', '1234567'],
    ['100', '100'],
    [' 1 000 ', '1000'],
  ])('%s → %s', (text, decimal) => expect(readDecimal(text)).toBe(decimal))

  it.each(['', '.', '-', 'abc', '1,23', '1.2.3', '12,34,567', '1e99', '0x10', 'Infinity', '--1', '1~2', '9'.repeat(41)])(
    '“%s”不是数字',
    (text) => expect(readDecimal(text)).toBeUndefined(),
  )

  it('写出的数字再读回来不变', () => {
    fc.assert(
      fc.property(integer, fc.integer({ min: 0, max: 12 }), (digits, places) => {
        const text = exactDecimal(rational(`${digits}`).div(rational(`1${'0'.repeat(places)}`)))
        expect(readDecimal(text ?? '')).toBe(text)
      }),
    )
  })
})

describe('准确的分数', () => {
  it('有限小数写全，无限小数按四舍六入五成双取位', () => {
    expect(exactDecimal(rational('1/8'))).toBe('0.125')
    expect(exactDecimal(rational('1/3'))).toBeUndefined()
    expect(exactDecimal(rational('-1200'))).toBe('-1200')
    expect(roundedDecimal(rational('1/3'), 5)).toBe('0.33333')
    expect(roundedDecimal(rational('-2/3'), 3)).toBe('-0.667')
    expect(roundedDecimal(rational('0.125'), 2)).toBe('0.12')
    expect(roundedDecimal(rational('0.135'), 2)).toBe('0.14')
    expect(roundedDecimal(rational('0.1251'), 2)).toBe('0.13')
    expect(roundedDecimal(rational('99.96'), 3)).toBe('100')
    expect(roundedDecimal(rational('123456'), 2)).toBe('120000')
    expect(decimalOf(rational('1/7'), 20)).toEqual({ value: '0.14285714285714285714', exact: false })
    expect(() => rational('1e3')).toThrow(RangeError)
    expect(() => rational('')).toThrow(RangeError)
  })

  it('取位误差不超过末位的一半，末位数不多于要求', () => {
    fc.assert(
      fc.property(integer, natural, fc.integer({ min: 1, max: 30 }), (n, d, digits) => {
        const value = rational(`${n}/${d}`)
        const text = roundedDecimal(value, digits)
        expect(text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length).toBeLessThanOrEqual(digits)
        // |error| ≤ |value| × 0.5 × 10^(1−digits)
        const error = rational(text).sub(value).abs()
        expect(error.mul(2).lte(value.abs().mul(rational(`10/1${'0'.repeat(digits)}`)))).toBe(true)
      }),
    )
  })

  it('取位不改变先后', () => {
    fc.assert(
      fc.property(integer, natural, integer, natural, fc.integer({ min: 1, max: 8 }), (a, b, c, d, digits) => {
        const [x, y] = [rational(`${a}/${b}`), rational(`${c}/${d}`)]
        const [rx, ry] = [x, y].map((value) => rational(roundedDecimal(value, digits)))
        expect(x.compare(y) * rx!.compare(ry!)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
