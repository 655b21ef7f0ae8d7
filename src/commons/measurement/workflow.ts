/** The steps of a record of measurement. The line's own steps (orders) run beside them, in the same transactions. */
import type { Actor, Grant, Protected } from '../../core/access.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { recordStates, type RecordState } from './model.ts'

/** The desks of the institution; the enterprise reads what was issued to it. */
export const readers = [
  'enterprise:own',
  'counter:entrusted',
  'tester:entrusted',
  'approver:entrusted',
  'regulator:region',
  'admin:any',
] as const satisfies readonly Grant[]

export interface Recorded extends Protected {
  state: RecordState
  tester_id: string
}

const otherTester = (row: Recorded, actor: Actor) =>
  row.tester_id === actor.id ? '检定员和核验员不能是同一个人，请由另一位检测员核验（《计量检定印、证管理办法》）' : undefined

export const workflow = defineWorkflow<Recorded>()({
  name: 'measurement-record',
  title: '测量记录',
  states: recordStates,
  start: 'draft',
  steps: {
    save: { label: '保存', from: ['draft'], to: 'draft', by: ['tester:entrusted'] },
    complete: { label: '完成，提交审核', from: ['draft'], to: 'completed', by: ['tester:entrusted'] },
    check: { label: '核验', from: ['completed'], to: 'checked', by: ['tester:entrusted'], unless: otherTester },
    // A verification is issued when it was checked; a calibration needs tester and approver only.
    issue: { label: '审核出证', from: ['completed', 'checked'], to: 'issued', by: ['approver:entrusted'] },
    'send-back': { label: '退回重做', from: ['completed', 'checked'], to: 'sent-back', by: ['approver:entrusted'], opinion: 'required' },
  },
})
export type RecordStep = keyof typeof workflow.steps
