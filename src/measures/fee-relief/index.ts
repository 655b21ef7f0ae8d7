/** Measure 二 for others: words, types and step tables. Safe for the browser. */
export * from './model.ts'
export { deferralReaders, deferralWorkflow, pledgeReaders, pledgeWorkflow } from './workflow.ts'
export { reviewReaders, reviewWorkflow } from './reviews/workflow.ts'
export { budgetReaders, changeWorkflow, flagReaders, flagWorkflow } from './budgets/workflow.ts'
export { simulationReaders, simulationWorkflow } from './simulation-workflow.ts'
