/** A made-up policy for tests and rehearsals; every field can be replaced. */
import type { PolicyContent } from '../../commons/policies/index.ts'

export const examplePolicy = (over: Partial<PolicyContent> = {}): PolicyContent => ({
  slug: 'example-zj-half',
  title: '示例·小微企业校准费减半',
  docNumber: '示例〔2026〕1号',
  issuer: '示例·浙江省计量主管部门',
  level: 'province',
  regionCode: '330000',
  regionName: '浙江省',
  publishedOn: '2026-01-05',
  effectiveFrom: '2026-01-01',
  effectiveTo: '2026-12-31',
  topic: 'fee-relief',
  force: 'entitlement',
  confidence: 'high',
  historical: false,
  source: { url: 'https://example.invalid/1', date: '2026-01-05', kind: 'official-text', trust: 'official', readExtent: 'full', ref: null },
  notes: null,
  card: {
    oneLine: '浙江的微型企业送校准，费用减半。',
    who: '在浙江登记、从业人员少于 20 人的企业。',
    gives: '校准费减收一半，最高三千元。',
    how: '在线提交申请，由当地计量主管部门办理。',
    until: '2026-12-31',
    basis: '示例〔2026〕1号 第二条',
  },
  clauses: [
    { id: 'c1', article: '第一条', text: '本办法适用于在本省登记的企业。', quoted: true },
    { id: 'c2', article: '第二条', text: '从业人员少于二十人的企业，校准费减半收取，最高三千元。', quoted: true },
  ],
  rule: {
    op: 'all',
    of: [
      { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' },
      { op: 'range', fact: 'employees', lt: 20, src: 'c2' },
    ],
  },
  benefits: [
    {
      kind: 'reduce',
      appliesTo: '校准费',
      detail: '校准费减半，最高三千元。',
      rateBp: 5000,
      capFen: 300_000,
      rule: {
        op: 'all',
        of: [
          { op: 'in', fact: 'serviceKind', values: ['calibration'], src: 'c2' },
          { op: 'within', fact: 'instrumentKind', codes: ['pressure-gauge'], src: 'c2' },
        ],
      },
      src: 'c2',
    },
  ],
  requiresApplication: true,
  steps: ['在线提交申请', '等待受理'],
  documents: [{ name: '营业执照', once: true }],
  successor: null,
  overrides: [],
  interpretation: {
    questions: [{ q: '二十人整算不算？', a: '不算，要少于二十人。' }],
    example: '示例·甲一精密有 12 人，校准费 4000 元，实付 2000 元。',
    notFor: ['不在浙江登记的企业'],
  },
  ...over,
})
