import { describe, expect, it } from 'vitest'
import table from '../reference/units.json' with { type: 'json' }
import { isRefusal } from '../refusal.ts'
import { narrow, rational } from './rational.ts'
import { baseUnit, findUnit, getUnit, quantityNames, readUnit, unitEdition, units, unitsOf, type Quantity } from './units.ts'

const refusalOf = (text: string): string => {
  const found = readUnit(text)
  return isRefusal(found) ? found.reason : ''
}

describe('计量单位表', () => {
  it('量的种类与名称一一对应，代码唯一，每种量有一个基准单位', () => {
    expect(table.quantities.map((q) => q.quantity).toSorted()).toEqual(Object.keys(quantityNames).toSorted())
    expect(new Set(units.map((u) => u.code)).size).toBe(units.length)
    for (const quantity of Object.keys(quantityNames) as Quantity[]) {
      expect(baseUnit(quantity)).toMatchObject({ quantity, scale: '1' })
      expect(baseUnit(quantity).offset).toBeUndefined()
      expect(unitsOf(quantity).length).toBeGreaterThan(0)
    }
    expect(unitEdition.trust).toContain('model-knowledge')
  })

  it('换算系数都是正的准确数，符号、代码、名称都能找回同一个单位', () => {
    for (const unit of units) {
      expect(rational(unit.scale).valueOf(), unit.code).toBeGreaterThan(0)
      for (const name of [unit.code, unit.symbol, ...unit.aliases]) expect(findUnit(name)?.code, name).toBe(unit.code)
      expect(getUnit(unit.symbol)).toBe(unit)
    }
  })

  it('每个写法只指一个单位：区分大小写时不重名', () => {
    const owner = new Map<string, string>()
    for (const unit of units) {
      for (const name of new Set([unit.code, unit.symbol, ...unit.aliases].map((n) => narrow(n).replace(/[\s·.^]/g, '')))) {
        expect(owner.get(name) ?? unit.code, name).toBe(unit.code)
        owner.set(name, unit.code)
      }
    }
  })

  it('非法定计量单位都有说明', () => {
    const illegal = units.filter((u) => !u.legal)
    for (const unit of illegal) expect(unit.note, unit.code).toMatch(/非法定/)
    for (const code of ['psi', 'kgf/cm2', 'mmHg', 'in', 'bar', 'lb', '℉']) expect(illegal.map((u) => u.code)).toContain(code)
    for (const code of ['MPa', 'kWh', 't', 'L', 'h', 'r/min', 'dB', 'nm']) expect(illegal.map((u) => u.code)).not.toContain(code)
  })

  it('D-SI 只用规定的词，没有对应词的为空', () => {
    const prefix = String.raw`(?:\\(?:nano|pico|micro|milli|centi|deci|hecto|kilo|mega|giga|tera))?`
    const word = String.raw`\\(?:metre|kilogram|gram|second|ampere|kelvin|mole|candela|hertz|newton|pascal|joule|watt|volt|ohm|farad|henry|tesla|siemens|lux|becquerel|gray|sievert|radian|degreecelsius|litre|tonne|bar|mmHg|minute|hour|day|degree|arcminute|arcsecond|decibel|percent|ppm|one)`
    const text = new RegExp(String.raw`^(?:${prefix}${word}(?:\\tothe\{-?\d\})?)+$`)
    for (const { dsi, code } of units) if (dsi !== '') expect(dsi, code).toMatch(text)
    expect(getUnit('MPa').dsi).toBe(String.raw`\mega\pascal`)
    expect(getUnit('m3/h').dsi).toBe(String.raw`\metre\tothe{3}\hour\tothe{-1}`)
    expect(getUnit('psi').dsi).toBe('')
    for (const name of Object.keys(quantityNames) as Quantity[]) expect(baseUnit(name).dsi, name).not.toBe('')
    const unnamed = units.filter((u) => u.dsi === '' && u.legal).map((u) => u.code)
    expect(unnamed).toEqual(['permille', 'ppb', 'dtex'])
  })
})

describe('认单位', () => {
  it.each([
    ['兆帕', 'MPa'],
    ['Mpa', 'MPa'],
    ['MPA', 'MPa'],
    ['mpa', 'MPa'],
    ['ＭＰａ', 'MPa'],
    ['KPa', 'kPa'],
    ['公斤/平方厘米', 'kgf/cm2'],
    ['kg/cm²', 'kgf/cm2'],
    ['µm', 'um'],
    ['μm', 'um'],
    ['um', 'um'],
    ['㎜', 'mm'],
    ['MM', 'mm'],
    ['KG', 'kg'],
    ['㎏', 'kg'],
    ['°C', '℃'],
    ['℃', '℃'],
    ['C', '℃'],
    ['oC', undefined],
    ['mΩ', 'mOhm'],
    ['MΩ', 'MOhm'],
    ['KΩ', 'kOhm'],
    ['Ω', 'Ohm'],
    ['Ω', 'Ohm'],
    ['N.m', 'N.m'],
    ['N*m', 'N.m'],
    ['Nm', 'N.m'],
    ['牛·米', 'N.m'],
    ['nm', 'nm'],
    ['m^3/h', 'm3/h'],
    ['㎥/h', 'm3/h'],
    ['rpm', 'r/min'],
    ['转/分', 'r/min'],
    ['Mhz', 'MHz'],
    ['MHZ', 'MHz'],
    ['HZ', 'Hz'],
    ['%rh', '%RH'],
    ['dBA', 'dB(A)'],
    ['″', 'arcsec'],
    ['"', 'arcsec'],
    ['’', 'arcmin'],
    ['PH', 'pH'],
    ['HB', 'HBW'],
    ['mW', 'mW'],
    ['MW', 'MW'],
    ['Mw', 'MW'],
    ['PA', 'Pa'],
    ['pA', 'pA'],
    ['T', 't'],
  ])('%s → %s', (text, code) => expect(findUnit(text)?.code).toBe(code))

  it.each(['mw', 'NM', 'mPa', 'MS', 'Mm', 'MA', 'mHz', 'M'])('大小写会改变含义的“%s”不猜，问清楚', (text) => {
    expect(findUnit(text)).toBeUndefined()
    expect(refusalOf(text)).toMatch(/大小写不能确定/)
  })

  it('拒绝时说清楚是哪两个单位；不认识的、没写的各有说法', () => {
    expect(refusalOf('mw')).toContain('mW（毫瓦）、MW（兆瓦）')
    expect(refusalOf('mPa')).toContain('是否指 MPa（兆帕）')
    expect(refusalOf('度')).toContain('不认识')
    expect(refusalOf('furlong')).toContain('不认识计量单位“furlong”')
    expect(refusalOf('  ')).toContain('没有写计量单位')
    expect(() => getUnit('furlong')).toThrow(RangeError)
  })

  it('忽略大小写从不把 m 当成 M，也不把 M 当成 m', () => {
    for (const unit of units) {
      for (const name of [unit.code, unit.symbol].filter((n) => /^[mM][A-Za-zΩ]/.test(n))) {
        const swapped = (name.startsWith('m') ? 'M' : 'm') + name.slice(1)
        const found = findUnit(swapped)
        // Only where the swapped spelling is a unit in its own right.
        if (found) expect([found.code, found.symbol], `${name} → ${swapped}`).toContain(swapped)
      }
    }
  })
})
