/** What changed between two versions of a policy, in sentences. Pure. */
import { facts as catalogue } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { sayRule, type Names } from '../../core/eligibility/sentence.ts'
import { fen, formatYuan } from '../../core/money.ts'
import {
  benefitKinds,
  capPeriods,
  cardFields,
  confidences,
  forces,
  levels,
  topics,
  type Benefit,
  type Card,
  type PolicyContent,
} from './model.ts'

export interface FieldChange {
  label: string
  before: string
  after: string
}
export interface Changes {
  fields: FieldChange[]
  conditions: {
    added: string[]
    removed: string[]
    changed: { before: string; after: string }[]
    joined?: { before: string; after: string }
  }
  benefits: { added: string[]; removed: string[]; changed: { before: string; after: string }[] }
  clauses: { added: string[]; removed: string[]; changed: { before: string; after: string }[] }
}

/** `names` for each version, because each brings its own clauses. */
export const compareVersions = (before: PolicyContent, after: PolicyContent, names: { before: Names; after: Names }): Changes => ({
  fields: fieldChanges(before, after),
  conditions: conditionChanges(before.rule, after.rule, names),
  benefits: listChanges(
    before.benefits.map((each) => ({ key: `${each.kind} ${each.appliesTo}`, said: sayBenefit(each, names.before) })),
    after.benefits.map((each) => ({ key: `${each.kind} ${each.appliesTo}`, said: sayBenefit(each, names.after) })),
  ),
  clauses: listChanges(clauseItems(before), clauseItems(after)),
})

/** Nothing but the number differs. */
export const isUnchanged = ({ fields, conditions, benefits, clauses }: Changes): boolean =>
  fields.length === 0 &&
  conditions.joined === undefined &&
  [conditions, benefits, clauses].every(({ added, removed, changed }) => added.length + removed.length + changed.length === 0)

// —— fields

const yes = (value: boolean): string => (value ? '是' : '否')
const labels: readonly (readonly [label: string, say: (content: PolicyContent) => string])[] = [
  ['标题', ({ title }) => title],
  ['文号', ({ docNumber }) => docNumber ?? ''],
  ['发文机关', ({ issuer }) => issuer],
  ['层级', ({ level }) => levels[level]],
  ['适用地区', ({ regionName }) => regionName],
  ['发布日期', ({ publishedOn }) => publishedOn ?? ''],
  ['开始日期', ({ effectiveFrom }) => effectiveFrom ?? ''],
  ['截止日期', ({ effectiveTo }) => effectiveTo ?? ''],
  ['主题', ({ topic }) => topics[topic]],
  ['效力', ({ force }) => forces[force]],
  ['来源可信度', ({ confidence }) => confidences[confidence]],
  ['历史文件', ({ historical }) => yes(historical)],
  ['来源', ({ source }) => [source.url, source.date, source.ref].filter((each) => each !== null).join(' ')],
  ['说明', ({ notes }) => notes ?? ''],
  ['须申请', ({ requiresApplication }) => yes(requiresApplication)],
  ['办理步骤', ({ steps }) => steps.join('；')],
  ['所需材料', ({ documents }) => documents.map(({ name, once }) => name + (once ? '（首次提交后免交）' : '')).join('；')],
  ['接替政策', ({ successor }) => successor ?? ''],
  ['优先于', ({ overrides }) => overrides.join('、')],
  ['可同享', ({ combinesWith }) => combinesWith?.join('、') ?? ''],
  ...(Object.keys(cardFields) as (keyof Card)[]).map(
    (key) => [`卡片：${cardFields[key]}`, ({ card }: PolicyContent) => card[key]] as const,
  ),
  ['解读：问答', ({ interpretation }) => interpretation.questions.map(({ q, a }) => `${q}${a}`).join('；')],
  ['解读：算例', ({ interpretation }) => interpretation.example],
  ['解读：不适用于', ({ interpretation }) => interpretation.notFor.join('；')],
]

const fieldChanges = (before: PolicyContent, after: PolicyContent): FieldChange[] =>
  labels.flatMap(([label, say]) => (say(before) === say(after) ? [] : [{ label, before: say(before), after: say(after) }]))

// —— conditions

