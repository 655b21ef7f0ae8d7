/** What becomes of a signing key. Which one signs is no step: the newest that is in force. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { keyStates, type KeyState } from './model.ts'

export const readers = ['approver:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export const workflow = defineWorkflow<Protected & { state: KeyState }>()({
  name: 'signing-key',
  title: '签名密钥',
  states: keyStates,
  start: 'active',
  steps: {
    renew: {
      label: '换新',
      from: ['active'],
      to: 'retired',
      by: ['approver:own', 'admin:any'],
      confirm: '建立一把新的，以后用新的签发；这一把不再签发，它签过的证书照样有效。',
    },
    revoke: {
      label: '吊销',
      from: ['active', 'retired'],
      to: 'revoked',
      by: ['approver:own', 'admin:any'],
      opinion: 'required',
      confirm: '吊销后不能恢复，也不能再用它签发；从写明的日期起它签过的证书，核对时显示不能采信，持有的企业会收到通知。',
      tells: 'enterprise',
    },
  },
})
export type KeyStep = keyof typeof workflow.steps
