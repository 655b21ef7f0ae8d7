import { describe, expect, it } from 'vitest'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import type { Profile } from '../people/index.ts'
import { Tally } from './dry-run.ts'
import { namesFor } from './names.ts'

const setting: Setting = { asOf: '2026-11-23', events: { flood: {} } }
const names = namesFor([{ id: 'c1', article: '第二条', text: '', quoted: true }], [{ id: 'flood', name: '洪水' }])
let number = 0
const firm = (name: string, facts: Facts): Profile =>
  ({ org: { id: `org-${++number}`, name: `示例·${name}`, region: '330109' }, stored: [], facts, stale: [] }) as unknown as Profile

const run = (rule: Rule, firms: readonly Profile[], before?: Rule) => {
  const tally = new Tally(rule, { before, setting, names, derive: () => [] })
  for (const each of firms) tally.add(each)
  return tally.result(before && 1)
}

const rule: Rule = {
  op: 'all',
  of: [
    { op: 'range', fact: 'employees', lt: 20, src: 'c1' },
    { op: 'range', fact: 'revenue', lt: 300, src: 'c1' },
  ],
}
const firms = [
  firm('够格', { employees: 12, revenue: 100 }),
  firm('没填人数', { revenue: 100 }),
  firm('差两处', { employees: 500, revenue: 9000 }),
  firm('只差人数', { employees: 35, revenue: 100 }),
]

describe('试算', () => {
  it('每家恰好算一次，分成符合、待补充、不符合', () => {
    expect(run(rule, firms)).toMatchObject({ total: 4, eligible: 1, unknown: 1, ineligible: 2, compared: 2 })
  })

  it('差得最少的排在最前，并说出差在哪里、依据哪一条', () => {
    const { examples } = run(rule, firms)
    expect(examples.nearest.map(({ name }) => name)).toEqual(['示例·只差人数', '示例·差两处'])
    expect(examples.nearest[0]!.sentence).toBe('差一步：从业人员为 35 人，若少于 20 人，即符合这一条（第二条）')
    expect(examples.eligible.map(({ name }) => name)).toEqual(['示例·够格'])
    expect(examples.unknown[0]).toMatchObject({ name: '示例·没填人数', sentence: '现有从业人员多少人？' })
  })

  it('和上一版比：谁新增、谁不再符合；待补充不算符合', () => {
    const wider: Rule = { op: 'range', fact: 'employees', gte: 30, src: 'c1' }
    expect(run(wider, firms, rule).change).toMatchObject({
      since: 1,
      newlyIn: 2,
      newlyOut: 1,
      inExamples: [{ name: '示例·差两处' }, { name: '示例·只差人数' }],
      outExamples: [{ name: '示例·够格' }],
    })
    expect(run(rule, firms, rule).change).toMatchObject({ newlyIn: 0, newlyOut: 0 })
    expect(run(rule, firms).change).toBeUndefined()
  })

  it('只差事件日期的，说明等谁录入', () => {
    const during: Rule = { op: 'during', anchor: 'acceptedOn', event: 'flood', src: 'c1' }
    expect(run(during, firms.slice(0, 1)).examples.unknown[0]!.sentence).toBe('等运营单位录入：洪水')
  })

  it('每种例子最多三家', () => {
    const many = Array.from({ length: 10 }, (_, i) => firm(String(i), { employees: i * 10, revenue: 1 }))
    const { examples, ineligible } = run(rule, many)
    expect([examples.eligible.length, examples.nearest.length, ineligible]).toEqual([2, 3, 8])
  })
})
