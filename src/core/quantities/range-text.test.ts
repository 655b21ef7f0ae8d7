import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusal.ts'
import { contains, formatRange, formatRanges, formatValue, parseRange, parseValue, type Range } from './quantity.ts'
import { rational } from './rational.ts'
import { units } from './units.ts'

/** `0~1.6 MPa; …` of what was read, or the refusal's sentence. */
const read = (text: string): string => {
  const found = parseRange(text)
  return isRefusal(found) ? found.reason : found.map((r) => `${r.low ?? ''}~${r.high ?? ''} ${r.unit}`).join('; ')
}

describe('读测量范围', () => {
  it.each([
    ['0~1.6MPa', '0~1.6 MPa'],
    ['0-1.6 MPa', '0~1.6 MPa'],
    ['0–1.6MPa', '0~1.6 MPa'],
    ['0—1.6MPa', '0~1.6 MPa'],
    ['0——1.6MPa', '0~1.6 MPa'],
    ['０～１．６ＭＰａ', '0~1.6 MPa'],
    ['0至150毫米', '0~150 mm'],
    ['0÷1.6MPa', '0~1.6 MPa'],
    ['0…100℃', '0~100 ℃'],
    ['（0～150）mm', '0~150 mm'],
    ['【0～150】mm', '0~150 mm'],
    ['0～150（mm）', '0~150 mm'],
    ['（0～150mm）', '0~150 mm'],
    ['测量范围：0～150mm', '0~150 mm'],
    ['量程 0-10A', '0~10 A'],
    ['-0.1~2.4MPa', '-0.1~2.4 MPa'],
    ['−0.1～0MPa', '-0.1~0 MPa'],
    ['(-100~0)kPa', '-100~0 kPa'],
    ['-100--50℃', '-100~-50 ℃'],
    ['-40-60℃', '-40~60 ℃'],
    ['-40℃～60℃', '-40~60 ℃'],
    ['0MPa~1.6', '0~1.6 MPa'],
    ['0.1mg~220g', '0.0001~220 g'],
    ['1kPa~1MPa', '0.001~1 MPa'],
    ['0.01g-300g', '0.01~300 g'],
    ['1ft~3m', '0.3048~3 m'],
    ['1m3/min~100m3/h', '60~100 m3/h'],
    ['1L/s~1000m3/h', '3.6~1000 m3/h'],
    ['≤3t', '~3 t'],
    ['＜3t', '~3 t'],
    ['Max 30kg', '~30 kg'],
    ['Max:30kg e=10g', '~30 kg'],
    ['Max=30kg Min=200g e=10g', '0.2~30 kg'],
    ['Min 20g Max 30kg', '0.02~30 kg'],
    ['最大称量 30kg', '~30 kg'],
    ['测量上限：100t', '~100 t'],
    ['≥10MΩ', '10~ MOhm'],
    ['±100kPa', '-100~100 kPa'],
    ['220V', '220~220 V'],
    ['5 kg', '5~5 kg'],
    ['-25℃', '-25~-25 ℃'],
    ['0～25mm/25～50mm', '0~25 mm; 25~50 mm'],
    ['0~25/25~50 mm', '0~25 mm; 25~50 mm'],
    ['0~25、25~50；50~75mm', '0~25 mm; 25~50 mm; 50~75 mm'],
    ['0~100,100~200mm', '0~100 mm; 100~200 mm'],
    ['220V/380V', '220~220 V; 380~380 V'],
    ['(0～25) mm、(25～50) mm', '0~25 mm; 25~50 mm'],
    ['0~10V/0~20mA', '0~10 V; 0~20 mA'],
    ['-40~80℃/0~100%RH', '-40~80 ℃; 0~100 %RH'],
    ['2×10^3 Ω', '2000~2000 Ohm'],
    ['0~2×10³Pa', '0~2000 Pa'],
    ['0～10⁶Ω', '0~1000000 Ohm'],
    ['1e-3~1e3 Pa', '0.001~1000 Pa'],
    ['1,000~20,000 kg', '1000~20000 kg'],
    ['pH 0~14', '0~14 pH'],
    ['（0.00～14.00）pH', '0~14 pH'],
    ['HRC20~70', '20~70 HRC'],
    ['20-70HRC', '20~70 HRC'],
    ['30~130dB(A)', '30~130 dB(A)'],
    ['0°~360°', '0~360 deg'],
    ['0～10″', '0~10 arcsec'],
    ['0~200mg/100mL', '0~200 mg/100mL'],
    ['0~600 r/min', '0~600 r/min'],
    ['0~10 m/s²', '0~10 m/s2'],
    ['0.5N.m~5N·m', '0.5~5 N.m'],
    ['0~100%LEL', '0~100 %LEL'],
    ['-20D~+20D', '-20~20 D'],
    ['(0~150)mm 分度值0.02mm', '0~150 mm'],
    ['0~150mm，分度值：0.02mm', '0~150 mm'],
  ])('%s → %s', (text, expected) => expect(read(text)).toBe(expected))

  it.each([
    ['', '没有填写测量范围'],
    ['   ', '没有填写测量范围'],
    ['0~1.6', '没有写计量单位'],
    ['0~1.6 furlong', '不认识计量单位“furlong”'],
    ['1.6~0MPa', '下限大于上限'],
    ['0~-0.1MPa', '如 -0.1～0MPa'],
    ['1MPa~900kPa', '下限大于上限'],
    ['0MPa~5mm', '不是同一种量（压力和长度）'],
    ['DN25', '不是测量范围'],
    ['M20×1.5', '不是测量范围'],
    ['0~100mw', '可能是 mW（毫瓦）、MW（兆瓦）'],
    ['0~5mPa', '是否指 MPa（兆帕）'],
    ['0~150mm/0.02mm', '像是分度值'],
    ['0,5~1,6MPa', '数字写法不对'],
    ['[0,150]mm', '数字写法不对'],
    ['1deg~1rad', '不能准确换算'],
    ['C20', '看不懂'],
    ['一般', '看不懂'],
    ['/', '看不懂'],
    ['~', '看不懂'],
    ['0~1~2MPa', '看不懂'],
    ['=1+1', '看不懂'],
    [`0~${'9'.repeat(60)}kg`, '数字写法不对'],
    ['0'.repeat(300), '超过 200 个字'],
  ])('“%s”被拒绝，并说明：%s', (text, words) => {
    const found = parseRange(text)
    expect(isRefusal(found) && found.kind).toBe('invalid')
    expect(read(text)).toContain(words)
  })

  it('不论输入什么都不出错', () => {
    const alphabet = fc.constantFrom(...'0123456789.,~-～—()（）/、±≤×^eE MmPaxkKgG℃°Ω%"\n·至和'.split(''))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 40 }),
          fc.array(alphabet, { maxLength: 25 }).map((a) => a.join('')),
        ),
        (text) => {
          const found = parseRange(text)
          if (isRefusal(found)) return void expect(found.reason).not.toBe('')
          expect(found.length).toBeGreaterThan(0)
          for (const r of found)
            if (r.low !== null && r.high !== null) expect(rational(r.low).compare(rational(r.high))).toBeLessThanOrEqual(0)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('很长的怪文本也很快有答复', () => {
    for (const text of ['('.repeat(199), '1-'.repeat(99), '0~'.repeat(99), 'm/'.repeat(99), '1 '.repeat(99), `${'e=1'.repeat(60)}`]) {
      expect(isRefusal(parseRange(text))).toBe(true)
    }
  })
})

