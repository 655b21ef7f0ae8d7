/** Institutions with their prices, and orders at every step, told with the platform's own commands. */
import { listInstruments } from '../commons/instruments/index.server.ts'
import { findOrder, insertList, publish, readPriceRows, registerInstitution } from '../commons/orders/index.server.ts'
import type { OrderForm } from '../commons/orders/index.ts'
import { acceptWithRelief, placeWithRelief, signPledge } from '../measures/fee-relief/index.server.ts'
import { tellReviews } from './tell-reviews.server.ts'
import type { Actor } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import { inTx, type Ctx } from '../platform/db.server.ts'
import { uuidv7 } from '../platform/ids.ts'
import { demoInstitutions, priceRows } from './prices.ts'
import { standsSince } from './policy-kit.ts'
import { tellRecord, type Standards } from './tell-records.server.ts'
import { tellVerifications } from './tell-verifications.server.ts'

type Orgs = ReadonlyMap<string, { id: string; province: string; region: string; name: string }>

export async function tellInstitutions(ctx: Ctx, orgs: Orgs, today: string): Promise<number> {
  for (const institution of demoInstitutions) {
    const { id, province, region } = orgs.get(institution.key)!
    const own = { id, province, region }
    must(
      await registerInstitution(ctx, own, {
        affiliation: institution.affiliation,
        authorisation: '（示例）法计〔2026〕00001号',
        crews: institution.crews,
        sampleAddress: '示例路 1 号 业务大厅',
        bankAccount: '示例银行 0000 0000 0000 0000',
        paymentDays: 30,
      }),
    )
    const read = readPriceRows(priceRows(institution))
    if (read.problems.length > 0) throw new Error(`演示收费目录第 ${read.problems[0]!.row} 行：${read.problems[0]!.reason}`)
    const list = {
      id: uuidv7(),
      number: 1,
      title: '示例收费目录',
      basis: '示例价费〔2026〕1号',
      effectiveFrom: standsSince(today),
      fileId: null,
      fileName: null,
    }
    must(
      await inTx(ctx, async (tx) => {
        await insertList(tx, own, list, read)
        await publish(tx, own, list)
        return true
      }),
    )
  }
  return demoInstitutions.length
}

/** Some wait at the counter, some at the bench, some for a signature, some for their owner. */
export async function tellOrders(
  ctx: Ctx,
  { actors, orgs, standards, today }: { actors: ReadonlyMap<string, Actor>; orgs: Orgs; standards: Standards; today: string },
): Promise<number> {
  const as = (login: string): Ctx => ({ ...ctx, actor: actors.get(login)! })
  const firm = as('demo-enterprise')
  const institutionId = orgs.get('hz-inst')!.id
  let told = 0
  const place = async (who: Ctx, kind: string, count: number, skip: number, over: Partial<OrderForm> = {}) => {
    const { rows } = await listInstruments(who, { kind, state: 'in-use', pageSize: count + skip })
    const lines = rows.slice(skip, skip + count).map(({ id, mandatory }) => ({
      instrumentId: id,
      service: mandatory === 'yes' || kind === 'gauge-block' ? ('verification' as const) : ('calibration' as const),
    }))
    if (lines.length === 0) throw new Error(`演示台账里没有 ${kind}`)
    told++
    const form: OrderForm = {
      institutionId,
      mode: 'send-in',
      express: false,
      contact: who.actor.name,
      phone: '0571-00000000',
      wantedOn: addDays(today, 1),
      lines,
      ...over,
    }
    return must(await placeWithRelief(who, form)).id
  }
  /** How many people the firm has is not reported: nothing was taken off. */
  const tellRefused = async (): Promise<[string, string]> => {
    const ids = []
    for (const count of [3, 1]) {
      const lines = Array.from({ length: count }, (_, n) => ({
        name: '外径千分尺',
        serial: `WJ-${count}-${n + 1}`,
        kind: 'micrometer',
        use: 'other' as const,
        service: 'calibration' as const,
      }))
      const id = await place(firm, 'micrometer', 1, 0, { lines })
      await accept(id)
      ids.push(id)
    }
    return ids as [string, string]
  }
  const accept = async (id: string) => {
    const { order, lines } = (await findOrder(as('demo-counter'), id))!
    must(
      await acceptWithRelief(as('demo-counter'), id, {
        version: order.version,
        received: lines.map((line) => line.id),
        settled: Object.fromEntries(lines.filter(({ to_verify }) => to_verify).map((line) => [line.id, 'mandatory' as const])),
      }),
    )
  }
  const test = async (id: string, upTo: readonly ('draft' | 'tested' | 'approved')[]) => {
    const { lines } = (await findOrder(as('demo-tester'), id))!
    for (const [n, step] of upTo.entries()) if (lines[n]) await tellRecord(as, lines[n], standards, today, step)
  }
  const refused = await tellRefused()
  must(await signPledge(firm))
  await tellReviews(as, refused)
  await place(firm, 'caliper', 6, 0)
  await place(firm, 'cmm', 1, 0, { mode: 'on-site', address: '示例工业区 8 号', express: true })
  const atBench = await place(firm, 'micrometer', 4, 0)
  await accept(atBench)
  await test(atBench, ['draft', 'tested'])
  const atReview = await place(firm, 'dial-indicator', 3, 0)
  await accept(atReview)
  await test(atReview, ['tested', 'tested', 'tested'])
  const ready = await place(firm, 'caliper', 3, 6)
  await accept(ready)
  await test(ready, ['approved', 'approved', 'approved'])
  told += await tellVerifications(ctx, { actors, institutionId, standards, today })
  await place(as('demo-anqing'), 'pressure-gauge', 4, 0, { institutionId: orgs.get('aq-inst')!.id })
  return told
}

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
