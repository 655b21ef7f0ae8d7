/** The steps of an order and of each of its lines. */
import type { Actor, Grant, Protected } from '../../core/access.ts'
import type { Pause } from '../../core/promise-clock.ts'
import { defineWorkflow } from '../../core/workflow.ts'
import { lineStates, orderStates, type LineState, type OrderState } from './model.ts'

/** The enterprise, every desk of the institution that it handed the order to, the authorities of the enterprise's place. */
export const readers = [
  'enterprise:own',
  'counter:entrusted',
  'tester:entrusted',
  'approver:entrusted',
  'finance:entrusted',
  'regulator:region',
  'admin:any',
] as const satisfies readonly Grant[]

export interface Stated extends Protected {
  state: OrderState
  pauses: readonly Pause[]
}

const paused = ({ pauses }: Stated): boolean => pauses.some(({ to }) => to === undefined)

/** None of these steps reads what is owed: 欠费不欠服务. */
export const workflow = defineWorkflow<Stated>()({
  name: 'order',
  title: '委托单',
  states: orderStates,
  start: 'placed',
  steps: {
    accept: { label: '受理', from: ['placed'], to: 'accepted', by: ['counter:entrusted'], tells: 'enterprise' },
    refuse: {
      label: '不受理',
      from: ['placed'],
      to: 'cancelled',
      by: ['counter:entrusted'],
      opinion: 'required',
      confirm: '不受理后这一单即告结束，企业会看到原因。',
      tells: 'enterprise',
    },
    withdraw: {
      label: '撤回委托',
      from: ['placed'],
      to: 'cancelled',
      by: ['enterprise:own'],
      opinion: 'optional',
      confirm: '撤回后这一单即告结束；需要时可以重新下单。',
    },
    pause: {
      label: '暂停计时',
      from: ['accepted'],
      to: 'accepted',
      by: ['counter:entrusted', 'tester:entrusted'],
      unless: (row) => (paused(row) ? '已经在暂停计时；要继续请点“恢复计时”。' : undefined),
      opinion: 'required',
      tells: 'enterprise',
    },
    resume: {
      label: '恢复计时',
      from: ['accepted'],
      to: 'accepted',
      by: ['counter:entrusted', 'tester:entrusted'],
      unless: (row) => (paused(row) ? undefined : '现在没有暂停计时，不用恢复。'),
    },
    explain: {
      label: '说明延期',
      from: ['accepted'],
      to: 'accepted',
      by: ['counter:entrusted', 'tester:entrusted'],
      opinion: 'required',
      tells: 'enterprise',
    },
    finish: {
      label: '全部完成',
      from: ['accepted'],
      to: 'ready',
      by: ['approver:entrusted', 'counter:entrusted', 'tester:entrusted'],
      tells: 'enterprise',
    },
    close: { label: '全部交还', from: ['accepted', 'ready'], to: 'closed', by: ['counter:entrusted'] },
  },
})
export type OrderStep = keyof typeof workflow.steps

export interface Work extends Protected {
  state: LineState
  tester_id: string | null
}

const otherEyes = (row: Work, actor: Actor) =>
  row.tester_id === actor.id ? '检测和批准不能是同一个人，请由另一位授权签字人审核' : undefined

export const lineWorkflow = defineWorkflow<Work>()({
  name: 'order-line',
  title: '委托项目',
  states: lineStates,
  start: 'placed',
  steps: {
    receive: { label: '收样', from: ['placed'], to: 'received', by: ['counter:entrusted'] },
    record: { label: '录入结果', from: ['received'], to: 'tested', by: ['tester:entrusted'] },
    'send-back': { label: '退回重做', from: ['tested'], to: 'received', by: ['approver:entrusted'], opinion: 'required' },
    approve: { label: '审核出证', from: ['tested'], to: 'approved', by: ['approver:entrusted'], unless: otherEyes },
    cancel: {
      label: '这一项不做',
      from: ['placed', 'received'],
      to: 'cancelled',
      by: ['counter:entrusted', 'tester:entrusted'],
      opinion: 'required',
      confirm: '不做的项目不收费，已计的费用随即撤销，已付的转为预收。',
    },
    'hand-back': { label: '交还', from: ['approved', 'cancelled'], to: 'returned', by: ['counter:entrusted'] },
  },
})
export type LineStep = keyof typeof lineWorkflow.steps
