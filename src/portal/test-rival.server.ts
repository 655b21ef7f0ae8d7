/** A second process from the first one's side: start it, ask it, call its API. */
import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Outcome, Place, Task } from './test-process.server.ts'

export interface Rival {
  ask: (task: Omit<Task, 'n'>) => Promise<Outcome>
  port: number
  stop: () => Promise<void>
}

export async function startRival(place: Place): Promise<Rival> {
  const file = path.join(import.meta.dirname, 'test-process.server.ts')
  const child: ChildProcess = fork(file, [JSON.stringify(place)], { serialization: 'advanced', execArgv: [] })
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let asked = 0
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
    child.on('message', (said: Outcome | { port: number }) => ('port' in said ? resolve(said.port) : waiting.get(said.n)?.(said)))
  })
  return {
    port,
    ask: (task) =>
      new Promise((resolve) => {
        const n = ++asked
        waiting.set(n, resolve)
        child.send({ ...task, n })
      }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}

/** As the API asks for: who is told that the same request is being worked on, asks again a little later. */
export async function patiently(
  port: number,
  cookie: string,
  where: string,
  key: string,
  body: unknown,
): Promise<{ status: number; body: string }> {
  for (let tries = 0; tries < 400; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${where}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
    if (response.status !== 409 || !response.headers.has('retry-after')) return { status: response.status, body: await response.text() }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the same request was worked on for ever')
}
