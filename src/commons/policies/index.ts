/** Policies for everybody: words, types and pure decisions. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import type { MenuItem } from '../../web/shell.ts'

export * from './model.ts'
export * from './decide.ts'
export * from './decide-enterprise.ts'
export { enterprisePart, linePart, sayLineConditions } from './line-part.ts'
export type { DescribedEnterprise, RecordedEnterprise } from './enterprise-facts.ts'
export { workflow, readers, takeableSteps, type PolicyStep } from './workflow.ts'
export type { PolicyQuery, PolicyRow, PolicyList } from './listing.ts'
export type { DryRun, Example } from './dry-run.ts'

export const menu = (actor: Actor): MenuItem[] => {
  if (actor.role !== 'regulator' && actor.role !== 'admin') return []
  const national = actor.role === 'admin' || regionPrefix(actor.region) === ''
  return [
    { to: '/policies/drafts', label: '政策起草与审核', group: '政策' },
    ...(national ? [{ to: '/policies/events', label: '政策事件日期', group: '政策' }] : []),
  ]
}
