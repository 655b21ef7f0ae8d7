/** The steps of a 计量确认. */
import type { Grant, Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { confirmationStates, type ConfirmationState } from './model.ts'

/** The enterprise confirms for its own use; authorities read what is in their region. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export const workflow = defineWorkflow<Protected & { state: ConfirmationState }>()({
  name: 'confirmation',
  title: '计量确认',
  states: confirmationStates,
  start: 'draft',
  steps: {
    sign: { label: '签字', from: ['draft'], to: 'signed', by: ['enterprise:own'] },
    // Taken with the signature of a newer one, and with the voiding of the result that it rests on.
    replace: { label: '取代', from: ['draft', 'signed'], to: 'replaced', by: ['enterprise:own'] },
    void: { label: '作废', from: ['draft', 'signed'], to: 'voided', by: ['enterprise:own'] },
  },
})
