import { describe, expect, it } from 'vitest'
import { roles, type Actor, type Role } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { advance, choices } from '../../../core/workflow.ts'
import { reviewStates, type ReviewState } from './model.ts'
import { reviewWorkflow, type Reviewed, type ReviewStep } from './workflow.ts'

const now = '2026-11-23T01:00:00.000Z'
const row = (state: ReviewState, over: Partial<Reviewed> = {}): Reviewed => ({
  org_id: 'org',
  institution_id: 'org',
  region: '330110',
  state,
  origin: 'enterprise',
  proposed_by: 'somebody-else',
  due_on: '2026-12-08',
  ...over,
})
const actor = (role: Role, over: Partial<Actor> = {}): Actor => ({
  id: 'p',
  name: '示例',
  role,
  org_id: 'org',
  org_name: '示例',
  region: '330000',
  ...over,
})
const states = Object.keys(reviewStates) as ReviewState[]
const steps = Object.keys(reviewWorkflow.steps) as ReviewStep[]

describe('减免复核的每个状态、每一步、每种身份', () => {
  it('经过审阅的全表', () => {
    const table = states.flatMap((state) =>
      steps.flatMap((step) =>
        (Object.keys(roles) as Role[]).map((role) => {
          const next = advance(reviewWorkflow, row(state), step, actor(role), now, '意见')
          return [state, step, role, isRefusal(next) ? next.kind : next.to] as const
        }),
      ),
    )
    expect(table).toHaveLength(states.length * steps.length * Object.keys(roles).length)
    expect(table.filter(([, , , to]) => to in reviewStates).map((cells) => cells.join(' '))).toMatchInlineSnapshot(`
      [
        "asked uphold finance proposed",
        "asked decline finance declined",
        "asked withdraw enterprise withdrawn",
        "asked close admin closed",
        "proposed approve finance credited",
        "proposed send-back finance asked",
        "proposed close admin closed",
        "declined appeal enterprise appealed",
        "declined close admin closed",
        "appealed propose-uphold regulator upholding",
        "appealed propose-dismiss regulator dismissing",
        "appealed withdraw enterprise withdrawn",
        "appealed close admin closed",
        "upholding return regulator appealed",
        "upholding confirm-uphold regulator credited",
        "upholding close admin closed",
        "dismissing return regulator appealed",
        "dismissing confirm-dismiss regulator dismissed",
        "dismissing close admin closed",
      ]
    `)
    // Money: no desk of the institution but finance ever takes a step.
    for (const role of ['counter', 'tester', 'approver'] as const)
      expect(new Set(table.filter(([, , each]) => each === role).map(([, , , to]) => to))).toEqual(new Set(['forbidden']))
  })

  it('提出的人不能自己批准、确认、退回，按钮上写着为什么', () => {
    for (const [state, role] of [
      ['proposed', 'finance'],
      ['upholding', 'regulator'],
      ['dismissing', 'regulator'],
    ] as const) {
      const offered = choices(reviewWorkflow, row(state, { proposed_by: 'p' }), actor(role), now)
      expect(offered).toHaveLength(2)
      for (const { name, disabledReason } of offered) {
        expect(disabledReason).toContain('不能是同一个人')
        expect(advance(reviewWorkflow, row(state, { proposed_by: 'p' }), name, actor(role), now, '意见')).toMatchObject({
          kind: 'conflict',
        })
      }
    }
  })

  it('重算没有可补减的，不能同意，也说明为什么；有一分就能', () => {
    const none = choices(reviewWorkflow, row('asked', { more: 0n, none: '额度已经用完' }), actor('finance'), now)
    expect(none.find(({ name }) => name === 'uphold')!.disabledReason).toContain('额度已经用完')
    expect(none.find(({ name }) => name === 'decline')!.disabledReason).toBeUndefined()
    const some = choices(reviewWorkflow, row('asked', { more: 1n }), actor('finance'), now)
    expect(some.find(({ name }) => name === 'uphold')!.disabledReason).toBeUndefined()
  })

  it('申诉到期那天还可以，第二天不行；机构自查的不用企业撤回', () => {
    const firm = actor('enterprise')
    expect(isRefusal(advance(reviewWorkflow, row('declined'), 'appeal', firm, '2026-12-08T15:59:00.000Z'))).toBe(false)
    expect(advance(reviewWorkflow, row('declined'), 'appeal', firm, '2026-12-08T16:00:00.000Z')).toMatchObject({ kind: 'conflict' })
    expect(advance(reviewWorkflow, row('asked', { origin: 'institution' }), 'withdraw', firm, now)).toMatchObject({ kind: 'conflict' })
  })

  it('别家企业、别家机构、外地监管人员什么都办不了', () => {
    for (const state of states)
      for (const other of [
        actor('enterprise', { org_id: 'other' }),
        actor('finance', { org_id: 'other' }),
        actor('regulator', { region: '340000' }),
      ])
        expect(choices(reviewWorkflow, row(state), other, now)).toEqual([])
  })
})
