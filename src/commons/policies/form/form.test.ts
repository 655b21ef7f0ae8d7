import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryRule } from '../../../core/eligibility/rule.arbitrary.ts'
import type { Rule } from '../../../core/eligibility/rule.ts'
import { instrumentKinds } from '../../../core/instrument-kinds.ts'
import { sections } from '../../../core/industries.ts'
import { listRegions } from '../../../core/regions.ts'
import type { PolicyContent } from '../model.ts'
import { contentEntries, readContentForm, toForm } from './content-form.ts'
import { applyEdit } from './edits.ts'
import { picksWith, type Picks } from './picks.ts'
import { fromForm } from './read-content.ts'
import { blankNode, fromNode, nodeEntries, readNode, toNode, type Problems } from './rule-form.ts'
import { child, readTree } from './tree.ts'

/** Names are the codes themselves: random rules speak of places and parks that do not exist. */
const plain: Picks = { show: (_, code) => code, read: (_, code) => ({ code }), options: () => [] }
const events = ['epidemic-2020', 'summer-grain-purchase', 'beihai-school-opening', 'tianjin-sme-2019'].map((id) => ({
  id,
  name: `事件 ${id}`,
}))
const picks = picksWith(events)

const folder = path.join(import.meta.dirname, '..', 'library')
const library = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.startsWith('_'))
  .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as PolicyContent)

const throughForm = (rule: Rule): { rule: Rule; problems: Problems } => {
  const problems: Problems = {}
  const posted = nodeEntries(toNode(rule, plain), 'rule')
  return { rule: fromNode(readNode(child(readTree(posted), 'rule')), 'rule', plain, problems), problems }
}

describe('规则与表单', () => {
  it('任意规则变成表单、提交、再读回，一字不差', () => {
    fc.assert(
      fc.property(arbitraryRule({ known: true }), (rule) => {
        expect(throughForm(rule)).toEqual({ rule, problems: {} })
      }),
      { numRuns: 500 },
    )
  })

  it(`政策库 ${library.length} 份政策的全部内容变成表单、提交、再读回，一字不差`, () => {
    for (const content of library)
      expect(fromForm(readContentForm(readTree(contentEntries(toForm(content, picks)))), picks), content.slug).toEqual(content)
  })

  it('比例按百分数显示，两位小数，读回不差', () => {
    const rates = [0, 1, 5, 50, 105, 1250, 5000, 9999, 10_000]
    const benefits = rates.map((rateBp) => ({ kind: 'reduce' as const, appliesTo: '校准费', detail: '减', rateBp, src: 'c1' }))
    const form = toForm({ ...library[0]!, benefits }, picks)
    expect(form.benefits.map(({ rate }) => rate)).toEqual(['0', '0.01', '0.05', '0.5', '1.05', '12.5', '50', '99.99', '100'])
    expect((fromForm(form, picks) as PolicyContent).benefits).toEqual(benefits)
  })

  it('没有填完的条件逐处指出，不会变成别的规则', () => {
    const problems: Problems = {}
    const node = {
      ...blankNode('all'),
      of: [
        blankNode(),
        { ...blankNode('range.employees') },
        { ...blankNode('range.employees'), low: '20', high: '5' },
        { ...blankNode('in.size'), any: ['giant'] },
        { ...blankNode('window.acceptedOn'), low: '2026-02-30' },
        { ...blankNode('any') },
        { ...blankNode('region.nested'), any: ['鼓楼区'] },
        { ...blankNode('holds'), any: ['电子秤'] },
      ],
    }
    fromNode(node, 'rule', picks, problems)
    expect(Object.keys(problems)).toEqual([
      'rule.0.what',
      'rule.1.low',
      'rule.2.high',
      'rule.3.any',
      'rule.4.low',
      'rule.5.what',
      'rule.6.any',
      'rule.7.low',
    ])
    expect(problems['rule.6.any']).toMatch(/可能是：.*鼓楼区.*、.*鼓楼区/)
  })

  it('“不得有下列情形”里有几项时，是一项都不得有', () => {
    const of = [blankNode('flag.hardship'), blankNode('flag.traceable')]
    expect(fromNode({ ...blankNode('not'), of }, 'rule', plain, {})).toEqual({
      op: 'not',
      of: {
        op: 'any',
        of: [
          { op: 'flag', fact: 'hardship' },
          { op: 'flag', fact: 'traceable' },
        ],
      },
    })
  })

  it('过深、过多的提交不会拖垮服务器', () => {
    const deep = readTree([
      [`rule${'.0'.repeat(60)}.what`, 'all'],
      ...Array.from({ length: 20_000 }, (_, i): [string, string] => [`clauses.${i}.text`, 'x']),
    ])
    expect(child(deep, 'rule').children.size).toBe(0)
    expect(child(deep, 'clauses').children.size).toBe(5_000)
  })
})

