/** Flagged items: who looks, what is asked, what the enterprise says, how it ends. Relief stays until a person decides otherwise. */
import { sql } from 'kysely'
import { missingScope } from '../../../commons/people/index.server.ts'
import { isUuid } from '../../../commons/people/index.ts'
import { send } from '../../../commons/messages/index.server.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { answerBy } from './checks.server.ts'
import { flagKinds, type Flag, type FlagState } from './model.ts'
import { flagReaders, flagWorkflow, type FlagStep } from './workflow.ts'
import './tables.server.ts'

/** An enterprise hears of an item when it is asked, or judged: before that it is the authority's own look. */
const seen = (ctx: Ctx) =>
  ctx.actor.role === 'enterprise'
    ? sql<boolean>`(${visible(ctx.actor, flagReaders)} and (asked is not null or state = 'upheld'))`
    : visible(ctx.actor, flagReaders)

export async function listFlags(
  ctx: Ctx,
  { open, page = 1, pageSize = 20 }: { open?: boolean; page?: number; pageSize?: number } = {},
): Promise<{ rows: Flag[]; total: number }> {
  const own = ctx.db
    .selectFrom('relief_flags')
    .where(seen(ctx))
    .$if(open === true, (qb) => qb.where('state', 'in', ['open', 'asked', 'explained']))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll()
    .orderBy(sql`state in ('open', 'asked', 'explained') desc`)
    .orderBy('due_on')
    .orderBy('id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as Flag[], total: Number(n) }
}

export async function findFlag(ctx: Ctx, id: string, lock = false): Promise<Flag | undefined> {
  if (!isUuid(id)) return undefined
  const row = await ctx.db
    .selectFrom('relief_flags')
    .selectAll()
    .where('id', '=', id)
    .where(seen(ctx))
    .$if(lock, (qb) => qb.forUpdate())
    .executeTakeFirst()
  return row as unknown as Flag | undefined
}

const past: Record<FlagStep, string> = { take: 'taken', clear: 'cleared', ask: 'asked', explain: 'explained', uphold: 'upheld' }

export const stepFlag = (
  ctx: Ctx,
  id: string,
  form: { step: FlagStep; opinion: string; version: number },
): Promise<{ id: string; state: FlagState } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role === 'enterprise') {
      const beyond = await missingScope(tx, 'money')
      if (beyond) return beyond
    }
    const flag = await findFlag(tx, id, true)
    if (!flag) return refuse('missing', '没有这个核实事项，或不归您看。')
    if (flag.version !== form.version) return refuse('conflict', '您打开之后这里已有变化，请核对后再办理。', { code: 'STALE' })
    const opinion = form.opinion.trim().slice(0, 1_000)
    const next = advance(flagWorkflow, flag, form.step, tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    await tx.db
      .updateTable('relief_flags')
      .set({ ...written(tx, form.step, opinion), state: next.to, version: sql`version + 1` })
      .where('province', '=', flag.province)
      .where('id', '=', id)
      .execute()
    await announce(tx, {
      subject: 'relief-flag',
      subjectId: id,
      action: past[form.step],
      province: flag.province,
      region: flag.region,
      orgId: flag.org_id,
      title: flag.title,
      detail: opinion ? { opinion } : {},
    })
    if (form.step === 'ask' || form.step === 'uphold') await tell(tx, flag, form.step, opinion)
    return { id, state: next.to }
  })

const written = (tx: Ctx, step: FlagStep, opinion: string): Partial<Omit<Flag, 'version' | 'assigned' | 'institution_id'>> => ({
  // Whoever acts for the authority owns the item from then on.
  ...(step !== 'explain' && { owner_id: tx.actor.id, owner_name: tx.actor.name }),
  ...(step === 'ask' && { asked: opinion, due_on: answerBy(tx.now) }),
  ...(step === 'explain' && { explanation: opinion, due_on: answerBy(tx.now) }),
  ...((step === 'clear' || step === 'uphold') && { outcome: opinion, ended_at: tx.now }),
})

const tell = (tx: Ctx, flag: Flag, step: 'ask' | 'uphold', opinion: string) =>
  send(tx, {
    province: flag.province,
    orgId: flag.org_id,
    region: flag.region,
    role: 'enterprise',
    template: 'relief-flag',
    subject: 'relief-flag',
    subjectId: flag.id,
    title: step === 'ask' ? `请说明：${flagKinds[flag.kind]}` : `核实结论：${flagKinds[flag.kind]}`,
    body:
      step === 'ask'
        ? `主管部门核实《${flag.title}》的使用情况：${opinion}。请在 ${answerBy(tx.now)} 前说明；在有结论之前，已减的不变。`
        : `${opinion}。已减的不会自动收回；有异议可以联系主管部门。`,
    number: step === 'ask' ? answerBy(tx.now) : shanghaiDate(tx.now),
    actionLabel: step === 'ask' ? '去说明' : '看结论',
    actionUrl: `/me/relief-flags/${flag.id}`,
    dedupe: `relief-flag:${flag.id}:${step}:${flag.version}`,
  })
