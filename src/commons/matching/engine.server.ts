/** The columnar engine of this process: loaded from a snapshot or from the rows, and kept up with them by their sequence mark. */
import type { Setting } from '../../core/eligibility/facts.ts'
import { isRefusal } from '../../core/refusal.ts'
import { decodeFacts, storeBuilder, type MatchColumns, type Row, type Store } from '../../matching/index.ts'
import { loadSnapshot, saveSnapshot } from '../../matching/index.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Counters } from './model.ts'
import { headOf } from './rows.server.ts'
import type { MatchRow } from './tables.server.ts'

export interface Engine {
  store: Store
  /** Of the rows that it was made from; another filling makes another engine. */
  generation: string
  /** The last row seen. */
  mark: bigint
  /** Why it is not asked any more. */
  distrusted?: string
}

/** By generation: several databases may live in one process (tests, rehearsals). */
const engines = new Map<string, Engine>()
const keptAtMost = 2

export const counters: Counters = { answers: { engine: 0, sql: 0, profiles: 0 }, checks: 0, mismatches: 0 }

export const heldEngine = (generation: string | null): Engine | undefined => (generation === null ? undefined : engines.get(generation))

const keep = (engine: Engine): Engine => {
  engines.set(engine.generation, engine)
  if (engines.size > keptAtMost) engines.delete(engines.keys().next().value!)
  return engine
}

export const forgetEngine = (generation: string): void => void engines.delete(generation)

/** The engine for the rows as they are now; undefined while they have never been filled. A snapshot of other rows is left alone. */
export async function loadEngine(ctx: Pick<Ctx, 'db'>, setting: Setting, directory?: string): Promise<Engine | undefined> {
  const head = await headOf(ctx)
  if (head.generation === null) return undefined
  const read = directory === undefined ? undefined : loadSnapshot(directory, setting)
  if (read && !isRefusal(read) && read.mark !== undefined) {
    const [generation, mark] = read.mark.split(':') as [string, string]
    // A mark beyond the head is of a database that was set back since.
    if (generation === head.generation && BigInt(mark) <= head.seq) return keep({ store: read.store, generation, mark: BigInt(mark) })
  }
  // The head was read before the rows: what changed in between is applied once more.
  return keep({ store: await readStore(ctx, setting), generation: head.generation, mark: head.seq })
}

export const saveEngine = ({ store, generation, mark }: Engine, directory: string): void =>
  saveSnapshot(store, directory, `${generation}:${mark}`)

const page = 5_000

/** Page by page, so that a nation's rows never stand in memory beside the columns made of them. */
async function readStore({ db }: Pick<Ctx, 'db'>, setting: Setting): Promise<Store> {
  const builder = storeBuilder()
  for (let after = -1n; ;) {
    const list = await db.selectFrom('match_rows').selectAll().where('key', '>', after).orderBy('key').limit(page).execute()
    for (const row of list) builder.add(toRow(row))
    if (list.length < page) return builder.build(setting)
    after = list.at(-1)!.key
  }
}

const toRow = (row: MatchRow): Row => ({ key: Number(row.key), facts: decodeFacts(row as unknown as MatchColumns) })

/**
 * Applies what was written since, at most so many pages of rows; gives how many changes are still to come. Rows are numbered in the order
 * of their commits, so nothing can come in before the mark. Whoever asks has written no rows in the same transaction.
 */
export async function catchUp({ db }: Pick<Ctx, 'db'>, engine: Engine, pages = Infinity): Promise<number> {
  for (let read = 0; read < pages; read++) {
    const rows = await db.selectFrom('match_rows').selectAll().where('seq', '>', engine.mark).orderBy('seq').limit(page).execute()
    // Somebody else may have applied later versions of them meanwhile.
    const news = rows.filter(({ seq }) => seq > engine.mark)
    engine.store.apply(news.map(toRow))
    if (news.length > 0) engine.mark = news.at(-1)!.seq
    if (rows.length < page) return 0
  }
  return Number((await headOf({ db })).seq - engine.mark)
}

/** The engine, up to date and set to this day and these events; or why not. */
export async function readyEngine(ctx: Pick<Ctx, 'db'>, setting: Setting): Promise<Engine | string> {
  const engine = heldEngine((await headOf(ctx)).generation)
  if (!engine) return '匹配引擎正在装载'
  if (engine.distrusted !== undefined) return engine.distrusted
  const behind = await catchUp(ctx, engine, 1)
  if (behind > 0) return `匹配引擎落后 ${behind} 处变更`
  if (JSON.stringify(engine.store.setting) !== JSON.stringify(setting)) engine.store.setSetting(setting)
  return engine
}
