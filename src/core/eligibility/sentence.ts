/** Rules, blockers and questions in plain Chinese. Calm: it says what is, what is needed and where that is written. */
import { facts as catalogue, type FactId, type FactValue, type FlagFact } from './facts.ts'
import { UNKNOWN, YES, type Leaf, type Rule, type Src } from './rule.ts'
import type { Flip } from './explain.ts'
import { factOf, standing, type LeafTrace } from './trace.ts'

/** Names of the codes and ids in rules, from the reference tables and the policy at hand. */
export interface Names {
  region: (code: string) => string
  industry: (code: string) => string
  /** Of an instrument. */
  kind: (code: string) => string
  park: (id: string) => string
  event: (id: string) => string
  listing: (id: string) => string
  /** 长三角; without it the id is shown. */
  alliance?: (id: string) => string
  /** The article of a clause of this policy: 第二条. Without it, or when it gives nothing, no article is shown. */
  article?: (src: Src) => string | null | undefined
}

/** 「注册地在浙江省；企业规模为小型或微型；从业人员少于 20 人」 */
export function sayRule(rule: Rule, names: Names): string {
  if (rule.op === 'all' && rule.of.length === 0) return '不设条件'
  return rule.op === 'all' ? rule.of.map((part) => sayPart(part, names)).join('；') : sayPart(rule, names)
}

function sayPart(rule: Rule, names: Names, negated = false): string {
  if (!('of' in rule)) return sayLeaf(rule, names, negated)
  if (rule.op === 'not') return sayPart(rule.of, names, !negated)
  if (rule.of.length === 0) return (rule.op === 'all') === negated ? '不对任何企业开放' : '不设条件'
  if (rule.of.length === 1) return sayPart(rule.of[0]!, names, negated)
  // De Morgan, so that 不 stands with the condition it belongs to and never before a bracket.
  const parts = rule.of.map((part) => sayPart(part, names, negated)).join('；')
  if (rule.op === 'atLeast') {
    const n = negated ? rule.of.length - rule.n + 1 : rule.n
    return `至少满足 ${n} 项（${parts}）`
  }
  return (rule.op === 'all') === negated ? `任一（${parts}）` : `全部满足（${parts}）`
}

/** One condition, or what it means that it must not hold. */
export function sayLeaf(leaf: Leaf, names: Names, negated = false): string {
  const not = negated ? '不' : ''
  switch (leaf.op) {
    case 'region':
      return leaf.mode === 'park'
        ? `${not}在${either(leaf.codes.map(names.park))}`
        : `注册地${not}在${either(leaf.codes.map(placeName(leaf, names)))}`
    case 'within':
      return `${catalogue[leaf.fact].label}${not}属于${either(leaf.codes.map(codeName(leaf.fact, names)))}`
    case 'in':
      return `${catalogue[leaf.fact].label}${negated ? '不是' : '为'}${either(leaf.values.map((value) => sayValue(leaf.fact, value, names)))}`
    case 'range':
      return `${catalogue[leaf.fact].label}${sayBounds(leaf.gte, leaf.lt, (n) => `${grouped(n)} ${catalogue[leaf.fact].unit}`, negated)}`
    case 'age':
      return sayAge(leaf, negated)
    case 'has':
      return sayHas(leaf, names, negated)
    case 'holds':
      return `${subject(leaf, names)}${negated ? '少于' : '不少于'} ${leaf.min} 件`
    case 'flag':
      return flags[leaf.fact][negated ? 1 : 0]
    case 'window':
      return `${not}在${sayDays(leaf.from, leaf.to)}${leaf.anchor === 'acceptedOn' ? '受理' : `（以${catalogue[leaf.anchor].label}计）`}`
    case 'during':
      return `${not}在${names.event(leaf.event)}期间${leaf.anchor === 'acceptedOn' ? '受理' : `（以${catalogue[leaf.anchor].label}计）`}`
    case 'known':
      return `${negated ? '未' : '已'}填报${catalogue[leaf.fact].label}`
  }
}

/** What is on record: 「从业人员为 35 人」. */
export function sayActual(trace: LeafTrace, names: Names): string {
  const { leaf, fact, actual } = trace
  const { label } = catalogue[fact]
  if (leaf.op === 'known') return actual === undefined ? `${label}尚未填报` : `${label}已填报`
  if (actual === undefined) return `${label}尚未填报`
  if (trace.assumed) return `按 ${actual as string} 受理计`
  if (leaf.op === 'holds') return `${subject(leaf, names)}有 ${grouped(actual as number)} 件`
  if (leaf.op === 'flag' && typeof actual === 'boolean') return flags[leaf.fact][actual ? 0 : 1]
  if (Array.isArray(actual))
    return actual.length === 0 ? `${label}为“无”` : `${label}为${actual.map((value) => sayValue(fact, value as string, names)).join('、')}`
  if (fact === 'region') return `注册地在${sayValue(fact, actual, names)}`
  return `${label}为${sayValue(fact, actual, names)}`
}

