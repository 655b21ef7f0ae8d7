import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { explain } from './explain.ts'
import { facts as catalogue, type FactId, type Facts, type Setting } from './facts.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting } from './rule.arbitrary.ts'
import { EVERYONE, type Leaf, type Rule } from './rule.ts'
import { sayBlocker, sayFlip, sayLeaf, sayPassed, sayQuestion, sayRule, sayTrace, sayValue, type Names } from './sentence.ts'
import { listLeaves } from './trace.ts'

const book: Record<string, string> = {
  '330000': '浙江省',
  '330100': '杭州市',
  '340100': '合肥市',
  C40: '仪器仪表制造业',
  C39: '计算机、通信和其他电子设备制造业',
  scale: '衡器',
  'pressure-gauge': '压力表',
  tianqu: '天衢新区',
  epidemic: '疫情防控',
  first: '首批成员名单',
  delta: '长三角',
  c2: '第二条',
}
const name = (code: string): string => book[code] ?? code
const names: Names = {
  region: name,
  industry: name,
  kind: name,
  park: name,
  event: name,
  listing: name,
  alliance: name,
  article: (src) => book[src],
}
const setting: Setting = { asOf: '2024-06-15', events: { epidemic: { from: '2020-01-23', to: '2023-01-07' } } }
const blockers = (rule: Rule, facts: Facts) => explain(rule, facts, setting).blockers.map((each) => sayBlocker(each, names))

