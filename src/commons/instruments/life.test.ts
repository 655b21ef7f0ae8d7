/** 一生：每个状态、每一步、每种身份；怎么折腾都不丢。 */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { roles, type Actor, type Role } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { orThrow, stageOf } from '../people/test-stage.server.ts'
import { recordCheck, voidCheck } from './checks.server.ts'
import { instrumentStates, type InstrumentState } from './model.ts'
import { findInstrument, historyOf, listInstruments } from './queries.server.ts'
import { registerInstrument } from './register.server.ts'
import { stepMany, takeInstrumentStep } from './steps.server.ts'
import { past, workflow, type InstrumentStep, type Life } from './workflow.ts'

const states = Object.keys(instrumentStates) as InstrumentState[]
const steps = Object.keys(workflow.steps) as InstrumentStep[]
const now = '2026-11-23T01:00:00.000Z'

const life = (state: InstrumentState, more: Partial<Life> = {}): Life => ({
  org_id: 'org',
  region: '330110',
  state,
  mandatory: 'no',
  valid_until: '2027-01-01',
  last_done_on: '2026-01-02',
  last_kind: 'verification',
  last_conclusion: 'pass',
  last_confirmation: null,
  ...more,
})
const actor = (role: Role, org = 'org'): Actor => ({ id: 'p', name: '示例', role, org_id: org, org_name: '示例', region: '330000' })

describe('每个状态、每一步、每种身份', () => {
  it('经过审阅的全表：只有本企业能办，别的身份一律不能', () => {
    const table = states.flatMap((state) =>
      steps.flatMap((step) =>
        (Object.keys(roles) as Role[]).map((role) => {
          const next = advance(workflow, life(state), step, actor(role), now, '理由')
          return [state, step, role, isRefusal(next) ? next.kind : next.to] as const
        }),
      ),
    )
    const possible = table.filter(([, , , to]) => to in instrumentStates)
    expect(new Set(possible.map(([, , role]) => role))).toEqual(new Set(['enterprise']))
    expect(possible.map(([state, step, , to]) => `${state} ${step} ${to}`)).toMatchSnapshot()
    expect(advance(workflow, life('in-use'), 'seal', actor('enterprise', '别家'), now)).toMatchObject({ kind: 'forbidden' })
  })

  it('没有一步通向台账之外；报废和丢失也能回来', () => {
    for (const { to } of Object.values(workflow.steps)) expect(states).toContain(to)
    for (const state of states)
      expect(
        steps.some((step) => (workflow.steps[step].from as readonly string[]).includes(state)),
        state,
      ).toBe(true)
  })

  it.each([
    ['强制检定逾期', { mandatory: 'yes', valid_until: '2026-11-22' }, '到期'],
    ['强制检定还没有检定', { mandatory: 'yes', valid_until: null }, '还没有检定记录'],
    ['最近一次不合格', { last_conclusion: 'fail' }, '不合格'],
    ['计量确认不满足', { last_confirmation: 'unfit' }, '不满足使用要求'],
  ] as const)('%s的不能启用', (_, more, words) => {
    expect(advance(workflow, life('sealed', more), 'put-in-use', actor('enterprise'), now)).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining(words),
    })
  })

  it('有效期的最后一天还能用', () => {
    expect(
      isRefusal(advance(workflow, life('sealed', { mandatory: 'yes', valid_until: '2026-11-23' }), 'put-in-use', actor('enterprise'), now)),
    ).toBe(false)
  })
})

let database: Database
let ctx: Ctx
let foreign: Ctx
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  const stage = stageOf(database)
  const seat = async (name: string) =>
    stage.as((await stage.seat(await stage.organisation(name, '330110'), `${name}计量员`, 'manager')).actor)
  ctx = await seat('甲厂')
  foreign = await seat('乙厂')
})
afterAll(() => database.close())

type Move =
  | { do: 'register' }
  | { do: 'step'; which: number; step: InstrumentStep; foreign: boolean }
  | { do: 'check'; which: number; pass: boolean }
  | { do: 'void'; which: number }
  | { do: 'many'; step: InstrumentStep }

const which = fc.nat(20)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('register' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('step' as const), which, step: fc.constantFrom(...steps), foreign: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('step' as const), which, step: fc.constantFrom(...steps), foreign: fc.constant(true) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('check' as const), which, pass: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('many' as const), step: fc.constantFrom(...steps) }) },
)

describe('随机的经历', () => {
  it('登记过的一件不少；状态只随步骤变；每次变化恰有一条记录；件数对得上', async () => {
    let code = 0
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 25 }), async (moves) => {
        const model = new Map<string, { state: InstrumentState; changes: number }>()
        const ids = () => [...model.keys()]
        const pick = (n: number) => ids()[n % Math.max(1, model.size)]
        for (const each of moves) {
          const id = 'which' in each ? pick(each.which) : undefined
          if ('which' in each && !id) continue
          if (each.do === 'register') {
            const made = orThrow(
              await registerInstrument(ctx, {
                code: `L${++code}`,
                name: '游标卡尺',
                range: '0～150 mm',
                use: 'other',
                intervalMonths: '12',
              }),
            )
            model.set(made.id, { state: made.state, changes: 0 })
          } else if (each.do === 'step') {
            const answer = await takeInstrumentStep(each.foreign ? foreign : ctx, id!, { step: each.step, opinion: '理由' })
            if (each.foreign) expect(answer).toMatchObject({ kind: 'missing' })
            else if (!isRefusal(answer)) stepped(model.get(id!)!, each.step, answer.state)
          } else if (each.do === 'check')
            await recordCheck(ctx, id!, { kind: 'verification', doneOn: '2026-11-20', conclusion: each.pass ? 'pass' : 'fail' })
          else if (each.do === 'void') {
            const [last] = await historyOf(ctx, id!)
            if (last) await voidCheck(ctx, last.id, '录错')
          } else if (model.size > 0) {
            const answer = orThrow(await stepMany(ctx, ids(), each.step, '理由'))
            for (const done of answer.done) stepped(model.get(done)!, each.step, workflow.steps[each.step].to)
            expect(answer.done.length + answer.refused.length).toBe(model.size)
          }
        }
        for (const [id, { state, changes }] of model) {
          expect((await findInstrument(ctx, id))?.state).toBe(state)
          expect(await findInstrument(foreign, id)).toBeUndefined()
          const { rows } = await sql<{ n: bigint }>`select count(*) as n from events where subject = 'instrument' and subject_id = ${id}
            and action in (${sql.join(Object.values(past))})`.execute(database.db)
          expect(Number(rows[0]!.n)).toBe(changes)
        }
      }),
      { numRuns: 40 },
    )
    const { rows } = await sql<{ n: bigint }>`select count(*) as n from instruments`.execute(database.db)
    expect(Number(rows[0]!.n)).toBe(code)
    for (const state of states) {
      const { rows: counted } = await sql<{
        n: bigint
      }>`select count(*) as n from instruments where state = ${state} and org_id = ${ctx.actor.org_id}`.execute(database.db)
      expect((await listInstruments(ctx, { state })).total).toBe(Number(counted[0]!.n))
    }
  })
})

function stepped(model: { state: InstrumentState; changes: number }, step: InstrumentStep, to: InstrumentState): void {
  expect(workflow.steps[step].from as readonly string[]).toContain(model.state)
  expect(to).toBe(workflow.steps[step].to)
  model.state = to
  model.changes++
}
