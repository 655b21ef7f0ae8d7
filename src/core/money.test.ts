import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, applyRate, fen, formatYuan, parseYuan, plainYuan, split, subtract, times, type Fen } from './money.ts'
import { isRefusal } from './refusal.ts'

const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(fen)

describe('金额', () => {
  it.each([
    ['12.34', 1234n],
    ['12.3', 1230n],
    ['12', 1200n],
    ['0.01', 1n],
    ['-0.01', -1n],
    ['1,234.50', 123450n],
    ['¥1,234.50', 123450n],
    ['１２．３４', 1234n],
    ['100元', 10000n],
    ['90071992547409.93', 9007199254740993n],
  ])('%s → %s 分', (text, count) => expect(parseYuan(text)).toBe(count))

  it('不是金额的写法和超过两位的小数都拒绝，不舍入', () => {
    for (const text of ['', '十元', '1.2.3', '1,23', '1e3', '.5', '--1']) expect(parseYuan(text)).toMatchObject({ kind: 'invalid' })
    const refusal = parseYuan('12.345')
    expect(isRefusal(refusal) && refusal.reason).toContain('小数超过两位')
  })

  it('显示：千分位和两位小数', () => {
    expect(formatYuan(fen(123450))).toBe('¥1,234.50')
    expect(formatYuan(fen(-5))).toBe('-¥0.05')
    expect(formatYuan(fen(100_000_000_00))).toBe('¥100,000,000.00')
    expect(formatYuan(fen(99900))).toBe('¥999.00')
    expect(plainYuan(fen(123450))).toBe('1234.50')
    expect(plainYuan(fen(0))).toBe('0.00')
  })

  it('写出再读入不变', () => {
    fc.assert(
      fc.property(amount, (a) => {
        expect(parseYuan(plainYuan(a))).toBe(a)
        expect(parseYuan(formatYuan(a).replace('-¥', '-'))).toBe(a)
      }),
    )
  })

  it('加、减、乘件数', () => {
    expect(add(fen(1), fen(2), fen(3))).toBe(6n)
    expect(add()).toBe(0n)
    expect(subtract(fen(100), fen(101))).toBe(-1n)
    expect(times(fen(1999), 3)).toBe(5997n)
  })

  it('按比例：四舍五入一次，退款与收费对称', () => {
    expect(applyRate(fen(101), 5000)).toBe(51n)
    expect(applyRate(fen(-101), 5000)).toBe(-51n)
    expect(applyRate(fen(100), 3333)).toBe(33n)
    expect(applyRate(fen(1), 4999)).toBe(0n)
    expect(applyRate(fen(12345), 10000)).toBe(12345n)
    expect(applyRate(fen(12345), 0)).toBe(0n)
    expect(() => applyRate(fen(1), -1)).toThrow(RangeError)
    expect(() => applyRate(fen(1), 12.5)).toThrow(RangeError)
  })

  it('按比例的结果离真值不超过半分，恰好半分时进位', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }).map(fen), fc.nat(20_000), (a, bp) => {
        const off = applyRate(a, bp) * 10_000n - a * BigInt(bp)
        expect(off > -5_000n && off <= 5_000n).toBe(true)
      }),
    )
  })

  it('分摊：一分不多一分不少，各份离应得不到一分，同权重的相差至多一分', () => {
    const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }).filter((w) => w.some((x) => x > 0))
    fc.assert(
      fc.property(amount, weights, (a, w) => {
        const parts = split(a, w)
        expect(add(...parts)).toBe(a)
        const total = BigInt(w.reduce((x, y) => x + y, 0))
        parts.forEach((part, i) => {
          const off = part * total - a * BigInt(w[i] ?? 0)
          expect(off > -total && off < total).toBe(true)
          if (w[i] === 0) expect(part).toBe(0n)
        })
      }),
    )
  })

  it('分摊：余数大的先得，相同的按先后', () => {
    expect(split(fen(100), [1, 1, 1])).toEqual([34n, 33n, 33n])
    expect(split(fen(-100), [1, 1, 1])).toEqual([-34n, -33n, -33n])
    expect(split(fen(10), [1, 2, 4])).toEqual([1n, 3n, 6n])
    expect(split(fen(0), [3, 4])).toEqual([0n, 0n])
    expect(() => split(fen(1), [])).toThrow(RangeError)
    expect(() => split(fen(1), [0, 0])).toThrow(RangeError)
    expect(() => split(fen(1), [2, -1])).toThrow(RangeError)
  })

  it('分的个数必须是整数', () => {
    expect(() => fen(1.5)).toThrow(RangeError)
    const typed: Fen = fen(1)
    expect(typed).toBe(1n)
  })
})
