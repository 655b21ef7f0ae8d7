/**
 * A measurement model as text: `ls + d - ls * (δα * θ + αs * δθ)`. Read into a tree; nothing is ever executed as code (CSP).
 * Names may be Latin, Greek or Chinese, with digits, `_` and subscripts (`x₁`, `m_标准`). `^` binds tighter than the sign, and to the right: −2^2 = −4.
 */
import { refuse, type Refusal } from '../refusal.ts'
import { tokens, type Token } from './tokens.ts'

export type UnaryName =
  'sqrt' | 'exp' | 'ln' | 'log10' | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'abs'
export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | 'atan2'

export type Node =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'negate'; of: Node }
  | { kind: 'call'; name: UnaryName; of: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }

export interface Expression {
  text: string
  root: Node
  /** In the order in which they first occur. */
  names: readonly string[]
}

/** Bounds time and memory, not authors: the longest published model has some sixty. */
export const expressionLimits = { characters: 2000, nodes: 500, depth: 60 } as const

const unary: ReadonlySet<string> = new Set<UnaryName>([
  'sqrt',
  'exp',
  'ln',
  'log10',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'abs',
])
const constants: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI }
/** Known elsewhere, not here, each with what to write instead. */
const unsupported: Readonly<Record<string, string>> = {
  min: '取小值的转折处没有导数，不能求灵敏系数',
  max: '取大值的转折处没有导数，不能求灵敏系数',
  round: '取整没有导数，不能求灵敏系数',
  floor: '取整没有导数，不能求灵敏系数',
  ceil: '取整没有导数，不能求灵敏系数',
  mod: '取余没有导数，不能求灵敏系数',
  log: '请写明底数：ln（自然对数）或 log10（常用对数）',
  lg: '常用对数请写 log10',
  pow: '乘方请写 x^y',
}

class Wrong extends Error {
  readonly at: number
  constructor(at: number, what: string) {
    super(what)
    this.at = at
  }
}

class Reader {
  #position = 0
  #nodes = 0
  #depth = 0
  readonly names: string[] = []
  readonly list: readonly Token[]
  readonly end: number

  constructor(list: readonly Token[], end: number) {
    this.list = list
    this.end = end
  }