describe('增、删、移', () => {
  const flag = (fact: string) => blankNode(`flag.${fact}`)
  const base = {
    ...toForm(library[0]!, picks),
    rule: { ...blankNode('all'), of: [flag('hardship'), { ...blankNode('any'), of: [flag('traceable'), flag('resumedWork')] }] },
  }
  const whats = (button: string) => {
    const show = (node: ReturnType<typeof blankNode>): unknown => (node.of.length > 0 ? [node.what, ...node.of.map(show)] : node.what)
    return show(applyEdit(base, button).rule)
  }

  it('条件可以加在任意一组里', () => {
    expect(whats('add:rule')).toEqual(['all', 'flag.hardship', ['any', 'flag.traceable', 'flag.resumedWork'], ''])
    expect(whats('add:rule.1')).toEqual(['all', 'flag.hardship', ['any', 'flag.traceable', 'flag.resumedWork', '']])
    expect(whats('group:rule')).toEqual(['all', 'flag.hardship', ['any', 'flag.traceable', 'flag.resumedWork'], ['all', '']])
  })

  it('可以删除和上下移动，删到最外层就是不设条件', () => {
    expect(whats('remove:rule.1.0')).toEqual(['all', 'flag.hardship', ['any', 'flag.resumedWork']])
    expect(whats('down:rule.0')).toEqual(['all', ['any', 'flag.traceable', 'flag.resumedWork'], 'flag.hardship'])
    expect(whats('up:rule.1.1')).toEqual(['all', 'flag.hardship', ['any', 'flag.resumedWork', 'flag.traceable']])
    expect(whats('up:rule.0')).toEqual(whats('refresh'))
    expect(whats('remove:rule')).toEqual('all')
  })

  it('单个条件再加一个，就成为一组', () => {
    expect(applyEdit({ ...base, rule: flag('hardship') }, 'add:rule').rule).toMatchObject({
      what: 'all',
      of: [{ what: 'flag.hardship' }, { what: '' }],
    })
  })

  it('新条款得到没有用过的编号', () => {
    const clauses = [{ id: 'c2', article: '', text: 'a', quoted: '' }]
    expect(applyEdit({ ...base, clauses }, 'add:clauses').clauses.map(({ id }) => id)).toEqual(['c2', 'c1'])
  })
})

describe('名称与代码', () => {
  it('显示出来的地区、行业、器具名称都能读回原来的代码', () => {
    const wrong = [
      ...listRegions().map(({ code }) => ['region', code] as const),
      ['region', '000000'] as const,
      ...sections.flatMap((s) => [s, ...s.divisions]).map(({ code }) => ['industry', code] as const),
      ['industry', 'C4011'] as const,
      ...instrumentKinds.map(({ code }) => ['kind', code] as const),
    ].filter(([lookup, code]) => JSON.stringify(picks.read(lookup, picks.show(lookup, code))) !== JSON.stringify({ code }))
    expect(wrong).toEqual([])
  })

  it('有歧义的名称列出候选', () => {
    expect(picks.read('industry', '制造')).toMatchObject({ problem: expect.stringContaining('可能是') })
    expect(picks.read('kind', '没有这种器具')).toMatchObject({ problem: expect.stringContaining('没有找到器具') })
    expect(picks.read('event', '没有登记的事件')).toMatchObject({ problem: expect.stringContaining('请先在') })
  })
})
