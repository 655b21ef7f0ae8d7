/** One engine over one world: times first, then every answer compared with this repository's own. */
import type { Facts } from '../../src/core/eligibility/facts.ts'
import type { Rule } from '../../src/core/eligibility/rule.ts'
import { buildStore, forwardIndex } from '../../src/matching/index.ts'
import { negates } from '../peers.ts'
import { boundOf, type Bound } from './bound.ts'
import { measureBandwidth } from './bandwidth.ts'
import { compareCounts, compareIds, noVerdict, type Verdict } from './compare.ts'
import type { BenchEngine, Counts, Enterprise, Ids, Prepared, World } from './engine.ts'
import { versionOf } from './optional.ts'
import { mean, sum, summarise, timed, type Times } from './times.ts'
import { enterprises, makePolicies, setting } from './world.ts'

export interface WorldOptions {
  rows: number
  policies: number
  national: number
  seed: number
  /** No engine is asked more than this many policies and enterprises; what it can take if absent. */
  questions?: number
  postgres?: World['postgres']
  citus?: World['citus']
}

export interface Figures {
  engine: string
  values: 2 | 3
  how: string
  version?: string | undefined
  /** A sentence: why there are no figures. */
  absent?: string
  /** Enterprises it was asked about. */
  rows: number
  /** Milliseconds; without the generation of the world. `generated`: in memory beforehand, or measured alone and subtracted. */
  prepareMs: number
  generated: 'before' | 'subtracted'
  generateMs: number
  reverse?: { cold: Times; warm: Times; warmTimes: number[]; slowest: { ms: number; rule: Rule }; eligible: number; possible: number }
  /** One loop over all policies, only where all were asked. */
  bulkMs?: { cold: number; warm: number }
  keys?: Times & { found: number }
  /** `fresh`: enterprises not seen before, the engine warm; `again`: the same ones once more. */
  forward?: { cold: Times; fresh: Times; again: Times }
  numbers?: Times & { found: number }
  bytesPerEnterprise?: number
  bound?: Bound
  notes: Record<string, number | string>
  verdict: Verdict
}

/** Times kept one by one, so that another engine can be compared on the same policies. */
const keptTimes = 500

/** Policies of which the enterprises are listed as well. */
const listed = 30

/** In memory up to this many; above, the world is generated while it is read. */
const inMemory = 1_000_000

export async function measure(engine: BenchEngine, options: WorldOptions): Promise<Figures> {
  const rows = Math.min(options.rows, engine.most.rows)
  const policies = makePolicies(options.seed + 1, options.policies, options.national)
  const generate = performance.now()
  let kept: Enterprise[] | undefined = rows <= inMemory ? [...enterprises(options.seed, rows)] : undefined
  if (!kept) for (const _ of enterprises(options.seed, rows));
  const generateMs = performance.now() - generate
  const world: World = {
    rows,
    enterprises: () => kept ?? enterprises(options.seed, rows),
    policies,
    setting,
    ...(options.postgres && { postgres: options.postgres }),
    ...(options.citus && { citus: options.citus }),
  }
  const start = performance.now()
  const prepared = await engine.prepare(world)
  const taken = performance.now() - start
  const figures: Figures = {
    engine: engine.name,
    values: engine.values,
    how: engine.how,
    version: engine.package === undefined ? undefined : versionOf(engine.package),
    rows,
    prepareMs: kept ? taken : taken - generateMs,
    generated: kept ? 'before' : 'subtracted',
    generateMs,
    notes: {},
    verdict: noVerdict(),
  }
  kept = undefined
  globalThis.gc?.()
  if (typeof prepared === 'string') return { ...figures, absent: prepared }
  const asked = [...enterprises(options.seed + 2, 4000)].map(({ facts }) => facts)
  const { questions = Infinity } = options
  const most = { reverse: Math.min(engine.most.reverse, questions), forward: Math.min(engine.most.forward, questions) }
  const answers = await ask(most, prepared, world, figures, asked)
  if (prepared.bytes !== undefined) figures.bytesPerEnterprise = prepared.bytes / rows
  Object.assign(figures.notes, prepared.notes?.())
  if (prepared.touched) figures.bound = boundOf(policies, rows, (policy) => prepared.touched!(policy), measureBandwidth())
  await prepared.close?.()
  // Our own engine is what the others are compared with: they find its errors.
  if (!prepared.touched) compare(engine, world, options, answers, figures.verdict)
  return figures
}

