/** The steps of a payment by WeChat and of its refund. What WeChat says is taken by the platform; nobody can declare a payment paid. */
import type { Protected } from '../../../core/access.ts'
import { defineWorkflow } from '../../../core/workflow.ts'
import { onlineRefundStates, onlineStates, type OnlineRefundState, type OnlineState } from './model.ts'

export const onlinePaymentWorkflow = defineWorkflow<Protected & { state: OnlineState }>()({
  name: 'online-payment',
  title: '在线付款',
  states: onlineStates,
  start: 'created',
  steps: {
    // Money that came after the end is money all the same.
    pay: { label: '付款成功', from: ['created', 'closed', 'expired'], to: 'paid', by: ['admin:any'] },
    close: { label: '取消付款', from: ['created'], to: 'closed', by: ['enterprise:own'] },
    expire: { label: '过期', from: ['created'], to: 'expired', by: ['admin:any'] },
    refund: { label: '全部退回', from: ['paid'], to: 'refunded', by: ['admin:any'] },
  },
})

export const onlineRefundWorkflow = defineWorkflow<Protected & { state: OnlineRefundState }>()({
  name: 'online-refund',
  title: '微信退款',
  states: onlineRefundStates,
  start: 'requested',
  steps: {
    succeed: { label: '退回成功', from: ['requested'], to: 'succeeded', by: ['admin:any'] },
    fail: { label: '没有退成', from: ['requested'], to: 'failed', by: ['admin:any'] },
  },
})
