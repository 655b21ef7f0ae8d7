import { describe, expect, it } from 'vitest'
import type { Facts } from '../core/eligibility/facts.ts'
import { Dictionary } from './dictionary.ts'
import { Gathering } from './gather.ts'
import { buildStore } from './store.ts'

const setting = { asOf: '2024-06-15', events: {} }

describe('收集', () => {
  it('各行列出事实的次序不同、多出目录里没有的，存下来的都一样', () => {
    const rows: Facts[] = Array.from({ length: 5000 }, (_, i) => ({
      ...(i % 3 > 0 && { region: `3301${10 + (i % 7)}` }),
      ...(i % 4 > 0 && { employees: i }),
      ...(i > 3000 && { industry: `C4${i % 10}` }),
      ...(i % 2 > 0 && { hardship: i % 3 === 0 }),
      ...(i % 5 > 0 && { qualifications: ['cma', 'cnas'].slice(0, i % 3) }),
    }))
    const turned = rows.map((facts, i) =>
      Object.fromEntries(i % 2 ? Object.entries(facts).toReversed() : [['无此事实', 'x'], ...Object.entries(facts)]),
    )
    const store = buildStore(
      turned.map((facts, key) => ({ key, facts })),
      setting,
    )
    expect(rows.map((_, key) => store.factsOf(key))).toEqual(rows)
    expect(Object.keys(store.layout.columns).toSorted()).toEqual(['employees', 'hardship', 'industry', 'qualifications', 'region'])
  })

  it('加入之后，调用者可以改动原来的对象；不能保存的一行什么也不留下', () => {
    const gathering = new Gathering()
    const shared = ['cma']
    gathering.add({ key: 1, facts: { qualifications: shared } })
    shared[0] = 'cnas'
    expect(() => gathering.add({ key: 2, facts: { industry: 'C40', instruments: { scale: 0.5 } } })).toThrow('The enterprise 2 holds 0.5')
    gathering.add({ key: 3, facts: { region: '330109' } })
    const { count, keys, cells, entries } = gathering.finish()
    expect([count, [...keys], [...cells.keys()].toSorted(), entries.length]).toEqual([2, [1, 3], ['qualifications', 'region'], 0])
    expect(cells.get('qualifications')!.dictionary!.entries).toEqual([undefined, ['cma']])
  })
})

describe('字典', () => {
  it('同一组资质无论怎样写都是同一个号；空的、怪的各有各的号', () => {
    const dictionary = new Dictionary('qualifications')
    const ids = [[], ['cma'], ['cma', 'cma'], [null], [''], ['cnas', 'cma'], ['cma', 'cnas'], 'cma', [['cma']]].map((value) =>
      dictionary.idOf(value as never),
    )
    expect(ids).toEqual([1, 2, 2, 3, 4, 5, 5, 6, 7])
    expect([[], ['cma'], [null], ['']].map((value) => dictionary.idOf(value as never))).toEqual([1, 2, 3, 4])
  })
})
