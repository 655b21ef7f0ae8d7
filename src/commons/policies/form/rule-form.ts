/** A rule as a form and back: one node a condition or a group, texts as people type them. `rule → form → rule` gives the same rule. */
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import type { DateFact, EnumFact, FactId, FlagFact, NumberFact, SetFact } from '../../../core/eligibility/facts.ts'
import type { Leaf, RegionMode, Rule } from '../../../core/eligibility/rule.ts'
import { limits } from '../../../core/eligibility/validate.ts'
import { findCondition, type Lookup, type Shape } from './conditions.ts'
import type { Picks } from './picks.ts'
import { numbered, text, texts, type Tree } from './tree.ts'

export interface NodeForm {
  /** `all`, `range.employees`; `''`: not chosen yet. */
  what: string
  src: string
  of: NodeForm[]
  /** How many of a group. */
  n: string
  /** Names or values; for `has` any of them. */
  any: string[]
  /** `has`: every one of these. */
  all: string[]
  low: string
  high: string
}

export const blankNode = (what = ''): NodeForm => ({ what, src: '', of: [], n: '', any: [], all: [], low: '', high: '' })

export const readNode = (tree: Tree): NodeForm => ({
  what: text(tree, 'what'),
  src: text(tree, 'src'),
  of: numbered(tree).map(readNode),
  n: text(tree, 'n'),
  any: texts(tree, 'any'),
  all: texts(tree, 'all'),
  low: text(tree, 'low'),
  high: text(tree, 'high'),
})

/** The names and values that a browser would post. */
export const nodeEntries = (node: NodeForm, path: string): [string, string][] => [
  ...(['what', 'src', 'n', 'low', 'high'] as const).map((key): [string, string] => [`${path}.${key}`, node[key]]),
  ...(['any', 'all'] as const).flatMap((key) => node[key].map((value): [string, string] => [`${path}.${key}`, value])),
  ...node.of.flatMap((part, i) => nodeEntries(part, `${path}.${i}`)),
]

// —— rule → form

export function toNode(rule: Rule, picks: Picks): NodeForm {
  const node = { ...blankNode(), src: rule.src ?? '' }
  if (rule.op === 'not') return { ...node, what: 'not', of: [toNode(rule.of, picks)] }
  if ('of' in rule)
    return { ...node, what: rule.op, of: rule.of.map((part) => toNode(part, picks)), n: rule.op === 'atLeast' ? String(rule.n) : '' }
  return { ...node, ...leafFields(rule, picks) }
}

const number = (value: number | undefined): string => (value === undefined ? '' : String(value))

function leafFields(leaf: Leaf, picks: Picks): Partial<NodeForm> & { what: string } {
  const named = (what: string, codes: readonly string[] = []): string[] => {
    const shape = findCondition(what)?.shape
    return shape && 'lookup' in shape ? codes.map((code) => picks.show(shape.lookup, code)) : [...codes]
  }
  switch (leaf.op) {
    case 'region':
      return { what: `region.${leaf.mode}`, any: named(`region.${leaf.mode}`, leaf.codes) }
    case 'within':
      return { what: `within.${leaf.fact}`, any: named(`within.${leaf.fact}`, leaf.codes) }
    case 'in':
      return { what: `in.${leaf.fact}`, any: named(`in.${leaf.fact}`, leaf.values) }
    case 'has':
      return { what: `has.${leaf.fact}`, any: named(`has.${leaf.fact}`, leaf.any), all: named(`has.${leaf.fact}`, leaf.all) }
    case 'range':
      return { what: `range.${leaf.fact}`, low: number(leaf.gte), high: number(leaf.lt) }
    case 'age':
      return { what: `age.${leaf.fact}`, low: number(leaf.gteMonths), high: number(leaf.ltMonths) }
    case 'holds':
      return { what: 'holds', any: named('holds', leaf.kinds), low: String(leaf.min) }
    case 'window':
      return { what: `window.${leaf.anchor}`, low: leaf.from ?? '', high: leaf.to ?? '' }
    case 'during':
      return { what: `during.${leaf.anchor}`, any: named(`during.${leaf.anchor}`, [leaf.event]) }
    case 'flag':
    case 'known':
      return { what: `${leaf.op}.${leaf.fact}` }
  }
}

// —— form → rule

/** Field name → what is wrong with it. */
export type Problems = Record<string, string>

/** The rule, as far as it can be read; what is wrong goes into `problems`, and then the rule must not be used. */
export function fromNode(node: NodeForm, path: string, picks: Picks, problems: Problems, depth = 1): Rule {
  const shape = findCondition(node.what)?.shape
  if (depth > limits.depth) problems[path] = `条件嵌套超过 ${limits.depth} 层`
  if (!shape || depth > limits.depth) {
    problems[`${path}.what`] ??= '请选择条件，或删除这一行'
    return { op: 'all', of: [] }
  }
  const src = node.src === '' ? {} : { src: node.src }
  if (shape.as === 'group') return { ...group(node, path, picks, problems, depth), ...src }
  return { ...leaf(node, shape, new Fields(node, path, picks, problems)), ...src }
}

