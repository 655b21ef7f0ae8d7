/** The books for everybody: words, types and pure reckoning. Safe for the browser. */
export * from './model.ts'
export { accounts, addLines, fault, nothing, paidOf, sumOf, type Balances, type Charge, type Line } from './chart.ts'
export { oldestFirst, owed } from './postings.ts'
export { onlineRefundStates, onlineStates, onlineTones } from './online/model.ts'
export { onlinePaymentWorkflow, onlineRefundWorkflow } from './online/workflow.ts'
