/** What a version still lacks before it may be published: each gap with the part of the editor where it is mended. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { checkRule } from '../../core/eligibility/validate.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { isRefusal } from '../../core/refusal.ts'
import { cardFields, type Card, type PolicyContent } from './model.ts'
import type { Section } from './sections.ts'
import { copiedPassages } from './originality.ts'

export interface Gap {
  section: Section
  /** Field of the editor's form: `card.who`, `benefits.0.src`. */
  field: string
  sentence: string
}

/** Empty: ready to be published. */
export const gapsOf = (content: PolicyContent): Gap[] => [
  ...basics(content),
  ...clauses(content),
  ...ruleGaps(content.rule, 'rule', '适用条件', content),
  ...benefits(content),
  ...card(content),
  ...interpretation(content),
]

const gap = (section: Section, field: string, sentence: string): Gap => ({ section, field, sentence })
const blank = (text: string | null | undefined): boolean => !text?.trim()

function basics({ title, issuer, effectiveFrom, effectiveTo }: PolicyContent): Gap[] {
  return [
    ...(blank(title) ? [gap('basics', 'title', '没有写标题')] : []),
    ...(blank(issuer) ? [gap('basics', 'issuer', '没有写发文机关')] : []),
    ...(effectiveFrom && effectiveTo && effectiveFrom > effectiveTo ? [gap('basics', 'effectiveTo', '截止日期早于开始日期')] : []),
    ...([effectiveFrom, effectiveTo].some((day) => day !== null && !isIsoDate(day))
      ? [gap('basics', 'effectiveFrom', '起止日期不是有效日期')]
      : []),
  ]
}

function clauses({ clauses }: PolicyContent): Gap[] {
  if (clauses.length === 0) return [gap('clauses', 'clauses', '没有录入任何条款')]
  return clauses.flatMap(({ text }, i) => (blank(text) ? [gap('clauses', `clauses.${i}.text`, `第 ${i + 1} 个条款没有内容`)] : []))
}

/** Where a condition stands in the rule, for people: 第 2 项之 1. */
const place = (path: readonly number[]): string => (path.length === 0 ? '' : `第 ${path.map((i) => i + 1).join(' 项之 ')} 项`)

function ruleGaps(rule: Rule, field: string, name: string, content: PolicyContent, inherited?: string): Gap[] {
  const section: Section = field === 'rule' ? 'rule' : 'benefits'
  const checked = checkRule(rule)
  if (isRefusal(checked)) return [gap(section, field, `${name}：${checked.reason}`)]
  const known = new Set(content.clauses.map(({ id }) => id))
  const visit = (node: Rule, path: readonly number[], above: string | undefined): Gap[] => {
    const src = node.src ?? above
    const at = [field, ...path].join('.')
    if (node.src !== undefined && !known.has(node.src)) return [gap(section, at, `${name}${place(path)}所依据的条款不在条款表中`)]
    if (!('of' in node)) return src === undefined ? [gap(section, at, `${name}${place(path)}没有注明依据条款`)] : []
    return node.op === 'not' ? visit(node.of, [...path, 0], src) : node.of.flatMap((part, i) => visit(part, [...path, i], src))
  }
  return visit(rule, [], inherited)
}

function benefits(content: PolicyContent): Gap[] {
  if (content.benefits.length === 0) return [gap('benefits', 'benefits', '没有写给企业什么')]
  const known = new Set(content.clauses.map(({ id }) => id))
  return content.benefits.flatMap((benefit, i) => {
    const name = `“给什么”第 ${i + 1} 项`
    return [
      ...(blank(benefit.detail) ? [gap('benefits', `benefits.${i}.detail`, `${name}没有说明`)] : []),
      ...(known.has(benefit.src) ? [] : [gap('benefits', `benefits.${i}.src`, `${name}没有注明依据条款`)]),
      ...(benefit.rule
        ? ruleGaps(benefit.rule, `benefits.${i}.rule`, `${name}的条件`, content, known.has(benefit.src) ? benefit.src : undefined)
        : []),
    ]
  })
}

const card = ({ card }: PolicyContent): Gap[] =>
  (Object.keys(cardFields) as (keyof Card)[]).flatMap((key) =>
    blank(card[key]) ? [gap('card', `card.${key}`, `政策卡片缺“${cardFields[key]}”`)] : [],
  )

function interpretation(content: PolicyContent): Gap[] {
  const { questions, example, notFor } = content.interpretation
  const copied = copiedPassages(content)
  return [
    ...(questions.some(({ q, a }) => !blank(q) && !blank(a)) ? [] : [gap('interpretation', 'interpretation.questions', '解读缺问答')]),
    ...(blank(example) ? [gap('interpretation', 'interpretation.example', '解读缺算例')] : []),
    ...(notFor.some((each) => !blank(each)) ? [] : [gap('interpretation', 'interpretation.notFor', '解读缺“不适用于”')]),
    ...copied.map(({ field, sentence }) => gap('interpretation', field, sentence)),
  ]
}
