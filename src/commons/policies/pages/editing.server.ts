/** What the pages “new” and “edit” share: the form's view, its buttons, saving. */
import { data, redirect } from 'react-router'
import { allowed } from '../../../core/access.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { newSlug, saveDraft } from '../commands.server.ts'
import { readContentForm, toForm, type ContentForm } from '../form/content-form.ts'
import { fromForm } from '../form/read-content.ts'
import type { Lookup } from '../form/conditions.ts'
import { applyEdit } from '../form/edits.ts'
import { picksWith, type Picks } from '../form/picks.ts'
import { sayForm, type Sayings } from '../form/sayings.ts'
import { readTree, text } from '../form/tree.ts'
import type { PolicyContent, PolicyEvent, Version } from '../model.ts'
import { findOpenVersion, listEvents } from '../queries.server.ts'
import { readers } from '../workflow.ts'

export interface EditorView {
  form: ContentForm
  sayings: Sayings
  /** The draft that is being changed, and its lock; absent before the first save. */
  versionId: string | undefined
  version: number | undefined
  /** New with every answer, so that the inputs show what the server says. */
  stamp: string
  /** Where the eye should be after a button: `rule.1`. */
  at: string | undefined
}

export const mayWrite = ({ actor }: Ctx): boolean => actor.role === 'regulator' || actor.role === 'admin'

export const mayWriteIn = ({ actor }: Ctx, region: string): boolean => allowed(readers, actor, { org_id: actor.org_id, region })

/** Whoever may not write policies is told so, not shown a form that will be refused. */
export function assertWriter(ctx: Ctx, url: URL): void {
  if (ctx.actor.role === 'visitor') throw redirect(`/sign-in?to=${encodeURIComponent(url.pathname)}`)
  if (!mayWrite(ctx)) throw new Response('政策由监管人员起草和审核，您当前的身份不能查看这一页。', { status: 403 })
}

export async function viewOf(ctx: Ctx, content: PolicyContent, version?: Pick<Version, 'id' | 'version'>): Promise<EditorView> {
  const events = await listEvents(ctx)
  const picks = picksWith(events)
  return makeView(toForm(content, picks), picks, events, version)
}

const makeView = (
  form: ContentForm,
  picks: Picks,
  events: readonly PolicyEvent[],
  version?: { id: string; version: number },
  at?: string,
): EditorView => ({
  form,
  sayings: sayForm(form, picks, events),
  versionId: version?.id,
  version: version?.version,
  stamp: crypto.randomUUID(),
  at,
})

/** What drops down under the inputs. */
export async function optionsOf(ctx: Ctx): Promise<Record<Lookup, readonly string[]>> {
  const picks = picksWith(await listEvents(ctx))
  const lookups: Lookup[] = ['region', 'industry', 'kind', 'park', 'alliance', 'listing', 'event']
  return Object.fromEntries(lookups.map((lookup) => [lookup, picks.options(lookup)])) as Record<Lookup, readonly string[]>
}

/** A button of the editor: shape and sentences without saving, or saving. `slug`: of the policy, absent for a new one. */
export async function answer(ctx: Ctx, request: Request, slug?: string) {
  const tree = readTree(await request.formData())
  const events = await listEvents(ctx)
  const picks = picksWith(events)
  const posted = readContentForm(tree)
  const form = slug === undefined ? posted : { ...posted, slug }
  const lock = text(tree, 'versionId') ? { id: text(tree, 'versionId'), version: Number(text(tree, 'version')) } : undefined
  const button = text(tree, 'do')
  if (button !== 'save') {
    const edited = applyEdit(form, button)
    return data({ refusal: undefined, values: { view: makeView(edited, picks, events, lock, whereAfter(button, edited)) } })
  }
  const saved = await save(ctx, form, picks, lock, slug === undefined)
  if (!isRefusal(saved)) throw redirect(`/policies/${saved.slug}/edit?saved=${saved.version}`)
  // Told once that somebody was faster, a person may go on knowingly: the next save carries the newest lock.
  const newest = saved.code === 'STALE' ? await findOpenVersion(ctx, form.slug) : undefined
  return refused(saved, { view: makeView(form, picks, events, newest ?? lock) })
}

async function save(
  ctx: Ctx,
  form: ContentForm,
  picks: Picks,
  lock: { id: string; version: number } | undefined,
  isNew: boolean,
): Promise<Version | Refusal> {
  const content = fromForm(form, picks)
  if (isRefusal(content)) return content
  if (!content.title) return refuse('invalid', '请填写标题，草稿才能找得到', { fields: { title: '请填写标题' } })
  const slug = content.slug || (isNew ? await newSlug(ctx, content) : '')
  return saveDraft(ctx, { content: { ...content, slug }, versionId: lock?.id, version: lock?.version })
}

/** The part that a button has made or changed. */
function whereAfter(button: string, { clauses, questions, benefits }: ContentForm): string | undefined {
  const [edit, path = ''] = button.split(':')
  if (edit === 'add' && path === 'clauses') return `clauses.${clauses.length - 1}`
  if (edit === 'add' && path === 'questions') return `questions.${questions.length - 1}`
  if (edit === 'add' && path === 'benefits') return `benefits.${benefits.length - 1}`
  if (edit === 'own-rule') return `${path}.rule`
  return path || undefined
}
