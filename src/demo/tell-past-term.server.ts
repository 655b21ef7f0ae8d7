/** A small firm whose deferral has run out: told with the days on which it happened, after the rest of the story. */
import { attachCertificate, approveLine, findOrder, handBack, recordResult } from '../commons/orders/index.server.ts'
import type { OrderFormLine } from '../commons/orders/index.ts'
import { chargesOf } from '../commons/accounts/index.server.ts'
import { recordFacts } from '../commons/people/index.server.ts'
import { acceptWithRelief, deferCharges, placeWithRelief, signPledge } from '../measures/fee-relief/index.server.ts'
import type { Actor } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'

/** 90 days of deferral, 30 of grace, and some more: new orders with a fee ask for a plan now. Prices and rule of that day: `standsSince`. */
export const pastDays = 130

const weight: OrderFormLine = { name: '砝码', code: 'F2-1', kind: 'weight', use: 'other', service: 'calibration' }
const thermocouple: OrderFormLine = { name: '热电偶', code: 'RD-1', kind: 'thermocouple', use: 'other', service: 'calibration' }

export async function tellPastTerm(
  ctx: Ctx,
  actors: ReadonlyMap<string, Actor>,
  orgs: ReadonlyMap<string, { id: string }>,
  today: string,
): Promise<void> {
  const day = (after: number) => addDays(today, after - pastDays)
  const as = (login: string, after: number): Ctx => ({ ...ctx, actor: actors.get(login)!, now: `${day(after)}T02:00:00.000Z` })
  const firm = actors.get('demo-past-term')!
  must(await recordFacts(as('demo-past-term', 0), firm.org_id, told, { source: '企业填报', asOf: day(0) }))
  must(await signPledge(as('demo-past-term', 0)))
  const { id } = must(
    await placeWithRelief(as('demo-past-term', 0), {
      institutionId: orgs.get('hz-inst')!.id,
      mode: 'send-in',
      express: false,
      contact: firm.name,
      phone: '0571-00000000',
      wantedOn: day(1),
      lines: [weight, thermocouple],
    }),
  )
  const { order, lines } = (await findOrder(as('demo-counter', 1), id))!
  const received = lines.map((line) => line.id)
  must(await acceptWithRelief(as('demo-counter', 1), id, { version: order.version, received, settled: {} }))
  const charges = await chargesOf(as('demo-past-term', 2), { open: true })
  must(await deferCharges(as('demo-past-term', 2), { chargeIds: charges.map((charge) => charge.id) }))
  for (const line of (await findOrder(as('demo-tester', 4), id))!.lines) {
    const form = {
      doneOn: day(4),
      conclusion: 'none' as const,
      certificateNo: `示例${day(4).slice(0, 4)}-Q-${line.n}`,
      version: line.version,
    }
    must(await recordResult(as('demo-tester', 4), line.id, form))
    must(await attachCertificate(as('demo-tester', 4), line.id, { name: '证书.pdf', bytes: certificate }))
    const { version } = (await findOrder(as('demo-approver', 5), id))!.lines.find((each) => each.id === line.id)!
    must(await approveLine(as('demo-approver', 5), line.id, { version }))
  }
  must(await handBack(as('demo-counter', 6), id, { lineIds: received, to: firm.name }))
}

const told = [
  { fact: 'employees' as const, value: 3 },
  { fact: 'hardship' as const, value: true },
]

/** The smallest document that is one. */
const certificate = new TextEncoder().encode(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
