/** The steps of a 承诺书 and of a deferral. */
import type { Grant, Protected } from '../../core/access.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { deferralStates, pledgeStates, type DeferralState, type PledgeState } from './model.ts'

export const pledgeReaders = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export const pledgeWorkflow = defineWorkflow<Protected & { state: PledgeState }>()({
  name: 'relief-pledge',
  title: '减免缓承诺书',
  states: pledgeStates,
  start: 'standing',
  steps: {
    confirm: { label: '核查属实', from: ['standing'], to: 'confirmed', by: ['regulator:region'], opinion: 'optional' },
    break: {
      label: '核查不属实',
      from: ['standing', 'confirmed'],
      to: 'broken',
      by: ['regulator:region'],
      opinion: 'required',
      confirm: '认定不属实后，这家企业更正信息、重新承诺之前不再享受减免；企业会看到理由。',
      tells: 'enterprise',
    },
    replace: { label: '重新承诺', from: ['standing', 'confirmed', 'broken'], to: 'replaced', by: ['enterprise:own'] },
  },
})

/** What is deferred is owed: only the enterprise and the finance desk see it. */
export const deferralReaders = ['enterprise:own', 'finance:entrusted', 'admin:any'] as const satisfies readonly Grant[]

export const deferralWorkflow = defineWorkflow<Protected & { state: DeferralState }>()({
  name: 'deferral',
  title: '缓缴',
  states: deferralStates,
  start: 'open',
  steps: {
    // Taken by the platform when the rule or the payments say so.
    settle: { label: '付清', from: ['open'], to: 'settled', by: ['admin:any'] },
    reopen: { label: '恢复', from: ['settled'], to: 'open', by: ['admin:any'] },
    extend: { label: '顺延', from: ['open'], to: 'open', by: ['admin:any'] },
    agree: { label: '约定付款计划', from: ['open'], to: 'ended', by: ['enterprise:own', 'finance:entrusted'] },
  },
})
