/**
 * Monte Carlo runs beside the server's thread, so that a million trials do not hold up a page. The arithmetic is `core/metrology`; this only carries it.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Adaptive, AdaptiveOptions } from '../core/metrology/adaptive.ts'
import type { RandomInput } from '../core/metrology/trials.ts'
import { refuse, type Refusal } from '../core/refusal.ts'
import { sourceFile } from './source-file.server.ts'

export interface MonteCarloJob {
  model: string
  inputs: readonly RandomInput[]
  options: Omit<AdaptiveOptions, 'onChunk'>
}

export type ThreadMessage = { kind: 'progress'; done: number; most: number } | { kind: 'answer'; answer: Adaptive | Refusal }

export interface MonteCarloWatch {
  onProgress?: (done: number, most: number) => void
  /** Stops the run: the answer is then a refusal with code `CANCELLED`. */
  signal?: AbortSignal
}

/** One processor is left for pages; more jobs than this wait, and beyond `mostWaiting` they are refused. */
const atOnce = Math.max(1, availableParallelism() - 1)
const mostWaiting = 20
let running = 0
const waiting: (() => void)[] = []

const cancelled = (): Refusal => refuse('conflict', '模拟已停止', { code: 'CANCELLED' })

/** The adaptive procedure in a thread. A refusal is an answer; a broken thread rejects. */
export async function runMonteCarlo(job: MonteCarloJob, watch: MonteCarloWatch = {}): Promise<Adaptive | Refusal> {
  if (watch.signal?.aborted) return cancelled()
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) return refuse('conflict', '同时进行的蒙特卡洛计算太多，请过一会儿再试', { code: 'BUSY' })
    // The one that ends hands over its place, so `running` does not change.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return watch.signal?.aborted ? cancelled() : await runThread(job, watch)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

function runThread(job: MonteCarloJob, { onProgress, signal }: MonteCarloWatch): Promise<Adaptive | Refusal> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(sourceFile('src/platform/monte-carlo-thread.ts'), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    const stop = () => finish(() => resolve(cancelled()))
    const finish = (settle: () => void) => {
      signal?.removeEventListener('abort', stop)
      void worker.terminate()
      settle()
    }
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') onProgress?.(message.done, message.most)
      else finish(() => resolve(message.answer))
    })
    worker.on('error', (error) => finish(() => reject(error)))
    worker.on('exit', (code) => finish(() => reject(new Error(`Monte Carlo thread ended with code ${code}`))))
  })
}
