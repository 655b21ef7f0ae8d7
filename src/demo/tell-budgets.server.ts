/** Budgets of the demo's reliefs: the province's nearly used, Wenzhou's part used up with a line, and two firms that share a telephone. */
import { findOrder } from '../commons/orders/index.server.ts'
import {
  acceptWithRelief,
  decideChange,
  placeWithRelief,
  proposeBudget,
  proposeChange,
  signPledge,
} from '../measures/fee-relief/index.server.ts'
import type { Actor } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'

type Actors = ReadonlyMap<string, Actor>
const slug = 'demo-zj-calibration-half'

/** Before anything is accepted, so that every order counts. Gives the budgets by name. */
export async function tellBudgets(ctx: Ctx, actors: Actors, today: string): Promise<{ province: string; city: string }> {
  const year = today.slice(0, 4)
  const period = { startsOn: `${year}-01-01`, endsOn: `${year}-12-31` }
  const [province, city] = [
    { ...period, slug, region: '330000', amountFen: 1_000_000n, basis: `示例浙财〔${year}〕21号 第二条：全省全年校准减免额度` },
    { ...period, slug, region: '330300', amountFen: 150_000n, basis: `示例浙财〔${year}〕21号 附件二：温州市分配额度` },
  ]
  return { province: await set(ctx, actors, province), city: await set(ctx, actors, city) }
}

async function set(ctx: Ctx, actors: Actors, form: Parameters<typeof proposeBudget>[1]): Promise<string> {
  const { id } = must(await proposeBudget(as(ctx, actors, 'demo-province'), form))
  must(await decideChange(as(ctx, actors, 'demo-province-2'), id, { step: 'approve', opinion: '与分配文件核对一致', version: 1 }))
  return id
}

/** Two firms of Wenzhou with one telephone: the first takes what there is, the rest waits. */
export async function tellQueue(ctx: Ctx, actors: Actors, institutionId: string, today: string): Promise<number> {
  for (const [login, count] of [
    ['demo-wenzhou', 18],
    ['demo-wenzhou-2', 8],
    ['demo-wenzhou', 4],
  ] as const) {
    const firm = as(ctx, actors, login)
    must(await signPledge(firm))
    const { id } = must(
      await placeWithRelief(firm, {
        institutionId,
        mode: 'send-in',
        express: false,
        contact: firm.actor.name,
        phone: '0577-00000000',
        wantedOn: addDays(today, 1),
        lines: Array.from({ length: count }, () => ({ name: '游标卡尺', kind: 'caliper', use: 'other', service: 'calibration' as const })),
      }),
    )
    const counter = as(ctx, actors, 'demo-counter')
    const { order, lines } = (await findOrder(counter, id))!
    must(await acceptWithRelief(counter, id, { version: order.version, received: lines.map((line) => line.id), settled: {} }))
  }
  return 3
}

/** The province's budget, cut to what makes it nearly used: a change by two persons. */
export async function tellChanges(ctx: Ctx, actors: Actors, budgets: { province: string; city: string }): Promise<void> {
  const { used_fen, version } = await ctx.db
    .selectFrom('relief_budgets')
    .select(['used_fen', 'version'])
    .where('id', '=', budgets.province)
    .executeTakeFirstOrThrow()
  // Just above four fifths, in whole hundreds of yuan.
  const amountFen = ((used_fen * 6n) / 5n / 10_000n) * 10_000n
  const basis = '示例浙财〔调整〕35号 第一条：按上半年用度核减'
  must(await proposeChange(as(ctx, actors, 'demo-province'), budgets.province, { amountFen, basis, version }))
  must(await decideChange(as(ctx, actors, 'demo-province-2'), budgets.province, { step: 'approve', opinion: '同意', version: 1 }))
}

const as = (ctx: Ctx, actors: Actors, login: string): Ctx => ({ ...ctx, actor: actors.get(login)! })

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
