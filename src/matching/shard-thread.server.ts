/** A thread that answers one request after the other. When it dies, everything that waits for it fails. */
import { Worker } from 'node:worker_threads'
import type { AnswerTo, Kind, RequestOf, ShardState } from './shard.ts'

export interface Replied<K extends Kind> {
  said: AnswerTo<K>
  state: ShardState
}

export interface ShardThread {
  /** As it last said. */
  readonly state: ShardState
  ask<K extends Kind>(request: RequestOf<K>): Promise<Replied<K>>
  close(): Promise<void>
}

interface Waiting {
  resolve: (reply: Replied<never>) => void
  reject: (error: Error) => void
}

export function startThread(file: URL | string): ShardThread {
  const worker = new Worker(file)
  const open = new Map<number, Waiting>()
  let next = 0
  let dead: Error | undefined
  let state: ShardState = { epoch: 0, size: 0, bytes: 0, needsCompaction: false }
  const fail = (error: Error): void => {
    dead ??= error
    for (const { reject } of open.values()) reject(dead)
    open.clear()
  }
  worker.on('message', (message: { id: number; error: string } | ({ id: number } & Replied<never>)) => {
    const asked = open.get(message.id)
    open.delete(message.id)
    // A shard that nobody waits for does not keep the process.
    if (open.size === 0) worker.unref()
    if ('error' in message) return void asked?.reject(new Error(message.error))
    state = message.state
    asked?.resolve(message)
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('The shard has ended.')))
  worker.unref()
  return {
    get state() {
      return state
    },
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        open.set(next, { resolve: resolve as Waiting['resolve'], reject })
        worker.ref()
        worker.postMessage({ id: next++, request })
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
