/** The library as a whole: every file is fit for publication. */
import { describe, expect, it } from 'vitest'
import { isLive, resultKindOf } from './decide.ts'
import { loadLibrary } from './load-library.server.ts'
import { cardFields, type PolicyContent } from './model.ts'
import { copiedPassages, mostShared, overlap } from './originality.ts'
import { gapsOf } from './publication.ts'

const library = await loadLibrary()
const policy = (slug: string): PolicyContent => library.find((each) => each.slug === slug)!

describe('政策库', () => {
  it('89 份政策，每份六项卡片齐全、每个条件有条款、解读不照抄，可以发布', () => {
    expect(library).toHaveLength(89)
    for (const each of library) {
      for (const field of Object.keys(cardFields) as (keyof typeof cardFields)[])
        expect(each.card[field].length, `${each.slug} ${field}`).toBeGreaterThan(3)
      expect(copiedPassages(each), each.slug).toEqual([])
      expect(gapsOf(each), each.slug).toEqual([])
    }
  })

  it('历史文件、征求意见稿和地点不明的政策从不生效', () => {
    const never = library.filter((each) => each.historical || each.force === 'draft' || each.regionCode === null)
    expect(never.length).toBeGreaterThan(8)
    for (const each of never) for (const day of ['2015-06-01', '2020-06-01', '2026-11-23']) expect(isLive(each, day), each.slug).toBe(false)
  })

  it('只有来源可信、有比例和起止的可享受政策直接适用', () => {
    for (const each of library.filter((p) => resultKindOf(p) === 'apply'))
      expect([each.force, each.confidence, each.requiresApplication], each.slug).toEqual(['entitlement', 'high', false])
    expect(resultKindOf(policy('samr-2022-51-m2'))).toBe('guidance')
    expect(resultKindOf(policy('anqing-2020-fee50'))).toBe('apply-for')
  })

  it('照抄的解读会被认出来', () => {
    const source = '疫情防控期间，全市中小企业的各类非强检器具按现行标准一半收费。'
    expect(overlap(source, source)).toBe(1)
    expect(overlap('示例·某厂送检少付一半，余下照常。', source)).toBeLessThan(mostShared)
  })
})
