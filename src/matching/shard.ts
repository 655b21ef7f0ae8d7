/** What the coordinator and a shard say to each other, and which shard a place belongs to. */
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import type { Truth } from '../core/eligibility/rule.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Change } from './changes.ts'
import type { Row } from './gather.ts'
import type { Named } from './shard-rules.ts'
import type { Counts, Sets } from './store.ts'

export type Request =
  | { kind: 'add'; rows: Row[] }
  | { kind: 'build'; setting: Setting }
  | { kind: 'load'; directory: string; setting: Setting }
  | { kind: 'save'; directory: string; mark: string }
  | { kind: 'setting'; setting: Setting }
  | { kind: 'apply'; changes: Change[] }
  | { kind: 'compact' }
  | { kind: 'match'; rules: Named }
  | { kind: 'keys'; rules: Named; which: keyof Sets }
  | { kind: 'truths'; rules: Named; keys: readonly number[] }

export type Kind = Request['kind']
export type RequestOf<K extends Kind> = Extract<Request, { kind: K }>

/** What a request is answered with, by its kind; those that are not here are answered with nothing but the state. */
export interface Answers {
  load: { mark: string | undefined } | Refusal
  match: Counts[]
  keys: Uint32Array
  truths: (Truth | undefined)[]
}
export type AnswerTo<K extends Kind> = K extends keyof Answers ? Answers[K] : undefined

/** How a shard is after a request. */
export interface ShardState {
  epoch: number
  size: number
  /** Columns, bitmaps, ledger and index. */
  bytes: number
  needsCompaction: boolean
}

/** `starts`: the first region code of each shard in order, beginning with `''`. What has no region, or an odd one, goes to the last. */
export function shardOf(starts: readonly string[], { region }: Facts): number {
  if (typeof region !== 'string') return starts.length - 1
  let shard = 0
  while (shard + 1 < starts.length && starts[shard + 1]! <= region) shard++
  return shard
}

/** Borders for so many shards of about the same size. `regions`: how many rows each region code has; a region is never parted. */
export function shardStarts(regions: Iterable<readonly [region: string, rows: number]>, shards: number): string[] {
  const sorted = [...regions].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const total = sorted.reduce((sum, [, rows]) => sum + rows, 0)
  const starts = ['']
  let before = 0
  for (const [region, rows] of sorted) {
    if (before > 0 && before + rows / 2 >= (total * starts.length) / shards && starts.length < shards) starts.push(region)
    before += rows
  }
  return starts
}
