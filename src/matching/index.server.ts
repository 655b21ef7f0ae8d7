/** Snapshots on disk, and shards over threads. */
export { shardStarts } from './shard.ts'
export { loadShards, startShards, type Shards } from './shards.server.ts'
export { loadSnapshot, saveSnapshot } from './snapshot.server.ts'
