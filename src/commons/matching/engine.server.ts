/**
 * The columnar engine of this process, in threads of its own: loaded from a snapshot or from the rows, and kept up with them by their
 * sequence mark.
 */
import { availableParallelism } from 'node:os'
import { sql } from 'kysely'
import type { Setting } from '../../core/eligibility/facts.ts'
import { isRefusal } from '../../core/refusal.ts'
import { decodeFacts, factColumns, type MatchColumns, type Row } from '../../matching/index.ts'
import { loadShards, shardStarts, startShards, type Shards } from '../../matching/index.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { sourceFile } from '../../platform/source-file.server.ts'
import type { Counters } from './model.ts'
import { headOf } from './rows.server.ts'
import type { MatchRow } from './tables.server.ts'

export interface Engine {
  shards: Shards
  /** Of the rows that it was made from; another filling makes another engine. */
  generation: string
  /** The last row sent to the shards: whatever is asked after it sees it. */
  mark: bigint
  /** Why it is not asked now, for as long as something goes on that takes long. */
  busy?: string | undefined
  /** Why it is not asked any more. */
  distrusted?: string
}

/** By generation: several databases may live in one process (tests, rehearsals). */
const engines = new Map<string, Engine>()
const keptAtMost = 2

export const counters: Counters = { answers: { engine: 0, sql: 0, profiles: 0 }, checks: 0, mismatches: 0, failures: 0 }

export const heldEngine = (generation: string | null): Engine | undefined => (generation === null ? undefined : engines.get(generation))

const keep = async (engine: Engine): Promise<Engine> => {
  await forgetEngine(engine.generation)
  engines.set(engine.generation, engine)
  if (engines.size > keptAtMost) await forgetEngine(engines.keys().next().value!)
  return engine
}

export async function forgetEngine(generation: string): Promise<void> {
  const engine = engines.get(generation)
  engines.delete(generation)
  await engine?.shards.close()
}

/** Who is told when the engine fails. */
const trouble: { tell: (error: unknown) => void } = { tell: () => {} }
export const onTrouble = (tell: (error: unknown) => void): void => void (trouble.tell = tell)

/** What a question or a change gives; or, where the engine fails at it, why it is not asked any more: it is loaded anew, and meanwhile the database answers. */
export async function unlessBroken<T>(engine: Engine, work: (shards: Shards) => Promise<T>): Promise<T | string> {
  try {
    return await work(engine.shards)
  } catch (error) {
    counters.failures++
    trouble.tell(error)
    engine.distrusted ??= '匹配引擎出错，正在重新装载'
    if (engines.get(engine.generation) === engine) await forgetEngine(engine.generation)
    return engine.distrusted
  }
}

const worker = (): string => sourceFile('src/matching/shard-worker.server.ts')

interface Loading {
  /** Where a snapshot may be. */
  directory?: string
  /** How many rows go into one memory at most: it holds 20 million with what is remembered of them, and they become more. */
  rowsOfMemory?: number
}

/** The engine for the rows as they are now; undefined while they have never been filled. A snapshot of other rows is left alone. */
export async function loadEngine(
  ctx: Pick<Ctx, 'db'>,
  setting: Setting,
  { directory, rowsOfMemory = 15_000_000 }: Loading = {},
): Promise<Engine | undefined> {
  const head = await headOf(ctx)
  if (head.generation === null) return undefined
  const read = directory === undefined ? undefined : await loadShards(directory, setting, worker())
  if (read && !isRefusal(read)) {
    const [generation, mark] = read.mark.split(':') as [string, string]
    // A mark beyond the head is of a database that was set back since.
    if (generation === head.generation && BigInt(mark) <= head.seq) return keep({ shards: read.shards, generation, mark: BigInt(mark) })
    await read.shards.close()
  }
  // The head was read before the rows: what changed in between is applied once more.
  return keep({ shards: await readShards(ctx, setting, rowsOfMemory), generation: head.generation, mark: head.seq })
}

/** `directory` then holds the state at the mark of this moment. */
export const saveEngine = ({ shards, generation, mark }: Engine, directory: string): Promise<void> =>
  shards.save(directory, `${generation}:${mark}`)