describe('规则的说法', () => {
  it('一组条件用分号相连', () => {
    const rule: Rule = {
      op: 'all',
      of: [
        { op: 'region', mode: 'nested', codes: ['330000'] },
        { op: 'in', fact: 'size', values: ['small', 'micro'] },
        { op: 'range', fact: 'employees', lt: 20 },
        { op: 'during', anchor: 'acceptedOn', event: 'epidemic' },
      ],
    }
    expect(sayRule(rule, names)).toBe('注册地在浙江省；企业规模为小型或微型；从业人员少于 20 人；在疫情防控期间受理')
  })
  it('嵌套的条件说清是全部还是任一，只有一项时不套括号', () => {
    const a: Leaf = { op: 'flag', fact: 'hardship' }
    const b: Leaf = { op: 'has', fact: 'qualifications', any: ['high-tech'] }
    const c: Leaf = { op: 'region', mode: 'alliance', codes: ['delta'] }
    expect(sayRule({ op: 'all', of: [c, { op: 'any', of: [a, { op: 'all', of: [b, c] }] }] }, names)).toBe(
      '注册地在长三角；任一（暂时出现生产经营困难；全部满足（资质中有高新技术企业；注册地在长三角））',
    )
    expect(sayRule({ op: 'atLeast', n: 2, of: [a, b, c] }, names)).toBe(
      '至少满足 2 项（暂时出现生产经营困难；资质中有高新技术企业；注册地在长三角）',
    )
    expect(sayRule({ op: 'any', of: [{ op: 'all', of: [a] }] }, names)).toBe('暂时出现生产经营困难')
    expect(sayRule(EVERYONE, names)).toBe('不设条件')
  })
  it('否定落到每一条上，不放在括号前', () => {
    const a: Leaf = { op: 'range', fact: 'revenue', gte: 2000, lt: 40000 }
    const b: Leaf = { op: 'has', fact: 'activities', any: ['coal-power', 'data-centre'] }
    const c: Leaf = { op: 'flag', fact: 'keyEnergyUser' }
    expect(sayRule({ op: 'not', of: { op: 'any', of: [a, b] } }, names)).toBe(
      '全部满足（营业收入少于 2,000 万元，或不少于 40,000 万元；不从事煤电或数据中心）',
    )
    expect(sayRule({ op: 'not', of: { op: 'all', of: [b, c] } }, names)).toBe('任一（不从事煤电或数据中心；不是重点用能单位）')
    expect(sayRule({ op: 'not', of: { op: 'atLeast', n: 2, of: [a, b, c] } }, names)).toContain('至少满足 2 项（营业收入少于')
    expect(sayRule({ op: 'not', of: { op: 'not', of: c } }, names)).toBe('为重点用能单位')
  })
  it.each<[Leaf, string, string]>([
    [{ op: 'region', mode: 'listed', codes: ['330100', '340100'] }, '注册地在杭州市或合肥市', '注册地不在杭州市或合肥市'],
    [{ op: 'region', mode: 'nested', codes: ['000000'] }, '注册地在全国', '注册地不在全国'],
    [{ op: 'region', mode: 'park', codes: ['tianqu'] }, '在天衢新区', '不在天衢新区'],
    [{ op: 'within', fact: 'industry', codes: ['C40'] }, '行业属于仪器仪表制造业', '行业不属于仪器仪表制造业'],
    [{ op: 'within', fact: 'instrumentKind', codes: ['scale'] }, '器具种类属于衡器', '器具种类不属于衡器'],
    [{ op: 'in', fact: 'subjectKind', values: ['individual'] }, '主体类型为个体工商户', '主体类型不是个体工商户'],
    [{ op: 'range', fact: 'employees', gte: 20 }, '从业人员不少于 20 人', '从业人员少于 20 人'],
    [
      { op: 'age', fact: 'registeredOn', gteMonths: 6, ltMonths: 36 },
      '自成立日期起满 6 个月、不满 3 年',
      '自成立日期起不满 6 个月或满 3 年',
    ],
    [
      { op: 'has', fact: 'qualifications', all: ['cnas', 'cma'] },
      '资质中同时有CNAS 认可实验室和检验检测机构资质认定',
      '资质中未同时有CNAS 认可实验室和检验检测机构资质认定',
    ],
    [{ op: 'has', fact: 'listings', any: ['first'] }, '列入首批成员名单', '未列入首批成员名单'],
    [{ op: 'holds', kinds: ['scale', 'pressure-gauge'], min: 5 }, '台账中衡器或压力表合计不少于 5 件', '台账中衡器或压力表合计少于 5 件'],
    [
      { op: 'window', anchor: 'acceptedOn', from: '2024-01-01', to: '2024-06-30' },
      '在 2024-01-01 至 2024-06-30 受理',
      '不在 2024-01-01 至 2024-06-30 受理',
    ],
    [
      { op: 'window', anchor: 'certificateOn', to: '2024-06-30' },
      '在 2024-06-30（含）之前（以证书日期计）',
      '不在 2024-06-30（含）之前（以证书日期计）',
    ],
    [{ op: 'known', fact: 'employees' }, '已填报从业人员', '未填报从业人员'],
  ])('%j', (leaf, said, negated) => {
    expect(sayLeaf(leaf, names)).toBe(said)
    expect(sayLeaf(leaf, names, true)).toBe(negated)
  })
})

describe('一个值的说法', () => {
  it.each([
    ['activities', ['market-stall', 'optician'], '集贸市场固定摊位经营、眼镜零售验配'],
    ['activities', [], '无'],
    ['hardship', true, '是'],
    ['hardship', false, '否'],
    ['employees', 1200, ' 1,200 人'],
    ['region', '330100', '杭州市'],
    ['region', { oneOf: ['330100', '340100'] }, '杭州市或合肥市'],
  ] as const)('%s %j', (fact, value, said) => expect(sayValue(fact, value, names)).toBe(said))
})

