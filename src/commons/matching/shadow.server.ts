/** Looks at some of the engine's decisions again with the evaluator, chosen by hash so that the same question chooses the same ones. */
import { crc32 } from 'node:zlib'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { profilesForMatching } from '../people/index.server.ts'
import { counters, unlessBroken, type Engine } from './engine.server.ts'
import { headOf, whyNotRows } from './rows.server.ts'

/** What is told when the two disagree. */
export interface Mismatch {
  orgId: string
  rule: Rule
  asOf: string
  engine: number | undefined
  evaluator: number
}

const shadow: { every: number; tell: (mismatch: Mismatch) => void } = { every: 1_000, tell: () => {} }

/** One decision in so many, and who is told of a mismatch. */
export const shadowing = (given: Partial<typeof shadow>): void => void Object.assign(shadow, given)

/** A question about many millions would otherwise wait for its own checking. */
const atMost = 200

/** Keys are given without gaps from 1 on. */
export function sampledKeys(lastKey: number, question: string, every: number): number[] {
  const whole = Math.floor(lastKey / every) + (crc32(question) % every < lastKey % every ? 1 : 0)
  if (whole >= lastKey) return Array.from({ length: lastKey }, (_, i) => i + 1)
  return [...new Set(Array.from({ length: Math.min(whole, atMost) }, (_, i) => 1 + (crc32(`${i}:${question}`) % lastKey)))]
}

/** On a mismatch the engine is not asked any more, until it is built anew. */
export async function check(ctx: Ctx, engine: Engine, rule: Rule, setting: Setting): Promise<void> {
  const { last_key } = await headOf(ctx)
  const keys = sampledKeys(Number(last_key), `${engine.mark}:${setting.asOf}:${JSON.stringify(rule)}`, shadow.every)
  if (keys.length === 0) return
  const { mark } = engine
  const rows = (await rowsOf(ctx, keys)).filter(({ seq }) => seq <= mark)
  const profiles = await profilesForMatching(
    ctx,
    rows.map((row) => row.org_id),
  )
  const rowOf = new Map(rows.map((row) => [row.org_id, row]))
  const asked = profiles.map(({ org }) => Number(rowOf.get(org.id)!.key))
  const said = await unlessBroken(engine, (shards) => shards.use(setting).truthsFor(rule, asked))
  if (typeof said === 'string') return
  counters.checks += profiles.length
  const wrong = profiles.flatMap(({ org, facts }, i): Mismatch[] => {
    const evaluator = evaluate(rule, facts, setting)
    return said[i] === evaluator ? [] : [{ orgId: org.id, rule, asOf: setting.asOf, engine: said[i], evaluator }]
  })
  if (wrong.length === 0 || (await whyNotRows(ctx)) !== undefined) return
  // An enterprise that changed meanwhile is no mistake of the engine.
  const now = await rowsOf(
    ctx,
    wrong.map(({ orgId }) => Number(rowOf.get(orgId)!.key)),
  )
  const still = new Set(now.filter(({ org_id, seq }) => rowOf.get(org_id)!.seq === seq).map(({ org_id }) => org_id))
  const mistakes = wrong.filter(({ orgId }) => still.has(orgId))
  if (mistakes.length === 0) return
  counters.mismatches += mistakes.length
  for (const each of mistakes) shadow.tell(each)
  engine.distrusted = '抽查发现匹配引擎与逐条判断不一致，已停用'
}

const rowsOf = ({ db }: Ctx, keys: readonly number[]) =>
  db.selectFrom('match_rows').select(['org_id', 'key', 'seq']).where('key', 'in', keys.map(BigInt)).execute()
