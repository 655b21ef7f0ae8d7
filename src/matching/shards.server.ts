/**
 * Enterprises over several threads, each with a contiguous range of regions and a memory of its own (at most 20 million rows in one), so that
 * nothing that takes long holds up the thread that asks. Every shard hears every request in the same order, so what one request sees is the
 * same state everywhere: all changes sent before it, none after.
 */
import path from 'node:path'
import type { Setting } from '../core/eligibility/facts.ts'
import type { Rule, Truth } from '../core/eligibility/rule.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import { checkChanges, type Change } from './changes.ts'
import type { Row } from './gather.ts'
import { RuleNames } from './shard-rules.ts'
import { shardOf, type AnswerTo, type Kind, type RequestOf, type ShardState } from './shard.ts'
import { readList, saveList } from './shards-list.server.ts'
import { badSnapshot } from './snapshot.server.ts'
import { startThread, type Replied } from './shard-thread.server.ts'
import type { Counts, Sets } from './store.ts'

export interface Shards {
  /** As each shard last said, added up. */
  readonly state: ShardState
  /** Sorts rows to their shards and builds all of them; rows come a page at a time. */
  build(pages: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>, setting: Setting): Promise<void>
  /** Below a directory, with whatever the caller needs to know up to where it goes. */
  save(directory: string, mark: string): Promise<void>
  /** What shards with the same borders have saved at this mark; `loadShards` finds and starts those. */
  load(folder: string, mark: string, setting: Setting): Promise<Refusal | undefined>
  /** Another day, or an event that got its dates: for everything asked from now on. */
  use(setting: Setting): Shards
  /** All of them or none: what cannot be kept throws before any shard hears of it. */
  apply(changes: readonly Change[]): Promise<void>
  compact(): Promise<void>
  match(rule: Rule): Promise<Counts>
  /** Many policies at once: a message for all, not one for each. */
  matchAll(rules: readonly Rule[]): Promise<Counts[]>
  /** Keys of the enterprises that satisfy the rule for sure, or that may. */
  keys(rule: Rule, which: keyof Sets): Promise<Uint32Array>
  /** What the rule says of each of these enterprises; undefined for one that is not here. */
  truthsFor(rule: Rule, keys: readonly number[]): Promise<(Truth | undefined)[]>
  close(): Promise<void>
}

const batchRows = 20_000

const sourceFile = new URL('./shard-worker.server.ts', import.meta.url)

/**
 * `starts`: the first region code of each shard, in order; the first is `''` (`shardStarts` finds them). `worker`: the file
 * `shard-worker.server.ts`, where a bundler has moved this one away from it.
 */
export function startShards(starts: readonly string[], worker: URL | string = sourceFile): Shards {
  if (starts[0] !== '' || starts.some((start, i) => i > 0 && start <= starts[i - 1]!))
    throw new RangeError('Shards begin with the empty code and go up from there.')
  const threads = starts.map(() => startThread(worker))
  const names = new RuleNames()
  let used: string | undefined
  const all = <K extends Kind>(requestOf: (shard: number) => RequestOf<K>): Promise<Replied<K>[]> =>
    Promise.all(threads.map((thread, i) => thread.ask(requestOf(i))))
  const same = async <K extends Kind>(request: RequestOf<K>): Promise<AnswerTo<K>[]> => {
    const replies = await all(() => request)
    if (new Set(replies.map(({ state }) => state.epoch)).size > 1)
      throw new Error('The shards are not at the same epoch: load or build all of them.')
    return replies.map(({ said }) => said)
  }
  const matchAll = async (rules: readonly Rule[]): Promise<Counts[]> => {
    const counts = await same({ kind: 'match', rules: names.name(rules) })
    return rules.map((_, i) => ({
      eligible: counts.reduce((sum, shard) => sum + shard[i]!.eligible, 0),
      possible: counts.reduce((sum, shard) => sum + shard[i]!.possible, 0),
    }))
  }
  const shards: Shards = {
    get state() {
      const states = threads.map(({ state }) => state)
      const sum = (of: 'size' | 'bytes'): number => states.reduce((total, state) => total + state[of], 0)
      return {
        epoch: Math.max(...states.map(({ epoch }) => epoch)),
        size: sum('size'),
        bytes: sum('bytes'),
        needsCompaction: states.some(({ needsCompaction }) => needsCompaction),
      }
    },
    async build(pages, setting) {
      const waiting: Row[][] = starts.map(() => [])
      for await (const page of pages)
        for (const row of page) {
          const shard = shardOf(starts, row.facts)
          if (waiting[shard]!.push(row) >= batchRows) await threads[shard]!.ask({ kind: 'add', rows: waiting[shard]!.splice(0) })
        }
      await all((shard) => ({ kind: 'add', rows: waiting[shard]! }))
      used = JSON.stringify(setting)
      await all(() => ({ kind: 'build', setting }))
    },
    save: (directory, mark) =>
      saveList(directory, { starts, mark }, (folder) => all((shard) => ({ kind: 'save', directory: placeOf(folder, shard), mark }))),
    async load(folder, mark, setting) {
      used = JSON.stringify(setting)
      const loaded = (await all((shard) => ({ kind: 'load', directory: placeOf(folder, shard), setting }))).map(({ said }) => said)
      const others = loaded.some((each) => !isRefusal(each) && each.mark !== mark)
      return loaded.find(isRefusal) ?? (others ? badSnapshot('各分片不是同一时刻的') : undefined)
    },
    use(setting) {
      const text = JSON.stringify(setting)
      if (text !== used) {
        used = text
        // Whoever asks next is told if this fails.
        all(() => ({ kind: 'setting', setting })).catch(() => {})
      }
      return shards
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
    async compact() {
      await all(() => ({ kind: 'compact' }))
    },
    match: async (rule) => (await matchAll([rule]))[0]!,
    matchAll,
    keys: async (rule, which) => joined(await same({ kind: 'keys', rules: names.name([rule]), which })),
    async truthsFor(rule, keys) {
      const truths = await same({ kind: 'truths', rules: names.name([rule]), keys })
      return keys.map((_, i) => truths.find((shard) => shard[i] !== undefined)?.[i])
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
  return shards
}

const placeOf = (folder: string, shard: number): string => path.join(folder, `shard-${shard}`)

/** Shards as they were saved below a directory, with their mark; or a refusal that says what is wrong with the files. */
export async function loadShards(
  directory: string,
  setting: Setting,
  worker?: URL | string,
): Promise<{ shards: Shards; mark: string } | Refusal> {
  const list = readList(directory)
  if (isRefusal(list)) return list
  const shards = startShards(list.starts, worker)
  const refused = await shards.load(path.join(directory, list.folder), list.mark, setting)
  if (!refused) return { shards, mark: list.mark }
  await shards.close()
  return refused
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