/** 「暂不符合：从业人员为 35 人，需少于 20 人（第二条）」, then what the person can do about it. */
export function sayBlocker(trace: LeafTrace, names: Names): string {
  return `暂不符合：${sayActual(trace, names)}，${sayNeed(trace, names)}${sayArticle(trace, names)}；${advice(trace) ?? '如信息有误或有变化，更新后会重新判断'}`
}

/** 「已符合：从业人员为 12 人（第二条）」 */
export const sayPassed = (trace: LeafTrace, names: Names): string => `已符合：${sayActual(trace, names)}${sayArticle(trace, names)}`

/** One of the steps to a yes: 「差一步：从业人员为 35 人，若少于 20 人，即符合这一条（第二条）」. */
export function sayFlip(flip: Flip, names: Names): string {
  const [actual, need, article] = [sayActual(flip, names), predicate(flip, names), sayArticle(flip, names)]
  if (flip.by === 'enter') return `待确认：${actual}，是否${need}，须由运营单位录入后判断${article}`
  if (flip.by === 'tell') return `待补充：${actual}，若${need}，即符合这一条${article}`
  const advised = advice(flip)
  return `差一步：${actual}，${advised ? sayNeed(flip, names) : `若${need}，即符合这一条`}${article}${advised ? `；${advised}` : ''}`
}

/** The question for a fact, in the words of the catalogue. */
export const sayQuestion = (fact: FactId): string => catalogue[fact].ask

/** One line for any leaf, whatever its standing: for the expanded explanation. */
export function sayTrace(trace: LeafTrace, names: Names): string {
  if (standing(trace) === YES) return sayPassed(trace, names)
  return standing(trace) === UNKNOWN ? `待补充：${sayNeed(trace, names)}${sayArticle(trace, names)}` : sayBlocker(trace, names)
}

/** A firm in no difficulty is not told that it needs one: a flag describes who a clause is for. */
const sayNeed = (trace: LeafTrace, names: Names): string =>
  trace.leaf.op === 'flag' ? `这一条适用于${predicate(trace, names)}的情形` : `需${predicate(trace, names)}`

/** The condition without its subject, which the sentence before has named. */
function predicate({ leaf, negated }: LeafTrace, names: Names): string {
  const said = sayLeaf(leaf, names, negated)
  const named = subject(leaf, names)
  return said.startsWith(named) ? said.slice(named.length) : said
}

function subject(leaf: Leaf, names: Names): string {
  if (leaf.op === 'holds') return `台账中${either(leaf.kinds.map(names.kind))}${leaf.kinds.length > 1 ? '合计' : ''}`
  return leaf.op === 'region' || leaf.op === 'within' || leaf.op === 'in' || leaf.op === 'range' ? catalogue[factOf(leaf)].label : ''
}

const sayArticle = ({ src }: LeafTrace, names: Names): string => {
  const article = src === undefined ? undefined : names.article?.(src)
  return article ? `（${article}）` : ''
}

/** Waiting helps only where a day is to come; nobody is told to move a firm or to become smaller. Undefined: nothing special. */
function advice({ from, to, fixed, fact, actual, negated, leaf }: LeafTrace): string | undefined {
  if (!negated && typeof actual === 'string') {
    if (leaf.op === 'age') return from === undefined ? undefined : `${from} 起${to ? `至 ${to} ` : ''}符合这一条`
    if (from !== undefined && actual < from) return `${from} 起受理的即符合这一条`
    if (to !== undefined && actual > to) return `办理期已于 ${to} 结束`
  }
  return fixed ? `这一条与${catalogue[fact].label}有关，无法改变` : undefined
}

// —— words

