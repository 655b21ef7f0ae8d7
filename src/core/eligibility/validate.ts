/** Lets only well-formed rules in. Whatever passes here, every interpreter can evaluate. */
import { refuse, type Refusal } from '../refusal.ts'
import { isIsoDate } from './calendar-day.ts'
import { facts as catalogue, type FactId } from './facts.ts'
import type { Rule } from './rule.ts'

/** The longest real policy has some twenty conditions; these bound time and memory, not authors. */
export const limits = { depth: 10, nodes: 300, items: 300, text: 64, number: 1_000_000_000, months: 1200 } as const

type Json = Readonly<Record<string, unknown>>
type Problem = string | undefined
interface Reader {
  nodes: number
}

/**
 * The value as a rule, or a refusal of kind `invalid` whose sentence names the first place that is wrong, as a JSON Pointer.
 * Says nothing about whether the rule makes sense: that is `lintRule`.
 */
export function checkRule(value: unknown): Rule | Refusal {
  const problem = checkNode(value, '', 1, { nodes: 0 })
  return problem === undefined
    ? (value as Rule)
    : refuse('invalid', `规则有误：${problem}。请按提示修改后再提交。`, { code: 'INVALID_RULE' })
}

const wrong = (path: string, what: string): string => `${path || '最外层'}处${what}`

function checkNode(value: unknown, path: string, depth: number, reader: Reader): Problem {
  if (depth > limits.depth) return wrong(path, `嵌套超过 ${limits.depth} 层`)
  if (++reader.nodes > limits.nodes) return wrong(path, `起条件总数超过 ${limits.nodes} 条`)
  if (!isObject(value)) return wrong(path, '应是一个条件')
  const { op } = value
  if (typeof op !== 'string' || !Object.hasOwn(shapes, op)) return wrong(`${path}/op`, `不认识的条件类型“${show(op)}”`)
  const shape = shapes[op as Rule['op']]
  const stray = Object.keys(value).find((key) => key !== 'op' && key !== 'src' && !shape.keys.includes(key))
  if (stray !== undefined) return wrong(`${path}/${stray}`, '有多余的字段')
  if (value.src !== undefined && !isName(value.src)) return wrong(`${path}/src`, '的条款编号应是不超过 64 个字的文字')
  return shape.check(value, path, depth, reader)
}

const shapes: Record<Rule['op'], { keys: readonly string[]; check: (node: Json, path: string, depth: number, reader: Reader) => Problem }> =
  {
    all: { keys: ['of'], check: (node, path, depth, reader) => checkParts(node, path, depth, reader, path === '' ? 0 : 1) },
    any: { keys: ['of'], check: (node, path, depth, reader) => checkParts(node, path, depth, reader, 1) },
    atLeast: {
      keys: ['n', 'of'],
      check: (node, path, depth, reader) =>
        checkParts(node, path, depth, reader, 1) ?? checkWhole(node.n, `${path}/n`, 1, (node.of as unknown[]).length),
    },
    not: { keys: ['of'], check: (node, path, depth, reader) => checkNode(node.of, `${path}/of`, depth + 1, reader) },
    region: { keys: ['mode', 'codes'], check: checkRegion },
    within: {
      keys: ['fact', 'codes'],
      check: (node, path) =>
        checkFact(node.fact, `${path}/fact`, 'code', 'region') ??
        checkItems(
          node.codes,
          `${path}/codes`,
          node.fact === 'industry' ? isIndustry : isKind,
          node.fact === 'industry' ? '行业代码应如 C、C40、C4011' : '器具种类应如 scale.electronic',
        ),
    },
    in: {
      keys: ['fact', 'values'],
      check: (node, path) =>
        checkFact(node.fact, `${path}/fact`, 'enum') ?? checkValues(node.values, `${path}/values`, node.fact as FactId),
    },
    range: {
      keys: ['fact', 'gte', 'lt'],
      check: (node, path) => checkFact(node.fact, `${path}/fact`, 'number') ?? checkBounds(node, path, 'gte', 'lt', limits.number),
    },
    age: {
      keys: ['fact', 'gteMonths', 'ltMonths'],
      check: (node, path) =>
        checkFact(node.fact, `${path}/fact`, 'date') ?? checkBounds(node, path, 'gteMonths', 'ltMonths', limits.months),
    },
    has: { keys: ['fact', 'any', 'all'], check: checkHas },
    holds: {
      keys: ['kinds', 'min'],
      check: (node, path) =>
        checkItems(node.kinds, `${path}/kinds`, isKind, '器具种类应如 scale.electronic') ??
        checkWhole(node.min, `${path}/min`, 1, limits.number),
    },
    flag: { keys: ['fact'], check: (node, path) => checkFact(node.fact, `${path}/fact`, 'flag') },
    window: { keys: ['anchor', 'from', 'to'], check: checkWindow },
    during: {
      keys: ['anchor', 'event'],
      check: (node, path) =>
        checkFact(node.anchor, `${path}/anchor`, 'date') ??
        (isId(node.event) ? undefined : wrong(`${path}/event`, '的事件编号应是不含空格的文字')),
    },
    known: { keys: ['fact'], check: (node, path) => checkFact(node.fact, `${path}/fact`) },
  }