  get next(): Token {
    return this.list[this.#position] ?? { kind: 'end', text: '', at: this.end }
  }

  take(...texts: string[]): Token | undefined {
    const token = this.next
    if (token.kind !== 'sign' || !texts.includes(token.text)) return undefined
    this.#position++
    return token
  }

  need(text: string, why: string): void {
    if (!this.take(text))
      throw new Wrong(this.next.at, this.next.kind === 'end' ? `${why}，但公式到此结束` : `${why}，但写的是“${this.next.text}”`)
  }

  made<T extends Node>(node: T): T {
    if (++this.#nodes > expressionLimits.nodes)
      throw new Wrong(this.next.at, `公式太长，运算超过 ${expressionLimits.nodes} 个，请分成几个量`)
    return node
  }

  sum(): Node {
    if (++this.#depth > expressionLimits.depth) throw new Wrong(this.next.at, `括号嵌套超过 ${expressionLimits.depth} 层`)
    let left = this.product()
    for (let sign = this.take('+', '-'); sign; sign = this.take('+', '-'))
      left = this.made({ kind: 'binary', operator: sign.text as '+' | '-', left, right: this.product() })
    this.#depth--
    return left
  }

  product(): Node {
    let left = this.signed()
    for (let sign = this.take('*', '/'); sign; sign = this.take('*', '/'))
      left = this.made({ kind: 'binary', operator: sign.text as '*' | '/', left, right: this.signed() })
    return left
  }

  signed(): Node {
    const sign = this.take('-', '+')
    if (!sign) return this.power()
    if (++this.#depth > expressionLimits.depth) throw new Wrong(sign.at, `正负号连写超过 ${expressionLimits.depth} 个`)
    const of = this.signed()
    this.#depth--
    return sign.text === '-' ? this.made({ kind: 'negate', of }) : of
  }

  power(): Node {
    const left = this.atom()
    return this.take('^') ? this.made({ kind: 'binary', operator: '^', left, right: this.signed() }) : left
  }

  atom(): Node {
    const token = this.next
    this.#position++
    if (token.kind === 'number') return this.made({ kind: 'number', value: Number(token.text) })
    if (token.kind === 'name') return this.named(token)
    if (token.text === '(') {
      const inner = this.sum()
      this.need(')', '括号没有配对，这里应是“)”')
      return inner
    }
    throw new Wrong(token.at, token.kind === 'end' ? '公式没有写完，后面应有一个量或数' : `这里应是一个量或数，但写的是“${token.text}”`)
  }

  named(token: Token): Node {
    const name = token.text
    if (this.next.text === '(' && this.next.kind === 'sign') return this.call(token)
    if (unary.has(name) || name === 'atan2') throw new Wrong(token.at, `函数“${name}”后面应有括号，如 ${name}(x)`)
    if (Object.hasOwn(constants, name)) return this.made({ kind: 'number', value: constants[name]! })
    if (!this.names.includes(name)) this.names.push(name)
    return this.made({ kind: 'name', name })
  }

  call(token: Token): Node {
    const name = token.text
    if (Object.hasOwn(unsupported, name)) throw new Wrong(token.at, `不能用“${name}”：${unsupported[name]}`)
    if (!unary.has(name) && name !== 'atan2')
      throw new Wrong(token.at, `没有函数“${name}”；若是两个量相乘，请写乘号：${name}*(…)。可用的函数：${[...unary].join('、')}、atan2`)
    this.need('(', '这里应是“(”')
    const first = this.sum()
    if (name !== 'atan2') {
      this.need(')', `${name} 只有一个自变量，这里应是“)”`)
      return this.made({ kind: 'call', name: name as UnaryName, of: first })
    }
    this.need(',', 'atan2 有两个自变量：atan2(y, x)，这里应是“,”')
    const right = this.sum()
    this.need(')', 'atan2 有两个自变量，这里应是“)”')
    return this.made({ kind: 'binary', operator: 'atan2', left: first, right })
  }
}

/** The text as a tree, or a refusal of kind `invalid` (code `INVALID_EXPRESSION`) whose sentence names the first place that is wrong, counted from 1. */
export function parseExpression(text: string): Expression | Refusal {
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_EXPRESSION' })
  if (text.trim() === '') return no('没有写测量模型，请写公式，如 m*(1 + a*t)')
  if (text.length > expressionLimits.characters) return no(`测量模型超过 ${expressionLimits.characters} 个字，请分成几个量`)
  const found = tokens(text)
  if ('wrong' in found) return no(`测量模型第 ${found.at + 1} 个字“${found.wrong}”不认识，请用 + - * / ^ ( ) 和函数名`)
  const reader = new Reader(found.list, text.length)
  try {
    const root = reader.sum()
    if (reader.next.kind !== 'end') throw new Wrong(reader.next.at, strayText(reader.next))
    return { text, root, names: reader.names }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return no(`测量模型第 ${error.at + 1} 个字处有误：${error.message}`)
  }
}

const strayText = (token: Token): string =>
  token.text === ')' ? '多了一个“)”' : token.kind === 'sign' ? `多了“${token.text}”` : `“${token.text}”前面缺少运算符，相乘请写 *`

const plainFunctions: Readonly<Record<UnaryName, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  abs: Math.abs,
}

/** The function by its name, on one number. */
export const plainFunction = (name: UnaryName): ((x: number) => number) => plainFunctions[name]

export const applyBinary = (operator: BinaryOperator, a: number, b: number): number => {
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  return operator === '^' ? a ** b : Math.atan2(a, b)
}

/** The value of the model. NaN or ±∞ where it is not defined (`ln(-1)`); throws when a name has no value. */
export function evaluate(expression: Expression, values: Readonly<Record<string, number>>): number {
  const at = (node: Node): number => {
    if (node.kind === 'number') return node.value
    if (node.kind === 'negate') return -at(node.of)
    if (node.kind === 'call') return plainFunctions[node.name](at(node.of))
    if (node.kind === 'binary') return applyBinary(node.operator, at(node.left), at(node.right))
    const value = Object.hasOwn(values, node.name) ? values[node.name] : undefined
    if (value === undefined) throw new RangeError(`no value for ${node.name}`)
    return value
  }
  return at(expression.root)
}
