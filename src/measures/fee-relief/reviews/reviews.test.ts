/** 没减的可以复核：金额由系统按受理日的规则重算，两个人经手，记一次账；不支持的可以申诉一次。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { advanceOf, matchPayment, recordPayment, replay, sumsOf } from '../../../commons/accounts/index.server.ts'
import { listMessages } from '../../../commons/messages/index.server.ts'
import { cancelLine, findOrder } from '../../../commons/orders/index.server.ts'
import { recordFacts } from '../../../commons/people/index.server.ts'
import { together } from '../../../commons/people/test-stage.server.ts'
import type { Actor } from '../../../core/access.ts'
import type { Rule } from '../../../core/eligibility/rule.ts'
import { fen } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { acceptWithRelief, placeWithRelief } from '../orders.server.ts'
import { signPledge } from '../pledges.server.ts'
import { statementOf } from '../statement.server.ts'
import { caliper, halfPolicy, monday, orderOf, orThrow, worldOf, type World } from '../test-world.server.ts'
import { askReview, proposeCredit } from './ask.server.ts'
import { desk } from './desk.server.ts'
import { findReview, listReviews } from './queries.server.ts'
import { reviewNow, takeStep } from './steps.server.ts'

type Firm = Awaited<ReturnType<World['firm']>>
let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
let second: Actor
let officers: Actor[]
let stranger: Actor
const tuesday = '2026-11-24T01:00:00.000Z'

const inAnhui: Rule[] = [
  { op: 'region', mode: 'nested', codes: ['340000'], src: 'c1' },
  { op: 'in', fact: 'size', values: ['small', 'micro', 'individual'], src: 'c1' },
  { op: 'window', anchor: 'acceptedOn', from: '2026-01-01', to: '2026-12-31', src: 'c2' },
]

beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
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
  lab = await world.institution('检测院')
  second = await world.person('finance', '示例·第二位财务', lab.org)
  const authority = { id: (await world.institution('主管部门')).org.id, name: '示例·主管部门', region: '330100' }
  officers = [await world.person('regulator', '示例·经办', authority), await world.person('regulator', '示例·复核', authority)]
  stranger = await world.person('regulator', '示例·外地', { ...authority, region: '420100' })
})
afterAll(() => database.close())

const codeOf = (answer: unknown) => (isRefusal(answer) ? (answer.code ?? answer.kind) : 'done')
const finance = (now = monday) => world.as(lab.finance, now)
const other = (now = monday) => world.as(second, now)
const officer = (n: number, now = monday) => world.as(officers[n]!, now)

async function accepted(firm: Firm, count = 1, now = monday) {
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
}
const about = ({ order, lines }: Awaited<ReturnType<typeof accepted>>, slug = 'test-half', n = 0) => ({
  orderId: order.id,
  lineId: lines[n]!.id,
  slug,
  note: '',
})
let slips = 0
async function pay(firm: Firm, amount: bigint) {
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
}
const step = async (ctx: Ctx, id: string, name: Parameters<typeof takeStep>[2]['step'], more: object = {}) =>
  takeStep(ctx, id, { step: name, version: (await version(id)) ?? 1, opinion: '', ...more })
const version = async (id: string) =>
  (await database.db.selectFrom('relief_reviews').select('version').where('id', '=', id).executeTakeFirst())?.version
const no = { reason: 'pledge', article: '示例浙计〔2026〕1号 第一条', opinion: '受理时没有承诺书' } as const
const usedOf = async (firm: Firm) =>
  (await database.db.selectFrom('relief_usage').select('used_fen').where('org_id', '=', firm.org.id).executeTakeFirst())?.used_fen

describe('付了钱以后才够条件', () => {
  it('一键申请、重算、另一人批准：补减记一次账，多付的转预收；受理时的决定原样保留，处处的数相同', async () => {
    const firm = await world.firm('补签的', { pledge: false })
    const page = await accepted(firm)
    await pay(firm, 12000n)
    orThrow(await signPledge(firm.ctx()))
    const asked = orThrow(await askReview(firm.ctx(), { ...about(page), note: '承诺书补签了' }))
    expect(await askReview(firm.ctx(), about(page))).toEqual({ ...asked, again: true })
    expect((await desk(finance())).map(({ id, dueOn, action }) => [id, dueOn, action])).toEqual([[asked.id, '2026-11-30', '复核']])

    const { again } = await reviewNow(finance(), (await findReview(finance(), asked.id))!)
    expect(again!.more).toBe(6000n)
    const proposed = orThrow(await step(finance(), asked.id, 'uphold'))
    expect(proposed).toMatchObject({ state: 'proposed', proposed_fen: 6000n, found: { taken: [{ slug: 'test-half', amountFen: '6000' }] } })
    expect(await desk(finance())).toEqual([])
    expect((await desk(other()))[0]).toMatchObject({ id: asked.id, action: '批准' })
    expect(await step(finance(), asked.id, 'approve')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('同一个人') })
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 0n })

    expect(orThrow(await step(other(), asked.id, 'approve'))).toMatchObject({ state: 'credited', credited_fen: 6000n, due_on: null })
    expect(codeOf(await step(other(), asked.id, 'approve'))).toBe('conflict')
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 6000n, paid: 6000n, outstanding: 0n })
    expect(await advanceOf(finance(), firm.org.id)).toBe(6000n)
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
    const page = await accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), about(page)))
    const { version: seen } = orThrow(await step(finance(), id, 'uphold'))
    const answers = await together(
      database,
      [second, third].map((who) => () => takeStep(world.as(who), id, { step: 'approve', version: seen })),
    )
    expect(answers.map(codeOf).toSorted()).toEqual(['STALE', 'done'])
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 6000n, outstanding: 6000n })
  })

  it('同时点两下申请：是同一次复核', async () => {
    const firm = await world.firm('点两下', { pledge: false })
    const page = await accepted(firm)
    const both = await together(
      database,
      [1, 2].map(() => () => askReview(firm.ctx(), about(page))),
    )
    const ids = both.map((answer) => orThrow(answer).id)
    expect(ids[0]).toBe(ids[1])
  })

  it('企业信息补全后，机构自查补减：没有可补的不立案，有的也要另一人批准', async () => {
    const firm = await world.firm('补信息', { kind: 'enterprise' })
    const page = await accepted(firm)
    expect(page.lines[0]!.relief!.refused[0]).toMatchObject({ code: 'FACTS_MISSING' })
    expect(await proposeCredit(finance(), about(page))).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('还不知道') })
    expect((await listReviews(finance(), { orderId: page.order.id })).total).toBe(0)
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
    const { id } = orThrow(await proposeCredit(finance(), about(page)))
    expect(await findReview(firm.ctx(), id)).toMatchObject({ origin: 'institution', state: 'proposed', proposed_fen: 6000n })
    expect(codeOf(await step(finance(), id, 'approve'))).toBe('conflict')
    expect(codeOf(await step(other(), id, 'approve'))).toBe('done')
  })

  it('提出以后情况变了，批准不了，要退回重算', async () => {
    const firm = await world.firm('变了', { pledge: false })
    const page = await accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), about(page)))
    orThrow(await step(finance(), id, 'uphold'))
    orThrow(
      await recordFacts(world.system(), firm.org.id, [{ fact: 'hardship', value: true }] as never, {
        source: '企业填报',
        asOf: monday.slice(0, 10),
      }),
    )
    expect(codeOf(await step(other(), id, 'approve'))).toBe('AMOUNT_CHANGED')
    expect(orThrow(await step(other(), id, 'send-back', { opinion: '承诺书要重签' }))).toMatchObject({ state: 'asked', proposed_by: null })
    expect(await step(other(), id, 'uphold')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('承诺书') })
  })
})

describe('年度封顶', () => {
  it('补减只用剩下的额度，用了就记上；这一件不做了，额度退回', async () => {
    const firm = await world.firm('封顶', { pledge: false, region: '340822' })
    const first = await accepted(firm)
    orThrow(await signPledge(firm.ctx()))
    await accepted(firm)
    expect(await usedOf(firm)).toBe(6000n)
    const { id } = orThrow(await askReview(firm.ctx(), about(first, 'test-cap')))
    expect(orThrow(await step(finance(), id, 'uphold'))).toMatchObject({ proposed_fen: 2000n })
    orThrow(await step(other(), id, 'approve'))
    expect(await usedOf(firm)).toBe(8000n)
    const [line] = (await findOrder(world.as(lab.counter), first.order.id))!.lines
    expect(line!.relief_fen).toBe(2000n)
    orThrow(await cancelLine(world.as(lab.counter), line!.id, { version: line!.version, opinion: '样品损坏' }))
    await world.hear()
    expect(await usedOf(firm)).toBe(6000n)
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 6000n })
    expect(await replay(world.system())).toEqual([])
  })

  it('两件同时要剩下的额度：合起来不超', async () => {
    const firm = await world.firm('争额度', { pledge: false, region: '340822' })
    const page = await accepted(firm, 2)
    orThrow(await signPledge(firm.ctx()))
    const ids = []
    for (const n of [0, 1]) {
      const { id } = orThrow(await askReview(firm.ctx(), about(page, 'test-cap', n)))
      expect(orThrow(await step(finance(), id, 'uphold'))).toMatchObject({ proposed_fen: 6000n })
      ids.push(id)
    }
    expect(codeOf(await step(other(), ids[0]!, 'approve'))).toBe('done')
    expect(codeOf(await step(other(), ids[1]!, 'approve'))).toBe('AMOUNT_CHANGED')
    expect(await usedOf(firm)).toBe(6000n)
  })
})

describe('不支持和申诉', () => {
  async function declined(name: string) {
    const firm = await world.firm(name, { pledge: false })
    const page = await accepted(firm)
    const { id } = orThrow(await askReview(firm.ctx(), about(page)))
    expect(await step(finance(), id, 'uphold')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('承诺书') })
    expect(await step(finance(), id, 'decline', { opinion: '不行' })).toMatchObject({
      kind: 'invalid',
      fields: { reason: expect.any(String) },
    })
    orThrow(await step(finance(), id, 'decline', no))
    return { firm, page, id }
  }

  it('申诉得到支持：一人拟办、另一人确认，随即记账', async () => {
    const { firm, id } = await declined('申诉的')
    expect((await desk(firm.ctx()))[0]).toMatchObject({ id, dueOn: '2026-12-08' })
    orThrow(await step(firm.ctx(), id, 'appeal', { opinion: '已经补签' }))
    orThrow(await signPledge(firm.ctx()))
    expect((await desk(officer(0))).map(({ action }) => action)).toEqual(['办理申诉'])
    orThrow(await step(officer(0), id, 'propose-uphold', { opinion: '承诺书已补签，符合第一条' }))
    expect(codeOf(await step(officer(0), id, 'confirm-uphold'))).toBe('conflict')
    expect(codeOf(await step(world.as(stranger), id, 'confirm-uphold'))).toBe('missing')
    expect(codeOf(await step(other(), id, 'confirm-uphold'))).toBe('forbidden')
    expect(orThrow(await step(officer(1), id, 'confirm-uphold'))).toMatchObject({ state: 'credited', credited_fen: 6000n })
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 6000n, outstanding: 6000n })
    expect(await replay(world.system())).toEqual([])
  })

  it('申诉没有得到支持：只能申诉一次；以后可以重新申请', async () => {
    const { firm, page, id } = await declined('没支持的')
    orThrow(await step(firm.ctx(), id, 'appeal'))
    orThrow(await step(officer(0), id, 'propose-dismiss', { opinion: '受理时没有承诺书' }))
    expect(orThrow(await step(officer(1), id, 'return', { opinion: '写明条款' }))).toMatchObject({ state: 'appealed' })
    orThrow(await step(officer(0), id, 'propose-dismiss', { opinion: '第一条：须有承诺书' }))
    expect(codeOf(await step(officer(0), id, 'confirm-dismiss'))).toBe('conflict')
    orThrow(await step(officer(1), id, 'confirm-dismiss'))
    expect(codeOf(await step(firm.ctx(), id, 'appeal'))).toBe('conflict')
    expect(orThrow(await askReview(firm.ctx(), about(page)))).toMatchObject({ again: false })
  })

  it('过了申诉期不能申诉，可以重新申请；期内再申请还是原来那一次', async () => {
    const { firm, page, id } = await declined('过期的')
    expect(orThrow(await askReview(firm.ctx(), about(page)))).toMatchObject({ id, again: true })
    const late = '2026-12-09T01:00:00.000Z'
    expect(await step(firm.ctx(late), id, 'appeal')).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('届满') })
    expect(orThrow(await askReview(firm.ctx(late), about(page)))).toMatchObject({ again: false })
    expect(await findReview(firm.ctx(late), id)).toMatchObject({ state: 'closed' })
  })
})

describe('不归自己的、不该有的', () => {
  it('别家企业、别家机构、外地监管看不到；窗口、检测员、批准人也看不到', async () => {
    const firm = await world.firm('私密', { pledge: false })
    const page = await accepted(firm)
    const { id } = orThrow(await askReview(firm.ctx(), about(page)))
    const [rival, elsewhere] = [await world.firm('别家'), await world.institution('别家检测院')]
    for (const ctx of [
      rival.ctx(),
      world.as(elsewhere.finance),
      world.as(stranger),
      ...[lab.counter, lab.tester, lab.approver].map((who) => world.as(who)),
    ]) {
      expect(await findReview(ctx, id)).toBeUndefined()
      expect(codeOf(await step(ctx, id, 'uphold'))).toBe('missing')
      expect(await desk(ctx)).toEqual([])
    }
    expect(codeOf(await askReview(rival.ctx(), about(page)))).toBe('missing')
    expect(codeOf(await proposeCredit(world.as(elsewhere.finance), about(page)))).toBe('missing')
    expect(codeOf(await askReview(world.as(lab.counter), about(page)))).toBe('forbidden')
    expect(codeOf(await askReview(firm.ctx(), about(page, 'never-refused')))).toBe('NOT_REFUSED')
    expect(await findReview(officer(0), id)).toMatchObject({ state: 'asked' })
  })

  it('这一件不做了：在办的复核随即终结，批准不了；也不能再申请', async () => {
    const firm = await world.firm('不做了', { pledge: false })
    const page = await accepted(firm, 2)
    orThrow(await signPledge(firm.ctx()))
    const { id } = orThrow(await askReview(firm.ctx(), about(page)))
    orThrow(await step(finance(), id, 'uphold'))
    const [line] = page.lines
    orThrow(await cancelLine(world.as(lab.counter), line!.id, { version: line!.version, opinion: '样品损坏' }))
    expect(codeOf(await step(other(), id, 'approve'))).not.toBe('done')
    await world.hear()
    expect(await findReview(firm.ctx(), id)).toMatchObject({ state: 'closed' })
    expect(codeOf(await askReview(firm.ctx(), about(page)))).toBe('LINE_CANCELLED')
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 0n })
  })

  it('打开以后别人办过了，按旧版本办不了', async () => {
    const firm = await world.firm('旧版本', { pledge: false })
    const { id } = orThrow(await askReview(firm.ctx(), about(await accepted(firm))))
    orThrow(await step(finance(), id, 'decline', no))
    expect(codeOf(await takeStep(other(), id, { step: 'decline', version: 1, ...no }))).toBe('STALE')
  })
})

// Last: what it publishes holds for every order after it.
it('受理以后政策改成全免，复核仍按受理那天的版本', async () => {
  const firm = await world.firm('新版本', { pledge: false, region: '340822' })
  const page = await accepted(firm)
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
  const { id } = orThrow(await askReview(firm.ctx(tuesday), about(page, 'test-cap')))
  expect(orThrow(await step(finance(tuesday), id, 'uphold'))).toMatchObject({
    proposed_fen: 6000n,
    found: { decidedOn: '2026-11-23', taken: [{ versionNumber: 1, rateBp: 5000 }] },
  })
})
