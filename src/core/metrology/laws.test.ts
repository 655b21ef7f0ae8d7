/** What must hold for every model, not only for the published ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { reckonBudget, type Input } from './budget.ts'
import { compileColumns } from './columns.ts'
import { evaluate, parseExpression, type Expression } from './expression.ts'
import { gradientOf, hessianOf, jetOf } from './jet.ts'
import { cholesky, correlationMatrix } from './correlation.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
// Comparisons within a tolerance: the same models every time.
fc.configureGlobal({ seed: 20081009 })
const order = ['x', 'y', 'z']
const number = fc.double({ min: 0.2, max: 2, noNaN: true }).map((each) => Number(each.toFixed(3)))
/** Texts of smooth models in x, y, z, defined for 0.2 … 2. */
const { text } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('x', 'y', 'z'),
    number.map(String),
    fc.tuple(tie('text'), fc.constantFrom('+', '-', '*'), tie('text')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    tie('text').map((a) => `-(${a})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a})/(1 + (${b})^2)`),
    fc.tuple(fc.constantFrom('sin', 'cos', 'atan', 'tanh'), tie('text')).map(([f, a]) => `${f}(${a})`),
    tie('text').map((a) => `sqrt(1 + (${a})^2)`),
    tie('text').map((a) => `ln(2 + sin(${a}))`),
    tie('text').map((a) => `exp(cos(${a}))`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(1.5 + sin(${a}))^cos(${b})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `atan2(2 + cos(${a}), ${b})`),
    tie('text').map((a) => `asin(0.9*sin(${a}))`),
    tie('text').map((a) => `acos(0.9*cos(${a}))`),
  ),
}))
const model = text.filter((each) => each.length < 400).map((each) => ok(parseExpression(each)))
const point = fc.tuple(number, number, number)
const at = (expression: Expression, [x, y, z]: readonly number[]) => evaluate(expression, { x: x!, y: y!, z: z! })

/** Central differences with Richardson's extrapolation: an independent and rougher way to the same number. */
function difference(f: (h: number) => number, h: number): number {
  const d = (step: number) => (f(step) - f(-step)) / (2 * step)
  return (4 * d(h / 2) - d(h)) / 3
}
const near = (a: number, b: number, relative: number, scale = 1) =>
  expect(Math.abs(a - b)).toBeLessThan(relative * (Math.abs(a) + Math.abs(b) + scale))

