import { describe, expect, it } from 'vitest'
import { roles, type Actor, type Role } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { advance, choices } from '../../../core/workflow.ts'
import { allScopes, duties, type Duty } from '../model.ts'
import type { Standing } from '../rules.ts'
import { agencyScopes, agencyStates, isAgentRole, type AgencyState } from './model.ts'
import { agencyScopeProblem, agencyTermProblem, consentProblem, isAgencyInForce, lastDay, mayBeAgent } from './rules.ts'
import { workflow, type AgencyStep, type Consent } from './workflow.ts'

const today = '2026-11-24'
const now = '2026-11-24T01:00:00.000Z'
const holding = (duty: Duty, over: Partial<Standing> = {}): Standing => ({
  personId: 'me',
  duty,
  scope: allScopes,
  startsOn: '2026-01-01',
  endsOn: null,
  state: 'active',
  ...over,
})

describe('谁能同意代办', () => {
  it('法定代表人，和有“人员”范围的管理员；经办人和工作人员不能', () => {
    expect((Object.keys(duties) as Duty[]).filter((duty) => !consentProblem(holding(duty), today))).toEqual([
      'legal-representative',
      'manager',
    ])
    expect(consentProblem(holding('manager', { scope: ['ledger', 'policy'] }), today)).toContain('人员')
    expect(consentProblem(holding('legal-representative', { endsOn: '2026-11-23' }), today)).toContain('没有有效的授权')
    expect(consentProblem(undefined, today)).toContain('没有有效的授权')
  })

  it('不能同意超出自己的范围和期限，最长一年，不能已经过去', () => {
    const manager = holding('manager', { scope: ['ledger', 'people'], endsOn: '2027-06-30' })
    expect(agencyScopeProblem(manager, ['ledger'])).toBeUndefined()
    expect(agencyScopeProblem(manager, ['policy'])).toContain('政策申请')
    expect(agencyScopeProblem(manager, [])).toContain('第一百六十五条')
    const term = (endsOn: string, acting = manager) => agencyTermProblem(acting, { startsOn: today, endsOn }, today)
    expect(term('2027-06-30')).toBeUndefined()
    expect(term('2027-07-01')).toContain('2027-06-30')
    expect(term('2027-11-25', holding('legal-representative'))).toContain('最长一年')
    expect(term(lastDay(today), holding('legal-representative'))).toBeUndefined()
    expect(term('2026-11-23')).toContain('早于')
    expect(term('明年')).toContain('日期')
  })

  it('代办的范围里没有人员和费用', () => expect(agencyScopes).toEqual(['ledger', 'orders', 'policy']))
})

describe('谁能做代办人', () => {
  it('企业管家，和技术机构、检验检测机构的窗口、检测员、批准人；其他身份都不能', () => {
    const able = (Object.keys(roles) as Role[]).flatMap((role) =>
      (['metrology-institution', 'inspection-body', 'authority', 'enterprise', 'other', 'bank', 'platform'] as const)
        .filter((orgKind) => mayBeAgent({ role, orgKind }))
        .map((orgKind) => `${role}@${orgKind}`),
    )
    expect(able.filter((each) => !each.startsWith('steward'))).toEqual(
      ['counter', 'tester', 'approver'].flatMap((role) => [`${role}@metrology-institution`, `${role}@inspection-body`]),
    )
    expect(able.filter((each) => each.startsWith('steward'))).toHaveLength(7)
  })
})

describe('代办的每个状态、每一步、每种身份', () => {
  const actor = (role: Role): Actor => ({ id: 'agent', name: '示例', role, org_id: 'org', org_name: '示例', region: '330109' })
  const row = (over: Partial<Consent> = {}): Consent => ({
    state: 'active',
    org_id: 'org',
    region: '330109',
    assigned: ['agent'],
    scope: ['ledger'],
    acting: holding('legal-representative'),
    ...over,
  })

  it('企业能续期和撤回，代办人能辞去，平台能替离开的人辞去；结束了的不能再办', () => {
    const possible = (Object.keys(agencyStates) as AgencyState[]).flatMap((state) =>
      (Object.keys(workflow.steps) as AgencyStep[]).flatMap((step) =>
        (Object.keys(roles) as Role[]).flatMap((role) => {
          const next = advance(workflow, row({ state }), step, actor(role), now)
          return isRefusal(next) ? [] : [`${state} ${step} ${role} ${next.to}`]
        }),
      ),
    )
    expect(possible).toEqual([
      'active renew enterprise active',
      'active revoke enterprise revoked',
      'active resign counter resigned',
      'active resign tester resigned',
      'active resign approver resigned',
      'active resign steward resigned',
      'active resign admin resigned',
    ])
  })

  it('代办人坐在企业的位子上，也不能续自己的期、替企业撤回', () => {
    const agent: Actor = { ...actor('enterprise'), agent: { orgName: '示例·检测院', agencyId: 'a' } }
    for (const choice of choices(workflow, row({ acting: undefined }), agent, now)) expect(choice.disabledReason).toContain('企业自己')
  })

  it('别人的代办一步也办不了', () => {
    for (const role of (Object.keys(roles) as Role[]).filter((each) => each === 'enterprise' || isAgentRole(each)))
      expect(choices(workflow, row(), { ...actor(role), id: 'other', org_id: 'other' }, now)).toEqual([])
  })

  it('有效：没撤回、没辞去、在期限内，而且代办人还在原单位', () => {
    const agency = { state: 'active', startsOn: today, endsOn: today, seated: true } as const
    expect(isAgencyInForce(agency, today)).toBe(true)
    for (const over of [
      { state: 'revoked' },
      { state: 'resigned' },
      { startsOn: '2026-11-25' },
      { endsOn: '2026-11-23' },
      { seated: false },
    ] as const)
      expect(isAgencyInForce({ ...agency, ...over }, today)).toBe(false)
  })
})
