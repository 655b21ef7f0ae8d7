/** Fictional regional policies of the demo world: different rates, audiences and windows, one just ended, one waiting for review. */
import type { PolicyContent } from '../commons/policies/index.ts'
import { zhejiangDefer } from './defer-policy.ts'
import { calibration, clause, half, place, policy, sizes, standsSince, window } from './policy-kit.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'

export interface DemoPolicy {
  content: PolicyContent
  /** Logins of who wrote and who published it; nobody published a draft in review. */
  author: string
  publisher?: string
}

/** `today`: `YYYY-MM-DD`; the windows are laid around it. */
export function demoPolicies(today: string): DemoPolicy[] {
  const year = Number(today.slice(0, 4))
  const from = `${year}-01-01`
  const to = `${year}-12-31`
  return [
    { author: 'demo-province', publisher: 'demo-province-2', content: zhejiangEnded(addDays(today, -120), addDays(today, -1)) },
    { author: 'demo-province', publisher: 'demo-province-2', content: zhejiang(year, from, to) },
    { author: 'demo-province', publisher: 'demo-province-2', content: zhejiangDefer(year, standsSince(today), to) },
    { author: 'demo-anhui', publisher: 'demo-anhui-2', content: anhui(year, from, to) },
    { author: 'demo-hubei', publisher: 'demo-hubei-2', content: hubei(year, from, to) },
    { author: 'demo-province', content: zhejiangDraft(year, addDays(today, 30), `${year + 1}-12-31`) },
  ]
}

const zhejiang = (year: number, from: string, to: string) =>
  policy({
    slug: 'demo-zj-calibration-half',
    title: `示例·浙江省${year}年小微企业校准费用减半办法`,
    docNumber: `示例浙计〔${year}〕1号`,
    issuer: '示例·浙江省计量主管部门',
    level: 'province',
    regionCode: '330000',
    regionName: '浙江省',
    publishedOn: from,
    effectiveFrom: from,
    effectiveTo: to,
    clauses: [
      clause('c1', '第二条', '本办法适用于注册在本省的小型、微型企业和个体工商户。'),
      clause('c2', '第三条', `${year}年1月1日至12月31日受理的校准业务，校准费按收费标准的百分之五十收取。`),
      clause('c3', '第五条', '强制检定按国家规定不收费，不适用本办法。'),
    ],
    rule: { op: 'all', of: [place('330000', 'c1'), sizes(['small', 'micro', 'individual'], 'c1'), window(from, to, 'c2')] },
    benefits: [half('校准费', 'c2', calibration('c2'))],
    card: {
      oneLine: '小微企业和个体工商户送校准，费用减半',
      who: '注册在浙江的小型、微型企业和个体工商户',
      gives: '校准费按收费标准减收 50%，送检时直接核减',
      how: '不用申请，送检时窗口按平台结果核减',
      until: `${to} 前受理的校准业务`,
      basis: `示例浙计〔${year}〕1号 第二条、第三条`,
    },
    interpretation: {
      questions: [{ q: '压力表送强制检定也减半吗？', a: '不涉及。强制检定本来就不收钱，不算在这项优惠里。' }],
      example: '示例·某机械厂送 40 件卡尺校准，原价 2,400 元，实付 1,200 元，少付 1,200 元。',
      notFor: ['中型和大型企业', '次年才受理的单子'],
    },
  })

const zhejiangEnded = (from: string, to: string) => {
  const year = from.slice(0, 4)
  return policy({
    slug: 'demo-zj-calibration-pilot',
    title: '示例·浙江省小微企业校准费用优惠试点通知',
    docNumber: `示例浙计函〔${year}〕9号`,
    issuer: '示例·浙江省计量主管部门',
    level: 'province',
    regionCode: '330000',
    regionName: '浙江省',
    publishedOn: from,
    effectiveFrom: from,
    effectiveTo: to,
    successor: 'demo-zj-calibration-half',
    clauses: [
      clause('c1', '一', '试点期间，小型、微型企业送检的校准业务，费用减收百分之三十。'),
      clause('c2', '二', `试点期自${from}起，至${to}止，以受理日期为准。`),
    ],
    rule: { op: 'all', of: [place('330000', 'c1'), sizes(['small', 'micro'], 'c1'), window(from, to, 'c2')] },
    benefits: [{ kind: 'reduce', appliesTo: '校准费', detail: '减收三成', rateBp: 3000, rule: calibration('c1'), src: 'c1' }],
    card: {
      oneLine: '试点期内小微企业校准费减三成，试点已经结束',
      who: '注册在浙江的小型、微型企业',
      gives: '校准费减收 30%，试点结束后由新办法接替',
      how: '试点已截止，请看接替它的新办法',
      until: `${to} 前受理，已截止`,
      basis: `示例浙计函〔${year}〕9号 一、二`,
    },
    interpretation: {
      questions: [{ q: '昨天之后送的还能减三成吗？', a: '不能按试点办，改看接替它的办法，力度更大。' }],
      example: '示例·某阀门厂在试点内送 10 件千分尺，原价 800 元，实付 560 元。',
      notFor: ['试点结束后受理的业务'],
    },
  })
}

