/** What a version says as a form and back. Texts as people type them; `content → form → content` gives the same content. */
import { fen, plainYuan } from '../../../core/money.ts'
import { cardFields, type Benefit, type Card, type PolicyContent } from '../model.ts'
import type { Picks } from './picks.ts'
import { nodeEntries, readNode, toNode, type NodeForm } from './rule-form.ts'
import { child, has, parts, text, type Tree } from './tree.ts'

/** Fields of one line, all as text; boxes are `on` or ``. */
const lineFields = [
  'slug',
  'title',
  'docNumber',
  'issuer',
  'level',
  'region',
  'regionName',
  'publishedOn',
  'effectiveFrom',
  'effectiveTo',
  'topic',
  'force',
  'confidence',
  'historical',
  'sourceUrl',
  'sourceDate',
  'sourceKind',
  'sourceTrust',
  'sourceRead',
  'sourceRef',
  'notes',
  'requiresApplication',
  'successor',
  'overrides',
  'combinesWith',
  'steps',
  'documents',
  'example',
  'notFor',
] as const
export type LineField = (typeof lineFields)[number]

const benefitFields = [
  'kind',
  'appliesTo',
  'detail',
  'rate',
  'cap',
  'capPer',
  'promisedDays',
  'statutoryDays',
  'deferDays',
  'extendMonths',
  'src',
] as const
export type BenefitForm = Record<(typeof benefitFields)[number], string> & { rule: NodeForm | undefined }
export interface ClauseForm {
  id: string
  article: string
  text: string
  quoted: string
}
export interface QuestionForm {
  q: string
  a: string
}
export type ContentForm = Record<LineField, string> & {
  card: Record<keyof Card, string>
  clauses: ClauseForm[]
  rule: NodeForm
  benefits: BenefitForm[]
  questions: QuestionForm[]
}

const cardKeys = Object.keys(cardFields) as (keyof Card)[]
const record = <K extends string>(keys: readonly K[], value: (key: K) => string): Record<K, string> =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, string>

export const readContentForm = (tree: Tree): ContentForm => ({
  ...record(lineFields, (key) => text(tree, key)),
  card: record(cardKeys, (key) => text(child(tree, 'card'), key)),
  clauses: parts(tree, 'clauses').map((part) => record(['id', 'article', 'text', 'quoted'], (key) => text(part, key))),
  rule: readNode(child(tree, 'rule')),
  benefits: parts(tree, 'benefits').map((part) => ({
    ...record(benefitFields, (key) => text(part, key)),
    rule: has(part, 'rule') ? readNode(child(part, 'rule')) : undefined,
  })),
  questions: parts(tree, 'questions').map((part) => record(['q', 'a'], (key) => text(part, key))),
})

/** The names and values that a browser would post. */
export const contentEntries = (form: ContentForm): [string, string][] => [
  ...lineFields.map((key): [string, string] => [key, form[key]]),
  ...cardKeys.map((key): [string, string] => [`card.${key}`, form.card[key]]),
  ...form.clauses.flatMap((clause, i) => Object.entries(clause).map(([key, value]): [string, string] => [`clauses.${i}.${key}`, value])),
  ...nodeEntries(form.rule, 'rule'),
  ...form.benefits.flatMap((benefit, i) => [
    ...benefitFields.map((key): [string, string] => [`benefits.${i}.${key}`, benefit[key]]),
    ...(benefit.rule ? nodeEntries(benefit.rule, `benefits.${i}.rule`) : []),
  ]),
  ...form.questions.flatMap(({ q, a }, i): [string, string][] => [
    [`questions.${i}.q`, q],
    [`questions.${i}.a`, a],
  ]),
]

// —— content → form

export const onceMark = '（首次提交后免交）'
const amount = (value: number | undefined): string => (value === undefined ? '' : String(value))
/** Ten-thousandths as per cent, without floating point: 5000 → 50, 1250 → 12.5. */
const percent = (rateBp: number): string => `${Math.floor(rateBp / 100)}.${String(rateBp % 100).padStart(2, '0')}`.replace(/\.?0+$/, '')

export const toForm = (content: PolicyContent, picks: Picks): ContentForm => ({
  slug: content.slug,
  title: content.title,
  docNumber: content.docNumber ?? '',
  issuer: content.issuer,
  level: content.level,
  region: content.regionCode === null ? '' : picks.show('region', content.regionCode),
  regionName: content.regionName,
  publishedOn: content.publishedOn ?? '',
  effectiveFrom: content.effectiveFrom ?? '',
  effectiveTo: content.effectiveTo ?? '',
  topic: content.topic,
  force: content.force,
  confidence: content.confidence,
  historical: content.historical ? 'on' : '',
  sourceUrl: content.source.url ?? '',
  sourceDate: content.source.date ?? '',
  sourceKind: content.source.kind,
  sourceTrust: content.source.trust ?? '',
  sourceRead: content.source.readExtent ?? '',
  sourceRef: content.source.ref ?? '',
  notes: content.notes ?? '',
  requiresApplication: content.requiresApplication ? 'on' : '',
  successor: content.successor ?? '',
  overrides: content.overrides.join('\n'),
  combinesWith: (content.combinesWith ?? []).join('\n'),
  steps: content.steps.join('\n'),
  documents: content.documents.map(({ name, once }) => name + (once ? onceMark : '')).join('\n'),
  example: content.interpretation.example,
  notFor: content.interpretation.notFor.join('\n'),
  card: record(cardKeys, (key) => content.card[key]),
  clauses: content.clauses.map(({ id, article, text, quoted }) => ({ id, article: article ?? '', text, quoted: quoted ? 'on' : '' })),
  rule: toNode(content.rule, picks),
  benefits: content.benefits.map((benefit) => benefitForm(benefit, picks)),
  questions: content.interpretation.questions.map(({ q, a }) => ({ q, a })),
})

const benefitForm = (benefit: Benefit, picks: Picks): BenefitForm => ({
  kind: benefit.kind,
  appliesTo: benefit.appliesTo,
  detail: benefit.detail,
  rate: benefit.rateBp === undefined ? '' : percent(benefit.rateBp),
  cap: benefit.capFen === undefined ? '' : plainYuan(fen(benefit.capFen)),
  capPer: benefit.capPer ?? '',
  promisedDays: amount(benefit.promisedDays),
  statutoryDays: amount(benefit.statutoryDays),
  deferDays: amount(benefit.deferDays),
  extendMonths: amount(benefit.extendMonths),
  src: benefit.src,
  rule: benefit.rule && toNode(benefit.rule, picks),
})