function group(node: NodeForm, path: string, picks: Picks, problems: Problems, depth: number): Rule {
  const of = node.of.map((part, i) => fromNode(part, `${path}.${i}`, picks, problems, depth + 1))
  // Only the outermost group may be empty: no condition at all.
  if (of.length === 0 && (depth > 1 || node.what !== 'all')) problems[`${path}.what`] = '这一组里没有条件，请添加条件或删除这一组'
  switch (node.what) {
    case 'any':
      return { op: 'any', of }
    case 'atLeast': {
      const n = Number(node.n)
      if (!/^\d+$/.test(node.n) || n < 1 || n > of.length) problems[`${path}.n`] = `请填写 1 至 ${of.length} 的数字`
      return { op: 'atLeast', n, of }
    }
    case 'not':
      // None of several is not any of them.
      return { op: 'not', of: of.length === 1 ? of[0]! : { op: 'any', of } }
    default:
      return { op: 'all', of }
  }
}

/** Reads the fields of one condition and notes what is wrong with them. */
class Fields {
  #node
  #path
  #picks
  #problems

  constructor(node: NodeForm, path: string, picks: Picks, problems: Problems) {
    this.#node = node
    this.#path = path
    this.#picks = picks
    this.#problems = problems
  }

  wrong(field: string, sentence: string): void {
    this.#problems[`${this.#path}.${field}`] ??= sentence
  }

  codes(key: 'any' | 'all', lookup: Lookup): string[] {
    return this.#node[key].map((typed) => {
      const read = this.#picks.read(lookup, typed)
      if ('problem' in read) this.wrong(key, read.problem)
      return 'code' in read ? read.code : ''
    })
  }

  choices(key: 'any' | 'all', values: Readonly<Record<string, string>>): string[] {
    if (this.#node[key].some((value) => !Object.hasOwn(values, value))) this.wrong(key, '请从所列选项中选择')
    return [...this.#node[key]]
  }

  /** Neither list: nothing was asked for. */
  required(list: readonly string[], sentence: string): void {
    if (list.length === 0) this.wrong('any', sentence)
  }

  whole(key: 'low' | 'high', most: number): number | undefined {
    const typed = this.#node[key].normalize('NFKC').replaceAll(',', '')
    if (typed === '') return undefined
    const value = Number(typed)
    if (!/^\d+$/.test(typed) || value > most) this.wrong(key, `请填写 0 至 ${most} 的整数`)
    return value
  }

  bounds(most: number): [number | undefined, number | undefined] {
    const [low, high] = [this.whole('low', most), this.whole('high', most)]
    if (low === undefined && high === undefined) this.wrong('low', '下限、上限至少填写一个')
    if (high === 0) this.wrong('high', '上限须大于 0')
    if (low !== undefined && high !== undefined && low >= high) this.wrong('high', '上限须大于下限')
    return [low, high]
  }

  days(): [string | undefined, string | undefined] {
    const read = (key: 'low' | 'high'): string | undefined => {
      if (this.#node[key] !== '' && !isIsoDate(this.#node[key])) this.wrong(key, '请填写日期，如 2026-06-30')
      return this.#node[key] || undefined
    }
    const [from, to] = [read('low'), read('high')]
    if (from === undefined && to === undefined) this.wrong('low', '开始、结束日期至少填写一个')
    if (from !== undefined && to !== undefined && from > to) this.wrong('high', '结束日期早于开始日期')
    return [from, to]
  }
}

const given = <T extends object>(fields: T): T => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

function leaf({ what }: NodeForm, shape: Shape, fields: Fields): Leaf {
  const [op, of = ''] = what.split('.') as [Leaf['op'], string]
  switch (op) {
    case 'region': {
      const codes = names(shape, fields)
      return { op, mode: of as RegionMode, codes }
    }
    case 'within':
      return { op, fact: of as 'industry', codes: names(shape, fields) }
    case 'in': {
      const values = shape.as === 'choices' ? fields.choices('any', shape.values) : names(shape, fields)
      fields.required(values, '请至少选择一项')
      return { op, fact: of as EnumFact, values }
    }
    case 'has':
      return { op, fact: of as SetFact, ...having(shape, fields) }
    case 'range': {
      const [gte, lt] = fields.bounds(limits.number)
      return given({ op, fact: of as NumberFact, gte, lt })
    }
    case 'age': {
      const [gteMonths, ltMonths] = fields.bounds(limits.months)
      return given({ op, fact: of as DateFact, gteMonths, ltMonths })
    }
    case 'holds': {
      const min = fields.whole('low', limits.number)
      if (min === undefined || min === 0) fields.wrong('low', '请填写件数，至少 1 件')
      return { op, kinds: names(shape, fields), min: min ?? 0 }
    }
    case 'window': {
      const [from, to] = fields.days()
      return given({ op, anchor: of as DateFact, from, to })
    }
    case 'during':
      return { op, anchor: of as DateFact, event: names(shape, fields)[0] ?? '' }
    case 'flag':
      return { op, fact: of as FlagFact }
    case 'known':
      return { op, fact: of as FactId }
  }
}

function names(shape: Shape, fields: Fields): string[] {
  const codes = 'lookup' in shape ? fields.codes('any', shape.lookup) : []
  fields.required(codes, '请至少填写一项')
  return codes
}

/** Of a set: any of these, every one of those, or both. */
function having(shape: Shape, fields: Fields): { any?: string[]; all?: string[] } {
  const read = (key: 'any' | 'all'): string[] =>
    shape.as === 'choices' ? fields.choices(key, shape.values) : 'lookup' in shape ? fields.codes(key, shape.lookup) : []
  const [any, all] = [read('any'), read('all')]
  fields.required([...any, ...all], '请至少选择一项')
  return { ...(any.length > 0 && { any }), ...(all.length > 0 && { all }) }
}
