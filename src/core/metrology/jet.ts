/**
 * Exact derivatives up to the third order by truncated Taylor arithmetic (forward automatic differentiation), no finite differences.
 *
 * A jet is a polynomial in two infinitesimals s and t, cut after total degree 3: the value of the model along x + s·a + t·b.
 * Its ten coefficients are the directional derivatives divided by factorials:
 *   1, s, t, s², st, t², s³, s²t, st², t³
 * so that the coefficient of `st` is ∂²f along (a, b), and twice that of `st²` is ∂³f along (a, b, b).
 */
import type { BinaryOperator, Expression, Node, UnaryName } from './expression.ts'

export type Jet = Float64Array

const degrees: readonly (readonly [s: number, t: number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
  [3, 0],
  [2, 1],
  [1, 2],
  [0, 3],
]
const size = degrees.length
/** Which coefficients of two factors make which of the product. */
const products: readonly (readonly [left: number, right: number, to: number])[] = degrees.flatMap(([a, b], left) =>
  degrees.flatMap(([c, d], right) => {
    const to = degrees.findIndex(([s, t]) => s === a + c && t === b + d)
    return to < 0 ? [] : [[left, right, to] as const]
  }),
)

const constant = (value: number): Jet => {
  const jet = new Float64Array(size)
  jet[0] = value
  return jet
}

const map2 = (a: Jet, b: Jet, f: (x: number, y: number) => number): Jet => a.map((x, i) => f(x, b[i]!))

function multiply(a: Jet, b: Jet): Jet {
  const jet = new Float64Array(size)
  for (const [left, right, to] of products) {
    const [x, y] = [a[left]!, b[right]!]
    // A coefficient that is not there stays away: 0·∞ at the edge of a domain is not NaN.
    if (x !== 0 && y !== 0) jet[to]! += x * y
  }
  return jet
}

/** f(g) for f with Taylor coefficients c₀…c₃ at g₀: Σ c_k (g − g₀)^k. */
function compose(g: Jet, [c0, c1, c2, c3]: readonly [number, number, number, number]): Jet {
  const rest = g.slice()
  rest[0] = 0
  const square = multiply(rest, rest)
  const cube = multiply(square, rest)
  const term = (c: number, x: number) => (x === 0 ? 0 : c * x)
  const jet = rest.map((x, i) => term(c1, x) + term(c2, square[i]!) + term(c3, cube[i]!))
  jet[0] = c0
  return jet
}

type Series = readonly [number, number, number, number]

const power = (x: number, p: number): Series => [
  x ** p,
  p === 0 ? 0 : p * x ** (p - 1),
  p === 0 || p === 1 ? 0 : (p * (p - 1) * x ** (p - 2)) / 2,
  p === 0 || p === 1 || p === 2 ? 0 : (p * (p - 1) * (p - 2) * x ** (p - 3)) / 6,
]

/** Of arctan at x: 1/(1+x²) and its derivatives. */
const arctan = (x: number): Series => {
  const w = 1 / (1 + x * x)
  return [Math.atan(x), w, -x * w * w, ((3 * x * x - 1) * w ** 3) / 3]
}
const arcsine = (x: number): Series => {
  const w = 1 / Math.sqrt(1 - x * x)
  return [Math.asin(x), w, (x * w ** 3) / 2, ((1 + 2 * x * x) * w ** 5) / 6]
}
const tangent = (x: number, sign: 1 | -1, value: number): Series => {
  // tan′ = 1 + tan²; tanh′ = 1 − tanh².
  const slope = 1 + sign * value * value
  return [value, slope, sign * value * slope, (slope * (sign + 3 * value * value)) / 3]
}

const series: Readonly<Record<UnaryName, (x: number) => Series>> = {
  sqrt: (x) => power(x, 0.5),
  exp: (x) => [Math.exp(x), Math.exp(x), Math.exp(x) / 2, Math.exp(x) / 6],
  ln: (x) => [Math.log(x), 1 / x, -1 / (2 * x * x), 1 / (3 * x ** 3)],
  log10: (x) => [Math.log10(x), Math.LOG10E / x, -Math.LOG10E / (2 * x * x), Math.LOG10E / (3 * x ** 3)],
  sin: (x) => [Math.sin(x), Math.cos(x), -Math.sin(x) / 2, -Math.cos(x) / 6],
  cos: (x) => [Math.cos(x), -Math.sin(x), -Math.cos(x) / 2, Math.sin(x) / 6],
  tan: (x) => tangent(x, 1, Math.tan(x)),
  asin: arcsine,
  acos: (x) => {
    const [, c1, c2, c3] = arcsine(x)
    return [Math.acos(x), -c1, -c2, -c3]
  },
  atan: arctan,
  sinh: (x) => [Math.sinh(x), Math.cosh(x), Math.sinh(x) / 2, Math.cosh(x) / 6],
  cosh: (x) => [Math.cosh(x), Math.sinh(x), Math.cosh(x) / 2, Math.sinh(x) / 6],
  tanh: (x) => tangent(x, -1, Math.tanh(x)),
  // The corner has no derivative: NaN, which the caller refuses with a sentence.
  abs: (x) => [Math.abs(x), x === 0 ? NaN : Math.sign(x), 0, 0],
}

const isConstant = (jet: Jet): boolean => jet.every((coefficient, i) => i === 0 || coefficient === 0)

function divide(a: Jet, b: Jet): Jet {
  return isConstant(b) ? a.map((x) => x / b[0]!) : multiply(a, compose(b, power(b[0]!, -1)))
}

function raise(a: Jet, b: Jet): Jet {
  if (isConstant(b)) return compose(a, power(a[0]!, b[0]!))
  return compose(multiply(b, compose(a, series.ln(a[0]!))), series.exp(b[0]! * Math.log(a[0]!)))
}

/** Arc tangent of y/x in the right quadrant: the derivatives are those of atan(y/x), or of −atan(x/y) where x is small. */
function arctan2(y: Jet, x: Jet): Jet {
  const steep = Math.abs(y[0]!) > Math.abs(x[0]!)
  const ratio = steep ? divide(x, y) : divide(y, x)
  const jet = compose(ratio, arctan(ratio[0]!)).map((c) => (steep ? -c : c))
  jet[0] = Math.atan2(y[0]!, x[0]!)
  return jet
}

const binary: Readonly<Record<BinaryOperator, (a: Jet, b: Jet) => Jet>> = {
  '+': (a, b) => map2(a, b, (x, y) => x + y),
  '-': (a, b) => map2(a, b, (x, y) => x - y),
  '*': multiply,
  '/': divide,
  '^': raise,
  atan2: arctan2,
}

/**
 * The model along x + s·a + t·b. `at`, `a` and `b` run over `order`. NaN or ±∞ where a derivative does not exist.
 */
export function jetOf(
  expression: Expression,
  order: readonly string[],
  at: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Jet {
  const inputs = new Map(
    order.map((name, i) => {
      const jet = constant(at[i]!)
      jet[1] = a[i]!
      jet[2] = b[i]!
      return [name, jet]
    }),
  )
  const walk = (node: Node): Jet => {
    if (node.kind === 'number') return constant(node.value)
    if (node.kind === 'negate') return walk(node.of).map((x) => -x)
    if (node.kind === 'call') {
      const inner = walk(node.of)
      return compose(inner, series[node.name](inner[0]!))
    }
    if (node.kind === 'binary') return binary[node.operator](walk(node.left), walk(node.right))
    const jet = inputs.get(node.name)
    if (!jet) throw new RangeError(`no value for ${node.name}`)
    return jet
  }
  return walk(expression.root)
}

const unit = (n: number, i: number): Float64Array => {
  const direction = new Float64Array(n)
  if (i >= 0) direction[i] = 1
  return direction
}

/** Value and gradient of the model at the estimates. */
export function gradientOf(expression: Expression, order: readonly string[], at: ArrayLike<number>): { value: number; gradient: number[] } {
  const n = order.length
  // One jet serves two inputs.
  const gradient: number[] = []
  let value = NaN
  for (let i = 0; i < Math.max(n, 1); i += 2) {
    const jet = jetOf(expression, order, at, unit(n, i < n ? i : -1), unit(n, i + 1 < n ? i + 1 : -1))
    value = jet[0]!
    if (i < n) gradient.push(jet[1]!)
    if (i + 1 < n) gradient.push(jet[2]!)
  }
  return { value, gradient }
}

/** All second derivatives, symmetric. */
export function hessianOf(expression: Expression, order: readonly string[], at: ArrayLike<number>): number[][] {
  const n = order.length
  const hessian = order.map(() => order.map(() => 0))
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      // Along the same direction twice: the coefficient of st is s² counted twice, that is f″.
      const found = jetOf(expression, order, at, unit(n, i), unit(n, j))[4]!
      hessian[i]![j] = found
      hessian[j]![i] = found
    }
  return hessian
}