const anhui = (year: number, from: string, to: string) =>
  policy({
    slug: 'demo-ah-verification-relief',
    title: `示例·安徽省${year}年制造业中小企业非强制检定费用减收办法`,
    docNumber: `示例皖计〔${year}〕3号`,
    issuer: '示例·安徽省计量主管部门',
    level: 'province',
    regionCode: '340000',
    regionName: '安徽省',
    publishedOn: from,
    effectiveFrom: from,
    effectiveTo: to,
    requiresApplication: true,
    steps: ['在平台提交申请和承诺书', '五个工作日内答复', '凭结果送检，窗口核减'],
    documents: [{ name: '营业执照复印件', once: true }, { name: '承诺书' }],
    clauses: [
      clause('c1', '第三条', '本省制造业中小企业，非强制检定费用减收百分之三十。'),
      clause('c2', '第四条', '每家企业每年减收总额不超过二万元。'),
      clause('c3', '第六条', `企业应当在送检前提出申请；受理日期在${year}年内。`),
    ],
    rule: {
      op: 'all',
      of: [
        place('340000', 'c1'),
        { op: 'within', fact: 'industry', codes: ['C'], src: 'c1' },
        sizes(['small', 'micro', 'medium'], 'c1'),
        window(from, to, 'c3'),
      ],
    },
    benefits: [
      {
        kind: 'reduce',
        appliesTo: '非强制检定费',
        detail: '减收三成，每家每年最多两万元',
        rateBp: 3000,
        capFen: 2_000_000,
        capPer: 'year',
        rule: { op: 'in', fact: 'serviceKind', values: ['voluntary-verification'], src: 'c1' },
        src: 'c2',
      },
    ],
    card: {
      oneLine: '制造业中小企业非强制检定少付三成',
      who: '注册在安徽的制造业中型、小型、微型企业',
      gives: '非强制检定费减收 30%，每年最多 2 万元',
      how: '送检前在平台提交申请和承诺书',
      until: `${to} 前受理`,
      basis: `示例皖计〔${year}〕3号 第三条、第四条、第六条`,
    },
    interpretation: {
      questions: [{ q: '没提前申请，送检后能补吗？', a: '办法要求先申请再送检，补不了；下一批记得先点申请。' }],
      example: '示例·某阀门厂全年非强检费 9 万元，按三成算是 2.7 万元，封顶后少付 2 万元。',
      notFor: ['批发零售和服务业', '大型企业'],
    },
  })

const hubei = (year: number, from: string, to: string) =>
  policy({
    slug: 'demo-hb-specialised-free',
    title: `示例·湖北省${year}年专精特新企业首次校准免费办法`,
    docNumber: `示例鄂计〔${year}〕6号`,
    issuer: '示例·湖北省计量主管部门',
    level: 'province',
    regionCode: '420000',
    regionName: '湖北省',
    publishedOn: from,
    effectiveFrom: from,
    effectiveTo: to,
    requiresApplication: true,
    steps: ['在平台提交申请', '五个工作日内答复', '凭结果预约送检'],
    documents: [{ name: '专精特新认定文件', once: true }],
    clauses: [
      clause('c1', '一', '对本省专精特新中小企业，或者从业人员不足一百人的规模以上企业，年度内首次校准免收费用。'),
      clause('c2', '二', `在${year}年内受理。`),
    ],
    rule: {
      op: 'all',
      of: [
        place('420000', 'c1'),
        {
          op: 'any',
          of: [
            { op: 'has', fact: 'qualifications', any: ['specialised-sme', 'little-giant'], src: 'c1' },
            {
              op: 'all',
              of: [
                { op: 'has', fact: 'qualifications', any: ['above-scale'], src: 'c1' },
                { op: 'range', fact: 'employees', lt: 100, src: 'c1' },
              ],
            },
          ],
        },
        window(from, to, 'c2'),
      ],
    },
    benefits: [
      { kind: 'waive', appliesTo: '年度内首次校准费', detail: '首次校准全免', rateBp: 10_000, rule: calibration('c1'), src: 'c1' },
    ],
    card: {
      oneLine: '专精特新企业每年第一次校准不花钱',
      who: '湖北的专精特新企业，或不足 100 人的规上企业',
      gives: '年度内首次校准费全免',
      how: '在平台提交申请，附认定文件',
      until: `${to} 前受理`,
      basis: `示例鄂计〔${year}〕6号 一、二`,
    },
    interpretation: {
      questions: [{ q: '一年送两次，第二次也免吗？', a: '只免头一回，第二回起照常付。' }],
      example: '示例·某光电公司三月送校 12 台仪表，应付 8,600 元，全部免掉；九月再送就要付。',
      notFor: ['没有认定、人数又超过一百的企业'],
    },
  })

const zhejiangDraft = (year: number, from: string, to: string) => {
  const next = zhejiang(year, from, to)
  return {
    ...next,
    slug: 'demo-zj-calibration-next',
    title: `示例·浙江省${year + 1}年小微企业校准费用减收办法（待复核）`,
    docNumber: `示例浙计〔${year + 1}〕1号`,
    card: { ...next.card, until: `${to} 前受理的校准业务`, basis: `示例浙计〔${year + 1}〕1号 第二条、第三条` },
  }
}
