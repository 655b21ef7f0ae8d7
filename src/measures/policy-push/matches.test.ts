import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { operations } from './api.server.ts'
import { dismissMatch, restoreMatch } from './commands.server.ts'
import { explainFor, followPolicy, linesOf, matchesFor, subjectOf } from './matches.server.ts'
import { worldOf, type World } from './test-world.server.ts'
import { publishExamples, smallFirm } from './test-world.server.ts'

let database: Database
let world: World
let author: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  ;({ author } = await publishExamples(world))
})
afterAll(() => database.close())

const small = (name: string) => smallFirm(world, name)

describe('现在能用的政策', () => {
  it('适用、待补充、不适用各归各处；价值、器具件数、截止日、条款都在', async () => {
    const firm = await small('看匹配')
    const matches = (await matchesFor(firm.ctx()))!
    const lines = await linesOf(firm.ctx(), matches)
    expect(lines.now['apply-for'].map(({ slug }) => slug)).toEqual(['example-zj-half'])
    expect(lines.now.guidance.map(({ slug }) => slug)).toEqual(['example-encouraged'])
    expect(lines.ask.map(({ slug, asks }) => [slug, asks.map(({ fact }) => fact)])).toEqual([['example-hardship', ['hardship']]])
    expect(lines.now['apply-for'][0]).toMatchObject({
      worth: ['减收 50%，最高 ¥3,000.00'],
      pieces: 38,
      lastDay: '2026-12-31',
      clauses: [{ article: '第一条' }, { article: '第二条' }],
    })
    expect(matches.grouped.questions[0]).toEqual({ fact: 'hardship', decides: 1, alone: 1 })
  })

  it('到期日前一天有、后一天没有；到期的写明何时截止，并给出接续政策的结论', async () => {
    const firm = await small('看到期')
    const slugsOn = async (day: string) => (await matchesFor(firm.ctx(), day))!.judged.map(({ policy }) => policy.slug)
    expect(await slugsOn('2026-11-22')).toContain('example-expired')
    expect(await slugsOn('2026-11-23')).not.toContain('example-expired')
    const found = (await followPolicy(firm.ctx(), 'example-expired', '2026-11-23'))!
    expect(found).toMatchObject({ inForce: false, status: 'closed', successor: { slug: 'example-zj-half' } })
    const subject = (await subjectOf(firm.ctx(), '2026-11-23'))!
    expect((await explainFor(firm.ctx(), found.successor!, subject)).line.result).toBe('eligible')
  })

  it('放到一边的不再列出，可以放回来', async () => {
    const firm = await small('放一边')
    const now = async () => (await matchesFor(firm.ctx()))!.grouped
    expect(await dismissMatch(firm.ctx(), { slug: 'example-zj-half', reason: 'later' })).toBeUndefined()
    expect(await dismissMatch(firm.ctx(), { slug: 'example-zj-half', reason: 'done' })).toBeUndefined()
    expect([(await now()).now['apply-for'].length, (await now()).dismissed.length]).toEqual([0, 1])
    expect(await restoreMatch(firm.ctx(), 'example-zj-half')).toBeUndefined()
    expect((await now()).now['apply-for']).toHaveLength(1)
    expect(await dismissMatch(world.as(author), { slug: 'example-zj-half', reason: 'later' })).toMatchObject({ kind: 'forbidden' })
  })

  it('试判断不保存：给信息，得结论', async () => {
    const match = operations.find(({ path }) => path === '/match')!
    const { decisions } = (await match.run(world.system(), {
      params: {},
      query: {},
      body: { facts: { region: '330110', employees: 5 } },
    })) as { decisions: { slug: string; result: string }[] }
    expect(match.answer.safeParse({ asOf: '2026-11-23', decisions }).error).toBeUndefined()
    expect(decisions.find(({ slug }) => slug === 'example-zj-half')?.result).toBe('eligible')
  })
})