describe('卡在哪里的说法', () => {
  it('写明现状、要求与条款', () => {
    expect(blockers({ op: 'range', fact: 'employees', lt: 20, src: 'c2' }, { employees: 35 })).toEqual([
      '暂不符合：从业人员为 35 人，需少于 20 人（第二条）；如信息有误或有变化，更新后会重新判断',
    ])
  })
  it('与注册地有关的，只说无法改变', () => {
    expect(blockers({ op: 'region', mode: 'nested', codes: ['330000'] }, { region: '340100' })).toEqual([
      '暂不符合：注册地在合肥市，需在浙江省；这一条与注册地有关，无法改变',
    ])
  })
  it('还没到的写何时起，过了的写何时止', () => {
    const window: Rule = { op: 'window', anchor: 'acceptedOn', from: '2024-07-01', to: '2024-12-31' }
    expect(blockers(window, {})).toEqual([
      '暂不符合：按 2024-06-15 受理计，需在 2024-07-01 至 2024-12-31 受理；2024-07-01 起受理的即符合这一条',
    ])
    expect(blockers(window, { acceptedOn: '2025-01-02' })).toEqual([
      '暂不符合：受理日期为 2025-01-02，需在 2024-07-01 至 2024-12-31 受理；办理期已于 2024-12-31 结束',
    ])
    expect(blockers({ op: 'during', anchor: 'acceptedOn', event: 'epidemic' }, {})).toEqual([
      '暂不符合：按 2024-06-15 受理计，需在疫情防控期间受理；办理期已于 2023-01-07 结束',
    ])
    expect(blockers({ op: 'age', fact: 'registeredOn', gteMonths: 12 }, { registeredOn: '2024-02-29' })).toEqual([
      '暂不符合：成立日期为 2024-02-29，需自成立日期起满 1 年；2025-02-28 起符合这一条',
    ])
  })
  it('没有器具、没有资质是事实，不是缺信息', () => {
    expect(blockers({ op: 'holds', kinds: ['scale'], min: 1 }, { instruments: {} })).toEqual([
      '暂不符合：台账中衡器有 0 件，需不少于 1 件；如信息有误或有变化，更新后会重新判断',
    ])
    expect(blockers({ op: 'has', fact: 'qualifications', any: ['cnas'] }, { qualifications: [] })[0]).toContain('资质为“无”')
  })
  it('差一步分清要改、要补、要等运营录入', () => {
    const flips = (rule: Rule, facts: Facts) => explain(rule, facts, setting).flips.map((each) => sayFlip(each, names))
    const rule: Rule = {
      op: 'all',
      of: [
        { op: 'range', fact: 'employees', lt: 20 },
        { op: 'in', fact: 'size', values: ['micro'] },
        { op: 'during', anchor: 'acceptedOn', event: '抗旱' },
      ],
    }
    expect(flips(rule, { employees: 35, acceptedOn: '2024-06-01' })).toEqual([
      '差一步：从业人员为 35 人，若少于 20 人，即符合这一条',
      '待补充：企业规模尚未填报，若为微型，即符合这一条',
      '待确认：受理日期为 2024-06-01，是否在抗旱期间受理，须由运营单位录入后判断',
    ])
  })
  it('不对企业说需要出现困难', () => {
    expect(blockers({ op: 'flag', fact: 'hardship' }, { hardship: false })[0]).toContain(
      '未出现生产经营困难，这一条适用于暂时出现生产经营困难的情形',
    )
  })
  it('已符合的也写明现状', () => {
    const [first] = explain({ op: 'in', fact: 'size', values: ['small', 'micro'] }, { size: { oneOf: ['small', 'micro'] } }, setting).passed
    expect(sayPassed(first!, names)).toBe('已符合：企业规模为小型或微型')
  })
})

describe('语气', () => {
  const rough = /不合格|拒绝|违法|违规|失信|无资格|undefined|NaN|\[object|null/
  it('任何规则的任何一句都不生硬，也不露出程序的痕迹', () => {
    fc.assert(
      fc.property(arbitraryRule({ known: true }), arbitraryFacts, arbitrarySetting, (rule, facts, at) => {
        const { trace, blockers: found, flips } = explain(rule, facts, at)
        const said = [
          sayRule(rule, names),
          ...listLeaves(trace).map((leaf) => sayTrace(leaf, names)),
          ...found.map((leaf) => sayBlocker(leaf, names)),
          ...flips.map((leaf) => sayFlip(leaf, names)),
        ]
        for (const sentence of said) {
          expect(sentence).not.toMatch(rough)
          expect(sentence.length).toBeGreaterThan(2)
        }
      }),
      { numRuns: 500 },
    )
  })
  it('每项信息都有问法', () => {
    for (const fact of Object.keys(catalogue) as FactId[]) expect(sayQuestion(fact)).toMatch(/？$/)
  })
})
