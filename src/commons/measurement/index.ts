/** Measurement for everybody: words, templates, reckoning. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export * from './model.ts'
export { evaluateRecord } from './evaluate.ts'
export { readers, workflow, type RecordStep } from './workflow.ts'
export { readers as standardReaders, workflow as standardWorkflow } from './standards/workflow.ts'
export { recordedService, templateById, templateFor, templates } from './templates/index.ts'
export { startOf } from './start.ts'

export const menu = ({ role }: Actor): MenuItem[] =>
  role === 'tester' || role === 'approver' || role === 'counter' ? [{ to: '/standards', label: '计量标准器', group: '机构' }] : []
