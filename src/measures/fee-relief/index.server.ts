/** Article 二 for the assembly and for other parts. */
export { operations } from './api.server.ts'
export { deferCharges, standingOf } from './deferral.server.ts'
export { desk, menu } from './desk.server.ts'
export { listeners, schedules, remindDeferrals } from './listeners.server.ts'
export { acceptWithRelief, placeWithRelief, quoteOrder } from './orders.server.ts'
export { signPledge } from './pledges.server.ts'
export { registerResults } from './register-results.server.ts'
export { statementOf } from './statement.server.ts'
