import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRegionByName, shortRegionName } from './region-names.ts'
import { fullRegionName, listRegions } from './regions.ts'

describe('按名称查地区', () => {
  it.each([
    ['浙江', '330000'],
    ['浙江省', '330000'],
    ['杭州', '330100'],
    ['杭州市萧山区', '330109'],
    ['浙江省杭州市萧山区', '330109'],
    ['浙江 杭州 萧山', '330109'],
    ['浙江省萧山区', '330109'],
    ['萧山', '330109'],
    ['萧山市', '330109'],
    ['溧水县', '320117'],
    ['北京市朝阳区', '110105'],
    ['北京市市辖区', '110000'],
    ['上海浦东', '310115'],
    ['重庆市城口县', '500229'],
    ['湖北省仙桃市', '429004'],
    ['湖北恩施', '422800'],
    ['内蒙古', '150000'],
    ['新疆和田地区和康县', '653228'],
    ['新疆和田和安', '653229'],
    ['广西', '450000'],
    ['香港', '810000'],
    ['海南', '460000'],
    ['海南州', '632500'],
    ['吉林', '220000'],
    ['吉林市', '220200'],
    ['长沙', '430100'],
    ['长沙县', '430121'],
    ['朝阳市', '211300'],
    ['景宁', '331127'],
    ['东乡族自治县', '622926'],
    ['甘肃东乡', '622926'],
    ['鄂温克', '150724'],
    ['泾县', '341823'],
    ['全国', '000000'],
    ['330109', '330109'],
  ])('%s → %s', (text, code) => expect(findRegionByName(text)).toEqual([code]))

  it('同名的地方全部列出，由人选择', () => {
    expect(findRegionByName('朝阳区')).toEqual(['110105', '220104'])
    expect(findRegionByName('朝阳')).toEqual(['110105', '211300', '220104'])
    expect(findRegionByName('鼓楼区')).toEqual(['320106', '320302', '350102', '410204'])
    expect(findRegionByName('江苏鼓楼区')).toEqual(['320106', '320302'])
  })

  it('查不到时不猜', () => {
    for (const text of ['', '浙', '火星市', '浙江省合肥市', '杭州市朝阳区', '萧山区市心路1号', '330199', '991234']) {
      expect(findRegionByName(text)).toEqual([])
    }
  })

  it('简称去掉级别和民族，至少留两个字', () => {
    const shorts = [
      '恩施土家族苗族自治州',
      '内蒙古自治区',
      '积石山保安族东乡族撒拉族自治县',
      '塔什库尔干塔吉克自治县',
      '隆林各族自治县',
      '东区',
      '矿区',
    ]
    expect(shorts.map(shortRegionName)).toEqual(['恩施', '内蒙古', '积石山', '塔什库尔干', '隆林', '东区', '矿区'])
  })

  it('每个地方的全称都唯一地查回自己', () => {
    const wrong = listRegions().filter(({ code }) => findRegionByName(fullRegionName(code)).join() !== code)
    expect(wrong.map((r) => r.code)).toEqual([])
  })

  it('每个地方只写名称时，自己或包含自己的地方在候选里', () => {
    fc.assert(
      fc.property(fc.constantFrom(...listRegions()), ({ code, name }) => {
        expect(findRegionByName(name)).toContain(code)
      }),
      { numRuns: 500 },
    )
  })
})
