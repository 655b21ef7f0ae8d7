/** What the coordinator and a shard say to each other, and which shard a place belongs to. */
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import type { Change } from './changes.ts'
import type { Row } from './gather.ts'
import type { Named } from './shard-rules.ts'
import type { Counts } from './store.ts'

export type Request =
  | { kind: 'add'; rows: Row[] }
  | { kind: 'build'; setting: Setting }
  | { kind: 'load'; directory: string; setting: Setting }
  | { kind: 'save'; directory: string; mark?: string }
  | { kind: 'apply'; changes: Change[] }
  | { kind: 'match'; rules: Named }
  | { kind: 'keys'; rules: Named }

export type Reply =
  | { epoch: number; counts: Counts[] }
  | { epoch: number; eligible: Uint32Array; possible: Uint32Array }
  | { epoch: number; size: number; mark?: string | undefined }

/** `starts`: the first region code of each shard in order, beginning with `''`. What has no region, or an odd one, goes to the last. */
export function shardOf(starts: readonly string[], { region }: Facts): number {
  if (typeof region !== 'string') return starts.length - 1
  let shard = 0
  while (shard + 1 < starts.length && starts[shard + 1]! <= region) shard++
  return shard
}
