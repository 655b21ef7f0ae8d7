/** What a version says as a form and back. Texts as people type them; `content → form → content` gives the same content. */
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { fen, parseYuan, plainYuan } from '../../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import {
  benefitKinds, cardFields, confidences, forces, levels, topics,
  type Benefit, type Card, type Clause, type PolicyContent,
} from '../model.ts'
import type { Picks } from './picks.ts'
import { fromNode, nodeEntries, readNode, toNode, type NodeForm, type Problems } from './rule-form.ts'
import { child, has, parts, text, type Tree } from './tree.ts'

/** Fields of one line, all as text; boxes are `on` or ``. */
const lineFields = [
  'slug', 'title', 'docNumber', 'issuer', 'level', 'region', 'regionName', 'publishedOn', 'effectiveFrom', 'effectiveTo', 'topic', 'force',
  'confidence', 'historical', 'sourceUrl', 'sourceDate', 'sourceKind', 'sourceTrust', 'sourceRead', 'sourceRef', 'notes',
  'requiresApplication', 'successor', 'overrides', 'steps', 'documents', 'example', 'notFor',
] as const
type LineField = (typeof lineFields)[number]

const benefitFields = ['kind', 'appliesTo', 'detail', 'rate', 'cap', 'promisedDays', 'statutoryDays', 'deferDays', 'extendMonths', 'src'] as const
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
const record = <K extends string>(keys: readonly K[], value: (key: K) => string): Record<K, string> => Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, string>

export const readContentForm = (tree: Tree): ContentForm => ({
  ...record(lineFields, (key) => text(tree, key)),
  card: record(cardKeys, (key) => text(child(tree, 'card'), key)),
  clauses: parts(tree, 'clauses').map((part) => record(['id', 'article', 'text', 'quoted'], (key) => text(part, key))),
  rule: readNode(child(tree, 'rule')),
  benefits: parts(tree, 'benefits').map((part) => ({ ...record(benefitFields, (key) => text(part, key)), rule: has(part, 'rule') ? readNode(child(part, 'rule')) : undefined })),
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
  ...form.questions.flatMap(({ q, a }, i): [string, string][] => [[`questions.${i}.q`, q], [`questions.${i}.a`, a]]),
]

// —— content → form

const onceMark = '（首次提交后免交）'
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
  promisedDays: amount(benefit.promisedDays),
  statutoryDays: amount(benefit.statutoryDays),
  deferDays: amount(benefit.deferDays),
  extendMonths: amount(benefit.extendMonths),
  src: benefit.src,
  rule: benefit.rule && toNode(benefit.rule, picks),
})

// —— form → content

const lines = (area: string): string[] => area.split('\n').map((line) => line.trim()).filter((line) => line !== '')
const orNull = (typed: string): string | null => (typed === '' ? null : typed)

/** The content, or every field that is wrong. Fields left empty are allowed: a draft may be incomplete. */
export function fromForm(form: ContentForm, picks: Picks): PolicyContent | Refusal {
  const problems: Problems = {}
  const region = place(form.region, picks, problems)
  const content: PolicyContent = {
    slug: form.slug,
    title: form.title,
    docNumber: orNull(form.docNumber),
    issuer: form.issuer,
    level: choice(levels, form, 'level', 'unknown', problems),
    regionCode: region,
    regionName: form.regionName || (region === null ? '' : fullRegionName(region)),
    publishedOn: day(form, 'publishedOn', problems),
    effectiveFrom: day(form, 'effectiveFrom', problems),
    effectiveTo: day(form, 'effectiveTo', problems),
    topic: choice(topics, form, 'topic', 'fee-relief', problems),
    force: choice(forces, form, 'force', 'encouraged', problems),
    confidence: choice(confidences, form, 'confidence', 'high', problems),
    historical: form.historical === 'on',
    source: {
      url: address(form.sourceUrl, problems),
      date: day(form, 'sourceDate', problems),
      kind: form.sourceKind || 'official-text',
      trust: orNull(form.sourceTrust),
      readExtent: orNull(form.sourceRead),
      ref: orNull(form.sourceRef),
    },
    notes: orNull(form.notes),
    card: form.card,
    clauses: clauses(form.clauses, problems),
    rule: fromNode(form.rule, 'rule', picks, problems),
    benefits: form.benefits.map((each, i) => benefit(each, `benefits.${i}`, picks, problems)),
    requiresApplication: form.requiresApplication === 'on',
    steps: lines(form.steps),
    documents: lines(form.documents).map((line) => (line.endsWith(onceMark) ? { name: line.slice(0, -onceMark.length), once: true } : { name: line })),
    successor: orNull(form.successor),
    overrides: lines(form.overrides),
    interpretation: { questions: form.questions.filter(({ q, a }) => q || a).map(({ q, a }) => ({ q, a })), example: form.example, notFor: lines(form.notFor) },
  }
  const count = Object.keys(problems).length
  return count === 0 ? content : refuse('invalid', `有 ${count} 处需要更正，更正后再保存`, { fields: problems })
}

