/** An institution with its desks and prices, enterprises, and policies that take something off: the stage of the tests of this measure. */
import { insertList, publish, registerInstitution } from '../../commons/orders/index.server.ts'
import { readPriceRows } from '../../commons/orders/index.server.ts'
import type { OrderForm, OrderFormLine } from '../../commons/orders/index.ts'
import { createOrganisation, createPerson, grantMembership, recordFacts } from '../../commons/people/index.server.ts'
import { allScopes, type Organisation, type OrganisationKind } from '../../commons/people/index.ts'
import type { PolicyContent } from '../../commons/policies/index.ts'
import { saveDraft, takeStep } from '../../commons/policies/index.server.ts'
import { platform, type Actor, type Role } from '../../core/access.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { orThrow } from '../../core/test-refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { drain } from '../../platform/jobs.server.ts'
import { listeners as orders } from '../../commons/orders/index.server.ts'
import { listeners } from './listeners.server.ts'
import { signPledge } from './pledges.server.ts'

/** Monday, 2026-11-23, nine o'clock in China. */
export const monday = '2026-11-23T01:00:00.000Z'

export { orThrow }

/** Rows of a price list as an institution keeps it; the prices are made up. */
export const priceSheet = [
  ['项目编号', '项目名称', '服务', '器具种类', '规格', '单位', '单价（元）', '收费依据', '工作日', '可上门'],
  ['C1', '电子秤检定', '检定', 'scale.electronic', '', '台', '60', '示例价〔2026〕1号 附表第1项', '5', '是'],
  ['C2', '压力表检定', '检定', 'pressure-gauge', '', '块', '50', '示例价〔2026〕1号 附表第2项', '5', '是'],
  ['X1', '卡尺校准', '校准', 'caliper', '0～300 mm', '把', '120', '合同价', '10', '否'],
  ['X2', '电子秤校准', '校准', 'scale.electronic', '', '台', '88.88', '合同价', '10', '是'],
  ['', '加急', '加急', '', '', '', '50%', '合同价', '3', ''],
  ['', '上门', '上门', '', '', '', '200', '合同价', '', ''],
]

