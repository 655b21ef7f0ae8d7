/** People for everybody: words, types and pure rules. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'
import { isAgentRole } from './agencies/model.ts'

export * from './model.ts'
export { readAnswer, type Answered } from './answer.ts'
export { agencyScopes, agencyStates, type Agency, type AgencyScope } from './agencies/model.ts'
export { agencyReaders, workflow as agencyWorkflow, type AgencyStep } from './agencies/workflow.ts'
export { purposes, type Purpose } from './personal/model.ts'
export { workflow, membershipReaders as readers, type MembershipStep } from './workflow.ts'
export { derive, isStale, recordableFacts, sizeOf, STALE_MONTHS } from './profile-rules.ts'

export const menu = (actor: Actor): MenuItem[] => {
  if (actor.role === 'enterprise')
    return [
      { to: '/me/profile', label: '企业信息', group: '本单位' },
      // Who works for the enterprise and who else acts for it is not an agent's business.
      ...(actor.agent
        ? []
        : [
            { to: '/me/people', label: '人员与授权', group: '本单位' },
            { to: '/me/agencies', label: '代办', group: '本单位' },
          ]),
    ]
  if (isAgentRole(actor.role)) return [{ to: '/agencies', label: '我的代办', group: '代办' }]
  return actor.role === 'regulator' || actor.role === 'admin' ? [{ to: '/organisations', label: '辖区企业', group: '企业' }] : []
}
