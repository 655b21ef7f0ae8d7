import { describe, expect, it } from 'vitest'
import { compareVersions, isUnchanged } from './compare.ts'
import type { PolicyContent } from './model.ts'
import { namesFor } from './names.ts'
import { samplePolicy } from './sample.ts'

const compare = (before: PolicyContent, after: PolicyContent) =>
  compareVersions(before, after, { before: namesFor(before.clauses), after: namesFor(after.clauses) })
const sample = samplePolicy()

describe('两版对比', () => {
  it('相同的两版没有差别', () => {
    expect(isUnchanged(compare(sample, samplePolicy()))).toBe(true)
  })

  it('条件的增、删、改说成句子，并带依据', () => {
    const rule: PolicyContent['rule'] = {
      op: 'all',
      of: [
        { op: 'in', fact: 'size', values: ['small', 'micro', 'medium'], src: 'c1' },
        { op: 'range', fact: 'employees', lt: 300, src: 'c2' },
      ],
    }
    expect(compare(sample, samplePolicy({ rule })).conditions).toEqual({
      added: ['从业人员少于 300 人（依据 第二条）'],
      removed: ['注册地在浙江省（依据 第一条）'],
      changed: [{ before: '企业规模为小型或微型（依据 第一条）', after: '企业规模为小型、微型或中型（依据 第一条）' }],
    })
  })

  it('只换条件之间的关系也是改动', () => {
    const { conditions } = compare(sample, samplePolicy({ rule: { ...sample.rule, op: 'any' } as PolicyContent['rule'] }))
    expect(conditions).toEqual({ added: [], removed: [], changed: [], joined: { before: '全部满足', after: '满足其一' } })
  })

  it('优惠、条款和各项内容的改动', () => {
    const changes = compare(
      sample,
      samplePolicy({
        title: '新标题',
        effectiveTo: null,
        benefits: [
          { ...sample.benefits[0]!, rateBp: 10_000 },
          { kind: 'training', appliesTo: '培训', detail: '免费听课。', src: 'c1' },
        ],
        clauses: [sample.clauses[0]!, { ...sample.clauses[1]!, quoted: false }],
      }),
    )
    expect(changes.fields).toEqual([
      { label: '标题', before: sample.title, after: '新标题' },
      { label: '截止日期', before: '2027-12-31', after: '' },
    ])
    expect(changes.benefits.added).toEqual(['培训：培训，免费听课。（依据 第一条）'])
    expect(changes.benefits.changed).toMatchObject([{ before: expect.stringContaining('50%'), after: expect.stringContaining('100%') }])
    expect(changes.clauses.changed).toMatchObject([{ after: expect.stringContaining('（转述）') }])
  })

  it('重复的条件各算各的', () => {
    const size: PolicyContent['rule'] = { op: 'in', fact: 'size', values: ['small', 'micro'], src: 'c1' }
    const twice: PolicyContent['rule'] = { op: 'all', of: [{ op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' }, size, size] }
    expect(compare(sample, samplePolicy({ rule: twice })).conditions.added).toEqual(['企业规模为小型或微型（依据 第一条）'])
  })
})
