/** What the demo's policies are made of. */
import type { Benefit, Clause, PolicyContent } from '../commons/policies/index.ts'
import type { Rule } from '../core/eligibility/rule.ts'

const source = { url: null, date: null, kind: 'demo', trust: 'demo', readExtent: 'full', ref: '演示用虚构政策' }
export const clause = (id: string, article: string, text: string): Clause => ({ id, article, text, quoted: true })
export const calibration = (src: string): Rule => ({ op: 'in', fact: 'serviceKind', values: ['calibration'], src })

type Given = Pick<
  PolicyContent,
  | 'slug'
  | 'title'
  | 'docNumber'
  | 'issuer'
  | 'level'
  | 'regionCode'
  | 'regionName'
  | 'clauses'
  | 'rule'
  | 'benefits'
  | 'card'
  | 'interpretation'
> &
  Partial<PolicyContent>

export const policy = (given: Given): PolicyContent => ({
  publishedOn: null,
  effectiveFrom: null,
  effectiveTo: null,
  topic: 'fee-relief',
  force: 'entitlement',
  confidence: 'high',
  historical: false,
  source,
  notes: '演示用虚构政策，不是任何机关发布的文件。',
  requiresApplication: false,
  steps: ['在平台确认企业信息', '送检时由窗口按条件直接核减'],
  documents: [],
  successor: null,
  overrides: [],
  ...given,
})

export const half = (appliesTo: string, src: string, rule: Rule): Benefit => ({
  kind: 'reduce',
  appliesTo,
  detail: '按收费标准的一半收取',
  rateBp: 5000,
  rule,
  src,
})

export const window = (from: string, to: string, src: string): Rule => ({ op: 'window', anchor: 'acceptedOn', from, to, src })
export const place = (code: string, src: string): Rule => ({ op: 'region', mode: 'nested', codes: [code], src })
export const sizes = (values: string[], src: string): Rule => ({ op: 'in', fact: 'size', values, src })

/** What a story told in the past needs: prices and the rule of deferral have stood since the first of January of last year. */
export const standsSince = (today: string): string => `${Number(today.slice(0, 4)) - 1}-01-01`
