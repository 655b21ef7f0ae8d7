/** One shard: a contiguous range of regions in one thread and one memory. Requests are answered one after the other. */
import { parentPort } from 'node:worker_threads'
import { isRefusal } from '../core/refusal.ts'
import { KnownRules } from './shard-rules.ts'
import type { AnswerTo, Kind, Request, ShardState } from './shard.ts'
import { loadSnapshot, saveSnapshot } from './snapshot.server.ts'
import { storeBuilder, type Store } from './store.ts'

let waiting = storeBuilder()
let store: Store | undefined
const known = new KnownRules()

const ready = (): Store => {
  if (!store) throw new Error('The shard has no rows yet: build it or load a snapshot.')
  return store
}
const state = (): ShardState => ({
  epoch: store?.epoch ?? 0,
  size: store?.size ?? waiting.size,
  bytes: store?.bytes ?? 0,
  needsCompaction: store?.needsCompaction ?? false,
})

function answer(request: Request): AnswerTo<Kind> {
  // Rules first: they come once, also to a shard that cannot answer yet.
  const rules = 'rules' in request ? known.of(request.rules) : []
  switch (request.kind) {
    case 'add':
      for (const row of request.rows) waiting.add(row)
      return
    case 'build':
      store = waiting.build(request.setting)
      waiting = storeBuilder()
      return
    case 'load': {
      const loaded = loadSnapshot(request.directory, request.setting)
      if (isRefusal(loaded)) return loaded
      store = loaded.store
      return { mark: loaded.mark }
    }
    case 'save':
      saveSnapshot(ready(), request.directory, request.mark)
      return
    case 'setting':
      ready().setSetting(request.setting)
      return
    case 'apply':
      ready().apply(request.changes)
      return
    case 'compact':
      ready().compact()
      return
    case 'match':
      return rules.map((rule) => ready().match(rule))
    case 'keys':
      return ready().keysIn(ready().sets(rules[0]!)[request.which])
    case 'truths':
      return ready().truthsFor(rules[0]!, request.keys)
  }
}

parentPort!.on('message', ({ id, request }: { id: number; request: Request }) => {
  try {
    const said = answer(request)
    parentPort!.postMessage({ id, said, state: state() }, said instanceof Uint32Array ? [said.buffer as ArrayBuffer] : [])
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message })
  }
})
