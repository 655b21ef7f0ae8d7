/** Orders that were accepted without relief, and those who review them: the stage of the tests of reviews. */
import { matchPayment, recordPayment } from '../../../commons/accounts/index.server.ts'
import { findOrder } from '../../../commons/orders/index.server.ts'
import type { Rule } from '../../../core/eligibility/rule.ts'
import { fen } from '../../../core/money.ts'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { acceptWithRelief, placeWithRelief } from '../orders.server.ts'
import { caliper, halfPolicy, monday, orderOf, worldOf, type World } from '../test-world.server.ts'
import { takeStep } from './steps.server.ts'

type Firm = Awaited<ReturnType<World['firm']>>
export const inAnhui: Rule[] = [
  { op: 'region', mode: 'nested', codes: ['340000'], src: 'c1' },
  { op: 'in', fact: 'size', values: ['small', 'micro', 'individual'], src: 'c1' },
  { op: 'window', anchor: 'acceptedOn', from: '2026-01-01', to: '2026-12-31', src: 'c2' },
]

export async function reviewsOf(database: Database) {
  const world = worldOf(database)
  await world.publish(halfPolicy())
  // At most 80 yuan a year for an enterprise of the other province.
  await world.publish(
    halfPolicy({
      slug: 'test-cap',
      title: '示例·校准费减半办法（封顶）',
      docNumber: '示例皖计〔2026〕1号',
      regionCode: '340000',
      regionName: '安徽省',
      rule: { op: 'all', of: inAnhui },
      benefits: [{ ...halfPolicy().benefits[0]!, capFen: 8000, capPer: 'year' } as never],
    }),
  )
  const lab = await world.institution('检测院')
  const second = await world.person('finance', '示例·第二位财务', lab.org)
  const authority = { id: (await world.institution('主管部门')).org.id, name: '示例·主管部门', region: '330100' }
  const officers = [await world.person('regulator', '示例·经办', authority), await world.person('regulator', '示例·复核', authority)]
  const stranger = await world.person('regulator', '示例·外地', { ...authority, region: '420100' })
  const finance = (now = monday) => world.as(lab.finance, now)
  const version = async (id: string) =>
    (await database.db.selectFrom('relief_reviews').select('version').where('id', '=', id).executeTakeFirst())?.version
  let slips = 0
  return {
    world,
    lab,
    second,
    stranger,
    finance,
    other: (now = monday) => world.as(second, now),
    officer: (n: number, now = monday) => world.as(officers[n]!, now),
    async accepted(firm: Firm, count = 1, now = monday) {
      const lines = Array.from({ length: count }, () => caliper)
      const { id } = orThrow(await placeWithRelief(firm.ctx(now), orderOf(lab.org.id, lines)))
      const found = (await findOrder(world.as(lab.counter, now), id))!
      orThrow(
        await acceptWithRelief(world.as(lab.counter, now), id, {
          version: found.order.version,
          received: found.lines.map((line) => line.id),
          settled: {},
        }),
      )
      return (await findOrder(world.as(lab.counter, now), id))!
    },
    about: ({ order, lines }: NonNullable<Awaited<ReturnType<typeof findOrder>>>, slug = 'test-half', n = 0) => ({
      orderId: order.id,
      lineId: lines[n]!.id,
      slug,
      note: '',
    }),
    async pay(firm: Firm, amount: bigint) {
      const { id } = orThrow(
        await recordPayment(finance(), {
          method: 'transfer',
          reference: `RV-${++slips}`,
          paidOn: monday.slice(0, 10),
          payer: '示例',
          amount: fen(amount),
        }),
      )
      orThrow(await matchPayment(finance(), { paymentId: id, orgId: firm.org.id, version: 1 }))
    },
    step: async (ctx: Ctx, id: string, name: Parameters<typeof takeStep>[2]['step'], more: object = {}) =>
      takeStep(ctx, id, { step: name, version: (await version(id)) ?? 1, opinion: '', ...more }),
    usedOf: async (firm: Firm) =>
      (await database.db.selectFrom('relief_usage').select('used_fen').where('org_id', '=', firm.org.id).executeTakeFirst())?.used_fen,
  }
}
export type Reviews = Awaited<ReturnType<typeof reviewsOf>>
export const no = { reason: 'pledge', article: '示例浙计〔2026〕1号 第一条', opinion: '受理时没有承诺书' } as const
