/** A certificate from elsewhere waits for a person, becomes a record of the ledger, or is set aside. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { incomingStates, type IncomingState } from './model.ts'

export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

interface Stated extends Protected {
  state: IncomingState
}

export const workflow = defineWorkflow<Stated>()({
  name: 'incoming-certificate',
  title: '上传的证书',
  states: incomingStates,
  start: 'waiting',
  steps: {
    record: { label: '记入台账', from: ['waiting'], to: 'recorded', by: ['enterprise:own'] },
    // A record that was voided frees its file: it may be brought again, for the right instrument this time.
    reopen: { label: '重新核对', from: ['recorded'], to: 'waiting', by: ['enterprise:own'] },
    'set-aside': { label: '不用', from: ['waiting'], to: 'set-aside', by: ['enterprise:own'], opinion: 'required' },
  },
})

export const eventWords: Readonly<Record<string, string>> = {
  brought: '上传',
  recorded: '记入台账',
  reopened: '记录作废后重新上传',
  'set-aside': '不用',
}
