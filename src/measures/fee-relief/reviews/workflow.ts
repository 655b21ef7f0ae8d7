/** The steps of a review: finance decides first, a second person of finance approves; the appeal goes to the authority, again with four eyes. */
import type { Actor, Grant, Protected } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { reviewStates, type ReviewOrigin, type ReviewState } from './model.ts'

/** It is about money: counter, tester and approver hold no grant. The authority hears appeals, so it sees reviews, not books. */
export const reviewReaders = ['enterprise:own', 'finance:entrusted', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

export interface Reviewed extends Protected {
  state: ReviewState
  origin: ReviewOrigin
  proposed_by: string | null
  due_on: string | null
  /** What the re-decision takes off more, now; absent where it was not asked for. */
  more?: bigint
  /** Why nothing more is found, in words. */
  none?: string
}

const otherEyes = (row: Reviewed, actor: Actor) =>
  row.proposed_by === actor.id ? '提出和批准不能是同一个人，请由本单位另一位同事办理' : undefined
const nothingMore = ({ more, none }: Reviewed) =>
  more !== undefined && more <= 0n ? `按受理日的规则和现在的信息重算，没有可补减的${none ? `：${none}` : ''}` : undefined
const inTime = ({ due_on }: Reviewed, _: Actor, now: string) =>
  due_on !== null && shanghaiDate(now) > due_on ? `申诉期已于 ${due_on} 届满；情况有变化的，可以再申请复核` : undefined
const ownAsking = ({ origin }: Reviewed) => (origin === 'institution' ? '这是机构自查发起的补减，不用撤回' : undefined)

export const reviewWorkflow = defineWorkflow<Reviewed>()({
  name: 'relief-review',
  title: '减免复核',
  states: reviewStates,
  start: 'asked',
  steps: {
    uphold: {
      label: '同意补减，报另一人批准',
      from: ['asked'],
      to: 'proposed',
      by: ['finance:entrusted'],
      opinion: 'optional',
      unless: nothingMore,
      tells: 'enterprise',
    },
    decline: { label: '不支持', from: ['asked'], to: 'declined', by: ['finance:entrusted'], opinion: 'required', tells: 'enterprise' },
    approve: {
      label: '批准补减并记账',
      from: ['proposed'],
      to: 'credited',
      by: ['finance:entrusted'],
      unless: otherEyes,
      confirm: '批准后随即记入账簿：先冲未付的，已付的转为企业的预收款。',
      tells: 'enterprise',
    },
    'send-back': {
      label: '退回重算',
      from: ['proposed'],
      to: 'asked',
      by: ['finance:entrusted'],
      opinion: 'required',
      unless: otherEyes,
      tells: 'enterprise',
    },
    appeal: {
      label: '申诉',
      from: ['declined'],
      to: 'appealed',
      by: ['enterprise:own'],
      opinion: 'optional',
      unless: inTime,
      tells: 'regulator',
    },
    'propose-uphold': {
      label: '拟支持',
      from: ['appealed'],
      to: 'upholding',
      by: ['regulator:region'],
      opinion: 'required',
      unless: nothingMore,
      tells: 'enterprise',
    },
    'propose-dismiss': {
      label: '拟不支持',
      from: ['appealed'],
      to: 'dismissing',
      by: ['regulator:region'],
      opinion: 'required',
      tells: 'enterprise',
    },
    return: {
      label: '退回重办',
      from: ['upholding', 'dismissing'],
      to: 'appealed',
      by: ['regulator:region'],
      opinion: 'required',
      unless: otherEyes,
      tells: 'enterprise',
    },
    'confirm-uphold': {
      label: '支持申诉并记账',
      from: ['upholding'],
      to: 'credited',
      by: ['regulator:region'],
      unless: otherEyes,
      confirm: '确认后，补减随即记入机构的账簿，机构和企业都会收到通知。',
      tells: 'enterprise',
    },
    'confirm-dismiss': {
      label: '不支持申诉',
      from: ['dismissing'],
      to: 'dismissed',
      by: ['regulator:region'],
      unless: otherEyes,
      confirm: '确认后申诉即告结束，企业会看到理由。',
      tells: 'enterprise',
    },
    withdraw: {
      label: '撤回',
      from: ['asked', 'appealed'],
      to: 'withdrawn',
      by: ['enterprise:own'],
      unless: ownAsking,
      confirm: '撤回后这次复核即告结束；需要时可以再申请。',
    },
    // Taken by the platform: the line is not done after all, or the time to appeal has run out and it is asked again.
    close: {
      label: '终结',
      from: ['asked', 'proposed', 'declined', 'appealed', 'upholding', 'dismissing'],
      to: 'closed',
      by: ['admin:any'],
      opinion: 'required',
      tells: 'enterprise',
    },
  },
})
export type ReviewStep = keyof typeof reviewWorkflow.steps

/** Steps that a person takes; `close` is the platform's. */
export const personSteps = (Object.keys(reviewWorkflow.steps) as ReviewStep[]).filter((step) => step !== 'close')

export const pastOf: Record<ReviewStep, string> = {
  uphold: 'proposed',
  decline: 'declined',
  approve: 'credited',
  'send-back': 'sent-back',
  appeal: 'appealed',
  'propose-uphold': 'uphold-proposed',
  'propose-dismiss': 'dismiss-proposed',
  return: 'returned',
  'confirm-uphold': 'credited',
  'confirm-dismiss': 'dismissed',
  withdraw: 'withdrawn',
  close: 'closed',
}