interface Answers {
  reverse: Counts[]
  keys: Ids[]
  asked: readonly Facts[]
  forward: Counts[]
  numbers: Ids[]
}

type Most = { reverse: number; forward: number }

async function ask(most: Most, prepared: Prepared, world: World, figures: Figures, asked: readonly Facts[]): Promise<Answers> {
  const answers: Answers = { reverse: [], keys: [], asked: [], forward: [], numbers: [] }
  const n = Math.min(world.policies.length, most.reverse)
  const reverse = (policy: number) => prepared.reverse(policy)
  const cold = await timed(n, reverse)
  // Twice, and the better time of each policy: what another process took away in between is not the engine's.
  const [once, twice] = [await timed(n, reverse), await timed(n, reverse)]
  const warmTimes = once.times.map((ms, i) => Math.min(ms, twice.times[i]!))
  const worst = warmTimes.indexOf(Math.max(...warmTimes))
  answers.reverse = cold.answers
  figures.reverse = {
    cold: summarise(cold.times),
    warm: summarise(warmTimes),
    warmTimes: warmTimes.slice(0, keptTimes),
    slowest: { ms: warmTimes[worst]!, rule: world.policies[worst]! },
    eligible: sum(cold.answers.map(({ eligible }) => eligible)),
    possible: sum(cold.answers.map(({ possible = 0 }) => possible)),
  }
  if (n === world.policies.length) figures.bulkMs = { cold: sum(cold.times), warm: await bulk(n, reverse) }
  if (prepared.keys) {
    const some = Math.min(n, listed)
    const first = await timed(some, (policy) => prepared.keys!(policy))
    const again = await timed(some, (policy) => prepared.keys!(policy))
    answers.keys = first.answers
    figures.keys = { ...summarise(again.times), found: sum(again.answers.map((ids) => (ids.possible ?? ids.eligible).length)) }
  }
  await askForward(most, prepared, figures, asked, answers)
  return answers
}

/** All policies in one loop, without a clock around each: the best of five, or of as many as five seconds allow. */
async function bulk(n: number, ask: (policy: number) => unknown): Promise<number> {
  const once = async (): Promise<number> => {
    const start = performance.now()
    for (let policy = 0; policy < n; policy++) {
      const pending = ask(policy)
      if (pending instanceof Promise) await pending
    }
    return performance.now() - start
  }
  const times = [await once()]
  while (times.length < 5 && sum(times) < 5000) times.push(await once())
  return Math.min(...times)
}

async function askForward(
  most: Most,
  { encode = (facts) => facts, forward, numbers }: Prepared,
  figures: Figures,
  asked: readonly Facts[],
  answers: Answers,
): Promise<void> {
  const half = asked.length / 2
  const n = Math.min(half, most.forward)
  if (!forward || n === 0) return
  const encoded = asked.map(encode) as never[]
  const cold = await timed(n, (i) => forward(encoded[i]!))
  const fresh = await timed(n, (i) => forward(encoded[half + i]!))
  const again = await timed(n, (i) => forward(encoded[half + i]!))
  figures.forward = { cold: summarise(cold.times), fresh: summarise(fresh.times), again: summarise(again.times) }
  answers.asked = asked.slice(half, half + n)
  answers.forward = fresh.answers
  if (!numbers) return
  const listed = await timed(n, (i) => numbers(encoded[half + i]!))
  answers.numbers = listed.answers
  figures.numbers = { ...summarise(listed.times), found: mean(listed.answers.map((ids) => (ids.possible ?? ids.eligible).length)) }
}

function compare({ values }: BenchEngine, world: World, options: WorldOptions, answers: Answers, verdict: Verdict): void {
  const { policies } = world
  const store = buildStore(enterprises(options.seed, world.rows), setting)
  answers.reverse.forEach((given, policy) => {
    const rule = policies[policy]!
    compareCounts(verdict, given, store.match(rule), values, !negates(rule))
  })
  answers.keys.forEach((given, policy) => {
    const { eligible, possible } = store.sets(policies[policy]!)
    compareIds(verdict, given, { eligible: store.keysIn(eligible), possible: store.keysIn(possible) }, values)
  })
  const index = forwardIndex(policies, setting)
  answers.forward.forEach((given, i) => compareCounts(verdict, given, index.count(answers.asked[i]!), values, false))
  answers.numbers.forEach((given, i) => compareIds(verdict, given, index.match(answers.asked[i]!), values))
}
