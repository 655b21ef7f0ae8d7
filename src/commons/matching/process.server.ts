/** The engine in a running process: fills the rows once, loads, keeps up, saves. */
import path from 'node:path'
import type { Logger } from 'pino'
import { platform } from '../../core/access.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { busily, catchUp, counters, forgetEngine, heldEngine, loadEngine, onTrouble, saveEngine } from './engine.server.ts'
import { fillRows, headOf, pendingEvents } from './rows.server.ts'
import { shadowing } from './shadow.server.ts'

interface Running {
  database: Pick<Database, 'db'>
  dataDir: string
  /** Each kind of process has a snapshot of its own. */
  mode: 'web' | 'worker'
  now: () => string
  log: Logger
  /** Day, events and alliances to begin with. */
  settingOf: (ctx: Ctx) => Promise<Setting>
  /** How often to look for new rows, and to save, in milliseconds. */
  lookEvery?: number
  saveEvery?: number
}

/** Comes back at once: until the engine is loaded, answers come from the database. `stop` saves a snapshot. */
export function startMatching(running: Running): { ready: Promise<void>; stop: () => Promise<void> } {
  const { database, log, now } = running
  const directory = path.join(running.dataDir, 'matching', running.mode)
  const ctx = (): Ctx => ({ db: database.db, actor: platform, now: now() })
  shadowing({ tell: (mismatch) => log.error(mismatch, 'matching engine disagrees with the evaluator') })
  onTrouble((error) => log.error({ err: error }, 'matching engine'))
  let saved = { mark: -1n, at: Date.now() }
  let stopped = false
  const save = async () => {
    const engine = heldEngine((await headOf(ctx())).generation)
    if (!engine || engine.distrusted !== undefined || engine.mark === saved.mark) return
    const { mark } = engine
    await busily(engine, '匹配引擎正在存盘', () => saveEngine(engine, directory))
    saved = { mark, at: Date.now() }
  }
  let followed: string | null = null
  const look = async () => {
    const { generation } = await headOf(ctx())
    if (generation === null) await fillRows(ctx())
    if (followed !== null && followed !== generation) await forgetEngine(followed)
    followed = generation
    const engine = heldEngine(generation) ?? (await loadEngine(ctx(), await running.settingOf(ctx()), { directory }))
    if (!engine) return
    await catchUp(ctx(), engine)
    if (engine.distrusted !== undefined) return
    if (engine.shards.state.needsCompaction) await busily(engine, '匹配引擎正在整理', () => engine.shards.compact())
    if (Date.now() - saved.at > (running.saveEvery ?? 3_600_000)) await save()
  }
  const forget = async () => {
    const { generation } = await headOf(ctx())
    if (generation !== null) await forgetEngine(generation)
  }
  let working: Promise<void> | undefined
  const round = (): Promise<void> =>
    (working ??= look()
      .catch(async (error: unknown) => {
        log.error({ err: error }, 'matching engine')
        await forget().catch(() => {})
      })
      .finally(() => (working = undefined)))
  // Twice: the first round may only have filled the rows.
  const ready = round().then(round)
  const timer = setInterval(() => void (stopped || round()), running.lookEvery ?? 2_000)
  timer.unref()
  return {
    ready,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await ready
      await working
      await save()
        .finally(forget)
        .catch((error: unknown) => log.error({ err: error }, 'matching snapshot'))
    },
  }
}

/** Lines for `/metrics`. */
export async function matchingMetrics(ctx: Pick<Ctx, 'db'>): Promise<string[]> {
  const head = await headOf(ctx)
  const engine = heldEngine(head.generation)
  return [
    `hengqi_matching_engine_up ${Number(engine !== undefined && engine.distrusted === undefined)}`,
    `hengqi_matching_engine_enterprises ${engine?.shards.state.size ?? 0}`,
    `hengqi_matching_engine_bytes ${engine?.shards.state.bytes ?? 0}`,
    `hengqi_matching_engine_lag_rows ${engine ? head.seq - engine.mark : head.seq}`,
    `hengqi_matching_rows_lag_events ${await pendingEvents(ctx)}`,
    ...Object.entries(counters.answers).map(([source, n]) => `hengqi_matching_answers_total{source="${source}"} ${n}`),
    `hengqi_matching_shadow_checks_total ${counters.checks}`,
    `hengqi_matching_shadow_mismatches_total ${counters.mismatches}`,
    `hengqi_matching_engine_failures_total ${counters.failures}`,
  ]
}
