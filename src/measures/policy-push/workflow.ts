/** The steps of an application: 提交 → 受理 → 已享受 or 未通过, with one way back for 补正. */
import type { Grant, Protected } from '../../core/access.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { applicationStates, type ApplicationState } from './model.ts'

export interface Stated extends Protected {
  state: ApplicationState
}

/** One's own applications; the authority of the place sees those of its territory. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export const workflow = defineWorkflow<Stated>()({
  name: 'policy-application',
  title: '政策申请',
  states: applicationStates,
  start: 'submitted',
  steps: {
    accept: { label: '受理', from: ['submitted'], to: 'accepted', by: ['regulator:region'], tells: 'enterprise' },
    grant: {
      label: '确认已享受',
      from: ['accepted'],
      to: 'granted',
      by: ['regulator:region'],
      confirm: '确认后计入企业“今年已享受”的金额，不能撤回。',
      tells: 'enterprise',
    },
    return: {
      label: '退回补正',
      from: ['submitted', 'accepted'],
      to: 'returned',
      by: ['regulator:region'],
      opinion: 'required',
      tells: 'enterprise',
    },
    decline: {
      label: '不予通过',
      from: ['submitted', 'accepted'],
      to: 'declined',
      by: ['regulator:region'],
      opinion: 'required',
      confirm: '不予通过后这份申请即告结束，企业会看到原因和意见。',
      tells: 'enterprise',
    },
    resubmit: { label: '补正后再次提交', from: ['returned'], to: 'submitted', by: ['enterprise:own'] },
    withdraw: {
      label: '撤回申请',
      from: ['submitted', 'accepted', 'returned'],
      to: 'withdrawn',
      by: ['enterprise:own'],
      confirm: '撤回后这份申请即告结束；需要时可以重新申请。',
    },
  },
})
export type ApplicationStep = keyof typeof workflow.steps
export const applicationSteps = Object.keys(workflow.steps) as ApplicationStep[]

/** States in which an application is still under way: a second one for the same policy is refused meanwhile. */
export const openStates = ['submitted', 'accepted', 'returned'] as const satisfies readonly ApplicationState[]
