import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusal.ts'
import { baseRange, compare, contains, convert, inBase, inDsi, someContains, toDsi, type Range } from './quantity.ts'
import { rational, type Rational } from './rational.ts'
import { getUnit, quantityNames, units, unitsOf, type Quantity } from './units.ts'

const to = (value: string, unit: string, other: string): string => {
  const found = convert({ value, unit }, other)
  return isRefusal(found) ? found.reason : `${found.value}${found.exact ? '' : '…'}`
}

/** Slow and obvious: bigint cross products over the factors of the table, with no help from the library. */
const ratio = (text: string): [bigint, bigint] => {
  const [over = '', under = '1'] = text.split('/')
  const places = over.split('.')[1]?.length ?? 0
  return [BigInt(over.replace('.', '')), BigInt(under) * 10n ** BigInt(places)]
}
const slowBase = (value: string, unit: string): [bigint, bigint] => {
  const [[n, d], [sn, sd], [on, od]] = [ratio(value), ratio(getUnit(unit).scale), ratio(getUnit(unit).offset ?? '0')]
  return [n * sn * od + on * d * sd, d * sd * od]
}
const slowAtMost = (a: [bigint, bigint], b: [bigint, bigint]): boolean => a[0] * b[1] <= b[0] * a[1]
const slowContains = (outer: Range, inner: Range): boolean | undefined => {
  if (getUnit(outer.unit).quantity !== getUnit(inner.unit).quantity) return undefined
  if (outer.low !== null && (inner.low === null || !slowAtMost(slowBase(outer.low, outer.unit), slowBase(inner.low, inner.unit))))
    return false
  return outer.high === null || (inner.high !== null && slowAtMost(slowBase(inner.high, inner.unit), slowBase(outer.high, outer.unit)))
}

const decimal = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 0, max: 4 })).map(([n, places]) => {
  const text = String(Math.abs(n)).padStart(places + 1, '0')
  const whole = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '')
  return n < 0 && whole !== '0' ? `-${whole}` : whole
})
const unitOf = (quantity: Quantity) => fc.constantFrom(...unitsOf(quantity).map((u) => u.code))
const quantity = fc.constantFrom(...(Object.keys(quantityNames) as Quantity[]))
const bound = fc.option(decimal, { nil: null, freq: 6 })
const rangeIn = (unit: string): fc.Arbitrary<Range> =>
  fc.tuple(bound, bound).map(([a, b]) => {
    const swap = a !== null && b !== null && rational(a).compare(rational(b)) > 0
    return { low: swap ? b : a, high: swap ? a : b, unit }
  })
const twoRanges = quantity.chain((q) => fc.tuple(unitOf(q).chain(rangeIn), unitOf(q).chain(rangeIn)))

