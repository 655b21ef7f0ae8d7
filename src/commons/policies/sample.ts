/** A complete, made-up policy for tests: change what the test is about. */
import type { PolicyContent } from './model.ts'

export const samplePolicy = (change: Partial<PolicyContent> = {}): PolicyContent => ({
  slug: 'sample-fee',
  title: '示例·小微企业校准费减半办法',
  docNumber: '示例计〔2026〕1号',
  issuer: '示例·浙江省计量主管部门',
  level: 'province',
  regionCode: '330000',
  regionName: '浙江省',
  publishedOn: '2026-01-05',
  effectiveFrom: '2026-01-01',
  effectiveTo: '2027-12-31',
  topic: 'fee-relief',
  force: 'entitlement',
  confidence: 'high',
  historical: false,
  source: { url: 'https://example.org/1', date: '2026-01-05', kind: 'official-text', trust: 'official', readExtent: 'full', ref: null },
  notes: null,
  card: {
    oneLine: '小微企业校准费减半',
    who: '浙江的小型、微型企业',
    gives: '校准费减收一半',
    how: '送检时自动减收',
    until: '2027年底',
    basis: '示例计〔2026〕1号 第二条',
  },
  clauses: [
    { id: 'c1', article: '第一条', text: '本办法适用于本省登记的小型微型企业。', quoted: true },
    { id: 'c2', article: '第二条', text: '校准费按标准减收百分之五十，每年不超过二千元。', quoted: true },
  ],
  rule: {
    op: 'all',
    of: [
      { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' },
      { op: 'in', fact: 'size', values: ['small', 'micro'], src: 'c1' },
    ],
  },
  benefits: [
    {
      kind: 'reduce',
      appliesTo: '校准费',
      detail: '减半',
      rateBp: 5000,
      capFen: 200_000,
      rule: { op: 'in', fact: 'serviceKind', values: ['calibration'], src: 'c2' },
      src: 'c2',
    },
  ],
  requiresApplication: false,
  steps: ['送检', '付款时自动减收'],
  documents: [],
  successor: null,
  overrides: [],
  interpretation: {
    questions: [{ q: '要交材料吗？', a: '不用，平台按台账里登记过的人数和收入来认定。' }],
    example: '示例·禾木五金送三件卡尺，原价六百，实付三百。',
    notFor: ['外省企业'],
  },
  ...change,
})
