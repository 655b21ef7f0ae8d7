/** Article 一 for the assembly and for other parts: what waits, what is offered, reactions, operations. */
export { operations } from './api.server.ts'
export { applyForPolicy, takeApplicationStep, dismissMatch, restoreMatch } from './commands.server.ts'
export { desk, menu } from './desk.server.ts'
export { listeners, schedules, rematchTurning } from './listeners.server.ts'
export { matchesFor } from './matches.server.ts'
export { findApplication, grantedThisYear, listApplications } from './queries.server.ts'
export { rematchEnterprise, rematchPolicies } from './rematch.server.ts'
