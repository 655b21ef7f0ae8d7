/** One shard: a contiguous range of regions in one thread and one memory. Requests are answered one after the other. */
import { parentPort } from 'node:worker_threads'
import { isRefusal } from '../core/refusal.ts'
import { KnownRules } from './shard-rules.ts'
import type { Reply, Request } from './shard.ts'
import { loadSnapshot, saveSnapshot } from './snapshot.server.ts'
import { storeBuilder, type Store } from './store.ts'

let waiting = storeBuilder()
let store: Store | undefined
const known = new KnownRules()

const ready = (): Store => {
  if (!store) throw new Error('The shard has no rows yet: build it or load a snapshot.')
  return store
}
const state = (): Reply => ({ epoch: store?.epoch ?? 0, size: store?.size ?? waiting.size })

function answer(request: Request): Reply {
  switch (request.kind) {
    case 'add':
      for (const row of request.rows) waiting.add(row)
      return state()
    case 'build':
      store = waiting.build(request.setting)
      waiting = storeBuilder()
      return state()
    case 'load': {
      const loaded = loadSnapshot(request.directory, request.setting)
      if (isRefusal(loaded)) throw new Error(loaded.reason)
      store = loaded.store
      return { ...state(), mark: loaded.mark } as Reply
    }
    case 'save':
      saveSnapshot(ready(), request.directory, request.mark)
      return state()
    case 'apply':
      ready().apply(request.changes)
      return state()
    case 'match': {
      // Rules first: they come once, also to a shard that cannot answer yet.
      const rules = known.of(request.rules)
      return { epoch: ready().epoch, counts: rules.map((rule) => ready().match(rule)) }
    }
    case 'keys': {
      const [rule] = known.of(request.rules)
      const { eligible, possible } = ready().sets(rule!)
      return { epoch: ready().epoch, eligible: ready().keysIn(eligible), possible: ready().keysIn(possible) }
    }
  }
}

parentPort!.on('message', ({ id, request }: { id: number; request: Request }) => {
  try {
    const reply = answer(request)
    parentPort!.postMessage(
      { id, reply },
      'eligible' in reply ? [reply.eligible.buffer as ArrayBuffer, reply.possible.buffer as ArrayBuffer] : [],
    )
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message })
  }
})
