/** Words and types of 代办: one person of another organisation acts for an enterprise, with its consent. */
import type { Role } from '../../../core/access.ts'
import type { Scope } from '../model.ts'

export const agencyStates = { active: '有效', revoked: '企业已撤回', resigned: '代办人已辞去' } as const
export type AgencyState = keyof typeof agencyStates

/**
 * What may be done for somebody else. Never 人员: giving powers on is the enterprise's own (《民法典》第一百六十九条). Never 费用:
 * the institution that an agent comes from would bill and pay with the same hand (第一百六十八条).
 */
export const agencyScopes = ['ledger', 'orders', 'policy'] as const satisfies readonly Scope[]
export type AgencyScope = (typeof agencyScopes)[number]

/** Stewards, and people of metrology institutions who do not handle their money. Authorities decide and therefore act for nobody. */
export const agentRoles = ['steward', 'counter', 'tester', 'approver'] as const satisfies readonly Role[]
export type AgentRole = (typeof agentRoles)[number]
export const isAgentRole = (role: Role): role is AgentRole => (agentRoles as readonly Role[]).includes(role)

/** The wording that is agreed to; 第一百六十六条: several agents act alone only where that was agreed. */
export const consentWording =
  '我代表本单位同意此人在所选范围和期限内，以本单位的名义在平台上办理事务，后果由本单位承担（《民法典》第一百六十二条）；有几位代办人时，各自可以单独办理（第一百六十六条）。此人能看到本单位的台账、政策和消息，看不到人员与授权；不能付款，不能再转给别人。本单位可以随时撤回，撤回立即生效。'

export interface Agency {
  id: string
  province: string
  orgId: string
  orgName: string
  region: string
  agentPersonId: string
  agentName: string
  agentOrgName: string
  agentRole: AgentRole
  scope: readonly AgencyScope[]
  purpose: string
  startsOn: string
  /** The last day on which it holds. */
  endsOn: string
  state: AgencyState
  consentedBy: string
  consentedByName: string
  createdAt: string
  endedAt: string | null
  version: number
  /** The agent still holds the seat in the organisation that the enterprise agreed to; without it nothing may be done. */
  seated: boolean
}
