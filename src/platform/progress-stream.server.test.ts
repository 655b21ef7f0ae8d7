import { describe, expect, it } from 'vitest'
import { runMonteCarlo, type MonteCarloJob } from './monte-carlo.server.ts'
import { progressStream, type Watched } from './progress-stream.server.ts'

const asked = { signal: new AbortController().signal }

/** Never stable to two digits within the limit: only a stop ends it early. */
const long: MonteCarloJob = {
  model: 'x',
  inputs: [{ name: 'x', distribution: { kind: 't', mean: 0, scale: 1, dof: 2.01 } }],
  options: { seed: 1, most: 20_000_000 },
}

describe('边算边报进度的回答', () => {
  it('一步一行，最后一行是结果', async () => {
    const run = async ({ onProgress }: Watched) => {
      onProgress(1, 2)
      onProgress(2, 2)
      return '好'
    }
    const response = progressStream(asked, run)
    expect(response.headers.get('content-type')).toContain('ndjson')
    expect(await response.text()).toBe('{"done":1,"most":2}\n{"done":2,"most":2}\n{"answer":"好"}\n')
  })

  for (const [how, stopped] of [
    ['读的人走了', false],
    ['请求断了', true],
  ] as const)
    it(`${how}，线程真的停下，不再算`, async () => {
      const request = new AbortController()
      let outcome: Promise<unknown> | undefined
      const response = progressStream({ signal: request.signal }, (watched) => (outcome = runMonteCarlo(long, watched)))
      const reader = response.body!.getReader()
      const first = new TextDecoder().decode((await reader.read()).value)
      expect(JSON.parse(first)).toEqual({ done: 10_000, most: 20_000_000 })
      if (stopped) request.abort()
      else await reader.cancel()
      expect(await outcome).toMatchObject({ code: 'CANCELLED' })
    })

  it('出了差错，回答断开，不冒充结果', async () => {
    const response = progressStream(asked, () => Promise.reject(new Error('坏了')))
    await expect(response.text()).rejects.toThrow('坏了')
  })
})
