/** The books for other folders: fees are raised, credited, cancelled and moved through these doors only. */
export { cancelCharge, creditCharge, lockCharges, moveDue, raiseCharges, toCharge, type Fee, type Raising } from './charges.server.ts'
export { applyAdvance, debtorOf, matchPayment, refundAdvance, reverseEntry, type Matching } from './payments.server.ts'
export { insertPayment, ownBook, recordPayment, slipProblem, type Slip } from './slips.server.ts'
export { advanceOf, ageing, chargesOf, entriesOf, findPayment, listDebts, listPayments, mine, sumsOf, type Sums } from './queries.server.ts'
export { closePeriod, listPeriods, monthEnd, nextMonth, replay, totalsOf } from './periods.server.ts'
export type { ChargeRow, PaymentRow } from './tables.server.ts'
export { journalColumns, journalRows } from './journal.server.ts'
