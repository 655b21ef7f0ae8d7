/** 重算只用受理那天的规则和剩下的额度。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { replay, sumsOf } from '../../../commons/accounts/index.server.ts'
import { cancelLine, findOrder } from '../../../commons/orders/index.server.ts'
import { orThrow, codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { signPledge } from '../pledges.server.ts'
import { halfPolicy, type World } from '../test-world.server.ts'
import { askReview } from './ask.server.ts'
import { reviewsOf, inAnhui, type Reviews } from './test-reviews.server.ts'

let database: Database
let reviews: Reviews
let world: World
let lab: Reviews['lab']
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  reviews = await reviewsOf(database)
  ;({ world, lab } = reviews)
})
afterAll(() => database.close())

const tuesday = '2026-11-24T01:00:00.000Z'

describe('年度封顶', () => {
  it('补减只用剩下的额度，用了就记上；这一件不做了，额度退回', async () => {
    const firm = await world.firm('封顶', { pledge: false, region: '340822' })
    const first = await reviews.accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    await reviews.accepted(firm)
    expect(await reviews.usedOf(firm)).toBe(6000n)
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(first, 'test-cap')))
    expect(orThrow(await reviews.step(reviews.finance(), id, 'uphold'))).toMatchObject({ proposed_fen: 2000n })
    orThrow(await reviews.step(reviews.other(), id, 'approve'))
    expect(await reviews.usedOf(firm)).toBe(8000n)
    const [line] = (await findOrder(world.as(lab.counter), first.order.id))!.lines
    expect(line!.relief_fen).toBe(2000n)
    orThrow(await cancelLine(world.as(lab.counter), line!.id, { version: line!.version, opinion: '样品损坏' }))
    await world.hear()
    expect(await reviews.usedOf(firm)).toBe(6000n)
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 6000n })
    expect(await replay(world.system())).toEqual([])
  })

  it('两件同时要剩下的额度：合起来不超', async () => {
    const firm = await world.firm('争额度', { pledge: false, region: '340822' })
    const page = await reviews.accepted(firm, 2)
    orThrow(await signPledge(firm.ctx()))
    const ids = []
    for (const n of [0, 1]) {
      const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page, 'test-cap', n)))
      expect(orThrow(await reviews.step(reviews.finance(), id, 'uphold'))).toMatchObject({ proposed_fen: 6000n })
      ids.push(id)
    }
    expect(codeOf(await reviews.step(reviews.other(), ids[0]!, 'approve'))).toBe('done')
    expect(codeOf(await reviews.step(reviews.other(), ids[1]!, 'approve'))).toBe('AMOUNT_CHANGED')
    expect(await reviews.usedOf(firm)).toBe(6000n)
  })
})

// Last: what it publishes holds for every order after it.
it('受理以后政策改成全免，复核仍按受理那天的版本', async () => {
  const firm = await world.firm('新版本', { pledge: false, region: '340822' })
  const page = await reviews.accepted(firm)
  await world.publish(
    halfPolicy({
      slug: 'test-cap',
      title: '示例·校准费减半办法（封顶）',
      docNumber: '示例皖计〔2026〕1号',
      regionCode: '340000',
      regionName: '安徽省',
      rule: { op: 'all', of: inAnhui },
      benefits: [{ ...halfPolicy().benefits[0]!, rateBp: 10000, capFen: 8000, capPer: 'year' } as never],
    }),
    tuesday,
  )
  orThrow(await signPledge(firm.ctx(tuesday)))
  const { id } = orThrow(await askReview(firm.ctx(tuesday), reviews.about(page, 'test-cap')))
  expect(orThrow(await reviews.step(reviews.finance(tuesday), id, 'uphold'))).toMatchObject({
    proposed_fen: 6000n,
    found: { decidedOn: '2026-11-23', taken: [{ versionNumber: 1, rateBp: 5000 }] },
  })
})
