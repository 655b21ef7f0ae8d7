/**
 * Many enterprises over several threads, each with a contiguous range of regions and a memory of its own (at most 20 million rows in one).
 * Every shard hears every request in the same order, so what one request sees is the same state everywhere: all changes sent before it, none after.
 */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Setting } from '../core/eligibility/facts.ts'
import type { Rule } from '../core/eligibility/rule.ts'
import { checkChanges, type Change } from './changes.ts'
import type { Row } from './gather.ts'
import { RuleNames } from './shard-rules.ts'
import { shardOf, type Reply, type Request } from './shard.ts'
import type { Counts } from './store.ts'

export interface Shards {
  /** Sorts rows to their shards and builds all of them. */
  build(rows: Iterable<Row>, setting: Setting): Promise<void>
  /** From the snapshots below a directory; throws with the sentence of the first refusal. */
  load(directory: string, setting: Setting): Promise<void>
  save(directory: string, mark?: string): Promise<void>
  /** All of them or none: what cannot be kept throws before any shard hears of it. */
  apply(changes: readonly Change[]): Promise<void>
  match(rule: Rule): Promise<Counts>
  /** Many policies at once: a message for all, not one for each. */
  matchAll(rules: readonly Rule[]): Promise<Counts[]>
  keys(rule: Rule): Promise<{ eligible: Uint32Array; possible: Uint32Array }>
  size(): Promise<number>
  close(): Promise<void>
}

const batchRows = 20_000

/** `starts`: the first region code of each shard, in order; the first is `''`. */
export function startShards(starts: readonly string[], worker: URL = new URL('./shard-worker.server.ts', import.meta.url)): Shards {
  if (starts[0] !== '' || starts.some((start, i) => i > 0 && start <= starts[i - 1]!))
    throw new RangeError('Shards begin with the empty code and go up from there.')
  const shards = starts.map(() => startShard(worker))
  const names = new RuleNames()
  const all = (requestOf: (shard: number) => Request): Promise<Reply[]> => Promise.all(shards.map((shard, i) => shard.ask(requestOf(i))))
  const same = async (requestOf: (shard: number) => Request): Promise<Reply[]> => {
    const replies = await all(requestOf)
    if (new Set(replies.map(({ epoch }) => epoch)).size > 1)
      throw new Error('The shards are not at the same epoch: load or build all of them.')
    return replies
  }
  const matchAll = async (rules: readonly Rule[]): Promise<Counts[]> => {
    const named = names.name(rules)
    const replies = (await same(() => ({ kind: 'match', rules: named }))) as { counts: Counts[] }[]
    return rules.map((_, i) => ({
      eligible: replies.reduce((sum, { counts }) => sum + counts[i]!.eligible, 0),
      possible: replies.reduce((sum, { counts }) => sum + counts[i]!.possible, 0),
    }))
  }
  return {
    async build(rows, setting) {
      const waiting: Row[][] = starts.map(() => [])
      for (const row of rows) {
        const shard = shardOf(starts, row.facts)
        if (waiting[shard]!.push(row) >= batchRows) await shards[shard]!.ask({ kind: 'add', rows: waiting[shard]!.splice(0) })
      }
      await all((shard) => ({ kind: 'add', rows: waiting[shard]! }))
      await all(() => ({ kind: 'build', setting }))
    },
    async load(directory, setting) {
      await all((shard) => ({ kind: 'load', directory: path.join(directory, `shard-${shard}`), setting }))
    },
    async save(directory, mark) {
      await all((shard) => ({ kind: 'save', directory: path.join(directory, `shard-${shard}`), ...(mark !== undefined && { mark }) }))
    },
    async apply(changes) {
      checkChanges(changes)
      // An enterprise that moved to another shard is gone from its old one, whichever that was.
      await all((shard) => ({
        kind: 'apply',
        changes: changes.map((change) =>
          'facts' in change && shardOf(starts, change.facts) === shard ? change : { key: change.key, gone: true },
        ),
      }))
    },
    match: async (rule) => (await matchAll([rule]))[0]!,
    matchAll,
    async keys(rule) {
      const named = names.name([rule])
      const replies = (await same(() => ({ kind: 'keys', rules: named }))) as { eligible: Uint32Array; possible: Uint32Array }[]
      return { eligible: joined(replies.map(({ eligible }) => eligible)), possible: joined(replies.map(({ possible }) => possible)) }
    },
    async size() {
      const replies = (await all(() => ({ kind: 'add', rows: [] }))) as { size: number }[]
      return replies.reduce((sum, { size }) => sum + size, 0)
    },
    async close() {
      await Promise.all(shards.map((shard) => shard.close()))
    },
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A thread that answers one request after the other. When it dies, everything that waits for it fails. */
function startShard(url: URL) {
  const worker = new Worker(url)
  const open = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>()
  let next = 0
  let dead: Error | undefined
  const fail = (error: Error): void => {
    dead = error
    for (const { reject } of open.values()) reject(error)
    open.clear()
  }
  worker.on('message', ({ id, reply, error }: { id: number; reply?: Reply; error?: string }) => {
    const asked = open.get(id)
    open.delete(id)
    if (reply) asked?.resolve(reply)
    else asked?.reject(new Error(error))
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('The shard has ended.')))
  return {
    ask: (request: Request): Promise<Reply> =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        open.set(next, { resolve, reject })
        worker.postMessage({ id: next++, request })
      }),
    close: () => worker.terminate(),
  }
}
