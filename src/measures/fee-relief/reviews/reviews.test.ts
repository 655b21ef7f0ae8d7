/** 没减的可以复核：金额由系统按受理日的规则重算，两个人经手，记一次账；只有有关的人看得到。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { advanceOf, replay, sumsOf } from '../../../commons/accounts/index.server.ts'
import { listMessages } from '../../../commons/messages/index.server.ts'
import { cancelLine, findOrder } from '../../../commons/orders/index.server.ts'
import { recordFacts } from '../../../commons/people/index.server.ts'
import { together } from '../../../commons/people/test-stage.server.ts'
import { orThrow, codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { signPledge } from '../pledges.server.ts'
import { statementOf } from '../statement.server.ts'
import { monday, type World } from '../test-world.server.ts'
import { askReview, proposeCredit } from './ask.server.ts'
import { desk } from './desk.server.ts'
import { findReview, listReviews } from './queries.server.ts'
import { reviewNow, takeStep } from './steps.server.ts'
import { reviewsOf, no, type Reviews } from './test-reviews.server.ts'

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

describe('付了钱以后才够条件', () => {
  it('一键申请、重算、另一人批准：补减记一次账，多付的转预收；受理时的决定原样保留，处处的数相同', async () => {
    const firm = await world.firm('补签的', { pledge: false })
    const page = await reviews.accepted(firm)
    await reviews.pay(firm, 12000n)
    orThrow(await signPledge(firm.ctx()))
    const asked = orThrow(await askReview(firm.ctx(), { ...reviews.about(page), note: '承诺书补签了' }))
    expect(await askReview(firm.ctx(), reviews.about(page))).toEqual({ ...asked, again: true })
    expect((await desk(reviews.finance())).map(({ id, dueOn, action }) => [id, dueOn, action])).toEqual([[asked.id, '2026-11-30', '复核']])

    const { again } = await reviewNow(reviews.finance(), (await findReview(reviews.finance(), asked.id))!)
    expect(again!.more).toBe(6000n)
    const proposed = orThrow(await reviews.step(reviews.finance(), asked.id, 'uphold'))
    expect(proposed).toMatchObject({ state: 'proposed', proposed_fen: 6000n, found: { taken: [{ slug: 'test-half', amountFen: '6000' }] } })
    expect(await desk(reviews.finance())).toEqual([])
    expect((await desk(reviews.other()))[0]).toMatchObject({ id: asked.id, action: '批准' })
    expect(await reviews.step(reviews.finance(), asked.id, 'approve')).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('同一个人'),
    })
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 0n })

    expect(orThrow(await reviews.step(reviews.other(), asked.id, 'approve'))).toMatchObject({
      state: 'credited',
      credited_fen: 6000n,
      due_on: null,
    })
    expect(codeOf(await reviews.step(reviews.other(), asked.id, 'approve'))).toBe('conflict')
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 6000n, paid: 6000n, outstanding: 0n })
    expect(await advanceOf(reviews.finance(), firm.org.id)).toBe(6000n)
    expect((await statementOf(firm.ctx(), {})).saved).toBe(6000n)
    const [line] = (await findOrder(firm.ctx(), page.order.id))!.lines
    expect(line).toMatchObject({ relief_fen: 6000n, relief: page.lines[0]!.relief })
    expect(line!.relief!.refused[0]).toMatchObject({ slug: 'test-half', code: 'PLEDGE_MISSING' })
    expect(await replay(world.system())).toEqual([])

    await world.hear()
    const told = (await listMessages(firm.ctx(), { page: 1, pageSize: 50 })).rows.filter(({ template }) => template === 'relief-review')
    expect(told.map(({ title, number }) => [title, number]).toSorted()).toEqual([
      ['已补减 ¥60.00', '¥60.00'],
      ['机构同意补减 ¥60.00', '¥60.00'],
    ])
  })

  it('两个人同时批准：账上只有一笔', async () => {
    const third = await world.person('finance', '示例·第三位财务', lab.org)
    const firm = await world.firm('同时批', { pledge: false })
    const page = await reviews.accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page)))
    const { version: seen } = orThrow(await reviews.step(reviews.finance(), id, 'uphold'))
    const answers = await together(
      database,
      [reviews.second, third].map((who) => () => takeStep(world.as(who), id, { step: 'approve', version: seen })),
    )
    expect(answers.map(codeOf).toSorted()).toEqual(['STALE', 'done'])
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 6000n, outstanding: 6000n })
  })

  it('同时点两下申请：是同一次复核', async () => {
    const firm = await world.firm('点两下', { pledge: false })
    const page = await reviews.accepted(firm)
    const both = await together(
      database,
      [1, 2].map(() => () => askReview(firm.ctx(), reviews.about(page))),
    )
    const ids = both.map((answer) => orThrow(answer).id)
    expect(ids[0]).toBe(ids[1])
  })

  it('企业信息补全后，机构自查补减：没有可补的不立案，有的也要另一人批准', async () => {
    const firm = await world.firm('补信息', { kind: 'enterprise' })
    const page = await reviews.accepted(firm)
    expect(page.lines[0]!.relief!.refused[0]).toMatchObject({ code: 'FACTS_MISSING' })
    expect(await proposeCredit(reviews.finance(), reviews.about(page))).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('还不知道'),
    })
    expect((await listReviews(reviews.finance(), { orderId: page.order.id })).total).toBe(0)
    orThrow(
      await recordFacts(
        world.system(),
        firm.org.id,
        [
          { fact: 'industry', value: 'C3484' },
          { fact: 'employees', value: 42 },
          { fact: 'revenue', value: 900_0000 },
        ] as never,
        { source: '企业填报', asOf: monday.slice(0, 10) },
      ),
    )
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await proposeCredit(reviews.finance(), reviews.about(page)))
    expect(await findReview(firm.ctx(), id)).toMatchObject({ origin: 'institution', state: 'proposed', proposed_fen: 6000n })
    expect(codeOf(await reviews.step(reviews.finance(), id, 'approve'))).toBe('conflict')
    expect(codeOf(await reviews.step(reviews.other(), id, 'approve'))).toBe('done')
  })

  it('提出以后情况变了，批准不了，要退回重算', async () => {
    const firm = await world.firm('变了', { pledge: false })
    const page = await reviews.accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page)))
    orThrow(await reviews.step(reviews.finance(), id, 'uphold'))
    orThrow(
      await recordFacts(world.system(), firm.org.id, [{ fact: 'hardship', value: true }] as never, {
        source: '企业填报',
        asOf: monday.slice(0, 10),
      }),
    )
    expect(codeOf(await reviews.step(reviews.other(), id, 'approve'))).toBe('AMOUNT_CHANGED')
    expect(orThrow(await reviews.step(reviews.other(), id, 'send-back', { opinion: '承诺书要重签' }))).toMatchObject({
      state: 'asked',
      proposed_by: null,
    })
    expect(await reviews.step(reviews.other(), id, 'uphold')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('承诺书') })
  })
})

describe('不归自己的、不该有的', () => {
  it('别家企业、别家机构、外地监管看不到；窗口、检测员、批准人也看不到', async () => {
    const firm = await world.firm('私密', { pledge: false })
    const page = await reviews.accepted(firm)
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page)))
    const [rival, elsewhere] = [await world.firm('别家'), await world.institution('别家检测院')]
    for (const ctx of [
      rival.ctx(),
      world.as(elsewhere.finance),
      world.as(reviews.stranger),
      ...[lab.counter, lab.tester, lab.approver].map((who) => world.as(who)),
    ]) {
      expect(await findReview(ctx, id)).toBeUndefined()
      expect(codeOf(await reviews.step(ctx, id, 'uphold'))).toBe('missing')
      expect(await desk(ctx)).toEqual([])
    }
    expect(codeOf(await askReview(rival.ctx(), reviews.about(page)))).toBe('missing')
    expect(codeOf(await proposeCredit(world.as(elsewhere.finance), reviews.about(page)))).toBe('missing')
    expect(codeOf(await askReview(world.as(lab.counter), reviews.about(page)))).toBe('forbidden')
    expect(codeOf(await askReview(firm.ctx(), reviews.about(page, 'never-refused')))).toBe('NOT_REFUSED')
    expect(await findReview(reviews.officer(0), id)).toMatchObject({ state: 'asked' })
  })

  it('这一件不做了：在办的复核随即终结，批准不了；也不能再申请', async () => {
    const firm = await world.firm('不做了', { pledge: false })
    const page = await reviews.accepted(firm, 2)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(page)))
    orThrow(await reviews.step(reviews.finance(), id, 'uphold'))
    const [line] = page.lines
    orThrow(await cancelLine(world.as(lab.counter), line!.id, { version: line!.version, opinion: '样品损坏' }))
    expect(codeOf(await reviews.step(reviews.other(), id, 'approve'))).not.toBe('done')
    await world.hear()
    expect(await findReview(firm.ctx(), id)).toMatchObject({ state: 'closed' })
    expect(codeOf(await askReview(firm.ctx(), reviews.about(page)))).toBe('LINE_CANCELLED')
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 0n })
  })

  it('打开以后别人办过了，按旧版本办不了', async () => {
    const firm = await world.firm('旧版本', { pledge: false })
    const { id } = orThrow(await askReview(firm.ctx(), reviews.about(await reviews.accepted(firm))))
    orThrow(await reviews.step(reviews.finance(), id, 'decline', no))
    expect(codeOf(await takeStep(reviews.other(), id, { step: 'decline', version: 1, ...no }))).toBe('STALE')
  })
})
