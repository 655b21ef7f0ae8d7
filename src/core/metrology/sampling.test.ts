import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { runAdaptive } from './adaptive.ts'
import { reckonBudget } from './budget.ts'
import { fill, momentsOf, type Distribution } from './distributions.ts'
import { intervals, momentsOfSample, numericalTolerance } from './propagated.ts'
import { Random, seeded, streamOf } from './random.ts'
import { prepareTrials, runChunk, runTrials, type RandomInput } from './trials.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}

describe('随机数', () => {
  it('xoshiro128** 与作者公布的序列一致', () => {
    const random = new Random(1, 2, 3, 4)
    expect(Array.from({ length: 10 }, () => random.next() >>> 0)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
  })

  it('同一种子同一序列；各路、各种子不同；都在 0 和 1 之间', () => {
    const take = (random: Random) => Array.from({ length: 50 }, () => random.uniform())
    expect(take(streamOf(5, 3))).toEqual(take(streamOf(5, 3)))
    const firsts = [0, 1, 2, 3].flatMap((seed) => [0, 1, 2].map((k) => streamOf(seed, k).uniform()))
    expect(new Set(firsts).size).toBe(firsts.length)
    const jumped = streamOf(9, 1)
    jumped.jump()
    expect(take(jumped)).toEqual(take(streamOf(9, 2)))
    const there = seeded(7)
    there.jump()
    expect(there).toEqual(farAhead(seeded(7)))
    fc.assert(fc.property(fc.maxSafeInteger(), (seed) => take(seeded(seed)).every((x) => x > 0 && x < 1)))
  })
})

/** One step as a matrix over GF(2), squared 64 times: an independent way to 2^64 steps. A state is one number of 128 bits. */
function farAhead(start: Random): Random {
  const join = ({ a, b, c, d }: Random) => [a, b, c, d].reduce((sum, word, i) => sum | (BigInt(word >>> 0) << BigInt(32 * i)), BigInt(0))
  const split = (state: bigint) => {
    const word = (i: number) => Number(BigInt.asIntN(32, state >> BigInt(32 * i)))
    return new Random(word(0), word(1), word(2), word(3))
  }
  let columns = Array.from({ length: 128 }, (_, i) => {
    const unit = split(BigInt(1) << BigInt(i))
    unit.next()
    return join(unit)
  })
  const apply = (state: bigint) => columns.reduce((sum, column, i) => ((state >> BigInt(i)) & BigInt(1) ? sum ^ column : sum), BigInt(0))
  for (let power = 0; power < 64; power++) columns = columns.map(apply)
  return split(apply(join(start)))
}

const distributions: [string, Distribution][] = [
  ['正态', { kind: 'normal', mean: 3, u: 2 }],
  ['t，ν = 9', { kind: 't', mean: 1, scale: 2, dof: 9 }],
  ['矩形', { kind: 'rectangular', low: -1, high: 3 }],
  ['曲边梯形', { kind: 'curvilinear-trapezoid', low: 0, high: 2, d: 0.5 }],
  ['三角', { kind: 'triangular', low: 0, high: 2 }],
  ['梯形', { kind: 'trapezoidal', low: 0, high: 2, beta: 0.4 }],
  ['反正弦', { kind: 'arcsine', low: -1, high: 1 }],
  ['指数', { kind: 'exponential', mean: 2 }],
  ['伽马，形状 4', { kind: 'gamma', shape: 4, scale: 0.25 }],
  ['伽马，形状 0.5', { kind: 'gamma', shape: 0.5, scale: 2 }],
]

describe('抽样', () => {
  it.each(distributions)('%s分布：抽样的均值、标准偏差与公式一致', (_, distribution) => {
    const out = new Float64Array(200_000)
    fill(distribution, streamOf(11, 0), out)
    const { mean, u } = momentsOf(distribution)
    const found = momentsOfSample(out)
    // Four standard errors of the mean; of the deviation with room for heavy tails.
    expect(Math.abs(found.value - mean)).toBeLessThan((4 * u) / Math.sqrt(out.length))
    expect(Math.abs(found.u / u - 1)).toBeLessThan(0.015)
  })

  it.each([
    [{ kind: 'triangular', low: 0, high: 2 }, 0.5, 0.125],
    [{ kind: 'arcsine', low: -1, high: 1 }, 0.5, 2 / 3],
    [{ kind: 'exponential', mean: 2 }, 2, 1 - Math.exp(-1)],
    [{ kind: 'trapezoidal', low: 0, high: 2, beta: 0.5 }, 0.5, 1 / 6],
    [{ kind: 't', mean: 0, scale: 1, dof: 3 }, 3.182446305284263, 0.975],
  ] as const)('分布函数对：%j 不大于 %d 的占 %d', (distribution, x, p) => {
    const out = new Float64Array(200_000)
    fill(distribution, streamOf(12, 0), out)
    const share = out.filter((each) => each <= x).length / out.length
    expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / out.length))
  })
})

