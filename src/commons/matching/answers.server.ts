/** Questions about all enterprises at once: the engine answers, the database where the engine cannot, and the answer says which. */
import { CompiledQuery, sql } from 'kysely'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { countStatement, pageStatement, type Counts, type Statement, type Wanted, type Within } from '../../matching/index.ts'
import type { Shards } from '../../matching/index.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { counters, readyEngine, unlessBroken, type Engine } from './engine.server.ts'
import type { Source } from './model.ts'
import { whyNotRows } from './rows.server.ts'
import { check } from './shadow.server.ts'

const run = async <T>({ db }: Pick<Ctx, 'db'>, { text, parameters }: Statement): Promise<T[]> =>
  (await db.executeQuery<T>(CompiledQuery.raw(text, [...parameters]))).rows

/** Whether the rows lie on several machines (`platform/citus`). */
async function liesByProvince({ db }: Pick<Ctx, 'db'>): Promise<boolean> {
  const { rows } = await sql`select from pg_extension where extname = 'citus'`.execute(db)
  return rows.length > 0
}

async function countBySql(ctx: Ctx, rule: Rule, setting: Setting, within: Within): Promise<Counts> {
  const statement = countStatement(rule, setting, { ...within, byProvince: await liesByProvince(ctx) })
  const [row] = await run<{ eligible: bigint; possible: bigint }>(ctx, statement)
  return { eligible: Number(row!.eligible), possible: Number(row!.possible) }
}

/** `counts` in the order of the rules. Only `source` with a reason: the rows are not there, or behind; read the profiles. */
export type Counted = { source: Source; counts: Counts[] } | { source: Source & { kind: 'profiles' } }

/** How many enterprises registered in a place (all: `''`) satisfy each rule for sure, and how many may. */
export async function countEnterprises(ctx: Ctx, rules: readonly Rule[], setting: Setting, regionPrefix: string): Promise<Counted> {
  const why = await whyNotRows(ctx)
  if (why !== undefined) return { source: noted({ kind: 'profiles', why }) }
  const answer = await byEngine(ctx, rules, setting, regionPrefix)
  if (typeof answer !== 'string') return { source: noted({ kind: 'engine' }), counts: answer }
  const counts: Counts[] = []
  for (const rule of rules) counts.push(await countBySql(ctx, rule, setting, { regionPrefix }))
  return { source: noted({ kind: 'sql', why: answer }), counts }
}

async function byEngine(ctx: Ctx, rules: readonly Rule[], setting: Setting, regionPrefix: string): Promise<Counts[] | string> {
  const asked = rules.map((rule): Rule => (regionPrefix === '' ? rule : { op: 'all', of: [rule, placeRule(regionPrefix)] }))
  const said = await askEngine(ctx, setting, (shards) => shards.matchAll(asked))
  if (typeof said === 'string') return said
  const { engine, answer: counts } = said
  for (const [i, rule] of asked.entries()) {
    counts[i] = await withoutWider(ctx, counts[i]!, rule, setting, regionPrefix)
    await check(ctx, engine, rule, setting)
  }
  return counts
}

/** What the engine says, and which one; or why it does not. */
async function askEngine<T extends object>(
  ctx: Ctx,
  setting: Setting,
  question: (shards: Shards) => Promise<T>,
): Promise<{ engine: Engine; answer: T } | string> {
  const engine = await readyEngine(ctx)
  if (typeof engine === 'string') return engine
  const answer = await unlessBroken(engine, (shards) => question(shards.use(setting)))
  return typeof answer === 'string' ? answer : { engine, answer }
}

const noted = <T extends Source>(source: T): T => {
  counters.answers[source.kind]++
  return source
}

const placeRule = (regionPrefix: string): Rule => ({ op: 'region', mode: 'nested', codes: [regionPrefix.padEnd(6, '0')] })

/** Registered for a larger place, but known or possible to be in this one: these few are of the place by their facts only. */
async function withoutWider(ctx: Ctx, counts: Counts, rule: Rule, setting: Setting, regionPrefix: string): Promise<Counts> {
  const regions = Array.from({ length: regionPrefix.length / 2 }, (_, i) => regionPrefix.slice(0, i * 2).padEnd(6, '0'))
  if (regions.length === 0) return counts
  const wider = await countBySql(ctx, rule, setting, { regions })
  return { eligible: counts.eligible - wider.eligible, possible: counts.possible - wider.possible }
}

async function page(ctx: Ctx, rule: Rule, setting: Setting, asked: Parameters<typeof pageStatement>[2]): Promise<{ org_id: string }[]> {
  return run(ctx, pageStatement(rule, setting, { ...asked, byProvince: await liesByProvince(ctx) }))
}

/** Ids of the first enterprises with this answer, in the order of ids; `except`: not those that another rule has as eligible. */
export const firstEnterprises = async (
  ctx: Ctx,
  rule: Rule,
  setting: Setting,
  asked: { wanted: Wanted; limit: number; regionPrefix: string; except?: Rule | undefined },
): Promise<string[]> => (await page(ctx, rule, setting, asked)).map(({ org_id }) => org_id)

/** How many enterprises are registered in a place. */
export const enterprisesIn = (ctx: Ctx, setting: Setting, regionPrefix: string): Promise<number> =>
  countBySql(ctx, { op: 'all', of: [] }, setting, { regionPrefix }).then(({ possible }) => possible)

export interface Candidates {
  source: Source
  /** Ids in batches; absent with `profiles`. */
  batches?: AsyncGenerator<string[]>
}

const batch = 500

/** Every enterprise that satisfies the rule or may: all others certainly do not. */
export async function candidatesFor(ctx: Ctx, rule: Rule, setting: Setting): Promise<Candidates> {
  const why = await whyNotRows(ctx)
  if (why !== undefined) return { source: noted({ kind: 'profiles', why }) }
  const said = await askEngine(ctx, setting, (shards) => shards.keys(rule, 'possible'))
  if (typeof said === 'string') return { source: noted({ kind: 'sql', why: said }), batches: pagesBySql(ctx, rule, setting) }
  await check(ctx, said.engine, rule, setting)
  return { source: noted({ kind: 'engine' }), batches: idsOf(ctx, said.answer) }
}

async function* pagesBySql(ctx: Ctx, rule: Rule, setting: Setting): AsyncGenerator<string[]> {
  for (let after: string | undefined; ;) {
    const rows = await page(ctx, rule, setting, { wanted: 'possible', limit: batch, after })
    if (rows.length > 0) yield rows.map((row) => row.org_id)
    if (rows.length < batch) return
    after = rows.at(-1)!.org_id
  }
}

async function* idsOf({ db }: Ctx, keys: Uint32Array): AsyncGenerator<string[]> {
  for (let at = 0; at < keys.length; at += batch) {
    const some = Array.from(keys.subarray(at, at + batch), BigInt)
    const rows = await db.selectFrom('match_rows').select('org_id').where('key', 'in', some).orderBy('org_id').execute()
    yield rows.map((row) => row.org_id)
  }
}