const flags: Record<FlagFact, readonly [yes: string, no: string]> = {
  hardship: ['暂时出现生产经营困难', '未出现生产经营困难'],
  epidemicAffected: ['受疫情影响较大', '受疫情影响不大'],
  resumedWork: ['为复工复产企业', '不是复工复产企业'],
  buildsTopStandard: ['建有或拟建企业最高计量标准', '没有也不拟建企业最高计量标准'],
  externalCalibration: ['对外开展检定、校准', '不对外开展检定、校准'],
  traceable: ['最高计量标准满足计量溯源性', '最高计量标准尚未满足计量溯源性'],
  hasTechnicalNeed: ['有计量测试技术需求', '没有计量测试技术需求'],
  keyEnergyUser: ['为重点用能单位', '不是重点用能单位'],
  highEnergyUse: ['属于高耗能企业', '不属于高耗能企业'],
  fiscalHardship: ['所在县财政保障困难', '所在县财政保障不困难'],
  publicCharging: ['面向社会开放并用于结算', '不面向社会开放或不用于结算'],
  registeredInPlatform: ['已在省级系统报备', '尚未在省级系统报备'],
  selfChecked: ['已自行核查并满足技术要求', '尚未自行核查并满足技术要求'],
}

const either = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join('、')}或${words.at(-1)!}`
const both = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join('、')}和${words.at(-1)!}`
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

const placeName = (leaf: Leaf & { op: 'region' }, names: Names) => (code: string) =>
  leaf.mode === 'alliance' ? (names.alliance?.(code) ?? code) : /^0*$/.test(code) ? '全国' : names.region(code)
const codeName = (fact: 'industry' | 'instrumentKind', names: Names) => (code: string) =>
  fact === 'industry' ? names.industry(code) : names.kind(code)

/** A value of a fact as a person reads it; a number gets its unit, members of a set are joined by 、, possibilities by 或. */
export function sayValue(fact: FactId, value: FactValue, names: Names): string {
  const entry = catalogue[fact]
  if (typeof value === 'object' && !Array.isArray(value) && 'oneOf' in value)
    return either((value.oneOf as readonly string[]).map((one) => sayValue(fact, one, names)))
  if (Array.isArray(value)) return value.length === 0 ? '无' : value.map((one) => sayValue(fact, one as string, names)).join('、')
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return ` ${grouped(value)} ${'unit' in entry ? entry.unit : '件'}`
  if (typeof value !== 'string') return String(value)
  if (fact === 'region') return names.region(value)
  if (fact === 'industry' || fact === 'instrumentKind') return codeName(fact, names)(value)
  if (fact === 'park') return value === 'none' ? '不在任何园区' : names.park(value)
  if (fact === 'listings') return names.listing(value)
  if (entry.type === 'date') return ` ${value}`
  return 'values' in entry ? ((entry.values as Readonly<Record<string, string>>)[value] ?? value) : value
}

function sayBounds(low: number | undefined, high: number | undefined, amount: (n: number) => string, negated: boolean): string {
  if (low === undefined) return negated ? `不少于 ${amount(high ?? 0)}` : `少于 ${amount(high ?? 0)}`
  if (high === undefined) return negated ? `少于 ${amount(low)}` : `不少于 ${amount(low)}`
  return negated ? `少于 ${amount(low)}，或不少于 ${amount(high)}` : `不少于 ${amount(low)}、少于 ${amount(high)}`
}

function sayAge({ fact, gteMonths, ltMonths }: Leaf & { op: 'age' }, negated: boolean): string {
  const length = (n: number): string => (n > 0 && n % 12 === 0 ? `${n / 12} 年` : `${n} 个月`)
  const since = `自${catalogue[fact].label}起`
  if (gteMonths === undefined) return `${since}${negated ? '满' : '不满'} ${length(ltMonths ?? 0)}`
  if (ltMonths === undefined) return `${since}${negated ? '不满' : '满'} ${length(gteMonths)}`
  return `${since}${negated ? `不满 ${length(gteMonths)}或满 ${length(ltMonths)}` : `满 ${length(gteMonths)}、不满 ${length(ltMonths)}`}`
}

function sayHas({ fact, any, all }: Leaf & { op: 'has' }, names: Names, negated: boolean): string {
  const [subject, does, doesNot] =
    fact === 'activities' ? ['', '从事', '不从事'] : fact === 'listings' ? ['', '列入', '未列入'] : ['资质中', '有', '没有']
  const say = (values: readonly string[]): string[] => values.map((value) => sayValue(fact, value, names))
  const several = all !== undefined && all.length > 1
  const every = all && `${several ? (negated ? '未同时' : '同时') : ''}${negated && !several ? doesNot : does}${both(say(all))}`
  const some = any && `${negated ? doesNot : does}${either(say(any))}`
  return subject + [every, some].filter((part) => part !== undefined).join(negated ? '，或' : '，并')
}

function sayDays(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return ` ${to ?? ''}（含）之前`
  return to === undefined ? ` ${from} 起` : ` ${from} 至 ${to} `
}
