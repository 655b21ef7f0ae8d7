import { describe, expect, it } from 'vitest'
import { runAdaptive } from '../core/metrology/adaptive.ts'
import type { RandomInput } from '../core/metrology/trials.ts'
import { runMonteCarlo } from './monte-carlo.server.ts'

const inputs: RandomInput[] = [
  { name: '电压', distribution: { kind: 'normal', mean: 5, u: 0.01 } },
  { name: '电流', distribution: { kind: 'rectangular', low: 0.019, high: 0.021 } },
]
const job = { model: '电压/电流', inputs, options: { seed: 1, digits: 1 as const } }

describe('蒙特卡洛在单独的线程里计算', () => {
  it('与直接计算逐位相同，报告进度', async () => {
    const seen: number[] = []
    const found = await runMonteCarlo(job, { onProgress: (done) => seen.push(done) })
    expect(found).toEqual(runAdaptive(job.model, inputs, job.options))
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  it('同时来几个，排队后都有结果', async () => {
    const all = await Promise.all([1, 2, 3, 4].map((seed) => runMonteCarlo({ ...job, options: { ...job.options, seed } })))
    expect(all.every((each) => 'stable' in each)).toBe(true)
  })

  it('可以停止；停了不影响下一个', async () => {
    const stop = new AbortController()
    // Never stable to two digits of the interval within the limit, so that it is the stop that ends it.
    const long = {
      model: 'x',
      inputs: [{ name: 'x', distribution: { kind: 't', mean: 0, scale: 1, dof: 2.01 } }] as const,
      options: { seed: 1, most: 20_000_000 },
    }
    const found = await runMonteCarlo(long, { signal: stop.signal, onProgress: () => stop.abort() })
    expect(found).toMatchObject({ code: 'CANCELLED' })
    expect(await runMonteCarlo(job, { signal: stop.signal })).toMatchObject({ code: 'CANCELLED' })
    expect(await runMonteCarlo(job)).toMatchObject({ stable: true })
  })

  it('公式有误，得到的是那句话', async () => {
    expect(await runMonteCarlo({ ...job, model: '电压/(电流' })).toMatchObject({ kind: 'invalid', code: 'INVALID_EXPRESSION' })
  })
})