function checkParts(node: Json, path: string, depth: number, reader: Reader, least: number): Problem {
  if (!Array.isArray(node.of)) return wrong(`${path}/of`, '应是一组条件')
  if (node.of.length < least) return wrong(`${path}/of`, '没有条件')
  for (let i = 0; i < node.of.length; i++) {
    const problem = checkNode(node.of[i], `${path}/of/${i}`, depth + 1, reader)
    if (problem !== undefined) return problem
  }
  return undefined
}

function checkRegion(node: Json, path: string): Problem {
  const modes = ['nested', 'listed', 'alliance', 'park']
  if (!modes.includes(node.mode as string)) return wrong(`${path}/mode`, `不认识的地域方式“${show(node.mode)}”`)
  return node.mode === 'nested' || node.mode === 'listed'
    ? checkItems(node.codes, `${path}/codes`, isRegion, '地区代码应是 2、4 或 6 位数字')
    : checkItems(node.codes, `${path}/codes`, isId, '编号应是不含空格的文字')
}

function checkHas(node: Json, path: string): Problem {
  const problem = checkFact(node.fact, `${path}/fact`, 'set')
  if (problem !== undefined) return problem
  if (node.any === undefined && node.all === undefined) return wrong(path, '没有写要具有哪些')
  const check = (key: 'any' | 'all'): Problem =>
    node[key] === undefined ? undefined : checkValues(node[key], `${path}/${key}`, node.fact as FactId)
  return check('any') ?? check('all')
}

function checkWindow(node: Json, path: string): Problem {
  const problem = checkFact(node.anchor, `${path}/anchor`, 'date')
  if (problem !== undefined) return problem
  if (node.from === undefined && node.to === undefined) return wrong(path, '起止日期都没有写')
  for (const key of ['from', 'to'])
    if (node[key] !== undefined && !isIsoDate(node[key]))
      return wrong(`${path}/${key}`, `的日期“${show(node[key])}”不存在，应如 2024-06-30`)
  return node.from !== undefined && node.to !== undefined && (node.from as string) > (node.to as string)
    ? wrong(path, '的起始日期晚于终止日期')
    : undefined
}

function checkFact(fact: unknown, path: string, type?: string, except?: string): Problem {
  if (typeof fact !== 'string' || !Object.hasOwn(catalogue, fact)) return wrong(path, `没有“${show(fact)}”这项信息`)
  if (fact === except || (type !== undefined && catalogue[fact as FactId].type !== type))
    return wrong(path, `“${catalogue[fact as FactId].label}”不能用于这种条件`)
  return undefined
}

function checkBounds(node: Json, path: string, low: string, high: string, most: number): Problem {
  if (node[low] === undefined && node[high] === undefined) return wrong(path, '上下限都没有写')
  const problem =
    (node[low] === undefined ? undefined : checkWhole(node[low], `${path}/${low}`, 0, most)) ??
    (node[high] === undefined ? undefined : checkWhole(node[high], `${path}/${high}`, 1, most))
  if (problem !== undefined || node[low] === undefined || node[high] === undefined) return problem
  return (node[low] as number) >= (node[high] as number) ? wrong(path, '的下限不小于上限') : undefined
}

const checkWhole = (value: unknown, path: string, least: number, most: number): Problem =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? undefined
    : wrong(path, `应是 ${least} 到 ${most} 的整数`)

function checkItems(value: unknown, path: string, test: (item: unknown) => boolean, hint: string): Problem {
  if (!Array.isArray(value)) return wrong(path, '应是一个列表')
  if (value.length === 0) return wrong(path, '的列表是空的')
  if (value.length > limits.items) return wrong(path, `的列表超过 ${limits.items} 项`)
  const at = value.findIndex((item) => !test(item))
  return at < 0 ? undefined : wrong(`${path}/${at}`, `的“${show(value[at])}”不对，${hint}`)
}

/** Parks and listings are open lists: any id will do. */
function checkValues(value: unknown, path: string, fact: FactId): Problem {
  const { label, ...entry } = catalogue[fact]
  const known = 'values' in entry ? Object.keys(entry.values) : []
  if (known.length === 0) return checkItems(value, path, isId, '编号应是不含空格的文字')
  return checkItems(value, path, (item) => known.includes(item as string), `不是“${label}”的可选值`)
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && value.length <= limits.text && pattern.test(value)
const isName = (value: unknown): boolean => isText(value, /^\P{C}+$/u) && (value as string).trim() !== ''
// Ids become keys of settings: names that every object has would find something that nobody entered.
const isId = (value: unknown): boolean => isText(value, /^[^\s\p{C}]+$/u) && !((value as string) in Object.prototype)
const isRegion = (value: unknown): boolean => isText(value, /^(?:\d\d){1,3}$/)
const isIndustry = (value: unknown): boolean => isText(value, /^[A-T](?:\d{2,4})?$/)
const isKind = (value: unknown): boolean => isText(value, /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/)

const show = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, limits.text) : typeof value
