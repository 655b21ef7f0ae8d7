/** The ledger for everybody: words, types and pure rules. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export * from './model.ts'
export { normalise } from './keys.ts'
export { readDraft, fieldLabels, type Draft, type DraftField, type DraftInput, type DraftProblem } from './draft.ts'
export { readers as faultReaders, workflow as faultWorkflow } from './faults/workflow.ts'
export { readers as importReaders, workflow as importWorkflow } from './import/import-workflow.ts'
export { readers as confirmationReaders, workflow as confirmationWorkflow } from './confirmation/workflow.ts'
export { readers as traceReaders, workflow as traceWorkflow } from './traces/workflow.ts'
export { sendOutReaders, sendOutWorkflow } from './send-outs/workflow.ts'
export { eventWords, readers, workflow, type InstrumentStep } from './workflow.ts'

export const menu = ({ role }: Actor): MenuItem[] => {
  if (role === 'enterprise')
    return [
      { to: '/me/instruments', label: '器具台账', group: '计量器具' },
      { to: '/me/instruments/due', label: '待检与到期', group: '计量器具' },
      { to: '/me/send-outs', label: '送检单', group: '计量器具' },
      { to: '/me/instruments/forecast', label: '12 个月预测', group: '计量器具' },
      { to: '/me/traces', label: '追溯评价', group: '计量器具' },
      { to: '/me/faults', label: '故障', group: '计量器具' },
      { to: '/me/instruments/imports', label: '导入记录', group: '计量器具' },
    ]
  return role === 'regulator' || role === 'admin'
    ? [
        { to: '/instruments', label: '辖区器具', group: '企业' },
        { to: '/traces', label: '超差追溯', group: '企业' },
      ]
    : []
}