const decimal = fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: 0, max: 5 })).map(([n, places]) => {
  const text = String(Math.abs(n)).padStart(places + 1, '0')
  const whole = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '')
  return n < 0 && whole !== '0' ? `-${whole}` : whole
})
const range: fc.Arbitrary<Range> = fc
  .tuple(
    fc.option(decimal, { nil: null, freq: 5 }),
    fc.option(decimal, { nil: null, freq: 5 }),
    fc.constantFrom(...units.map((u) => u.code)),
  )
  .filter(([low, high]) => low !== null || high !== null)
  .map(([a, b, unit]) => {
    const swap = a !== null && b !== null && rational(a).compare(rational(b)) > 0
    return { low: swap ? b : a, high: swap ? a : b, unit }
  })

describe('写测量范围', () => {
  it('各种形式', () => {
    expect(formatRange({ low: '0', high: '1.6', unit: 'MPa' })).toBe('(0～1.6) MPa')
    expect(formatRange({ low: null, high: '3', unit: 't' })).toBe('≤3 t')
    expect(formatRange({ low: '10', high: null, unit: 'm3/h' })).toBe('≥10 m³/h')
    expect(formatRange({ low: '220', high: '220', unit: 'V' })).toBe('220 V')
    expect(formatRange({ low: null, high: null, unit: 'V' })).toBe('不限 V')
    expect(formatValue({ value: '1.6', unit: 'um' })).toBe('1.6 μm')
    expect(formatRanges([])).toBe('')
  })

  it('写出的范围读回来不变', () => {
    fc.assert(
      fc.property(range, (r) => {
        expect(parseRange(formatRange(r)), formatRange(r)).toEqual([r])
      }),
      { numRuns: 3000 },
    )
  })

  it('写出的多个范围读回来不变', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), (rs) => {
        const nominal = new Set(rs.map((r) => r.low === r.high))
        // A single value beside a range reads like a scale interval and is asked about.
        fc.pre(nominal.size === 1)
        expect(parseRange(formatRanges(rs)), formatRanges(rs)).toEqual(rs)
      }),
      { numRuns: 1000 },
    )
  })

  it('读出的范围与规格中的例子一致：0～1.6 MPa 包含 0～10 bar', () => {
    const [outer, inner] = [parseRange('0~1.6MPa'), parseRange('0~10bar')]
    if (isRefusal(outer) || isRefusal(inner)) throw new Error('unreadable')
    expect(contains(outer[0]!, inner[0]!)).toBe(true)
  })
})

describe('读一个数值', () => {
  it.each([
    ['1.6MPa', { value: '1.6', unit: 'MPa' }],
    ['-0.5 ℃', { value: '-0.5', unit: '℃' }],
    ['3μm', { value: '3', unit: 'um' }],
  ])('%s', (text, value) => expect(parseValue(text)).toEqual(value))

  it.each(['0~1.6MPa', '≤3t', '1.6', '', '1V/2V'])('“%s”不是一个数值', (text) => expect(isRefusal(parseValue(text))).toBe(true))
})