function place(typed: string, picks: Picks, problems: Problems): string | null {
  if (typed === '') return null
  const read = picks.read('region', typed)
  if ('code' in read) return read.code
  problems.region = read.problem
  return null
}

function choice<K extends string>(words: Readonly<Record<K, string>>, form: ContentForm, field: LineField, otherwise: K, problems: Problems): K {
  const typed = form[field]
  if (typed === '') return otherwise
  if (!Object.hasOwn(words, typed)) problems[field] = '请从所列选项中选择'
  return typed as K
}

function day(form: ContentForm, field: LineField, problems: Problems): string | null {
  const typed = form[field]
  if (typed !== '' && !isIsoDate(typed)) problems[field] = '请填写日期，如 2026-06-30'
  return orNull(typed)
}

function address(typed: string, problems: Problems): string | null {
  // Shown as a link: nothing but a page on the web.
  if (typed !== '' && !/^https?:\/\/\S+$/.test(typed)) problems.sourceUrl = '请填写以 http:// 或 https:// 开头的网址'
  return orNull(typed)
}

/** New clauses get the next free id; conditions point at it, so it never changes afterwards. */
function clauses(forms: readonly ClauseForm[], problems: Problems): Clause[] {
  const seen = new Set<string>()
  return withIds(forms).map(({ id, article, text, quoted }, i) => {
    if (!/^[\w-]{1,32}$/.test(id) || seen.has(id)) problems[`clauses.${i}.id`] = '条款编号重复或不合格'
    seen.add(id)
    return { id, article: orNull(article), text, quoted: quoted === 'on' }
  })
}

export const withIds = (forms: readonly ClauseForm[]): ClauseForm[] => {
  const taken = new Set(forms.map(({ id }) => id))
  let next = 1
  return forms.map((form) => {
    if (form.id !== '') return form
    while (taken.has(`c${next}`)) next++
    taken.add(`c${next}`)
    return { ...form, id: `c${next}` }
  })
}

function benefit(form: BenefitForm, path: string, picks: Picks, problems: Problems): Benefit {
  if (!Object.hasOwn(benefitKinds, form.kind)) problems[`${path}.kind`] = '请选择给什么'
  const whole = (field: 'promisedDays' | 'statutoryDays' | 'deferDays' | 'extendMonths'): number | undefined => {
    if (form[field] === '') return undefined
    if (!/^\d{1,4}$/.test(form[field])) problems[`${path}.${field}`] = '请填写整数'
    return Number(form[field])
  }
  const optional = {
    rateBp: rate(form.rate, `${path}.rate`, problems),
    capFen: cap(form.cap, `${path}.cap`, problems),
    promisedDays: whole('promisedDays'),
    statutoryDays: whole('statutoryDays'),
    deferDays: whole('deferDays'),
    extendMonths: whole('extendMonths'),
    rule: form.rule && fromNode(form.rule, `${path}.rule`, picks, problems),
  }
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  return { kind: form.kind as Benefit['kind'], appliesTo: form.appliesTo, detail: form.detail, ...given, src: form.src }
}

function rate(typed: string, field: string, problems: Problems): number | undefined {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?%?$/.exec(typed.normalize('NFKC')) ?? []
  if (typed === '') return undefined
  const value = Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
  if (whole === undefined || value > 10_000) problems[field] = '请填写 0 至 100 的百分数，最多两位小数'
  return value
}

function cap(typed: string, field: string, problems: Problems): number | undefined {
  if (typed === '') return undefined
  const read = parseYuan(typed)
  if (isRefusal(read) || read < 0n || read > BigInt(Number.MAX_SAFE_INTEGER)) {
    problems[field] = isRefusal(read) ? read.reason : '请填写不小于 0 的金额'
    return undefined
  }
  return Number(read)
}
