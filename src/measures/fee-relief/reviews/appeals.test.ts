/** 不支持的可以申诉一次，一人拟办、另一人确认。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { replay, sumsOf } from '../../../commons/accounts/index.server.ts'
import { orThrow, codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { signPledge } from '../pledges.server.ts'
import type { World } from '../test-world.server.ts'
import { askReview } from './ask.server.ts'
import { desk } from './desk.server.ts'
import { findReview } from './queries.server.ts'
import { reviewsOf, no, type Reviews } from './test-reviews.server.ts'

let database: Database
let reviews: Reviews
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  reviews = await reviewsOf(database)
  world = reviews.world
})
afterAll(() => database.close())

describe('不支持和申诉', () => {
  async function declined(name: string) {
    const firm = await world.firm(name, { pledge: false })
    const page = await reviews.accepted(firm)
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page)))
    expect(await reviews.step(reviews.finance(), id, 'uphold')).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('承诺书'),
    })
    expect(await reviews.step(reviews.finance(), id, 'decline', { opinion: '不行' })).toMatchObject({
      kind: 'invalid',
      fields: { reason: expect.any(String) },
    })
    orThrow(await reviews.step(reviews.finance(), id, 'decline', no))
    return { firm, page, id }
  }

  it('申诉得到支持：一人拟办、另一人确认，随即记账', async () => {
    const { firm, id } = await declined('申诉的')
    expect((await desk(firm.ctx()))[0]).toMatchObject({ id, dueOn: '2026-12-08' })
    orThrow(await reviews.step(firm.ctx(), id, 'appeal', { opinion: '已经补签' }))
    orThrow(await signPledge(firm.ctx()))
    expect((await desk(reviews.officer(0))).map(({ action }) => action)).toEqual(['办理申诉'])
    orThrow(await reviews.step(reviews.officer(0), id, 'propose-uphold', { opinion: '承诺书已补签，符合第一条' }))
    expect(codeOf(await reviews.step(reviews.officer(0), id, 'confirm-uphold'))).toBe('conflict')
    expect(codeOf(await reviews.step(world.as(reviews.stranger), id, 'confirm-uphold'))).toBe('missing')
    expect(codeOf(await reviews.step(reviews.other(), id, 'confirm-uphold'))).toBe('forbidden')
    expect(orThrow(await reviews.step(reviews.officer(1), id, 'confirm-uphold'))).toMatchObject({ state: 'credited', credited_fen: 6000n })
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 6000n, outstanding: 6000n })
    expect(await replay(world.system())).toEqual([])
  })

  it('申诉没有得到支持：只能申诉一次；以后可以重新申请', async () => {
    const { firm, page, id } = await declined('没支持的')
    orThrow(await reviews.step(firm.ctx(), id, 'appeal'))
    orThrow(await reviews.step(reviews.officer(0), id, 'propose-dismiss', { opinion: '受理时没有承诺书' }))
    expect(orThrow(await reviews.step(reviews.officer(1), id, 'return', { opinion: '写明条款' }))).toMatchObject({ state: 'appealed' })
    orThrow(await reviews.step(reviews.officer(0), id, 'propose-dismiss', { opinion: '第一条：须有承诺书' }))
    expect(codeOf(await reviews.step(reviews.officer(0), id, 'confirm-dismiss'))).toBe('conflict')
    orThrow(await reviews.step(reviews.officer(1), id, 'confirm-dismiss'))
    expect(codeOf(await reviews.step(firm.ctx(), id, 'appeal'))).toBe('conflict')
    expect(orThrow(await askReview(firm.ctx(), reviews.about(page)))).toMatchObject({ again: false })
  })

  it('过了申诉期不能申诉，可以重新申请；期内再申请还是原来那一次', async () => {
    const { firm, page, id } = await declined('过期的')
    expect(orThrow(await askReview(firm.ctx(), reviews.about(page)))).toMatchObject({ id, again: true })
    const late = '2026-12-09T01:00:00.000Z'
    expect(await reviews.step(firm.ctx(late), id, 'appeal')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('届满') })
    expect(orThrow(await askReview(firm.ctx(late), reviews.about(page)))).toMatchObject({ again: false })
    expect(await findReview(firm.ctx(late), id)).toMatchObject({ state: 'closed' })
  })
})
