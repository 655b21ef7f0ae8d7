/** Brings the library that comes with the platform into the database; running it again changes nothing. */
import { platform } from '../../core/access.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { isRefusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { checkSlug, hashOf, move, saveDraft } from './commands.server.ts'
import type { PolicyContent } from './model.ts'
import { eventNames } from './names.ts'
import { gapsOf } from './publication.ts'
import { raiseEdition } from './snapshot.server.ts'

export interface LibraryReport {
  added: number
  renewed: number
  unchanged: number
  /** Somebody has published, ended or is working on a version of their own: theirs stays, the library's is not taken. */
  kept: string[]
  /** Not fit for publication, with what is missing. */
  refused: { slug: string; reason: string }[]
}

interface Options {
  /** Called after each policy. */
  report?: (done: number, total: number) => void
}

/** Documents that never hold (historical ones, drafts for comment) are published too: they are found, and marked 仅供查阅. */
export async function importLibrary(ctx: Ctx, contents: readonly PolicyContent[], { report }: Options = {}): Promise<LibraryReport> {
  const result: LibraryReport = { added: 0, renewed: 0, unchanged: 0, kept: [], refused: [] }
  const done = await inTx({ ...ctx, actor: platform }, async (tx) => {
    const known = await versionsBySlug(tx)
    await nameEvents(tx, contents)
    for (const [i, content] of contents.entries()) {
      await importOne(tx, content, known.get(content.slug), result)
      report?.(i + 1, contents.length)
    }
    return result
  })
  if (isRefusal(done)) throw new Error(done.reason)
  return done
}

interface Known {
  state: string
  hash: string
  byPlatform: boolean
}

async function versionsBySlug({ db }: Ctx): Promise<Map<string, Known[]>> {
  const rows = await db
    .selectFrom('policies as p')
    .innerJoin('policy_versions as v', 'v.policy_id', 'p.id')
    .select(['p.slug', 'v.state', 'v.content_hash as hash', 'v.created_by'])
    .orderBy('v.number', 'desc')
    .execute()
  return Map.groupBy(
    rows.map((row) => ({ ...row, byPlatform: row.created_by === platform.id })),
    ({ slug }) => slug,
  )
}

async function importOne(ctx: Ctx, content: PolicyContent, known: Known[] | undefined, result: LibraryReport): Promise<void> {
  const hash = hashOf(content)
  if (known?.some((version) => version.hash === hash)) return void result.unchanged++
  const [newest] = known ?? []
  if (newest && (!newest.byPlatform || newest.state !== 'published')) return void result.kept.push(content.slug)
  const wrong =
    checkSlug(content.slug)?.reason ??
    gapsOf(content)
      .map(({ sentence }) => sentence)
      .join('；')
  if (wrong) return void result.refused.push({ slug: content.slug, reason: wrong })
  const draft = await saveDraft(ctx, { content })
  const adopted = isRefusal(draft) ? draft : await move(ctx, draft, 'adopt', '')
  if (isRefusal(adopted)) throw new Error(`${content.slug}: ${adopted.reason}`)
  if (newest) result.renewed++
  else result.added++
}

/** Events that rules mention are listed without dates, for an operator to fill in. */
async function nameEvents(ctx: Ctx, contents: readonly PolicyContent[]): Promise<void> {
  const ids = [...new Set(contents.flatMap(({ rule, benefits }) => [rule, ...benefits.flatMap((b) => b.rule ?? [])].flatMap(eventsIn)))]
  if (ids.length === 0) return
  const added = await ctx.db
    .insertInto('policy_events')
    .values(
      ids.map((id) => ({
        id,
        name: eventNames[id]?.name ?? id,
        starts_on: null,
        ends_on: null,
        source: '政策原文提及，起止日期待录入',
        trust: 'unverified',
        set_by: null,
        set_by_name: null,
        set_at: ctx.now,
        version: 1,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  if (added.length > 0) await raiseEdition(ctx)
}

const eventsIn = (rule: Rule): string[] =>
  rule.op === 'during' ? [rule.event] : rule.op === 'not' ? eventsIn(rule.of) : 'of' in rule ? rule.of.flatMap(eventsIn) : []