/** While it lasts the database answers, so that nobody waits. */
export async function busily<T>(engine: Engine, why: string, work: () => Promise<T>): Promise<T> {
  engine.busy = why
  try {
    return await work()
  } finally {
    engine.busy = undefined
  }
}

/** For fewer a thread of their own gains little. */
const rowsOfThread = 2_000_000

/** A range of regions for each thread, as many as the rows need or the processors give. */
async function startsFor({ db }: Pick<Ctx, 'db'>, rowsOfMemory: number): Promise<string[]> {
  const regions = await db
    .selectFrom('match_rows')
    .select(({ fn }) => ['region', fn.countAll<bigint>().as('rows')])
    .groupBy('region')
    .execute()
  const rows = regions.reduce((sum, each) => sum + Number(each.rows), 0)
  const wanted = Math.min(availableParallelism(), Math.floor(rows / rowsOfThread))
  return shardStarts(
    regions.map((each) => [each.region, Number(each.rows)] as const),
    Math.max(1, wanted, Math.ceil(rows / rowsOfMemory)),
  )
}

async function readShards(ctx: Pick<Ctx, 'db'>, setting: Setting, rowsOfMemory: number): Promise<Shards> {
  const shards = startShards(await startsFor(ctx, rowsOfMemory), worker())
  try {
    await shards.build(pagesOf(ctx), setting)
    return shards
  } catch (error) {
    await shards.close()
    throw error
  }
}

const page = 5_000

/** Page by page, so that a nation's rows never stand in memory beside the columns made of them. The next page is read while one is sorted in. */
async function* pagesOf({ db }: Pick<Ctx, 'db'>): AsyncGenerator<Row[]> {
  const read = (after: bigint) => readable(db).where('key', '>', after).orderBy('key').limit(page).execute()
  for (let next = read(-1n); ;) {
    const list = await next
    const more = list.length === page
    if (more) {
      next = read(list.at(-1)!.key)
      // Whoever waits for it hears of it; until then nobody does.
      next.catch(() => {})
    }
    yield list.map(toRow)
    if (!more) return
  }
}

/** What the columns are made of, and no more: half of a row is for the statements. */
const readable = (db: Ctx['db']) => db.selectFrom('match_rows').select(['key', 'seq', 'on_record']).select(factValues)

const factValues = factColumns.flatMap(({ kind, column }) =>
  (kind === 'text' || kind === 'day' ? [column, `${column}_of`] : [column]).map((each) => sql.ref<unknown>(each).as(each)),
)

const toRow = (row: Pick<MatchRow, 'key'>): Row => ({ key: Number(row.key), facts: decodeFacts(row as unknown as MatchColumns) })

/**
 * Applies what was written since, at most so many pages of rows; gives how many changes are still to come. Rows are numbered in the order
 * of their commits, so nothing can come in before the mark. Whoever asks has written no rows in the same transaction.
 */
export async function catchUp({ db }: Pick<Ctx, 'db'>, engine: Engine, pages = Infinity): Promise<number> {
  for (let read = 0; read < pages; read++) {
    const rows = await readable(db).where('seq', '>', engine.mark).orderBy('seq').limit(page).execute()
    // Somebody else may have sent later versions of them meanwhile.
    const news = rows.filter(({ seq }) => seq > engine.mark)
    if (news.length > 0) {
      const applied = unlessBroken(engine, (shards) => shards.apply(news.map(toRow)))
      engine.mark = news.at(-1)!.seq
      await applied
    }
    if (rows.length < page) return 0
  }
  return Number((await headOf({ db })).seq - engine.mark)
}

/** The engine, up to date; or why not. A question is put to `engine.shards.use(setting)`: others may have set another day meanwhile. */
export async function readyEngine(ctx: Pick<Ctx, 'db'>): Promise<Engine | string> {
  const engine = heldEngine((await headOf(ctx)).generation)
  if (!engine) return '匹配引擎正在装载'
  const not = (): string | undefined => engine.distrusted ?? engine.busy
  if (not() !== undefined) return not()!
  const behind = await catchUp(ctx, engine, 1)
  return not() ?? (behind > 0 ? `匹配引擎落后 ${behind} 处变更` : engine)
}
