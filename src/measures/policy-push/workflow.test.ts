import { describe, expect, it } from 'vitest'
import { roles, type Actor, type Role } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { advance, choices } from '../../core/workflow.ts'
import { applicationStates, type ApplicationState } from './model.ts'
import { applicationSteps, workflow, type Stated } from './workflow.ts'

const now = '2026-11-23T01:00:00.000Z'
const row = (state: ApplicationState): Stated => ({ org_id: 'org', region: '330110', state })
const actor = (role: Role, over: Partial<Actor> = {}): Actor => ({
  id: 'p',
  name: '示例',
  role,
  org_id: 'org',
  org_name: '示例',
  region: '330000',
  ...over,
})
const states = Object.keys(applicationStates) as ApplicationState[]

describe('政策申请的每个状态、每一步、每种身份', () => {
  it('经过审阅的全表', () => {
    const table = states.flatMap((state) =>
      applicationSteps.flatMap((step) =>
        (Object.keys(roles) as Role[]).map((role) => {
          const next = advance(workflow, row(state), step, actor(role), now, '意见')
          return [state, step, role, isRefusal(next) ? next.kind : next.to] as const
        }),
      ),
    )
    expect(table).toHaveLength(states.length * applicationSteps.length * Object.keys(roles).length)
    // Everything that is possible at all; whatever is not here is refused.
    expect(table.filter(([, , , to]) => to in applicationStates).map((cells) => cells.join(' '))).toMatchInlineSnapshot(`
      [
        "submitted accept regulator accepted",
        "submitted return regulator returned",
        "submitted decline regulator declined",
        "submitted withdraw enterprise withdrawn",
        "accepted grant regulator granted",
        "accepted return regulator returned",
        "accepted decline regulator declined",
        "accepted withdraw enterprise withdrawn",
        "returned resubmit enterprise submitted",
        "returned withdraw enterprise withdrawn",
      ]
    `)
    const forbidden = table.filter(([, , , to]) => to === 'forbidden').map(([, , role]) => role)
    expect(new Set(forbidden)).toEqual(new Set(Object.keys(roles)))
  })

  it('别家企业和外地监管人员什么都办不了', () => {
    for (const state of states) {
      expect(choices(workflow, row(state), actor('enterprise', { org_id: 'other' }), now)).toEqual([])
      expect(choices(workflow, row(state), actor('regulator', { region: '340000' }), now)).toEqual([])
    }
  })

  it('退回和不予通过须写意见', () => {
    for (const step of ['return', 'decline'] as const)
      expect(advance(workflow, row('submitted'), step, actor('regulator'), now, '  ')).toMatchObject({
        kind: 'invalid',
        fields: { opinion: expect.any(String) },
      })
  })
})
