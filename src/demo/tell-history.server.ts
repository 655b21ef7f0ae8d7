/**
 * Orders of the past months, told with the platform's own commands at the time they happened. They name no instrument of the ledgers,
 * whose own checks are told with them. What happened then was announced then: nobody gets a message about it today.
 */
import { sql } from 'kysely'
import { chargesOf, matchPayment, recordPayment } from '../commons/accounts/index.server.ts'
import { approveLine, findOrder, handBack, placeOrder, recordResult } from '../commons/orders/index.server.ts'
import { listMessages, openMessage } from '../commons/messages/index.server.ts'
import { createPerson, grantMembership, recordFacts } from '../commons/people/index.server.ts'
import { allScopes } from '../commons/people/index.ts'
import { applyForPolicy, takeApplicationStep } from '../measures/policy-push/index.server.ts'
import { acceptWithRelief, deferCharges, signPledge } from '../measures/fee-relief/index.server.ts'
import { agentOf, type Actor, type Role } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { fen } from '../core/money.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import { inTx, type Ctx, type Database } from '../platform/db.server.ts'
import { drain, type Listener } from '../platform/jobs.server.ts'
import { historyStart, pastFirms, pastOrders, type PastOrder } from './history.ts'

type Orgs = ReadonlyMap<string, { id: string; province: string; region: string; name: string }>
type Act = (who: string, on: string, hour?: number) => Ctx

/** How many orders were told. `actors`: those of the demo world by login. */
export async function tellHistory(
  ctx: Ctx,
  database: Database,
  listeners: readonly Listener[],
  { actors, orgs, today }: { actors: ReadonlyMap<string, Actor>; orgs: Orgs; today: string },
): Promise<number> {
  const start = historyStart(today)
  const staff = await tellStaff(ctx, actors, orgs, today)
  const at = (on: string, hour: number) => new Date(Date.parse(`${on}T${String(hour).padStart(2, '0')}:00:00+08:00`)).toISOString()
  const as: Act = (who, on, hour = 10) => ({ ...ctx, actor: staff.get(who)!, now: at(on, hour) })
  await tellStanding(ctx, as, orgs, { today, start, officials: actors })
  // From here on the applications count as granted.
  await drain(database, listeners, ctx.now)
  const told = pastOrders(today)
  const done = await inTx(ctx, async (tx) => {
    const within: Act = (...given) => ({ ...as(...given), db: tx.db })
    const ids = new Map<PastOrder, string>()
    for (const { on, run } of stepsOf(told, within, orgs, ids)) if (on <= today) await run()
    return told.length
  })
  await drain(
    database,
    listeners.filter(({ name }) => name === 'fee-relief.settle'),
    ctx.now,
  )
  await sayTold(database)
  for (const { key } of readers) await readMessages({ ...ctx, actor: staff.get(key)! })
  return must(done)
}

/** Two firms in three read what they are sent; those whom the tours enter have everything still before them. */
const readers = pastFirms.filter(({ key }, i) => i % 3 !== 2 && key !== 'e-hz-1' && key !== 'e-wz-1')

async function readMessages(ctx: Ctx): Promise<void> {
  const { rows } = await listMessages(ctx, { page: 1, pageSize: 100 })
  for (const { id } of rows) must(await openMessage(ctx, id))
}

/** What has happened so far counts as told. */
export const sayTold = ({ db }: Pick<Database, 'db'>) =>
  sql`update listener_marks set seq = (select seq from event_head where id = 1)`.execute(db)

/** Everybody who acts in the past and has no place in the demo's cast: firms' managers, desks of the other institutions. */
async function tellStaff(ctx: Ctx, actors: ReadonlyMap<string, Actor>, orgs: Orgs, today: string): Promise<Map<string, Actor>> {
  const staff = new Map<string, Actor>()
  const seat = async (key: string, org: string, role: Role, name: string) => {
    const own = orgs.get(org)!
    const known = [...actors.values()].find((actor) => actor.org_id === own.id && actor.role === role && !agentOf(actor))
    staff.set(key, known ?? (await newcomer(ctx, own, role, name, today)))
  }
  for (const [i, { key }] of pastFirms.entries()) await seat(key, key, 'enterprise', `示例·${surnames[i % surnames.length]}质量员`)
  for (const key of new Set(pastFirms.map(({ institution }) => institution)))
    for (const [role, name] of desks) await seat(`${key}:${role}`, key, role, `示例·${name}`)
  return staff
}

/** For the firms with a past, one after the other. */
const surnames = [...'梁宋唐许邓冯曹彭曾萧田董袁潘']

const desks = [
  ['counter', '窗口小丁'],
  ['tester', '检测员小范'],
  ['approver', '批准人邵工'],
  ['finance', '财务小葛'],
] as const satisfies readonly [Role, string][]

async function newcomer(
  ctx: Ctx,
  own: { id: string; name: string; region: string },
  role: Role,
  name: string,
  today: string,
): Promise<Actor> {
  const { id } = must(await createPerson(ctx, { name }))
  const duty = role === 'enterprise' ? 'manager' : 'staff'
  const scope = duty === 'manager' ? allScopes : []
  must(await grantMembership(ctx, { orgId: own.id, personId: id, role, duty, scope: [...scope], startsOn: addDays(today, -400) }))
  return { id, name, role, org_id: own.id, org_name: own.name, region: own.region }
}