describe('蒙特卡洛', () => {
  const inputs: RandomInput[] = [
    { name: 'x', distribution: { kind: 'normal', mean: 10, u: 0.3 } },
    { name: 'y', distribution: { kind: 'normal', mean: 5, u: 0.2 } },
  ]

  it('线性模型、正态输入：与 GUM 法一致，相关也一致', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.nat(1000),
        (a, b, r, seed) => {
          const correlations = [{ a: 'x', b: 'y', r }]
          const model = `${a}*x + ${b}*y`
          const budget = ok(
            reckonBudget(
              model,
              inputs.map(({ name, distribution }) => ({ name, evaluation: { kind: 'distribution', distribution } })),
              { correlations },
            ),
          )
          const found = momentsOfSample(ok(runTrials(model, inputs, { seed, trials: 40_000, correlations })))
          expect(Math.abs(found.value - budget.value)).toBeLessThan((5 * Math.max(budget.u, 1e-9)) / 200)
          expect(Math.abs(found.u - budget.u)).toBeLessThan(0.025 * budget.u + 1e-9)
        },
      ),
      { numRuns: 20, seed: 42 },
    )
  })

  it('各块可以由任何进程、按任何次序计算，结果逐位相同', () => {
    const whole = ok(runTrials('x*y', inputs, { seed: 3, trials: 25_000, chunk: 10_000 }))
    const parts = [2, 0, 1].map((index) => {
      const out = new Float64Array(index === 2 ? 5_000 : 10_000)
      runChunk(ok(prepareTrials('x*y', inputs)), 3, index, out)
      return [index, out] as const
    })
    for (const [index, out] of parts) expect([...whole.subarray(index * 10_000, index * 10_000 + out.length)]).toEqual([...out])
  })

  it('报告进度，可以停止', () => {
    const seen: number[] = []
    const found = runTrials('x', inputs.slice(0, 1), { seed: 1, trials: 50_000, onChunk: (done) => (seen.push(done), done < 20_000) })
    expect(seen).toEqual([10_000, 20_000])
    expect(found).toMatchObject({ code: 'CANCELLED' })
  })

  it('有抽样使模型没有意义，就拒绝，不悄悄丢掉', () => {
    const found = runTrials('sqrt(x - 10)', inputs.slice(0, 1), { seed: 1, trials: 1000 })
    expect(isRefusal(found) && found.reason).toContain('组使测量模型没有意义')
  })

  it('相关的输入量不是正态分布，拒绝并说明怎么办', () => {
    const box: RandomInput = { name: 'y', distribution: { kind: 'rectangular', low: 0, high: 1 } }
    const found = runTrials('x + y', [inputs[0]!, box], { seed: 1, trials: 1000, correlations: [{ a: 'x', b: 'y', r: 0.5 }] })
    expect(isRefusal(found) && found.reason).toContain('定不出它们的联合分布')
  })

  it('自适应：到了上限还不稳定就照实说', () => {
    const wild: RandomInput = { name: 'x', distribution: { kind: 't', mean: 0, scale: 1, dof: 2.1 } }
    expect(ok(runAdaptive('x', [wild], { seed: 1, most: 50_000 })).stable).toBe(false)
  })

  it('JCGM 101 7.7：1 … 100 的 95 % 区间', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, i) => i + 1)
    expect(intervals(sorted, 0.95).symmetric).toEqual({ low: 3, high: 98 })
    const skew = Float64Array.from({ length: 100 }, (_, i) => (i + 1) ** 2)
    expect(intervals(skew, 0.95).shortest).toEqual({ low: 1, high: 96 ** 2 })
  })

  it.each([
    [0.35e-3, 2, 0.005e-3],
    [0.0754, 1, 0.005],
    [0.0754, 2, 0.0005],
    [36, 2, 0.5],
    [0, 2, 0],
  ] as const)('JCGM 101 7.9.2：u = %d 取 %i 位，数值容差 %d', (u, digits, delta) =>
    expect(numericalTolerance(u, digits)).toBeCloseTo(delta, 12),
  )
})
