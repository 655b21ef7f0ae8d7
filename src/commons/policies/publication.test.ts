import { describe, expect, it } from 'vitest'
import type { PolicyContent } from './model.ts'
import { gapsOf } from './publication.ts'
import { samplePolicy } from './sample.ts'

const sample = samplePolicy()
const sentences = (change: Partial<PolicyContent>) => gapsOf(samplePolicy(change)).map(({ sentence }) => sentence)

/** One thing taken away, and the sentence that has to say so. */
const lacking: [name: string, change: Partial<PolicyContent>, sentence: string][] = [
  ['标题', { title: ' ' }, '没有写标题'],
  ['发文机关', { issuer: '' }, '没有写发文机关'],
  ['顺序对的起止日期', { effectiveTo: '2025-12-31' }, '截止日期早于开始日期'],
  ['条款', { clauses: [], rule: { op: 'all', of: [] } }, '没有录入任何条款'],
  ['条款内容', { clauses: [sample.clauses[0]!, { ...sample.clauses[1]!, text: '' }] }, '第 2 个条款没有内容'],
  ['合格的规则', { rule: { op: 'any', of: [] } }, '适用条件：规则有误：/of处没有条件。请按提示修改后再提交。'],
  ['条件的依据', { rule: { op: 'all', of: [{ op: 'flag', fact: 'hardship' }] } }, '适用条件第 1 项没有注明依据条款'],
  [
    '内层条件的依据',
    {
      rule: {
        op: 'all',
        of: [
          {
            op: 'any',
            of: [
              { op: 'flag', fact: 'hardship', src: 'c1' },
              { op: 'not', of: { op: 'flag', fact: 'traceable' } },
            ],
          },
        ],
      },
    },
    '适用条件第 1 项之 2 项之 1 项没有注明依据条款',
  ],
  ['条款表里有的依据', { rule: { op: 'flag', fact: 'hardship', src: 'c9' } }, '适用条件所依据的条款不在条款表中'],
  ['给什么', { benefits: [] }, '没有写给企业什么'],
  ['优惠的说明', { benefits: [{ ...sample.benefits[0]!, detail: '' }] }, '“给什么”第 1 项没有说明'],
  ['优惠的依据', { benefits: [{ ...sample.benefits[0]!, src: 'c9' }] }, '“给什么”第 1 项没有注明依据条款'],
  [
    '优惠条件的合格规则',
    { benefits: [{ ...sample.benefits[0]!, rule: { op: 'holds', kinds: [], min: 1, src: 'c2' } }] },
    '“给什么”第 1 项的条件：规则有误：/kinds处的列表是空的。请按提示修改后再提交。',
  ],
  ...(['oneLine', 'who', 'gives', 'how', 'until', 'basis'] as const).map((key, i): [string, Partial<PolicyContent>, string] => {
    const name = ['一句话', '谁能享', '给什么', '怎么办', '何时止', '依据条款'][i]!
    return [`卡片的${name}`, { card: { ...sample.card, [key]: '' } }, `政策卡片缺“${name}”`]
  }),
  ['问答', { interpretation: { ...sample.interpretation, questions: [] } }, '解读缺问答'],
  ['算例', { interpretation: { ...sample.interpretation, example: '' } }, '解读缺算例'],
  ['不适用于', { interpretation: { ...sample.interpretation, notFor: [] } }, '解读缺“不适用于”'],
]

describe('发布前的检查', () => {
  it('齐备的政策没有缺项', () => {
    expect(gapsOf(sample)).toEqual([])
  })

  it.each(lacking)('没有%s，不能发布', (_, change, sentence) => {
    expect(sentences(change)).toContain(sentence)
  })

  it('照抄原文的解读不能发布', () => {
    const copied =
      '本办法适用于本省登记的小型微型企业，校准费按标准减收百分之五十，每年不超过二千元，由计量技术机构在收费时直接减收，不需要企业另行申请。'
    const clauses = [...sample.clauses, { id: 'c3', article: '第三条', text: copied, quoted: true }]
    expect(gapsOf(samplePolicy({ clauses, interpretation: { ...sample.interpretation, example: copied } }))).toMatchObject([
      { section: 'interpretation' },
    ])
  })

  it('一组条件的依据对组内每个条件都有效', () => {
    expect(sentences({ rule: { op: 'any', src: 'c1', of: [{ op: 'flag', fact: 'hardship' }] } })).toEqual([])
  })
})
