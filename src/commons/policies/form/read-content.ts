/** A form of the editor becomes the content of a version, or every field that is wrong. */
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { parseYuan } from '../../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import {
  benefitKinds,
  capPeriods,
  confidences,
  forces,
  levels,
  topics,
  type Benefit,
  type CapPer,
  type Clause,
  type PolicyContent,
} from '../model.ts'
import { onceMark, type BenefitForm, type ClauseForm, type ContentForm, type LineField } from './content-form.ts'
import type { Picks } from './picks.ts'
import { fromNode, type Problems } from './rule-form.ts'

const lines = (area: string): string[] =>
  area
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
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
    documents: lines(form.documents).map((line) =>
      line.endsWith(onceMark) ? { name: line.slice(0, -onceMark.length), once: true } : { name: line },
    ),
    successor: orNull(form.successor),
    overrides: lines(form.overrides),
    ...(form.combinesWith.trim() && { combinesWith: lines(form.combinesWith) }),
    interpretation: {
      questions: form.questions.filter(({ q, a }) => q || a).map(({ q, a }) => ({ q, a })),
      example: form.example,
      notFor: lines(form.notFor),
    },
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

function choice<K extends string>(
  words: Readonly<Record<K, string>>,
  form: ContentForm,
  field: LineField,
  otherwise: K,
  problems: Problems,
): K {
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
    capPer: capPer(form.capPer, `${path}.capPer`, problems),
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

function capPer(typed: string, field: string, problems: Problems): CapPer | undefined {
  if (typed === '') return undefined
  if (!Object.hasOwn(capPeriods, typed)) problems[field] = '请从所列选项中选择'
  return typed as CapPer
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
