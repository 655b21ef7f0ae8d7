/** What goes on besides questions: snapshots, changes, compaction, what a night changed, many threads, many policies. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { compile } from '../../src/core/eligibility/compile.ts'
import type { Facts } from '../../src/core/eligibility/facts.ts'
import { buildStore, forwardIndex, type Change, type Sets, type Store } from '../../src/matching/index.ts'
import { loadShards, loadSnapshot, saveSnapshot, startShards, type Shards } from '../../src/matching/index.server.ts'
import type { WorldOptions } from './measure.ts'
import { summarise, timed, type Times } from './times.ts'
import { enterprises, generator, makePolicies, setting } from './world.ts'

export interface Operations {
  rows: number
  policies: number
  snapshot: { saveMs: number; loadMs: number }
  /** Changes a second; the second kind moves the row to the tail. */
  inPlacePerSecond: number
  tailPerSecond: number
  changed: number
  moved: number
  compactMs: number
  /** All policies matched again after the changes, and every difference of keys listed. */
  night: { matchMs: number; deltaMs: number; added: number; removed: number; setBytes: number }
}

const batch = 1000

const applyAll = (store: Store, changes: readonly Change[]): number => {
  const start = performance.now()
  for (let from = 0; from < changes.length; from += batch) store.apply(changes.slice(from, from + batch))
  return changes.length / ((performance.now() - start) / 1000)
}

/** In place: one enterprise in a hundred reports other numbers. Tail: one in five hundred moves to where another one is. */
export function measureOperations({ rows, policies: count, national, seed }: WorldOptions): Operations {
  const store = buildStore(enterprises(seed, rows), setting)
  const policies = makePolicies(seed + 1, Math.min(count, 2000), national)
  const snapshot = measureSnapshot(store)
  const random = generator(seed + 3)
  const inPlace: Change[] = []
  const tail: Change[] = []
  for (const { key, facts } of enterprises(seed, rows)) {
    const draw = random()
    if (draw < 0.01) inPlace.push({ key, facts: { ...facts, employees: Math.floor(random() * 500), revenue: Math.floor(random() * 5000) } })
    else if (draw < 0.012) tail.push({ key, facts: { ...facts, region: '330106' } })
  }
  store.warm(policies)
  const matchAll = (): Sets[] => policies.map((rule) => store.sets(rule))
  matchAll()
  const before = matchAll()
  const inPlacePerSecond = applyAll(store, inPlace)
  const tailPerSecond = applyAll(store, tail)
  const start = performance.now()
  const after = matchAll()
  const matched = performance.now()
  const night = { matchMs: matched - start, deltaMs: 0, added: 0, removed: 0, setBytes: 0 }
  before.forEach((sets, policy) => {
    for (const which of ['eligible', 'possible'] as const) {
      const { added, removed } = store.delta(sets[which], after[policy]![which])
      night.added += added.length
      night.removed += removed.length
      night.setBytes += after[policy]![which].byteLength
    }
  })
  night.deltaMs = performance.now() - matched
  const compact = performance.now()
  store.compact()
  const compactMs = performance.now() - compact
  return {
    rows,
    policies: policies.length,
    snapshot,
    inPlacePerSecond,
    tailPerSecond,
    changed: inPlace.length,
    moved: tail.length,
    compactMs,
    night,
  }
}

