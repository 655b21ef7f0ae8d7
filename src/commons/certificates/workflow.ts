/** What happens to a certificate after it was issued. */
import type { Actor, Grant, Protected } from '../../core/access.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { certificateStates, type CertificateState } from './model.ts'

/** Whether anything is owed is no condition: 欠费不欠服务. */
export const readers = [
  'enterprise:own',
  'counter:entrusted',
  'tester:entrusted',
  'approver:entrusted',
  'regulator:region',
  'admin:any',
] as const satisfies readonly Grant[]

interface Stated extends Protected {
  state: CertificateState
  asked_by: string | null
}

const otherEyes = (row: Stated, actor: Actor) =>
  row.asked_by === actor.id ? '申请撤销和撤销不能是同一个人，请由另一位授权签字人办理' : undefined

export const workflow = defineWorkflow<Stated>()({
  name: 'certificate',
  title: '证书',
  states: certificateStates,
  start: 'issued',
  steps: {
    amend: {
      label: '出更正证书',
      from: ['issued'],
      to: 'amended',
      by: ['approver:entrusted'],
      opinion: 'required',
      confirm: '新证书代替这一份，用新的编号；这一份仍可查看，核对时显示已被更正。',
      tells: 'enterprise',
    },
    'ask-withdrawal': {
      label: '申请撤销',
      from: ['issued'],
      to: 'withdrawing',
      by: ['approver:entrusted'],
      opinion: 'required',
      confirm: '另一位授权签字人同意后才撤销。',
    },
    keep: { label: '不撤销', from: ['withdrawing'], to: 'issued', by: ['approver:entrusted'] },
    withdraw: {
      label: '撤销',
      from: ['withdrawing'],
      to: 'withdrawn',
      by: ['approver:entrusted'],
      unless: otherEyes,
      confirm: '撤销后不能恢复；企业会收到通知，核对时显示已撤销。',
      tells: 'enterprise',
    },
  },
})
export type CertificateStep = keyof typeof workflow.steps