/** What stands before the first order: hardship as reported, the pledge, the granted application. */
async function tellStanding(
  ctx: Ctx,
  as: Act,
  orgs: Orgs,
  { today, start, officials }: { today: string; start: string; officials: ReadonlyMap<string, Actor> },
): Promise<void> {
  for (const firm of pastFirms) {
    const org = orgs.get(firm.key)!
    if ('hardship' in firm)
      must(await recordFacts(ctx, org.id, [{ fact: 'hardship', value: true }] as never, { source: '企业填报', asOf: addDays(today, -60) }))
    must(await signPledge(as(firm.key, start, 9)))
    if (!('granted' in firm)) continue
    const applied = await applyForPolicy(as(firm.key, start), { slug: firm.granted, documents: [], note: '', truthful: true })
    // Before its policy's window nothing can be applied for.
    if (isRefusal(applied)) continue
    const officer = officials.get(org.province === '34' ? 'demo-anhui' : 'demo-hubei')!
    const judge = { ...as(firm.key, start, 11), actor: officer }
    const step = { opinion: '', documents: [], note: '' }
    const accepted = must(await takeApplicationStep(judge, applied.id, { ...step, step: 'accept', version: 1 }))
    must(await takeApplicationStep(judge, applied.id, { ...step, step: 'grant', version: accepted.version, saving: '0.01' }))
  }
}

/** Every step of every order, in the order of days, so that numbers and yearly caps follow as they would have. */
function stepsOf(told: readonly PastOrder[], as: Act, orgs: Orgs, ids: Map<PastOrder, string>): { on: string; run: () => Promise<void> }[] {
  return told
    .flatMap((past) => [
      { on: past.placedOn, run: async () => void ids.set(past, await place(past, as, orgs)) },
      { on: past.acceptedOn, run: () => accept(past, as, ids.get(past)!) },
      { on: past.doneOn, run: () => test(past, as, ids.get(past)!) },
      { on: past.backOn, run: () => giveBack(past, as, ids.get(past)!) },
      ...(past.deferredOn ? [{ on: past.deferredOn, run: () => defer(past, as, ids.get(past)!) }] : []),
      ...(past.paidOn ? [{ on: past.paidOn, run: () => pay(past, as, orgs, ids.get(past)!) }] : []),
    ])
    .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
}

async function place({ firm, institution, placedOn, acceptedOn, lines }: PastOrder, as: Act, orgs: Orgs): Promise<string> {
  const ctx = as(firm, placedOn)
  const form = { institutionId: orgs.get(institution)!.id, mode: 'send-in' as const, express: false, wantedOn: acceptedOn, lines }
  return must(await placeOrder(ctx, { ...form, contact: ctx.actor.name, phone: '0571-00000000' })).id
}

async function accept({ institution, acceptedOn }: PastOrder, as: Act, id: string): Promise<void> {
  const counter = as(`${institution}:counter`, acceptedOn, 11)
  const { order, lines } = (await findOrder(counter, id))!
  must(
    await acceptWithRelief(counter, id, {
      version: order.version,
      received: lines.map((line) => line.id),
      settled: Object.fromEntries(lines.filter(({ to_verify }) => to_verify).map((line) => [line.id, 'voluntary' as const])),
    }),
  )
}

async function test({ institution, doneOn }: PastOrder, as: Act, id: string): Promise<void> {
  const [tester, approver] = [as(`${institution}:tester`, doneOn, 14), as(`${institution}:approver`, doneOn, 16)]
  for (const line of (await findOrder(tester, id))!.lines) {
    const calibrates = line.service === 'calibration'
    must(
      await recordResult(tester, line.id, {
        doneOn,
        conclusion: calibrates ? 'none' : 'pass',
        certificateNo: `示例${doneOn.slice(0, 4)}-${id.slice(-6)}-${line.n}`,
        ...(!calibrates && { validUntil: addDays(doneOn, 364) }),
        version: line.version,
      }),
    )
    must(await approveLine(approver, line.id, { version: line.version + 1 }))
  }
}

async function giveBack({ institution, backOn, firm }: PastOrder, as: Act, id: string): Promise<void> {
  const counter = as(`${institution}:counter`, backOn)
  const { lines } = (await findOrder(counter, id))!
  must(await handBack(counter, id, { lineIds: lines.map((line) => line.id), to: as(firm, backOn).actor.name }))
}

async function defer({ firm, deferredOn }: PastOrder, as: Act, id: string): Promise<void> {
  const own = as(firm, deferredOn!, 14)
  const chargeIds = (await chargesOf(own, { orderId: id, open: true })).filter(({ deferral_id }) => !deferral_id).map((charge) => charge.id)
  if (chargeIds.length === 0) return
  must(await deferCharges(own, { chargeIds }))
}

/** Pays what this order still owes. */
async function pay({ institution, paidOn, firm }: PastOrder, as: Act, orgs: Orgs, id: string): Promise<void> {
  const finance = as(`${institution}:finance`, paidOn!, 15)
  const open = await chargesOf(finance, { orderId: id, open: true })
  const amount = open.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n)
  if (amount === 0n) return
  const { id: paymentId } = must(
    await recordPayment(finance, {
      method: 'transfer',
      reference: `示例流水${id.slice(-8)}`,
      paidOn: paidOn!,
      payer: orgs.get(firm)!.name,
      amount: fen(amount),
    }),
  )
  must(await matchPayment(finance, { paymentId, orgId: orgs.get(firm)!.id, version: 1 }))
}

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
