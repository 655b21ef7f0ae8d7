/** Budgets for the rest of this measure. */
export { operations } from './api.server.ts'
export { desk, menu } from './desk.server.ts'
export { listQueued, type QueuedRow } from './queries.server.ts'
export { decideChange, proposeBudget, proposeChange } from './set.server.ts'