describe('换算', () => {
  it.each([
    ['1', 'MPa', 'bar', '10'],
    ['1', 'kgf/cm2', 'MPa', '0.0980665'],
    ['760', 'mmHg', 'Pa', '101325.0144354'],
    ['760', 'Torr', 'atm', '1'],
    ['1', 'psi', 'Pa', '6894.7572931683613367…'],
    ['1', 'in', 'mm', '25.4'],
    ['25', '℃', 'K', '298.15'],
    ['212', '℉', '℃', '100'],
    ['-40', '℃', '℉', '-40'],
    ['1', '℉', '℃', '-17.222222222222222222…'],
    ['1', 'kWh', 'MJ', '3.6'],
    ['3.6', 'km/h', 'm/s', '1'],
    ['1', 'm3/h', 'L/min', '16.666666666666666667…'],
    ['60', 'L/min', 'L/h', '3600'],
    ['3.6', 't/h', 'kg/s', '1'],
    ['1', 'lbf.ft', 'lbf.in', '12'],
    ['1', 'kgf.m', 'N.m', '9.80665'],
    ['1', 'deg', 'arcsec', '3600'],
    ['90', 'arcmin', 'deg', '1.5'],
    ['180', 'deg', 'rad', '3.1415926535897932385…'],
    ['1', 'rad', 'mrad', '1000'],
    ['100', 'mg/100mL', 'g/L', '1'],
    ['1', 'MOhm', 'mOhm', '1000000000'],
    ['1000', 'uS/cm', 'mS/m', '100'],
    ['0.1', 'mg', 'kg', '0.0000001'],
    ['10000', 'ppm', '%', '1'],
  ])('%s %s = %s %s', (value, unit, other, expected) => expect(to(value, unit, other)).toBe(expected))

  it('非法定单位的系数等于它的定义', () => {
    const [lb, gn, inch] = [rational('0.45359237'), rational('9.80665'), rational('0.0254')]
    const base = (unit: string): Rational => inBase('1', unit)
    expect(base('psi').equals(lb.mul(gn).div(inch).div(inch))).toBe(true)
    expect(base('lbf').equals(lb.mul(gn))).toBe(true)
    expect(base('lbf.in').equals(lb.mul(gn).mul(inch))).toBe(true)
    expect(base('lbf.ft').equals(lb.mul(gn).mul(inch).mul(12))).toBe(true)
    expect(base('ft').equals(inch.mul(12))).toBe(true)
    expect(base('oz').equals(lb.div(16))).toBe(true)
    expect(base('kgf/mm2').equals(gn.mul(1_000_000))).toBe(true)
    // Mercury of 13.5951 g/cm³, water of 1 g/cm³, under standard gravity.
    expect(base('mmHg').equals(rational('13.5951').mul(gn))).toBe(true)
    expect(base('inHg').equals(base('mmHg').mul(rational('25.4')))).toBe(true)
    expect(base('mmH2O').equals(gn)).toBe(true)
    expect(base('℉').sub(inBase('0', '℉')).equals(rational('5/9'))).toBe(true)
    expect(inBase('32', '℉').equals(rational('273.15'))).toBe(true)
  })

  it('不同的量不能换算，硬度标尺之间也不能', () => {
    expect(to('1', 'MPa', 'mm')).toBe('MPa 是压力的单位，mm 是长度的单位，不能换算')
    expect(to('40', 'HRC', 'HV')).toContain('不能换算')
    expect(to('1', 'MPa', '尺')).toContain('不认识计量单位“尺”')
    expect(compare({ value: '40', unit: 'HRC' }, { value: '40', unit: 'HBW' })).toBeUndefined()
    expect(compare({ value: '50', unit: '%LEL' }, { value: '50', unit: '%' })).toBeUndefined()
  })

  it('任意两个同种量的单位之间来回换算，准确时一字不差', () => {
    for (const a of units) {
      for (const b of unitsOf(a.quantity)) {
        for (const value of ['0', '1', '-40', '0.0001', '123.456', '220']) {
          const there = convert({ value, unit: a.code }, b.code)
          if (isRefusal(there)) throw new Error(there.reason)
          const back = convert({ value: there.value, unit: b.code }, a.code)
          if (isRefusal(back)) throw new Error(back.reason)
          if (there.exact)
            expect(back, `${value} ${a.code} ${b.code}`).toEqual({ value, exact: a.irrational === b.irrational || value === '0' })
          // 20 digits lose at most half a unit of the last one, however the offsets shift it.
          else
            expect(rational(back.value).sub(rational(value)).abs().lt(rational('1/1000000000000000')), `${value} ${a.code} ${b.code}`).toBe(
              true,
            )
        }
      }
    }
  })

  it('换算的先后与大小无关：比较与分数运算一致', () => {
    fc.assert(
      fc.property(
        quantity.chain((q) => fc.tuple(decimal, unitOf(q), decimal, unitOf(q))),
        ([x, a, y, b]) => {
          const [p, q] = [slowBase(x, a), slowBase(y, b)]
          const slow = slowAtMost(p, q) ? (slowAtMost(q, p) ? 0 : -1) : 1
          expect(compare({ value: x, unit: a }, { value: y, unit: b })).toBe(slow)
        },
      ),
    )
  })
})