describe('导数', () => {
  it('一阶导数与差商一致', () => {
    fc.assert(
      fc.property(model, point, (expression, p) => {
        const size = Math.abs(at(expression, p))
        gradientOf(expression, order, p).gradient.forEach((slope, i) => {
          const moved = (h: number) =>
            at(
              expression,
              p.map((each, j) => (i === j ? each + h : each)),
            )
          const [fine, coarse] = [difference(moved, 1e-3), difference(moved, 2e-3)]
          fc.pre(Math.abs(fine - coarse) < 1e-6 * (1 + Math.abs(fine)))
          near(slope, fine, 1e-6, 1 + size)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('二阶导数是一阶导数的导数，并且对称', () => {
    fc.assert(
      fc.property(model, point, (expression, p) => {
        const hessian = hessianOf(expression, order, p)
        hessian.forEach((row, i) =>
          row.forEach((second, j) => {
            const slope = (h: number) =>
              gradientOf(
                expression,
                order,
                p.map((each, k) => (k === j ? each + h : each)),
              ).gradient[i]!
            const [fine, coarse] = [difference(slope, 1e-3), difference(slope, 2e-3)]
            fc.pre(Math.abs(fine - coarse) < 1e-5 * (1 + Math.abs(fine)))
            near(second, fine, 1e-5)
          }),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('三阶混合导数是二阶导数的导数', () => {
    fc.assert(
      fc.property(model, point, (expression, p) => {
        const third = 2 * jetOf(expression, order, p, [1, 0, 0], [0, 1, 0])[8]!
        const second = (h: number) => hessianOf(expression, order, [p[0] + h, p[1], p[2]])[1]![1]!
        const [fine, coarse] = [difference(second, 1e-3), difference(second, 2e-3)]
        fc.pre(Math.abs(fine - coarse) < 1e-4 * (1 + Math.abs(fine)))
        near(third, fine, 1e-4)
      }),
      { numRuns: 150 },
    )
  })

  it('成块计算与逐个计算逐位相同', () => {
    fc.assert(
      fc.property(model, fc.array(point, { minLength: 1, maxLength: 8 }), (expression, points) => {
        const columns = compileColumns(expression, order, 8)
        order.forEach((name, i) => columns.inputs.get(name)!.set(points.map((p) => p[i]!)))
        // Twice: a run must not spoil the inputs.
        columns.run(points.length)
        expect([...columns.run(points.length).subarray(0, points.length)]).toEqual(points.map((p) => at(expression, p)))
      }),
      { numRuns: 500 },
    )
  })
})

const inputsAt = (p: readonly number[], us: readonly number[]): Input[] =>
  order.map((name, i) => ({ name, evaluation: { kind: 'standard', value: p[i]!, u: us[i]!, dof: 5 + i } }))

describe('不确定度评定的规律', () => {
  const all = model.filter((each) => each.names.length === 3)
  const r = fc.double({ min: -0.45, max: 0.45, noNaN: true })

  it('输入量的先后不影响结果', () => {
    fc.assert(
      fc.property(all, point, point, r, (expression, p, us, coefficient) => {
        const correlations = [{ a: 'x', b: 'z', r: coefficient }]
        const [one, other] = [inputsAt(p, us), inputsAt(p, us).toReversed()].map((inputs) =>
          ok(reckonBudget(expression, inputs, { correlations })),
        )
        near(one!.u, other!.u, 1e-9, 1e-9)
        if (one!.dof !== undefined && other!.dof !== undefined && one!.dof < 1e6) near(one!.dof, other!.dof, 1e-9)
      }),
    )
  })

  it('换单位只换数值：被测量乘 1000，u 也乘 1000，占比不变；输入量换单位，u 不变', () => {
    fc.assert(
      fc.property(all, point, point, (expression, p, us) => {
        const [plain, scaled] = [expression.text, `1000*(${expression.text})`].map((each) => ok(reckonBudget(each, inputsAt(p, us))))
        near(scaled!.u, 1000 * plain!.u, 1e-12)
        plain!.lines.forEach((line, i) => near(line.share, scaled!.lines[i]!.share, 1e-9))
        const inMilli = expression.text.replaceAll('x', '(x/1000)').replaceAll('e(x/1000)p', 'exp')
        const inputs = inputsAt([p[0] * 1000, p[1], p[2]], [us[0] * 1000, us[1], us[2]])
        near(ok(reckonBudget(inMilli, inputs)).u, plain!.u, 1e-9, 1e-9)
      }),
    )
  })

  it('互不相关的量相加，方差相加；占比合计 100 %', () => {
    fc.assert(
      fc.property(all, point, point, (expression, p, us) => {
        const one = ok(reckonBudget(expression, inputsAt(p, us)))
        const more: Input = { name: 'w', evaluation: { kind: 'standard', value: 1, u: 0.3 } }
        near(ok(reckonBudget(`${expression.text} + w`, [...inputsAt(p, us), more])).u ** 2, one.u ** 2 + 0.09, 1e-12)
        if (one.u > 0) expect(one.lines.reduce((sum, line) => sum + line.share, one.correlationShare)).toBeCloseTo(100, 8)
      }),
    )
  })

  it('有效自由度不小于最小的自由度，不大于各自由度之和', () => {
    fc.assert(
      fc.property(all, point, point, (expression, p, us) => {
        const { dof, u } = ok(reckonBudget(expression, inputsAt(p, us)))
        if (!(u > 1e-12)) return
        expect(dof).toBeGreaterThanOrEqual(5 * (1 - 1e-9))
        expect(dof).toBeLessThanOrEqual(18 * (1 + 1e-9))
      }),
    )
  })

  /** Variances of polynomials of normal quantities, to fourth order in u: Var(x + x³) = u² + 6u⁴ + …, Var(x + x·y²) = u² + 2u²v² + … */
  it.each([
    ['x + x^3', 0, 0.1, 0.2, 0, 0.01 + 6e-4],
    ['x + x*y^2', 0, 0.1, 0.2, 0, 0.01 + 2 * 0.01 * 0.04],
    ['x*y', 0, 0.1, 0.2, 0, 0.01 * 0.04],
    ['x^2', 3, 0.1, 0.2, 0, 36 * 0.01 + 2e-4],
    ['x*y', 0, 0.1, 0.2, 0.5, 0.01 * 0.04 * 1.25],
    // Cov(x, x·y²) with correlated x and y: E[x²y²] = u²v²(1 + 2r²).
    ['x + x*y^2', 0, 0.1, 0.2, 0.5, 0.01 + 2 * 0.01 * 0.04 * 1.5],
  ])('高阶项：%s，x = %d，u(x) = %d，u(y) = %d，r = %d', (model, value, u, v, r, variance) => {
    const inputs: Input[] = [
      { name: 'x', evaluation: { kind: 'standard', value, u } },
      { name: 'y', evaluation: { kind: 'standard', value: 0, u: v } },
    ].filter(({ name }) => model.includes(name)) as Input[]
    const correlations = r === 0 ? [] : [{ a: 'x', b: 'y', r }]
    expect(ok(reckonBudget(model, inputs, { correlations, secondOrder: true })).secondOrder!.u ** 2).toBeCloseTo(variance, 12)
  })

  it('线性模型没有高阶项', () => {
    const inputs = inputsAt([1, 2, 3], [0.1, 0.2, 0.3])
    const budget = ok(reckonBudget('2*x - 3*y + z/4', inputs, { secondOrder: true }))
    expect(budget.secondOrder!.u).toBeCloseTo(budget.u, 12)
    expect(budget.secondOrder!.chief).toBeUndefined()
  })

  it('相关矩阵：半正定才收，L·Lᵀ 还原它', () => {
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: -1, max: 1, noNaN: true }))), ([a = 0, b = 0, c = 0]) => {
        const found = correlationMatrix(order, [
          { a: 'x', b: 'y', r: a },
          { a: 'x', b: 'z', r: b },
          { a: 'y', b: 'z', r: c },
        ])
        const determinant = 1 + 2 * a * b * c - a * a - b * b - c * c
        fc.pre(Math.abs(determinant) > 1e-6)
        expect(isRefusal(found)).toBe(determinant < 0)
        if (isRefusal(found)) return
        const lower = cholesky(found)!
        found.forEach((row, i) =>
          row.forEach((each, j) => expect(lower[i]!.reduce((sum, x, k) => sum + x * lower[j]![k]!, 0)).toBeCloseTo(each, 9)),
        )
      }),
    )
  })
})
