import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alliances,
  covers,
  currentRegionCode,
  findAlliance,
  findPark,
  findRegion,
  fullRegionName,
  listRegions,
  parentOf,
  parks,
  parksIn,
  provinceOf,
  regionEdition,
  regionName,
  regionsIn,
} from './regions.ts'

const anyPlace = fc.constantFrom(...listRegions().map((r) => r.code))

describe('行政区划', () => {
  it('34 个省级行政区，数据截止日写明', () => {
    expect(regionsIn('000000')).toHaveLength(34)
    expect(regionsIn('000000').map((r) => r.name)).toEqual(expect.arrayContaining(['台湾省', '香港特别行政区', '澳门特别行政区']))
    expect(regionEdition).toMatchObject({ cutOff: '2023-06-30', licence: 'MIT' })
  })

  it('全称逐级写出，直辖市和省直辖县不写中间一级', () => {
    expect(fullRegionName('330109')).toBe('浙江省杭州市萧山区')
    expect(fullRegionName('110105')).toBe('北京市朝阳区')
    expect(fullRegionName('110100')).toBe('北京市')
    expect(fullRegionName('500229')).toBe('重庆市城口县')
    expect(fullRegionName('429004')).toBe('湖北省仙桃市')
    expect(fullRegionName('441900')).toBe('广东省东莞市')
    expect(fullRegionName('620200')).toBe('甘肃省嘉峪关市')
    expect(fullRegionName('000000')).toBe('全国')
    expect(regionName('330109')).toBe('萧山区')
    expect(regionName('999999')).toBe('未知地区（999999）')
  })

  it('上级跳过中间代码', () => {
    expect(parentOf('330109')).toBe('330100')
    expect(parentOf('110105')).toBe('110000')
    expect(parentOf('500229')).toBe('500000')
    expect(parentOf('429004')).toBe('420000')
    expect(parentOf('659001')).toBe('650000')
    expect(parentOf('330000')).toBe('000000')
    expect(parentOf('000000')).toBeUndefined()
  })

  it('下级按代码排列：北京 16 个区，湖北含省直辖的仙桃、潜江、天门、神农架，杭州 13 个区县', () => {
    expect(regionsIn('110000')).toHaveLength(16)
    expect(
      regionsIn('420000')
        .map((r) => r.name)
        .slice(-4),
    ).toEqual(['仙桃市', '潜江市', '天门市', '神农架林区'])
    expect(regionsIn('330100')).toHaveLength(13)
    expect(regionsIn('330109')).toEqual([])
  })

  it('2024 年新设的和康县、和安县按补订列入和田地区', () => {
    expect(fullRegionName('653228')).toBe('新疆维吾尔自治区和田地区和康县')
    expect(regionsIn('653200').map((r) => r.name)).toContain('和安县')
  })

  it('已撤销的代码仍可查到，并指向现行代码', () => {
    expect(findRegion('330104')).toMatchObject({ name: '江干区', until: '2021', successor: '330102' })
    expect(currentRegionCode('330104')).toBe('330102')
    expect(currentRegionCode('330109')).toBe('330109')
    expect(regionsIn('330100').map((r) => r.name)).not.toContain('江干区')
    expect(covers('330100', '330104')).toBe(true)
  })

  it('包含关系：全国、省、市、县逐级包含，不反向包含', () => {
    expect(covers('000000', '330109')).toBe(true)
    expect(covers('330000', '330109')).toBe(true)
    expect(covers('330100', '330109')).toBe(true)
    expect(covers('330109', '330109')).toBe(true)
    expect(covers('330109', '330100')).toBe(false)
    expect(covers('330200', '330109')).toBe(false)
    expect(covers('110000', '110105')).toBe(true)
    expect(covers('500000', '500229')).toBe(true)
    expect(covers('420000', '429004')).toBe(true)
    expect(covers('330000', '000000')).toBe(false)
  })

  it('包含关系与逐级上溯一致', () => {
    const ancestors = (code: string): string[] => [code, ...(parentOf(code) ? ancestors(parentOf(code) ?? '') : [])]
    fc.assert(
      fc.property(anyPlace, anyPlace, (outer, inner) => {
        expect(covers(outer, inner)).toBe(ancestors(inner).includes(outer))
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(anyPlace, (code) => {
        for (const above of ancestors(code)) expect(covers(above, code)).toBe(true)
        expect(provinceOf(code)).toBe(code.slice(0, 2))
        expect(regionsIn(parentOf(code) ?? '').map((r) => r.code)).toContain(code)
      }),
    )
  })

  it('区域合作范围里的代码都在表中，并注明来源', () => {
    expect(findAlliance('yrd')?.codes).toEqual(['310000', '320000', '330000', '340000'])
    expect(alliances.map((a) => a.id)).toEqual(['yrd', 'jjj', 'chengyu', 'gba'])
    for (const { codes, source } of alliances) {
      expect(source).not.toBe('')
      for (const code of codes) expect(findRegion(code)).toBeDefined()
    }
  })

  it('功能区没有国标代码，但知道在哪里', () => {
    expect(findPark('德州天衢新区')).toMatchObject({ id: 'park-371471', region: '371400' })
    expect(findRegion('371471')).toBeUndefined()
    expect(findPark('metrology-park-national')).toMatchObject({ name: '国家级计量产业园' })
    expect(parksIn('320500').map((p) => p.name)).toEqual(['苏州工业园区'])
    expect(parks.every((p) => findRegion(p.region))).toBe(true)
    expect(new Set(parks.map((p) => p.id)).size).toBe(parks.length)
  })
})
