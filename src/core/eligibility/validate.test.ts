import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusal.ts'
import { evaluate } from './evaluate.ts'
import { lintRule } from './lint.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting } from './rule.arbitrary.ts'
import { EVERYONE, NO, YES, type Rule } from './rule.ts'
import { checkRule, limits } from './validate.ts'

const reason = (value: unknown): string => {
  const checked = checkRule(value)
  return isRefusal(checked) ? checked.reason : '通过'
}
const flag: Rule = { op: 'flag', fact: 'hardship', src: 'c1' }
const nest = (depth: number): unknown => (depth === 1 ? flag : { op: 'not', of: nest(depth - 1) })

describe('规则的结构检查', () => {
  it('一切合规的规则都通过，且原样返回', () => {
    fc.assert(
      fc.property(arbitraryRule({ known: true }), (rule) => {
        expect(checkRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule)
      }),
    )
    expect(checkRule(EVERYONE)).toEqual(EVERYONE)
  })
  it.each<[string, unknown, string]>([
    ['不是对象', [], '最外层处应是一个条件'],
    ['空值', null, '最外层处应是一个条件'],
    ['不认识的类型', { op: 'eval', code: '1' }, '/op处不认识的条件类型“eval”'],
    ['原型上的名字', { op: 'constructor' }, '/op处不认识的条件类型“constructor”'],
    ['多余的字段', { ...flag, note: 'x' }, '/note处有多余的字段'],
    ['没有这项信息', { op: 'flag', fact: 'rich' }, '/fact处没有“rich”这项信息'],
    ['原型上的信息名', { op: 'known', fact: 'toString' }, '/fact处没有“toString”这项信息'],
    ['信息类型不符', { op: 'flag', fact: 'employees' }, '/fact处“从业人员”不能用于这种条件'],
    ['注册地只能用地域条件', { op: 'within', fact: 'region', codes: ['33'] }, '/fact处“注册地”不能用于这种条件'],
    ['枚举值不存在', { op: 'in', fact: 'size', values: ['small', 'tiny'] }, '/values/1处的“tiny”不对，不是“企业规模”的可选值'],
    ['集合值不存在', { op: 'has', fact: 'qualifications', any: ['cnas'], all: ['gold'] }, '/all/0处的“gold”不对'],
    ['没有写要具有哪些', { op: 'has', fact: 'qualifications' }, '没有写要具有哪些'],
    ['空列表', { op: 'in', fact: 'size', values: [] }, '/values处的列表是空的'],
    ['任一没有条件', { op: 'any', of: [] }, '/of处没有条件'],
    ['内层全部满足没有条件', { op: 'any', of: [{ op: 'all', of: [] }] }, '/of/0/of处没有条件'],
    ['项数超过条件数', { op: 'atLeast', n: 2, of: [flag] }, '/n处应是 1 到 1 的整数'],
    ['项数为零', { op: 'atLeast', n: 0, of: [flag] }, '/n处应是 1 到 1 的整数'],
    ['非整数', { op: 'range', fact: 'employees', lt: 20.5 }, '/lt处应是'],
    ['无穷大', { op: 'range', fact: 'employees', gte: Infinity }, '/gte处应是'],
    ['数字写成文字', { op: 'range', fact: 'employees', lt: '20' }, '/lt处应是'],
    ['负数', { op: 'range', fact: 'employees', gte: -1 }, '/gte处应是'],
    ['上下限都没有', { op: 'range', fact: 'employees' }, '上下限都没有写'],
    ['下限不小于上限', { op: 'range', fact: 'employees', gte: 20, lt: 20 }, '下限不小于上限'],
    ['月数下限不小于上限', { op: 'age', fact: 'registeredOn', gteMonths: 36, ltMonths: 12 }, '下限不小于上限'],
    ['日期不存在', { op: 'window', anchor: 'acceptedOn', from: '2023-02-29' }, '/from处的日期“2023-02-29”不存在'],
    ['起晚于止', { op: 'window', anchor: 'acceptedOn', from: '2024-07-01', to: '2024-06-30' }, '起始日期晚于终止日期'],
    ['起止都没有', { op: 'window', anchor: 'acceptedOn' }, '起止日期都没有写'],
    ['锚点不是日期', { op: 'window', anchor: 'employees', from: '2024-01-01' }, '/anchor处“从业人员”不能用于这种条件'],
    ['事件编号有空格', { op: 'during', anchor: 'acceptedOn', event: 'a b' }, '/event处的事件编号'],
    ['事件编号是原型上的名字', { op: 'during', anchor: 'acceptedOn', event: 'constructor' }, '/event处的事件编号'],
    ['地区代码位数不对', { op: 'region', mode: 'nested', codes: ['330'] }, '/codes/0处的“330”不对'],
    ['地域方式不认识', { op: 'region', mode: 'near', codes: ['33'] }, '/mode处不认识的地域方式“near”'],
    ['行业代码没有门类字母', { op: 'within', fact: 'industry', codes: ['4011'] }, '/codes/0处的“4011”不对'],
    ['器具种类写法不对', { op: 'holds', kinds: ['Scale..x'], min: 1 }, '/kinds/0处的“Scale..x”不对'],
    ['至少零件', { op: 'holds', kinds: ['scale'], min: 0 }, '/min处应是 1 到'],
    ['条款编号不是文字', { ...flag, src: 7 }, '/src处的条款编号'],
    [
      '内层有误时写明路径',
      { op: 'all', of: [flag, { op: 'not', of: { op: 'any', of: [flag, {}] } }] },
      '/of/1/of/of/1/op处不认识的条件类型“undefined”',
    ],
  ])('%s', (_, value, expected) => expect(reason(value)).toContain(expected))

  it('深度、条数、列表和文字都有上限', () => {
    expect(reason(nest(limits.depth))).toBe('通过')
    expect(reason(nest(limits.depth + 1))).toContain(`嵌套超过 ${limits.depth} 层`)
    expect(reason({ op: 'all', of: Array.from({ length: limits.nodes - 1 }, () => flag) })).toBe('通过')
    expect(reason({ op: 'all', of: Array.from({ length: limits.nodes }, () => flag) })).toContain(`超过 ${limits.nodes} 条`)
    expect(reason({ op: 'in', fact: 'park', values: Array.from({ length: limits.items + 1 }, (_, i) => `p${i}`) })).toContain(
      `超过 ${limits.items} 项`,
    )
    expect(reason({ op: 'in', fact: 'park', values: ['x'.repeat(limits.text + 1)] })).toContain('/values/0')
  })
  it('自我引用的对象也有结论', () => {
    const loop: Record<string, unknown> = { op: 'not' }
    loop.of = loop
    expect(reason(loop)).toContain('嵌套超过')
  })
  it('任何 JSON 要么通过要么给出一句话，不会出错', () => {
    const ops = [
      'all',
      'any',
      'not',
      'atLeast',
      'region',
      'within',
      'in',
      'range',
      'age',
      'has',
      'holds',
      'flag',
      'window',
      'during',
      'known',
    ]
    const half = fc.record(
      {
        op: fc.constantFrom(...ops),
        fact: fc.constantFrom('employees', 'size', 'region', 'hardship'),
        of: fc.jsonValue(),
        codes: fc.jsonValue(),
        values: fc.jsonValue(),
        n: fc.jsonValue(),
        lt: fc.jsonValue(),
      },
      { requiredKeys: ['op'] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), half), (value) => {
        expect(reason(value)).toMatch(/^(通过|规则有误：.+。请按提示修改后再提交。)$/s)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('规则的审读', () => {
  const range = (gte?: number, lt?: number): Rule => ({
    op: 'range',
    fact: 'employees',
    ...(gte === undefined ? {} : { gte }),
    ...(lt === undefined ? {} : { lt }),
    src: 'c1',
  })
  const contradictory = '条件互相矛盾，任何企业都不会符合'
  const constant = '条件恒成立'
  const small: Rule = { op: 'in', fact: 'size', values: ['small', 'micro'], src: 'c1' }

  it('没有问题的规则没有话说', () =>
    expect(lintRule({ op: 'all', of: [small, range(undefined, 20), { op: 'any', of: [flag, range(5)] }] })).toEqual([]))
  it('少于五或不少于五是恒成立', () =>
    expect(lintRule({ op: 'any', of: [range(undefined, 5), range(5)] })).toEqual([expect.stringContaining(constant)]))
  it('藏在其他条件之间也找得到', () => {
    expect(lintRule({ op: 'all', of: [small, { op: 'any', of: [flag, range(undefined, 5), range(5)] }] })).toEqual([
      expect.stringMatching(new RegExp(`^/of/1：${constant}`)),
    ])
  })
  it('互相排斥的范围、取值、窗口是矛盾', () => {
    expect(lintRule({ op: 'all', of: [range(undefined, 5), range(5)] })).toEqual([`/：${contradictory}`])
    expect(lintRule({ op: 'all', of: [small, { op: 'in', fact: 'size', values: ['large'], src: 'c1' }] })).toEqual([`/：${contradictory}`])
    const window = (from: string, to: string): Rule => ({ op: 'window', anchor: 'acceptedOn', from, to, src: 'c1' })
    expect(lintRule({ op: 'all', of: [window('2020-01-01', '2020-12-31'), window('2021-01-01', '2021-12-31')] })).toEqual([
      `/：${contradictory}`,
    ])
    expect(lintRule({ op: 'all', of: [window('2020-01-01', '2020-12-31'), window('2020-12-31', '2021-12-31')] })).toEqual([])
  })
  it('一个地区不会同时在两个省', () => {
    const at = (code: string): Rule => ({ op: 'region', mode: 'nested', codes: [code], src: 'c1' })
    expect(lintRule({ op: 'all', of: [at('330000'), at('340000')] })).toEqual([`/：${contradictory}`])
    expect(lintRule({ op: 'all', of: [at('330000'), at('330109')] })).toEqual([])
  })
  it('一个条件与它的否定，任一恒成立、全部则矛盾', () => {
    expect(lintRule({ op: 'any', of: [flag, { op: 'not', of: flag }] })[0]).toContain(constant)
    expect(lintRule({ op: 'all', of: [flag, { op: 'not', of: flag }] })[0]).toContain(contradictory)
  })
  it('列全了所有规模等于没有条件', () => {
    expect(
      lintRule({ op: 'in', fact: 'size', values: ['micro', 'small', 'medium', 'large', 'individual', 'unclassified'], src: 'c1' })[0],
    ).toContain(constant)
  })
  it('成立年限与固定窗口是否相容要看哪天问，不作断言', () => {
    const rule: Rule = {
      op: 'all',
      src: 'c1',
      of: [
        { op: 'age', fact: 'registeredOn', gteMonths: 60 },
        { op: 'window', anchor: 'registeredOn', from: '2023-01-01' },
      ],
    }
    expect(lintRule(rule)).toEqual([])
  })
  it('说矛盾的从不符合，说恒成立的从不落空', () => {
    const at = (rule: Rule, path: string): Rule =>
      path
        .split('/')
        .slice(1)
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], rule) as Rule
    let claims = 0
    const part = arbitraryRule({ depth: 1 })
    const not = (of: Rule): Rule => ({ op: 'not', of })
    const suspicious = fc.oneof(
      arbitraryRule({ depth: 2 }),
      fc.tuple(part, part).map(([a, b]): Rule => ({ op: 'all', of: [{ op: 'any', of: [a, b] }, not(a), not(b)] })),
      fc.tuple(part, part).map(([a, b]): Rule => ({ op: 'any', of: [{ op: 'all', of: [a, b] }, not(a), not(b)] })),
    )
    fc.assert(
      fc.property(suspicious, fc.array(fc.tuple(arbitraryFacts, arbitrarySetting), { minLength: 20, maxLength: 20 }), (rule, worlds) => {
        for (const warning of lintRule(rule)) {
          const [path = '', said = ''] = warning.split('：')
          const never = said.startsWith('条件互相矛盾') ? YES : said.startsWith(constant) ? NO : undefined
          if (never === undefined) continue
          claims++
          for (const [facts, setting] of worlds) expect(evaluate(at(rule, path === '/' ? '' : path), facts, setting)).not.toBe(never)
        }
      }),
      { numRuns: 500 },
    )
    expect(claims).toBeGreaterThan(10)
  })
  it('没有条款的条件要提醒，外层注明的不提醒', () => {
    expect(lintRule({ op: 'flag', fact: 'hardship' })).toEqual(['/：没有注明依据条款'])
    expect(lintRule({ op: 'all', src: 'c1', of: [{ op: 'flag', fact: 'hardship' }] })).toEqual([])
  })
  it('重复、包含、全国都要提醒', () => {
    expect(lintRule({ op: 'all', of: [flag, { ...flag, src: 'c2' }] })).toEqual(['/：有重复的条件'])
    expect(lintRule({ op: 'region', mode: 'listed', codes: ['330000', '330100'], src: 'c1' })).toEqual([
      '/：列表中有的地区已包含在另一个之内',
    ])
    expect(lintRule({ op: 'region', mode: 'nested', codes: ['000000'], src: 'c1' })).toEqual([
      '/：全国范围不必写地区条件，写了反而要问注册地',
    ])
    expect(lintRule({ op: 'region', mode: 'nested', codes: ['330000', '340000'], src: 'c1' })[0]).toContain('只写一个代码')
  })
})
