/** The steps of an agency. Like a delegation it has no state 已到期: that follows from the last day. */
import type { Actor, Grant, Protected } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import type { Standing } from '../rules.ts'
import { agencyStates, type AgencyScope, type AgencyState } from './model.ts'
import { agencyScopeProblem, agentGrants, consentProblem } from './rules.ts'

/** An agency as the steps see it, with what the acting person holds in the enterprise. */
export interface Consent extends Protected {
  state: AgencyState
  scope: readonly AgencyScope[]
  acting?: Standing | undefined
}

/** The enterprise that gave it and the person who has it; the platform sees to what a person who leaves held. */
export const agencyReaders = ['enterprise:own', ...agentGrants, 'admin:any'] as const satisfies readonly Grant[]

const problem = (row: Consent, actor: Actor, now: string): string | undefined => {
  if (actor.agent) return '代办由企业自己同意和撤回；您要辞去，请先切换到自己的身份，在“我的代办”中办理'
  return consentProblem(row.acting, shanghaiDate(now))
}

export const workflow = defineWorkflow<Consent>()({
  name: 'agency',
  title: '代办',
  states: agencyStates,
  start: 'active',
  steps: {
    renew: {
      label: '续期',
      from: ['active'],
      to: 'active',
      by: ['enterprise:own'],
      unless: (row, actor, now) => problem(row, actor, now) ?? (row.acting && agencyScopeProblem(row.acting, row.scope)),
    },
    revoke: {
      label: '撤回',
      from: ['active'],
      to: 'revoked',
      by: ['enterprise:own'],
      unless: problem,
      confirm: '撤回立即生效，此人下一次操作就会被拒绝。已经办完的事不受影响，记录仍然保留。',
    },
    resign: {
      label: '辞去',
      from: ['active'],
      to: 'resigned',
      by: [...agentGrants, 'admin:any'],
      confirm: '辞去后立即不能再为这家企业代办；要恢复，须由企业重新同意（《民法典》第一百七十三条）。',
    },
  },
})
export type AgencyStep = keyof typeof workflow.steps
