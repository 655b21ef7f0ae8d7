/** People for everybody: words, types and pure rules. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export * from './model.ts'
export { readAnswer, type Answered } from './answer.ts'
export { workflow, membershipReaders as readers, type MembershipStep } from './workflow.ts'
export { derive, isStale, recordableFacts, sizeOf, STALE_MONTHS } from './profile-rules.ts'

export const menu = (actor: Actor): MenuItem[] => {
  if (actor.role === 'enterprise')
    return [
      { to: '/me/profile', label: '企业信息', group: '本单位' },
      { to: '/me/people', label: '人员与授权', group: '本单位' },
    ]
  return actor.role === 'regulator' || actor.role === 'admin' ? [{ to: '/organisations', label: '辖区企业', group: '企业' }] : []
}
