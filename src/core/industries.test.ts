import { describe, expect, it } from 'vitest'
import { coversIndustry, industryName, normaliseIndustry, searchIndustries, sections } from './industries.ts'
import { isRefusal } from './refusal.ts'

const reason = (text: string) => {
  const result = normaliseIndustry(text)
  if (!isRefusal(result)) throw new Error(`${text} was accepted`)
  return result.reason
}

describe('国民经济行业分类', () => {
  it('20 个门类、97 个大类，编号连续且按门类排列', () => {
    expect(sections.map((s) => s.code).join('')).toBe('ABCDEFGHIJKLMNOPQRST')
    const digits = sections.flatMap((s) => s.divisions.map((d) => d.code.slice(1)))
    expect(digits).toEqual(Array.from({ length: 97 }, (_, i) => String(i + 1).padStart(2, '0')))
  })

  it('各门类的大类范围与标准一致', () => {
    const ranges = sections.map((s) => `${s.code}${s.divisions[0]?.code.slice(1)}-${s.divisions.at(-1)?.code.slice(1)}`)
    expect(ranges.join(' ')).toBe(
      'A01-05 B06-12 C13-43 D44-46 E47-50 F51-52 G53-60 H61-62 I63-65 J66-69 K70-70 L71-72 M73-75 N76-79 O80-82 P83-83 Q84-85 R86-90 S91-96 T97-97',
    )
  })

  it.each([
    ['C', 'C'],
    ['c', 'C'],
    ['C40', 'C40'],
    ['40', 'C40'],
    ['401', 'C401'],
    ['4011', 'C4011'],
    ['C4011', 'C4011'],
    [' Ｃ４０１１ ', 'C4011'],
    ['0111', 'A0111'],
    ['97', 'T97'],
  ])('%s → %s', (text, code) => expect(normaliseIndustry(text)).toBe(code))

  it('没有的大类、门类不符和不是代码的写法都说明原因', () => {
    expect(reason('98')).toContain('没有大类 98')
    expect(reason('00')).toContain('没有大类 00')
    expect(reason('U')).toContain('没有门类 U')
    expect(reason('D40')).toContain('大类 40 属于门类 C（制造业）')
    expect(reason('C4')).toContain('不是行业代码')
    expect(reason('')).toContain('不是行业代码')
    expect(reason('C40115')).toContain('不是行业代码')
    expect(reason('制造业')).toContain('不是行业代码')
  })

  it('名称：门类、大类；更细的代码用大类名并注明细类', () => {
    expect(industryName('C')).toBe('制造业')
    expect(industryName('C40')).toBe('仪器仪表制造业')
    expect(industryName('C4011')).toBe('仪器仪表制造业（细类 4011）')
    expect(industryName('X99')).toBe('未知行业（X99）')
  })

  it('包含关系按代码前缀', () => {
    expect(coversIndustry('C', 'C4011')).toBe(true)
    expect(coversIndustry('C40', 'C4011')).toBe(true)
    expect(coversIndustry('C4011', 'C40')).toBe(false)
    expect(coversIndustry('D', 'C40')).toBe(false)
  })

  it('按名称查找', () => {
    expect(searchIndustries('仪器仪表').map((i) => i.code)).toEqual(['C40'])
    expect(searchIndustries('')).toEqual([])
  })
})
