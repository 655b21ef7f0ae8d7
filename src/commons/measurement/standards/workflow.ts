/** The steps of a reference standard. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { standardStates, type StandardState } from './model.ts'

/** The institution's own, and whoever looks after the platform. */
export const readers = ['tester:own', 'approver:own', 'counter:own', 'admin:any'] as const satisfies readonly Grant[]

export const workflow = defineWorkflow<Protected & { state: StandardState }>()({
  name: 'reference-standard',
  title: '计量标准器',
  states: standardStates,
  start: 'in-use',
  steps: {
    recalibrate: { label: '登记新证书', from: ['in-use'], to: 'replaced', by: ['tester:own', 'approver:own'] },
    withdraw: {
      label: '停用',
      from: ['in-use'],
      to: 'withdrawn',
      by: ['tester:own', 'approver:own'],
      opinion: 'required',
      confirm: '停用后不能再用它出证；用它做的、还没有出证的记录也不能出证。',
    },
  },
})
