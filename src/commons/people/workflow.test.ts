import { describe, expect, it } from 'vitest'
import { roles, type Actor, type Role } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { advance, choices } from '../../core/workflow.ts'
import { allScopes, duties, membershipStates, type Duty, type MembershipState } from './model.ts'
import type { Standing } from './rules.ts'
import { workflow, type Delegation, type MembershipStep } from './workflow.ts'

const now = '2026-11-23T01:00:00.000Z'
const actor = (role: Role, over: Partial<Actor> = {}): Actor => ({
  id: 'me',
  name: '示例',
  role,
  org_id: 'org',
  org_name: '示例',
  region: '330000',
  ...over,
})
const holding = (duty: Duty, over: Partial<Standing> = {}): Standing => ({
  personId: 'me',
  duty,
  scope: allScopes,
  startsOn: '2026-01-01',
  endsOn: null,
  state: 'active',
  ...over,
})
const row = (duty: Duty, over: Partial<Delegation> = {}): Delegation => ({
  org_id: 'org',
  region: '330110',
  state: 'active',
  person_id: 'other',
  duty,
  scope: ['ledger'],
  ...over,
})
const steps = Object.keys(workflow.steps) as MembershipStep[]
const allDuties = Object.keys(duties) as Duty[]
const outcome = (held: Delegation, step: MembershipStep, who = actor('enterprise')) => {
  const next = advance(workflow, held, step, who, now)
  return isRefusal(next) ? next.kind : next.to
}

describe('授权的每个状态、每一步、每种身份', () => {
  it('只有本单位和平台管理员能办，已终止的不能再办', () => {
    const states = Object.keys(membershipStates) as MembershipState[]
    const possible = states.flatMap((state) =>
      steps.flatMap((step) =>
        (Object.keys(roles) as Role[]).flatMap((role) => {
          const to = outcome(row('clerk', { state, acting: holding('legal-representative') }), step, actor(role))
          return to in membershipStates ? [`${state} ${step} ${role} ${to}`] : []
        }),
      ),
    )
    expect(possible).toEqual([
      'active renew enterprise active',
      'active renew admin active',
      'active end enterprise ended',
      'active end admin ended',
    ])
  })

  it('谁能给谁续期、终止：逐职务的全表', () => {
    const table = allDuties.flatMap((mine) =>
      allDuties.flatMap((theirs) =>
        steps.flatMap((step) =>
          outcome(row(theirs, { acting: holding(mine) }), step) in membershipStates ? [`${mine} ${step} ${theirs}`] : [],
        ),
      ),
    )
    expect(table).toEqual([
      'legal-representative renew manager',
      'legal-representative end manager',
      'legal-representative renew clerk',
      'legal-representative end clerk',
      'manager renew clerk',
      'manager end clerk',
    ])
  })
})

describe('不能办的说明原因', () => {
  it.each<[string, MembershipStep, Delegation, string]>([
    ['不能延长自己的授权', 'renew', row('manager', { person_id: 'me', acting: holding('manager') }), '不能延长自己的授权'],
    ['法定代表人不能由本单位变更', 'end', row('legal-representative', { acting: holding('legal-representative') }), '平台管理员核验'],
    ['自己到期了不能给别人续', 'renew', row('clerk', { acting: holding('manager', { endsOn: '2026-11-22' }) }), '2026-11-22 到期'],
    ['没有那项范围不能续', 'renew', row('clerk', { scope: ['money'], acting: holding('manager', { scope: ['people'] }) }), '费用'],
    ['没有授权的人什么都不能办', 'end', row('clerk'), '没有有效的授权'],
  ])('%s', (_, step, held, said) => {
    const choice = choices(workflow, held, actor('enterprise'), now).find(({ name }) => name === step)
    expect(choice?.disabledReason).toContain(said)
    expect(outcome(held, step)).toBe('conflict')
  })

  it('可以放弃自己的授权，法定代表人除外', () => {
    expect(outcome(row('clerk', { person_id: 'me', acting: holding('clerk') }), 'end')).toBe('ended')
    expect(outcome(row('manager', { person_id: 'me', acting: holding('manager') }), 'end')).toBe('ended')
    expect(outcome(row('legal-representative', { person_id: 'me', acting: holding('legal-representative') }), 'end')).toBe('conflict')
  })

  it('别家看不到任何一步', () => {
    expect(choices(workflow, row('clerk', { acting: holding('legal-representative') }), actor('enterprise', { org_id: 'x' }), now)).toEqual(
      [],
    )
  })
})
