/** The steps of a fault report: 报告 → 处理 → 解决 or 不是故障, and back when it comes again. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { faultStates, type FaultState } from './model.ts'

export interface Stated extends Protected {
  state: FaultState
}

/** The enterprise's own affair: a report is for mending, not for supervision, and may hold a telephone number. */
export const readers = ['enterprise:own'] as const satisfies readonly Grant[]

export const workflow = defineWorkflow<Stated>()({
  name: 'instrument-fault',
  title: '器具故障',
  states: faultStates,
  start: 'reported',
  steps: {
    handle: { label: '开始处理', from: ['reported'], to: 'handling', by: ['enterprise:own'] },
    resolve: { label: '已解决', from: ['reported', 'handling'], to: 'resolved', by: ['enterprise:own'], opinion: 'required' },
    dismiss: { label: '不是故障', from: ['reported', 'handling'], to: 'dismissed', by: ['enterprise:own'], opinion: 'required' },
    reopen: { label: '重新处理', from: ['resolved', 'dismissed'], to: 'handling', by: ['enterprise:own'], opinion: 'required' },
  },
})
export type FaultStep = keyof typeof workflow.steps

/** Past tense for the events of each step. */
export const past: Record<FaultStep, string> = { handle: 'handled', resolve: 'resolved', dismiss: 'dismissed', reopen: 'reopened' }
