/** The steps of a send-out; it closes by itself when everything is back. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { sendOutStates, type SendOutState } from './model.ts'

export interface Sending extends Protected {
  state: SendOutState
}

export const sendOutReaders = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]
const own = ['enterprise:own'] as const satisfies readonly Grant[]

export const sendOutWorkflow = defineWorkflow<Sending>()({
  name: 'send-out',
  title: '送检单',
  states: sendOutStates,
  start: 'planned',
  steps: {
    send: { label: '送出', from: ['planned'], to: 'sent', by: own },
    cancel: { label: '取消', from: ['planned'], to: 'cancelled', by: own, opinion: 'optional', confirm: '取消后单上的器具可以另行安排。' },
    'take-back': { label: '取回', from: ['sent'], to: 'sent', by: own },
    close: { label: '全部取回', from: ['sent'], to: 'closed', by: own },
  },
})
