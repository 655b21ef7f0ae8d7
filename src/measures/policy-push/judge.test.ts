import { describe, expect, it } from 'vitest'
import { namesFor } from '../../commons/policies/index.server.ts'
import { explain } from '../../core/eligibility/explain.ts'
import { examplePolicy } from './example-policy.ts'
import { conditionLines, lineOf, traceLines } from './match-line.ts'
import { subject, judged, hangzhou } from './test-judged.ts'

describe('三种结论', () => {
  it('从业人员没有填报是待补充，不是不符合', () => {
    expect(judged(hangzhou).result).toBe('unknown')
    expect(judged(hangzhou).decision.ask).toEqual(['employees'])
    expect(judged({ ...hangzhou, employees: 19 }).result).toBe('eligible')
    expect(judged({ ...hangzhou, employees: 20 }).result).toBe('ineligible')
  })

  it('差一步：写明现在是什么、要怎样、依据哪一条', () => {
    const content = examplePolicy()
    const line = lineOf(judged({ ...hangzhou, employees: 35 }), namesFor(content.clauses), '2026-11-23')
    expect(line.steps).toEqual([{ text: '差一步：从业人员为 35 人，若少于 20 人，即符合这一条（第二条）', clause: content.clauses[1] }])
    expect(line.blockers[0]?.text).toMatch(/^暂不符合：从业人员为 35 人，需少于 20 人（第二条）/)
  })

  it('不劝人迁址：注册地不符不列为可以改变的一步', () => {
    expect(lineOf(judged({ region: '340822', employees: 5 }), namesFor(), '2026-11-23').steps).toEqual([])
  })

  it('逐条判断的树里每个条件都有条款；“不”之下的全部变成任一', () => {
    const content = examplePolicy()
    const tree = traceLines(judged({ ...hangzhou, employees: 35 }).decision.trace, content, namesFor(content.clauses))
    expect(tree).toMatchObject({
      truth: 'no',
      text: '下列条件都要符合',
      parts: [
        { truth: 'yes', clause: { id: 'c1' } },
        { truth: 'no', clause: { id: 'c2' } },
      ],
    })
    const turned = explain({ op: 'not', of: content.rule, src: 'c1' }, { ...hangzhou, employees: 35 }, subject({}).setting)
    expect(traceLines(turned.trace, content, namesFor())).toMatchObject({
      truth: 'yes',
      text: '下列条件符合一项即可',
      parts: [{ truth: 'no' }, { truth: 'yes' }],
    })
  })

  it('不设条件的政策说“不设条件”，文件自己的日期不算一条', () => {
    const open = judged({}, { rule: { op: 'all', of: [] }, benefits: [] })
    expect(traceLines(open.decision.trace, open.policy.content, namesFor())).toEqual({ text: '不设条件', truth: 'yes', parts: [] })
  })

  it('条件逐条成句，各带自己的条款', () => {
    const content = examplePolicy()
    expect(conditionLines(content.rule, content, namesFor()).map(({ text, clause }) => [text, clause?.id])).toEqual([
      ['注册地在浙江省', 'c1'],
      ['从业人员少于 20 人', 'c2'],
    ])
  })
})
