/** A simulation that is watched: how far it is, how to stop it, what came of it. */
import { useEffect, useRef, useState } from 'react'
import type { Refusal } from '../../../core/refusal.ts'
import type { ProgressLine } from '../../../platform/progress-stream.server.ts'
import type { Simulated } from '../monte-carlo.server.ts'

export type Simulation =
  | { state: 'idle' }
  | { state: 'running'; n: number; done: number; most: number }
  | { state: 'done'; simulated: Simulated }
  | { state: 'stopped'; n: number; why: string }

export interface Simulating {
  simulation: Simulation
  start: (n: number, body: FormData) => void
  stop: () => void
}

/** Leaving the page stops it too: nobody would see the answer. */
export function useSimulation(lineId: string): Simulating {
  const [simulation, show] = useState<Simulation>({ state: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const start = (n: number, body: FormData) => {
    running.current?.abort()
    const stop = new AbortController()
    running.current = stop
    show({ state: 'running', n, done: 0, most: 0 })
    const onProgress = (done: number, most: number) => {
      if (running.current === stop) show({ state: 'running', n, done, most })
    }
    void follow(`/bench/${lineId}/record/simulate`, body, { signal: stop.signal, onProgress })
      .then((answer): Simulation =>
        'reason' in answer ? { state: 'stopped', n, why: answer.reason } : { state: 'done', simulated: answer },
      )
      .catch((): Simulation => ({
        state: 'stopped',
        n,
        why: stop.signal.aborted ? '已停止，没有结果。' : '没有算完：网络不通或平台出了差错，请再试一次。',
      }))
      .then((end) => {
        if (running.current === stop) show(end)
      })
  }
  return { simulation, start, stop: () => running.current?.abort() }
}

interface Following {
  signal: AbortSignal
  onProgress: (done: number, most: number) => void
}

async function follow(path: string, body: FormData, { signal, onProgress }: Following): Promise<Simulated | Refusal> {
  const response = await fetch(path, { method: 'POST', body, signal })
  if (!response.ok) return ((await response.json()) as { refusal: Refusal }).refusal
  let rest = ''
  for await (const text of readers(response.body!.pipeThrough(new TextDecoderStream()))) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const said = JSON.parse(line) as ProgressLine<Simulated | Refusal>
      if ('answer' in said) return said.answer
      onProgress(said.done, said.most)
    }
  }
  throw new Error('ended without an answer')
}

/** Not every browser iterates over a stream. */
async function* readers(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
}