describe('测量范围的包含', () => {
  const range = (low: string | null, high: string | null, unit: string): Range => ({ low, high, unit })

  it('0～1.6 MPa 包含 0～10 bar，不包含 0～16.1 bar', () => {
    expect(contains(range('0', '1.6', 'MPa'), range('0', '10', 'bar'))).toBe(true)
    expect(contains(range('0', '1.6', 'MPa'), range('0', '16', 'bar'))).toBe(true)
    expect(contains(range('0', '1.6', 'MPa'), range('0', '16.1', 'bar'))).toBe(false)
    expect(contains(range('0', '1.6', 'MPa'), range('-1', '10', 'bar'))).toBe(false)
  })

  it('开口的一端只能由开口的一端包含；不同的量没有答案', () => {
    expect(contains(range(null, '3', 't'), range('0', '3000', 'kg'))).toBe(true)
    expect(contains(range('0', '3', 't'), range(null, '2', 't'))).toBe(false)
    expect(contains(range(null, null, 't'), range(null, '2', 'kg'))).toBe(true)
    expect(contains(range('0', '1', 'MPa'), range('0', '1', 'mm'))).toBeUndefined()
    expect(contains(range('-40', '60', '℃'), range('32', '140', '℉'))).toBe(true)
    expect(contains(range('-40', '60', '℃'), range('32', '140.1', '℉'))).toBe(false)
  })

  it('多个范围中有一个包含就算包含', () => {
    const several = [range('0', '25', 'mm'), range('25', '50', 'mm'), range('0', '1', 'MPa')]
    expect(someContains(several, range('3', '4', 'cm'))).toBe(true)
    expect(someContains(several, range('20', '30', 'mm'))).toBe(false)
    expect(someContains(several, range('20', '30', 'kg'))).toBeUndefined()
    expect(someContains([], range('20', '30', 'kg'))).toBeUndefined()
  })

  it('与逐个通分的慢算法一致', () => {
    fc.assert(
      fc.property(twoRanges, ([outer, inner]) => {
        expect(contains(outer, inner)).toBe(slowContains(outer, inner))
      }),
      { numRuns: 2000 },
    )
  })

  it('自反、传递', () => {
    fc.assert(
      fc.property(
        quantity.chain((q) => fc.tuple(unitOf(q).chain(rangeIn), unitOf(q).chain(rangeIn), unitOf(q).chain(rangeIn))),
        ([a, b, c]) => {
          expect(contains(a, a)).toBe(true)
          if (contains(a, b) && contains(b, c)) expect(contains(a, c)).toBe(true)
        },
      ),
    )
  })

  it('存入数据库的基准数值不改变先后：准确地包含的，在数据库里也包含', () => {
    fc.assert(
      fc.property(twoRanges, ([outer, inner]) => {
        const [o, i] = [baseRange(outer), baseRange(inner)]
        for (const text of [o.low, o.high, i.low, i.high])
          if (text !== null) expect(text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(30)
        const inSql =
          (o.low === null || (i.low !== null && rational(o.low).compare(rational(i.low)) <= 0)) &&
          (o.high === null || (i.high !== null && rational(i.high).compare(rational(o.high)) <= 0))
        if (contains(outer, inner)) expect(inSql).toBe(true)
        // The other way round they may differ only where the bounds agree to 30 digits.
        else expect(inSql).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('同一个数值不论用什么单位写，基准数值相同', () => {
    expect(baseRange(range('0', '10', 'bar'))).toEqual({ quantity: 'pressure', low: '0', high: '1000000' })
    expect(baseRange(range('0', '1', 'MPa'))).toEqual({ quantity: 'pressure', low: '0', high: '1000000' })
    expect(baseRange(range(null, '60', '℃'))).toEqual({ quantity: 'temperature', low: null, high: '333.15' })
    expect(baseRange(range('0', '1', 'psi')).high).toBe('6894.75729316836133672267344535')
  })
})

describe('D-SI', () => {
  it('有对应词的照写，没有的换算到基准单位', () => {
    expect(toDsi({ value: '1.6', unit: 'MPa' })).toBe(String.raw`\mega\pascal`)
    expect(toDsi({ value: '1', unit: 'psi' })).toBe('')
    expect(inDsi({ value: '1.6', unit: 'MPa' })).toEqual({ value: '1.6', unit: String.raw`\mega\pascal`, exact: true })
    expect(inDsi({ value: '1', unit: 'kgf/cm2' })).toEqual({ value: '98066.5', unit: String.raw`\pascal`, exact: true })
    expect(inDsi({ value: '212', unit: '℉' })).toEqual({ value: '373.15', unit: String.raw`\kelvin`, exact: true })
  })
})