const conditions: Rule[] = [
  { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' },
  { op: 'in', fact: 'size', values: ['small', 'micro', 'individual'], src: 'c1' },
  { op: 'window', anchor: 'acceptedOn', from: '2026-01-01', to: '2026-12-31', src: 'c2' },
]

const half: PolicyContent = {
  slug: 'test-half',
  title: '示例·校准费减半办法',
  docNumber: '示例浙计〔2026〕1号',
  issuer: '示例·浙江省计量主管部门',
  level: 'province',
  regionCode: '330000',
  regionName: '浙江省',
  publishedOn: '2026-01-01',
  effectiveFrom: '2026-01-01',
  effectiveTo: '2026-12-31',
  topic: 'fee-relief',
  force: 'entitlement',
  confidence: 'high',
  historical: false,
  source: { url: null, date: null, kind: 'demo', trust: 'demo', readExtent: 'full', ref: '测试用虚构政策' },
  notes: '测试用虚构政策。',
  card: {
    oneLine: '小微企业和个体工商户送校准，费用减半',
    who: '注册在浙江的小型、微型企业和个体工商户',
    gives: '校准费减收一半',
    how: '不用申请，受理时直接核减',
    until: '2026-12-31',
    basis: '示例浙计〔2026〕1号 第二条',
  },
  clauses: [
    { id: 'c1', article: '第一条', text: '本办法适用于注册在本省的小型、微型企业和个体工商户。', quoted: true },
    { id: 'c2', article: '第二条', text: '校准费按收费标准的百分之五十收取。', quoted: true },
  ],
  rule: { op: 'all', of: conditions },
  benefits: [
    {
      kind: 'reduce',
      appliesTo: '校准费',
      detail: '减收一半',
      rateBp: 5000,
      rule: { op: 'in', fact: 'serviceKind', values: ['calibration'], src: 'c2' },
      src: 'c2',
    },
  ],
  requiresApplication: false,
  steps: ['送检时窗口按平台结果核减'],
  documents: [],
  successor: null,
  overrides: [],
  interpretation: {
    questions: [{ q: '强制检定也减半吗？', a: '强制检定本来就不收钱，不算在这项优惠里。' }],
    example: '示例·某厂送十把卡尺校准，原价一千二百元，付六百元。',
    notFor: ['中型和大型企业'],
  },
}

export const halfPolicy = (over: Partial<PolicyContent> = {}): PolicyContent => ({ ...half, ...over })

export const deferPolicy = (days: number): PolicyContent =>
  halfPolicy({
    slug: 'test-defer',
    title: '示例·检定校准费用缓收办法',
    docNumber: '示例浙计〔2026〕2号',
    card: {
      ...half.card,
      oneLine: '困难的小微企业和个体工商户，检定校准费可以缓缴',
      gives: `缓收 ${days} 天`,
      basis: '示例浙计〔2026〕2号 第二条',
    },
    clauses: [
      { id: 'c1', article: '第一条', text: '本办法适用于生产经营困难的小型、微型企业和个体工商户。', quoted: true },
      { id: 'c2', article: '第二条', text: `检定、校准费用可以缓收${days}天，缓收期间服务不停。`, quoted: true },
    ],
    rule: { op: 'all', of: [...conditions, { op: 'flag', fact: 'hardship', src: 'c1' }] },
    benefits: [{ kind: 'defer', appliesTo: '检定、校准费', detail: `缓收 ${days} 天`, deferDays: days, src: 'c2' }],
  })

export const worldOf = (database: Database) => {
  const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
  const system = (now = monday) => as(platform, now)
  const person = async (role: Role, name: string, org: Pick<Organisation, 'id' | 'name' | 'region'>): Promise<Actor> => {
    const { id } = orThrow(await createPerson(system(), { name }))
    const duty = role === 'enterprise' ? 'manager' : 'staff'
    orThrow(
      await grantMembership(system(), {
        orgId: org.id,
        personId: id,
        role,
        duty,
        scope: duty === 'manager' ? allScopes : [],
        startsOn: '2020-01-01',
        endsOn: '2036-12-31',
      }),
    )
    return { id, name, role, org_id: org.id, org_name: org.name, region: org.region }
  }
  return {
    as,
    system,
    person,
    async firm(
      name: string,
      {
        region = '330109',
        kind = 'individual',
        facts = {},
        pledge = true,
      }: { region?: string; kind?: OrganisationKind; facts?: Facts; pledge?: boolean } = {},
    ) {
      const org = orThrow(await createOrganisation(system(), { kind, name: `示例·${name}`, uscc: null, region }))
      const reported = Object.entries(facts).map(([fact, value]) => ({ fact, value }))
      if (reported.length > 0)
        orThrow(await recordFacts(system(), org.id, reported as never, { source: '企业填报', asOf: monday.slice(0, 10) }))
      const actor = await person('enterprise', `示例·${name}主管`, org)
      if (pledge) orThrow(await signPledge(as(actor)))
      return { org, actor, ctx: (now = monday) => as(actor, now) }
    },
    async institution(name: string, region = '330100') {
      const org = orThrow(await createOrganisation(system(), { kind: 'metrology-institution', name: `示例·${name}`, uscc: null, region }))
      const own = { province: org.province, id: org.id, region: org.region }
      orThrow(await registerInstitution(system(), own, { affiliation: 'city', crews: ['一组', '二组'], paymentDays: 30 }))
      const desk = async (role: Role, who: string) => person(role, `示例·${name}${who}`, org)
      const counter = await desk('counter', '窗口')
      const id = uuidv7()
      await inTx(as(counter), async (tx) => {
        await insertList(
          tx,
          own,
          { id, number: 1, title: '示例收费目录', basis: '示例价〔2026〕1号', effectiveFrom: '2026-01-01', fileId: null, fileName: null },
          readPriceRows(priceSheet.map((cells, i) => ({ row: i + 1, cells }))),
        )
        await publish(tx, own, { id, title: '示例收费目录', number: 1 })
      })
      return {
        org,
        counter,
        tester: await desk('tester', '检测员'),
        approver: await desk('approver', '批准人'),
        finance: await desk('finance', '财务'),
      }
    },
    async publish(content: PolicyContent, now = monday) {
      const org = orThrow(
        await createOrganisation(system(), { kind: 'authority', name: '示例·主管部门', uscc: null, region: content.regionCode! }),
      )
      const [author, checker] = [await person('regulator', '示例·起草', org), await person('regulator', '示例·复核', org)]
      const draft = orThrow(await saveDraft(as(author, now), { content }))
      const review = orThrow(await takeStep(as(author, now), draft.id, { step: 'submit', version: draft.version }))
      return orThrow(await takeStep(as(checker, now), review.id, { step: 'publish', version: review.version }))
    },
    hear: (now = monday) => drain(database, [...orders, ...listeners], now),
  }
}
export type World = ReturnType<typeof worldOf>

/** 强检的秤、校准的卡尺：what most tests order. */
export const scale: OrderFormLine = { name: '电子秤', kind: 'scale.electronic', use: 'trade', service: 'verification' }
export const caliper: OrderFormLine = { name: '卡尺', kind: 'caliper', use: 'other', service: 'calibration' }

export const orderOf = (institutionId: string, lines: OrderFormLine[], over: Partial<OrderForm> = {}): OrderForm => ({
  institutionId,
  mode: 'send-in',
  express: false,
  contact: '示例·老吴',
  phone: '13800000000',
  wantedOn: '2026-11-30',
  lines,
  ...over,
})