/** Written once, read three times: the best reading, with every checksum verified. */
function measureSnapshot(store: Store): Operations['snapshot'] {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-bench-'))
  try {
    const start = performance.now()
    saveSnapshot(store, directory)
    const saveMs = performance.now() - start
    const loads = [1, 2, 3].map(() => {
      const before = performance.now()
      const loaded = loadSnapshot(directory, setting)
      if (!('store' in loaded)) throw new Error('the snapshot was refused')
      return performance.now() - before
    })
    return { saveMs, loadMs: Math.min(...loads) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

export interface Threads {
  rows: number
  policies: number
  /** All policies over all enterprises: the first time, and warm, the best of three. */
  runs: {
    threads: number
    buildMs: number
    firstMs: number
    bulkMs: number
    eligible: number
    bytes: number
    snapshot: { saveMs: number; loadMs: number }
  }[]
}

/** The same number of enterprises for each thread; places of the world are drawn unevenly, so the borders are looked for. */
export async function measureThreads(
  { rows, policies: count, national, seed }: WorldOptions,
  threads: readonly number[],
): Promise<Threads> {
  const policies = makePolicies(seed + 1, count, national)
  const places: string[] = []
  for (const { facts } of enterprises(seed, Math.min(rows, 20_000))) if (typeof facts.region === 'string') places.push(facts.region)
  places.sort()
  const runs: Threads['runs'] = []
  for (const wanted of threads) {
    const borders = Array.from({ length: wanted - 1 }, (_, i) => places[Math.floor((places.length * (i + 1)) / wanted)]!)
    const starts = ['', ...new Set(borders)]
    const shards = startShards(starts)
    const start = performance.now()
    await shards.build(pagesOf(enterprises(seed, rows)), setting)
    const built = performance.now()
    await shards.matchAll(policies)
    const firstMs = performance.now() - built
    const { times, answers } = await timed(3, () => shards.matchAll(policies))
    const eligible = answers[0]!.reduce((total, counts) => total + counts.eligible, 0)
    const { bytes } = shards.state
    const snapshot = await measureShardSnapshot(shards)
    runs.push({ threads: starts.length, buildMs: built - start, firstMs, bulkMs: Math.min(...times), eligible, bytes, snapshot })
  }
  return { rows, policies: count, runs }
}

/** Saved, closed, and loaded again with every checksum verified. */
async function measureShardSnapshot(shards: Shards): Promise<Operations['snapshot']> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-bench-'))
  try {
    const start = performance.now()
    await shards.save(directory, 'bench')
    const saveMs = performance.now() - start
    await shards.close()
    const before = performance.now()
    const loaded = await loadShards(directory, setting)
    if (!('shards' in loaded)) throw new Error(`the snapshot was refused: ${loaded.reason}`)
    const loadMs = performance.now() - before
    await loaded.shards.close()
    return { saveMs, loadMs }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function* pagesOf<T>(rows: Iterable<T>): Generator<T[]> {
  let page: T[] = []
  for (const row of rows)
    if (page.push(row) === batch) {
      yield page
      page = []
    }
  yield page
}

export interface ManyPolicies {
  policies: number
  indexMs: number
  bytes: number
  cold: Times
  fresh: Times
  again: Times
  closures: Times
  /** Of the enterprises that the closures were asked about too. */
  differences: number
}

/** One enterprise, very many policies. */
export async function measureManyPolicies({ policies: count, national, seed }: WorldOptions): Promise<ManyPolicies> {
  const policies = makePolicies(seed + 1, count, national)
  const start = performance.now()
  const index = forwardIndex(policies, setting)
  const indexMs = performance.now() - start
  const asked = [...enterprises(seed + 2, 4000)].map(({ facts }) => facts)
  const ask = (from: number) => timed(2000, (i) => index.count(asked[from + i]!))
  const [cold, fresh, again] = [await ask(0), await ask(2000), await ask(2000)]
  const { bytes } = index
  const tests = policies.map((rule) => compile(rule, setting))
  const brute = (facts: Facts) => {
    const counts = { eligible: 0, possible: 0 }
    for (const test of tests) {
      const truth = test(facts)
      if (truth === 2) counts.eligible++
      if (truth !== 0) counts.possible++
    }
    return counts
  }
  await timed(10, (i) => brute(asked[i]!))
  const closures = await timed(40, (i) => brute(asked[2000 + i]!))
  const differences = closures.answers.filter((counts, i) => JSON.stringify(counts) !== JSON.stringify(fresh.answers[i])).length
  return {
    policies: count,
    indexMs,
    bytes,
    cold: summarise(cold.times),
    fresh: summarise(fresh.times),
    again: summarise(again.times),
    closures: summarise(closures.times),
    differences,
  }
}