/** The outermost conditions, each as a sentence; deeper groups are one sentence as a whole. */
function conditionChanges(before: Rule, after: Rule, names: { before: Names; after: Names }): Changes['conditions'] {
  const [a, b] = [outermost(before), outermost(after)]
  const items = (parts: readonly Rule[], names: Names) => parts.map((part) => ({ key: subject(part), said: cited(part, names) }))
  const joined = joiner(before) !== joiner(after) && a.length + b.length > 2
  return {
    ...listChanges(items(a, names.before), items(b, names.after)),
    ...(joined && { joined: { before: joiner(before), after: joiner(after) } }),
  }
}

const outermost = (rule: Rule): readonly Rule[] => ('of' in rule && rule.op !== 'not' ? rule.of : [rule])

const joiner = (rule: Rule): string => (rule.op === 'any' ? '满足其一' : rule.op === 'atLeast' ? `至少满足 ${rule.n} 项` : '全部满足')

/** What a condition is about: the same subject on both sides is a change, not a removal and an addition. */
function subject(rule: Rule): string {
  if ('of' in rule) return rule.op === 'not' ? `不 ${subject(rule.of)}` : `${rule.op} ${rule.of.map(subject).sort().join()}`
  return 'fact' in rule ? catalogue[rule.fact].label : 'anchor' in rule ? `${rule.op} ${rule.anchor}` : rule.op
}

function cited(rule: Rule, names: Names): string {
  const articles = [...new Set(sources(rule).flatMap((src) => names.article?.(src) ?? []))]
  return sayRule(rule, names) + (articles.length > 0 ? `（依据 ${articles.join('、')}）` : '')
}

const sources = (rule: Rule): string[] => [
  ...(rule.src === undefined ? [] : [rule.src]),
  ...('of' in rule ? (rule.op === 'not' ? sources(rule.of) : rule.of.flatMap(sources)) : []),
]

// —— lists

interface Item {
  key: string
  said: string
}

/** Pairs what says the same, then what is about the same; the rest was added or removed. */
function listChanges(
  before: readonly Item[],
  after: readonly Item[],
): { added: string[]; removed: string[]; changed: { before: string; after: string }[] } {
  const left = [...before]
  const fresh = after.filter((item) => !take(left, (other) => other.said === item.said))
  const changed: { before: string; after: string }[] = []
  const added = fresh.filter((item) => {
    const other = take(left, ({ key }) => key === item.key)
    if (other) changed.push({ before: other.said, after: item.said })
    return !other
  })
  return { added: added.map(({ said }) => said), removed: left.map(({ said }) => said), changed }
}

function take(list: Item[], test: (item: Item) => boolean): Item | undefined {
  const at = list.findIndex(test)
  return at < 0 ? undefined : list.splice(at, 1)[0]
}

/** One benefit in a sentence: 减收 50%：校准费（最高 2000.00 元）；条件 … */
export function sayBenefit(benefit: Benefit, names: Names): string {
  const { kind, appliesTo, detail, rateBp, capFen, capPer, promisedDays, statutoryDays, deferDays, extendMonths, rule, src } = benefit
  const figures = [
    rateBp === undefined ? '' : `${rateBp / 100}%`,
    capFen === undefined ? '' : `${capPer ? capPeriods[capPer] : ''}最高 ${formatYuan(fen(capFen))}`,
    promisedDays === undefined ? '' : `承诺 ${promisedDays} 个工作日`,
    statutoryDays === undefined ? '' : `法定 ${statutoryDays} 个工作日`,
    deferDays === undefined ? '' : `缓收 ${deferDays} 日`,
    extendMonths === undefined ? '' : `延长 ${extendMonths} 个月`,
  ].filter((each) => each !== '')
  const article = names.article?.(src)
  return (
    `${benefitKinds[kind]}：${appliesTo}${figures.length > 0 ? `（${figures.join('，')}）` : ''}，${detail}` +
    (rule ? `条件：${sayRule(rule, names)}` : '') +
    (article ? `（依据 ${article}）` : '')
  )
}

const clauseItems = ({ clauses }: PolicyContent): Item[] =>
  clauses.map(({ id, article, text, quoted }) => ({ key: id, said: `${article ?? '条款号待核实'}${quoted ? '' : '（转述）'}：${text}` }))
