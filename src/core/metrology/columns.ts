/**
 * The model over many trials at once: each operation runs over a block of numbers (Float64Array) before the next begins.
 * A closure per trial costs a call per operation and number; a block costs one call per operation and some thousand numbers.
 * No code is generated (CSP forbids `new Function`).
 */
import { applyBinary, plainFunction, type BinaryOperator, type Expression, type Node } from './expression.ts'

/** Blocks of this many trials stay in the processor's first cache with a dozen columns. */
export const blockLength = 1024

export type Column = Float64Array

/** One operation on whole columns; a number stands for a column that is the same everywhere. */
type Step = (n: number) => void

interface Plan {
  steps: Step[]
  /** Columns that are free to be written again. */
  free: Column[]
  inputs: ReadonlyMap<string, Column>
}

type Operand = number | Column

export interface Columns {
  /** One column per name, to be filled before `run`. */
  inputs: ReadonlyMap<string, Column>
  /** The result for the first n trials of the block; overwritten by the next run. */
  run: (n: number) => Column
}

/** Lays the model out as a list of column operations. `length` is the longest block. */
export function compileColumns(expression: Expression, names: readonly string[] = expression.names, length = blockLength): Columns {
  const inputs = new Map(names.map((name) => [name, new Float64Array(length)]))
  const plan: Plan = { steps: [], free: [], inputs }
  const result = lay(expression.root, plan, length)
  const out = typeof result === 'number' ? new Float64Array(length).fill(result) : result
  const { steps } = plan
  return {
    inputs,
    run: (n) => {
      for (const step of steps) step(n)
      return out
    },
  }
}

function lay(node: Node, plan: Plan, length: number): Operand {
  if (node.kind === 'number') return node.value
  if (node.kind === 'name') {
    const column = plan.inputs.get(node.name)
    if (!column) throw new RangeError(`no column for ${node.name}`)
    return column
  }
  if (node.kind === 'binary') {
    const [a, b] = [lay(node.left, plan, length), lay(node.right, plan, length)]
    if (typeof a === 'number' && typeof b === 'number') return applyBinary(node.operator, a, b)
    const out = give(plan, length, a, b)
    plan.steps.push(binaryStep(node.operator, a, b, out))
    return out
  }
  const of = lay(node.of, plan, length)
  const f = node.kind === 'negate' ? (x: number) => -x : plainFunction(node.name)
  if (typeof of === 'number') return f(of)
  const out = give(plan, length, of)
  plan.steps.push(node.kind === 'negate' ? negateStep(of, out) : unaryStep(f, of, out))
  return out
}

/** A column for the result: one of the operands when it is a result itself (each number is read before it is written), else a free or new one. */
function give(plan: Plan, length: number, ...operands: Operand[]): Column {
  const owned = new Set(plan.inputs.values())
  const [first, ...rest] = [...new Set(operands)].filter((each): each is Column => typeof each !== 'number' && !owned.has(each))
  plan.free.push(...rest)
  return first ?? plan.free.pop() ?? new Float64Array(length)
}

const negateStep =
  (a: Column, out: Column): Step =>
  (n) => {
    for (let i = 0; i < n; i++) out[i] = -a[i]!
  }

const unaryStep =
  (f: (x: number) => number, a: Column, out: Column): Step =>
  (n) => {
    for (let i = 0; i < n; i++) out[i] = f(a[i]!)
  }

function binaryStep(operator: BinaryOperator, a: Operand, b: Operand, out: Column): Step {
  if (typeof b === 'number') return typeof a === 'number' ? () => {} : rightNumber(operator, a, b, out)
  if (typeof a === 'number') return leftNumber(operator, a, b, out)
  // Each loop is written out: a function in the place of the operator would be called for every number.
  if (operator === '+')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! + b[i]!
    }
  if (operator === '-')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! - b[i]!
    }
  if (operator === '*')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! * b[i]!
    }
  if (operator === '/')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! / b[i]!
    }
  if (operator === '^')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! ** b[i]!
    }
  return (n) => {
    for (let i = 0; i < n; i++) out[i] = Math.atan2(a[i]!, b[i]!)
  }
}

function rightNumber(operator: BinaryOperator, a: Column, b: number, out: Column): Step {
  if (operator === '+')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! + b
    }
  if (operator === '-')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! - b
    }
  if (operator === '*')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! * b
    }
  if (operator === '/')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! / b
    }
  if (operator === '^' && b === 2)
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! * a[i]!
    }
  if (operator === '^')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! ** b
    }
  return (n) => {
    for (let i = 0; i < n; i++) out[i] = Math.atan2(a[i]!, b)
  }
}

function leftNumber(operator: BinaryOperator, a: number, b: Column, out: Column): Step {
  if (operator === '+')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a + b[i]!
    }
  if (operator === '-')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a - b[i]!
    }
  if (operator === '*')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a * b[i]!
    }
  if (operator === '/')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a / b[i]!
    }
  if (operator === '^')
    return (n) => {
      for (let i = 0; i < n; i++) out[i] = a ** b[i]!
    }
  return (n) => {
    for (let i = 0; i < n; i++) out[i] = Math.atan2(a, b[i]!)
  }
}
