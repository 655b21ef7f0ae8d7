/** Policies for other folders: what holds on a day, the decision's setting, and the commands. */
export {
  policiesInForce,
  policiesAsOf,
  settingOf,
  findPolicy,
  findPolicyById,
  findVersion,
  listPolicyDesk,
  listEvents,
  type PolicyPage,
  type DeskRow,
} from './queries.server.ts'
export { listPolicies } from './search.server.ts'
export { edition } from './snapshot.server.ts'
export { saveDraft, takeStep, type DraftInput, type StepInput } from './commands.server.ts'
export { setEvent, mayDateEvents, type EventInput } from './events.server.ts'
export { importLibrary, type LibraryReport } from './import-library.server.ts'
export { enterpriseFacts } from './enterprise-facts.ts'
export { readEventDates, suppliedEventDates, type EventDates } from './event-dates.server.ts'
export { loadLibrary, parsePolicy } from './load-library.server.ts'
export { dryRun } from './dry-run.server.ts'
export { operations } from './api.server.ts'
export { menu } from './index.ts'
export { desk } from './desk.server.ts'
export { namesFor } from './names.ts'
export { statusOf } from './status.ts'
export { budgetMarks, keepBudgetMarks, markFor, type MarkedBudget } from './budget-marks.server.ts'
