/** Runs in a thread of its own, from source (`monte-carlo.server.ts` starts it): one job in, progress and one answer out. */
import { parentPort, workerData } from 'node:worker_threads'
import { runAdaptive } from '../core/metrology/adaptive.ts'
import type { MonteCarloJob, ThreadMessage } from './monte-carlo.server.ts'

const { model, inputs, options } = workerData as MonteCarloJob
const say = (message: ThreadMessage) => parentPort?.postMessage(message)
const answer = runAdaptive(model, inputs, { ...options, onChunk: (done, most) => say({ kind: 'progress', done, most }) })
say({ kind: 'answer', answer })
