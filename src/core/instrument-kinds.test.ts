import { describe, expect, it } from 'vitest'
import {
  catalogueEntries,
  coversKind,
  findKind,
  findKindByName,
  instrumentKinds,
  kindName,
  kindsIn,
  searchKinds,
} from './instrument-kinds.ts'

/** Codes that policy rules refer to. */
const referred =
  'scale scale.electronic scale.platform scale.bench scale.dial scale.spring scale.fair scale.truck scale.tgt scale.balance taximeter ev-charger fuel-dispenser water-meter gas-meter heat-meter electricity-meter pressure-gauge pressure-transmitter grain-moisture optometer lensmeter trial-lens-set sphygmomanometer ecg oxygen-inhaler spectrophotometer ultrasound xray ir-thermometer ir-thermometer.forehead clinical-thermometer speed-meter caliper micrometer tape cmm spectrum-analyser top-standard incubator clean-bench ph-meter conductivity-meter electronic-instrument'

describe('计量器具种类', () => {
  it.each(referred.split(' '))('政策用到的 %s 在表中', (code) => expect(findKind(code)?.code).toBe(code))

  it('代码唯一，上级种类都在表中，小写且可作查询参数', () => {
    const codes = instrumentKinds.map((k) => k.code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) {
      expect(code).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
      if (code.includes('.')) expect(codes).toContain(code.slice(0, code.lastIndexOf('.')))
    }
    expect(codes).not.toContain('utility-meter')
  })

  it('每个名称和别名只指一种器具', () => {
    const names = instrumentKinds.flatMap((k) => [k.name, ...k.aliases])
    expect(new Set(names).size).toBe(names.length)
    for (const kind of instrumentKinds) for (const name of [kind.name, ...kind.aliases]) expect(findKindByName(name)?.code).toBe(kind.code)
  })

  it.each([
    ['电子计价秤', 'scale.electronic'],
    ['地磅', 'scale.truck'],
    ['酸度计', 'ph-meter'],
    ['PH计', 'ph-meter'],
    [' 万用表 ', 'multimeter'],
    ['额温枪', 'ir-thermometer.forehead'],
    ['出租车计价器', 'taximeter'],
    ['热量表', 'heat-meter'],
    ['高精度坐标测量机', 'cmm'],
    ['scale.bench', 'scale.bench'],
  ])('%s → %s', (name, code) => expect(findKindByName(name)?.code).toBe(code))

  it('不认识的名称不猜', () => {
    expect(findKindByName('时空扭曲仪')).toBeUndefined()
    expect(findKindByName('')).toBeUndefined()
    expect(searchKinds('')).toEqual([])
    expect(searchKinds('水分').map((k) => k.code)).toEqual([
      'cotton-moisture',
      'grain-moisture',
      'grain-moisture.capacitance',
      'grain-moisture.oven',
    ])
  })

  it('名称：表中没有的细分用上级名称', () => {
    expect(kindName('scale.electronic')).toBe('电子秤')
    expect(kindName('scale.electronic.counter')).toBe('电子秤')
    expect(kindName('nothing')).toBe('未知器具（nothing）')
  })

  it('包含关系按点分层，不按字母', () => {
    expect(coversKind('scale', 'scale.electronic')).toBe(true)
    expect(coversKind('scale', 'scale')).toBe(true)
    expect(coversKind('scale.electronic', 'scale')).toBe(false)
    expect(coversKind('gas', 'gas-meter')).toBe(false)
    expect(kindsIn('ev-charger').map((k) => k.code)).toEqual(['ev-charger.ac', 'ev-charger.dc'])
    expect(kindsIn('scale').map((k) => k.code)).not.toContain('scale.automatic.belt')
  })

  it('目录信息：行号、方式、用途和可信程度', () => {
    expect(findKind('ev-charger')).toMatchObject({
      catalogue: { row: 'mi-40', mode: 'V', verificationMode: 'periodic', uses: ['trade'], effectiveFrom: '2023-01-01' },
      toVerify: false,
    })
    expect(findKind('scale.electronic')).toMatchObject({
      catalogue: { row: 'mi-02' },
      toVerify: true,
      regulations: [{ no: 'JJG 539-2016', months: 12 }],
    })
    expect(findKind('caliper')?.catalogue).toBeUndefined()
    expect(catalogueEntries('sphygmomanometer').map((e) => e.item)).toEqual(['无创自动测量血压计', '无创非自动测量血压计'])
    expect(catalogueEntries('caliper')).toEqual([])
  })

  it('目录重建的 40 行都有对应种类；凡可信程度不高的都标待核实', () => {
    const rows = new Set(instrumentKinds.flatMap((k) => (k.catalogue ? [k.catalogue.row] : [])))
    expect(rows.size).toBe(40)
    for (const { catalogue, toVerify } of instrumentKinds) if (catalogue) expect(toVerify).toBe(!catalogue.confidence.startsWith('high'))
  })

  it('没有目录又有检定周期的常用器具都标待核实', () => {
    const doubtful = instrumentKinds.filter((k) => !k.catalogue && k.regulations.some((r) => r.months !== undefined))
    expect(doubtful.length).toBeGreaterThan(20)
    expect(doubtful.every((k) => k.toVerify)).toBe(true)
  })
})
