/** Snapshots on disk, and shards over threads. */
export { startShards, type Shards } from './shards.server.ts'
export { loadSnapshot, saveSnapshot } from './snapshot.server.ts'
