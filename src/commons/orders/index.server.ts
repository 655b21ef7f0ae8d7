/** Orders for other folders: prices, the draft of an order, placing, acceptance, and what they contribute to desk, jobs and API. */
export { acceptOrder, extrasOf, linesOf, lockOrder, noOrder, tellOrder, type AcceptedLine } from './accept.server.ts'
export { creditLine, lockLines } from './credit.server.ts'
export { prepareOrder, type Prepared } from './draft.server.ts'
export { placeOrder } from './place.server.ts'
export { bookVisit } from './visits.server.ts'
export {
  findLine,
  findLineByToken,
  findOrder,
  heldVisits,
  institutionSettings,
  listInstitutions,
  listOrders,
  listWork,
  type OrderLineFound,
  type OrderPage,
  type OrderRow,
} from './queries.server.ts'
export { insertList, listInForce, publish } from './prices/lists.server.ts'
export {
  approveLine,
  attachCertificate,
  cancelLine,
  certificateLimits,
  handBack,
  recordResult,
  sendBackLine,
  takeOrderStep,
} from './work.server.ts'
export type { Result } from './result.ts'
export { resultForm } from './schema.ts'
export { registerInstitution, saveInstitution } from './institution.server.ts'
export { readPriceRows } from './prices/sheet.ts'
export { menu } from './index.ts'
export { desk } from './desk.server.ts'
export { listeners } from './listeners.server.ts'
export { operations } from './api.server.ts'
