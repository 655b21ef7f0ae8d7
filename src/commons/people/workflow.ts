/** The steps of a delegation. 已到期 is no state: it follows from the last day, so that no clock has to run for it. */
import type { Actor, Grant, Protected } from '../../core/access.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { membershipStates, type Duty, type MembershipState, type Scope } from './model.ts'
import { authorityProblem, scopeProblem, type Standing } from './rules.ts'

/** A membership as the steps see it, with what the acting person holds in the same organisation. */
export interface Delegation extends Protected {
  state: MembershipState
  person_id: string
  duty: Duty
  scope: readonly Scope[]
  acting?: Standing | undefined
}

/** One's own organisation's delegations; the platform sees to 法定代表人 and to staff. */
export const membershipReaders = ['enterprise:own', 'admin:any'] as const satisfies readonly Grant[]

const problem = (row: Delegation, actor: Actor, now: string): string | undefined => {
  if (actor.role === 'admin') return undefined
  if (row.duty === 'legal-representative') return '法定代表人以登记为准，由平台管理员核验后变更'
  return authorityProblem(row.acting, row.duty, shanghaiDate(now))
}

const renewalProblem = (row: Delegation, actor: Actor, now: string): string | undefined => {
  if (row.person_id === actor.id) return '不能延长自己的授权，请由授予您的人办理'
  return problem(row, actor, now) ?? (actor.role === 'admin' || !row.acting ? undefined : scopeProblem(row.acting, row.scope))
}

const endingProblem = (row: Delegation, actor: Actor, now: string): string | undefined => {
  const givesUp = row.person_id === actor.id && row.duty !== 'legal-representative'
  return givesUp ? undefined : problem(row, actor, now)
}

export const workflow = defineWorkflow<Delegation>()({
  name: 'membership',
  title: '授权',
  states: membershipStates,
  start: 'active',
  steps: {
    renew: { label: '续期', from: ['active'], to: 'active', by: ['enterprise:own', 'admin:any'], unless: renewalProblem },
    end: {
      label: '终止',
      from: ['active'],
      to: 'ended',
      by: ['enterprise:own', 'admin:any'],
      unless: endingProblem,
      confirm: '终止后立即失效，不能撤回；此人授予他人的授权不随之终止，请逐一核对。',
    },
  },
})
export type MembershipStep = keyof typeof workflow.steps
