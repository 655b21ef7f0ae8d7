/** 每个模板一个手算的例子，写在注释里；不完整、没核对、分不清的都不下结论。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateRecord, type Question } from './evaluate.ts'
import type { Entered } from './model.ts'
import { mpe, U2, question, gauge } from './test-questions.ts'

describe('手算的例子', () => {
  it('压力表 1.6 级，0.8 MPa', () => {
    // Ps: 0.1 % × 2.5 = 0.0025, /√3 = 0.0014434; P: 0.05/5 = 0.01, half 0.005, /√3 = 0.0028868; at 20 ℃ no effect of temperature.
    // u = 0.0032275, ν = ∞, k = 1.96, U = 0.0063; MPE = 1.6 % × 1.6 = 0.0256; U < MPE/3. E = 0.81 − 0.80 = 0.01.
    const { points, checks, conclusion, problems } = evaluateRecord(gauge())
    expect(problems).toEqual([])
    expect(points[0]).toMatchObject({ errorText: '0.0100', UText: '0.0063', kText: '1.96', verdict: 'pass', wide: false, column: 'up' })
    expect(points[0]!.u).toBeCloseTo(0.0032275, 7)
    expect(points[0]!.limit).toEqual({ value: 0.0256, corrected: false })
    // 回程 |0.81 − 0.80| = 0.01 ≤ 0.0256; no displacement by tapping.
    expect(checks.map(({ name, value, verdict }) => [name, value, verdict])).toEqual([
      ['hysteresis', 0.01, 'pass'],
      ['tap-up', 0, 'pass'],
      ['tap-down', 0, 'pass'],
    ])
    expect(conclusion).toBe('pass')
  })

  it('卡尺 0～150 mm，90 mm', () => {
    // R/C = 0.02/1.69, /√3 = 0.0068326 (ν 1.8); 0.0006/2 = 0.0003; 0.02 mm: 0.01/√3 = 0.0057735; 90 × 11.5e−6 × 1/√3 = 0.00059756.
    // u = 0.0089702, ν = 5.3 → 5, k = 2.57, U = 0.023; E = 0.0067.
    const { points, conclusion } = evaluateRecord(
      question(
        'caliper',
        'mm',
        { high: '150', division: '0.02', dT: '1' },
        [{ at: '90', readings: { r: ['90.00', '90.00', '90.02'] } }],
        U2('0.0006', 'mm'),
        'calibration',
      ),
    )
    expect(points[0]).toMatchObject({ errorText: '0.007', UText: '0.023', kText: '2.57', verdict: null, limit: null })
    expect(points[0]!.u).toBeCloseTo(0.0089702, 6)
    expect(conclusion).toBe('none')
  })

  it('千分尺 0～25 mm，5.12 mm', () => {
    // R/C = 0.001/1.69, /√3 = 0.00034163; 0.0001; 0.0005/√3 = 0.00028868; 5.12 × 11.5e−6 × 0.5/√3 = 0.000017; u = 0.00045862; ν 5; U = 0.0012.
    const { points } = evaluateRecord(
      question(
        'micrometer',
        'mm',
        { low: '0', high: '25', division: '0.01', dT: '0.5' },
        [{ at: '5.12', readings: { r: ['5.120', '5.120', '5.121'] } }],
        U2('0.2', 'um'),
      ),
    )
    expect(points[0]).toMatchObject({ errorText: '0.0003', UText: '0.0012', kText: '2.57', verdict: 'pass' })
    expect(points[0]!.u).toBeCloseTo(0.00045862, 8)
    expect(points[0]!.limit!.value).toBe(0.004)
  })

  it('电子秤 e = 5 g，2.5 kg', () => {
    // 0.005 % × 2.5 = 0.000125, /√3 = 0.000072169; d = 0.0005: 0.00025/√3 = 0.00014434; u = 0.00016137; U = 0.00032; MPE = 0.5 e.
    const { points, conclusion } = evaluateRecord(
      question(
        'scale',
        'kg',
        { high: '15', e: '0.005', d: '0.0005' },
        [{ at: '2.5', readings: { r: ['2.5', '2.5', '2.5'] } }],
        mpe('0.005', '%', 'reading'),
      ),
    )
    expect(points[0]).toMatchObject({ UText: '0.00032', verdict: 'pass', limit: { value: 0.0025 } })
    expect(conclusion).toBe('pass')
  })

  it('电子天平 Max 200 g，100 g', () => {
    // R/C = 0.0002/2.53, /√6 = 0.000032273 (ν 4.5); 0.00016 %: 0.00016/√3 = 0.000092376; 0.00005/√3 = 0.000028868; u = 0.00010202; U = 0.00020.
    // 100 g = 100000 e > 20000 e: 1.5 e.
    const { points } = evaluateRecord(
      question(
        'balance',
        'g',
        { high: '200', e: '0.001', d: '0.0001', low1: '5000', low2: '20000' },
        [{ at: '100', readings: { r: ['100.0001', '100.0002', '100.0001', '100.0000', '100.0001', '100.0001'] } }],
        mpe('0.00016', '%', 'reading'),
      ),
    )
    expect(points[0]).toMatchObject({ errorText: '0.00010', UText: '0.00020', verdict: 'pass', limit: { value: 0.0015 } })
    expect(points[0]!.u).toBeCloseTo(0.00010202, 8)
  })

  it('B 级铂热电阻，0 ℃', () => {
    // E = 0.0525 Ω / 0.39083 Ω/℃ = 0.13433 ℃; contributions 0.0062104 (ν 2.7), 0.0147725, 0.01, 0.0057735, 0.0141421; u = 0.024292; U = 0.048.
    const { points } = evaluateRecord(
      question(
        'resistance-thermometer',
        '℃',
        { R0: '100', a: '0.30', b: '0.005', dmm: '0.01', bath: '0.02', drift: '0.02' },
        [{ at: '0', readings: { s: ['0.00', '0.00', '0.00', '0.00'], r: ['100.05', '100.05', '100.06', '100.05'] } }],
        U2('0.02', '℃'),
      ),
    )
    expect(points[0]).toMatchObject({ errorText: '0.134', UText: '0.048', verdict: 'pass', limit: { value: 0.3 } })
    expect(points[0]!.u).toBeCloseTo(0.024292, 5)
  })

  it('1 级电能表，Ib', () => {
    // R/C = 0.02/1.13, /√2 = 0.0125152 (ν 0.9); 0.05/√3 = 0.0288675; 0.005/√3 = 0.0028868; u = 0.031596; ν 36; k 2.03; U = 0.064.
    const { points } = evaluateRecord(
      question(
        'electricity-meter',
        '%',
        { class: '1', step: '0.01', imax: '60' },
        [{ at: '100', readings: { r: ['0.20', '0.22'] } }],
        mpe('0.05', '%'),
      ),
    )
    expect(points[0]).toMatchObject({ errorText: '0.210', UText: '0.064', kText: '2.03', verdict: 'pass', limit: { value: 1 } })
  })
})

describe('什么时候不下结论', () => {
  const problemsOf = (asked: Question) => evaluateRecord(asked).problems.join('\n')

  it('没有勾选已对照现行规程核对：凭记忆的限值不判', () => {
    const { conclusion, problems } = evaluateRecord(gauge({ entered: { verified: false } }))
    expect(conclusion).toBeNull()
    expect(problems.join()).toContain('待核实')
    expect(evaluateRecord(gauge({ service: 'calibration', entered: { verified: false } })).conclusion).toBeNull()
  })

  it('改了最大允许误差没有出处', () => {
    expect(problemsOf(gauge({ limit: '0.04' }))).toContain('出处')
    const corrected = evaluateRecord(gauge({ limit: '0.04', entered: { limitSource: 'JJG 52-2013 5.2' } }))
    expect(corrected).toMatchObject({ conclusion: 'pass', points: [{ limit: { value: 0.04, corrected: true } }] })
  })

  it('读数没填完、不是数、没选标准器、外观没判定', () => {
    expect(problemsOf(gauge({ reading: { down: [''] } }))).toContain('第 1 点：降压还没有填写')
    expect(problemsOf(gauge({ reading: { up: ['0.8l'] } }))).toContain('升压“0.8l”不是数')
    expect(problemsOf({ ...gauge(), standard: null })).toContain('标准器')
    expect(problemsOf(gauge({ entered: { seen: {} } }))).toContain('外观')
  })

  it('列出的点没有读数、有读数没有写是哪一点，都要说出来，不能悄悄少一点', () => {
    const asked = gauge()
    const [point] = asked.entered.points
    const blank = { ...point!, at: '1.2', readings: { up: [''], up_tapped: [''], down: [''], down_tapped: [''] } }
    const more = (extra: Entered['points'][number]) => problemsOf({ ...asked, entered: { ...asked.entered, points: [point!, extra] } })
    expect(more(blank)).toContain('第 2 点还没有读数')
    expect(more({ ...point!, at: '' })).toContain('第 2 点：检定点不是数')
    expect(more({ ...blank, at: '' })).toBe('')
  })

  it('U 大于最大允许误差的 1/3 时说出来，落在保护带里的待定', () => {
    const wide = evaluateRecord(gauge({ limit: '0.012', entered: { limitSource: '示例' } }))
    expect(wide).toMatchObject({ conclusion: 'undetermined', points: [{ wide: true, verdict: 'undetermined' }] })
    expect(wide.warnings.join()).toContain('JJF 1094')
  })

  it('模板没有的范围不编限值', () => {
    const asked = question(
      'caliper',
      'mm',
      { high: '2000', division: '0.02', dT: '1' },
      [{ at: '900', readings: { r: ['900', '900', '900'] } }],
      U2('0.001', 'mm'),
    )
    expect(problemsOf(asked)).toContain('模板没有这个范围')
  })
})

describe('不合格', () => {
  it('示值超差、回程超差、外观不符合，任何一项不合格都不合格', () => {
    expect(evaluateRecord(gauge({ reading: { up: ['0.84'], up_tapped: ['0.84'] } })).conclusion).toBe('fail')
    const back = evaluateRecord(gauge({ reading: { up_tapped: ['0.815'], up: ['0.815'], down: ['0.785'], down_tapped: ['0.785'] } }))
    expect(back.checks[0]).toMatchObject({ name: 'hysteresis', verdict: 'fail' })
    expect(back.conclusion).toBe('fail')
    expect(evaluateRecord(gauge({ entered: { seen: { appearance: 'bad', pointer: 'ok' } } })).conclusion).toBe('fail')
  })
})

describe('对任何读数都成立', () => {
  const reading = fc.integer({ min: 700, max: 900 }).map((n) => (n / 1000).toFixed(3))

  it('误差最大的一列说了算；判合格的点误差都在允许范围内', () => {
    fc.assert(
      fc.property(reading, reading, (up, down) => {
        const { points } = evaluateRecord(gauge({ reading: { up: [up], up_tapped: [up], down: [down], down_tapped: [down] } }))
        const [point] = points
        const worst = Math.max(Math.abs(Number(up) - 0.8), Math.abs(Number(down) - 0.8))
        expect(Math.abs(point!.error)).toBeCloseTo(worst, 9)
        expect(point!.verdict === 'pass').toBe(worst <= 0.0256 * (1 + 1e-12))
        expect(point!.lines.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(100, 6)
      }),
    )
  })

  it('结果存成 JSON 再读出来一字不差', () => {
    fc.assert(
      fc.property(reading, (up) => {
        const found = evaluateRecord(gauge({ reading: { up: [up], up_tapped: [up] } }))
        expect(JSON.parse(JSON.stringify(found))).toEqual(found)
      }),
    )
  })
})
