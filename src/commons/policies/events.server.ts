/** Periods that documents name and operators date: 疫情防控期间. Conditions about an undated one stay 待补充. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import type { Actor } from '../../core/access.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import type { PolicyEvent } from './model.ts'
import { raiseEdition } from './snapshot.server.ts'
import { toEvent } from './tables.server.ts'

export interface EventInput {
  /** Short name in rules: `epidemic-2020`; a new one makes a new event. */
  id: string
  name: string
  startsOn: string | null
  endsOn: string | null
  /** The document that says so. */
  source: string
  /** The lock that the form was opened with; 0 for a new event. */
  version: number
}

/** Events decide rights all over the country: the national authority or the platform's operators set them. */
export const mayDateEvents = ({ role, region }: Actor): boolean =>
  role === 'admin' || (role === 'regulator' && region !== '' && regionPrefix(region) === '')

/** Sets when an event began and ended, under which document. Announces `policy-event.dated`, since matches may change with it. */
export async function setEvent(ctx: Ctx, input: EventInput): Promise<PolicyEvent | Refusal> {
  if (!mayDateEvents(ctx.actor)) return refuse('forbidden', '事件的起止日期由国家级监管人员或平台管理员录入')
  const wrong = check(input)
  return wrong ?? inTx(ctx, (tx) => write(tx, input))
}

function check({ id, name, startsOn, endsOn, source }: EventInput): Refusal | undefined {
  const fields: Record<string, string> = {
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) ? {} : { id: '编号只能用小写字母、数字和连字符，例如 epidemic-2020' }),
    ...(name.trim() ? {} : { name: '请填写名称' }),
    ...(source.trim() ? {} : { source: '请填写依据：哪份文件宣布的' }),
    ...(startsOn === null || isIsoDate(startsOn) ? {} : { startsOn: '不是有效日期' }),
    ...(endsOn === null || isIsoDate(endsOn) ? {} : { endsOn: '不是有效日期' }),
  }
  if (endsOn !== null && startsOn === null) fields.startsOn ??= '填写了结束日期，也须填写开始日期'
  if (startsOn !== null && endsOn !== null && endsOn < startsOn) fields.endsOn ??= '结束日期早于开始日期'
  const [first] = Object.values(fields)
  return first === undefined ? undefined : refuse('invalid', first, { fields })
}

async function write(ctx: Ctx, { id, name, startsOn, endsOn, source, version }: EventInput): Promise<PolicyEvent | Refusal> {
  const before = await ctx.db.selectFrom('policy_events').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if ((before?.version ?? 0) !== version)
    return refuse('conflict', '您打开之后，这个事件已被别人改过。您填写的内容还在本页，请核对最新内容后再保存', { code: 'STALE' })
  const values = {
    name: name.trim(),
    starts_on: startsOn,
    ends_on: endsOn,
    source: source.trim(),
    trust: 'operator',
    set_by: ctx.actor.id,
    set_by_name: ctx.actor.name,
    set_at: ctx.now,
  }
  const row = before
    ? await ctx.db
        .updateTable('policy_events')
        .set({ ...values, version: version + 1 })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
    : await ctx.db
        .insertInto('policy_events')
        .values({ id, ...values, version: 1 })
        .returningAll()
        .executeTakeFirstOrThrow()
  await raiseEdition(ctx)
  await announce(ctx, {
    subject: 'policy-event',
    subjectId: id,
    action: 'dated',
    province: '00',
    region: '000000',
    title: row.name,
    detail: {
      before: before ? { startsOn: before.starts_on, endsOn: before.ends_on } : null,
      after: { startsOn, endsOn },
      source: row.source,
    },
  })
  return toEvent(row)
}
