/** The due list, the calendar and the forecast of one's own ledger. */
import { sql } from 'kysely'
import { fen, type Fen } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { YES } from '../../../core/eligibility/rule.ts'
import type { Facts } from '../../../core/eligibility/facts.ts'
import { addMonths } from '../../../core/due-day.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { profileOf } from '../../people/index.server.ts'
import { decideLineAmong } from '../../policies/index.ts'
import { policiesInForce, settingOf as policySetting } from '../../policies/index.server.ts'
import { dueStates } from '../model.ts'
import { settingsOf } from '../own-kinds.server.ts'
import { bundle, type Bundle, type DueItem } from './bundle.ts'
import { forecastItems, forecastMonths, type ForecastItem, type ForecastMonth, type LineRelief } from './forecast.ts'
import '../tables.server.ts'

/** Those of one's own whose time runs and that end on or before a day; all where none is given. */
export async function dueItems({ db, actor }: Ctx, until?: string): Promise<DueItem[]> {
  if (actor.role !== 'enterprise') return []
  let q = db
    .selectFrom('instruments')
    .select(['id', 'code', 'name', 'kind', 'state', 'place', 'last_institution as institution', 'mandatory', 'use'])
    .select(['mandatory_to_verify as mandatoryToVerify', 'valid_until as validUntil', 'interval_months as intervalMonths'])
    .select(['last_fee_fen as lastFeeFen', 'last_kind as lastKind'])
    .where('province', '=', actor.region.slice(0, 2))
    .where('org_id', '=', actor.org_id)
    .where('state', 'in', [...dueStates])
    .where('valid_until', 'is not', null)
  if (until) q = q.where('valid_until', '<=', until)
  return (await q.orderBy('valid_until').orderBy('sort_key').execute()) as DueItem[]
}

/** How many of one's own are in use without a known term. */
export async function undatedCount({ db, actor }: Ctx): Promise<number> {
  const { rows } = await sql<{
    n: bigint
  }>`select count(*) as n from instruments where province = ${actor.region.slice(0, 2)} and org_id = ${actor.org_id}
    and valid_until is null and state in (${sql.join([...dueStates])})`.execute(db)
  return Number(rows[0]!.n)
}

export async function bundlesOf(ctx: Ctx, until: string): Promise<Bundle[]> {
  const { turnaroundWorkdays } = await settingsOf(ctx)
  return bundle(await dueItems(ctx, until), shanghaiDate(ctx.now), turnaroundWorkdays)
}

/** How many end on each day of a month. */
export async function dueByDay(ctx: Ctx, month: string): Promise<{ day: string; n: number; mandatory: number }[]> {
  const first = `${month}-01`
  const { rows } = await sql<{
    day: string
    n: bigint
    mandatory: bigint
  }>`select valid_until as day, count(*) as n, count(*) filter (where mandatory = 'yes') as mandatory
    from instruments where province = ${ctx.actor.region.slice(0, 2)} and org_id = ${ctx.actor.org_id} and state in (${sql.join([...dueStates])})
    and valid_until >= ${first}::date and valid_until < ${addMonths(first, 1)}::date group by valid_until order by valid_until`.execute(
    ctx.db,
  )
  return rows.map(({ day, n, mandatory }) => ({ day, n: Number(n), mandatory: Number(mandatory) }))
}

export interface Forecast {
  today: string
  items: ForecastItem[]
  months: ForecastMonth[]
  pieces: number
  cost: Fen
  off: Fen
  unpriced: number
  /** Policies that take something off, or could if asked for. */
  policies: { slug: string; title: string; force: 'apply' | 'apply-for'; off: Fen }[]
}

export async function forecast(ctx: Ctx): Promise<Forecast> {
  const today = shanghaiDate(ctx.now)
  const items = forecastItems(await dueItems(ctx), today, await reliefs(ctx))
  const months = forecastMonths(items, today)
  const sum = (of: (month: ForecastMonth) => bigint) => fen(months.reduce((total, month) => total + of(month), 0n))
  return {
    today,
    items,
    months,
    pieces: items.length,
    cost: sum(({ cost }) => cost),
    off: sum(({ off }) => off),
    unpriced: months.reduce((n, { unpriced }) => n + unpriced, 0),
    policies: policiesOf(items),
  }
}

function policiesOf(items: readonly ForecastItem[]): Forecast['policies'] {
  const groups = Map.groupBy(
    items.filter(({ relief }) => relief),
    ({ relief }) => relief!.slug,
  )
  return [...groups.values()].map((group) => {
    const { slug, title, force } = group[0]!.relief!
    return { slug, title, force, off: fen(group.reduce((sum, { off }) => sum + off, 0n)) }
  })
}

/**
 * Measure 一's decision for a line, once per kind, use, service and month: what the facts of the enterprise and of the line give.
 * The day of acceptance is the first of that month, or today. 待核实 never decides: only `apply` is counted by the caller.
 */
async function reliefs(ctx: Ctx): Promise<(item: DueItem, service: ForecastItem['service'], dueOn: string) => LineRelief | null> {
  const today = shanghaiDate(ctx.now)
  const profile = await profileOf(ctx, ctx.actor.org_id)
  if (!profile) return () => null
  const policies = (await policiesInForce(ctx, today)).map(({ content }) => content)
  const setting = await policySetting(ctx, today)
  const known = new Map<string, LineRelief | null>()
  return (item, service, dueOn) => {
    const acceptedOn = dueOn.slice(0, 7) === today.slice(0, 7) ? today : `${dueOn.slice(0, 7)}-01`
    const key = [item.kind, item.use, service, acceptedOn].join('|')
    const found = known.get(key)
    if (found !== undefined) return found
    const facts: Facts = {
      ...profile.facts,
      serviceKind: service,
      acceptedOn,
      ...(item.kind && { instrumentKind: item.kind }),
      ...(item.use && { use: item.use }),
    }
    const { holding } = decideLineAmong(policies, facts, { ...setting, asOf: acceptedOn })
    const best = holding.find(({ force, rateBp, truth }) => force !== 'guidance' && rateBp > 0 && truth === YES)
    const title = best && policies.find(({ slug }) => slug === best.slug)?.title
    const relief = best
      ? { rateBp: best.rateBp, slug: best.slug, title: title ?? best.slug, force: best.force as 'apply' | 'apply-for' }
      : null
    known.set(key, relief)
    return relief
  }
}
