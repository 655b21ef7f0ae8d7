/** The ledger for other folders: who holds what, the commands, and what it contributes to desk, jobs and API. */
import type { Listener, Schedule } from '../../platform/jobs.server.ts'
import type { Operation } from '../../platform/api.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { operations as ledgerApi } from './api.server.ts'
import { operations as confirmationApi } from './confirmation/api.server.ts'
import { desk as confirmationDesk } from './confirmation/desk.server.ts'
import { operations as dueApi } from './due/api.server.ts'
import { schedules as due } from './due/schedules.server.ts'
import { desk as dueDesk } from './due/week.server.ts'
import { desk as faultDesk } from './faults/desk.server.ts'
import { listeners as faults } from './faults/listeners.server.ts'
import { desk as importDesk } from './import/desk.server.ts'
import { schedules as imports } from './import/schedules.server.ts'
import { listeners as ledger } from './listeners.server.ts'
import { operations as sendOutApi } from './send-outs/api.server.ts'
import { desk as sendOutDesk } from './send-outs/desk.server.ts'

export const operations: readonly Operation[] = [...ledgerApi, ...dueApi, ...sendOutApi, ...confirmationApi]
export const listeners: readonly Listener[] = [...ledger, ...faults]
export const schedules: readonly Schedule[] = [...due, ...imports]
export const desk = async (ctx: Ctx): Promise<DeskItem[]> => [
  ...(await dueDesk(ctx)),
  ...(await sendOutDesk(ctx)),
  ...(await confirmationDesk(ctx)),
  ...(await faultDesk(ctx)),
  ...(await importDesk(ctx)),
]
export { card } from './due/week.server.ts'
export { menu } from './index.ts'
export { registerInstrument, registerMany } from './register.server.ts'
export { changeInstrument } from './change.server.ts'
export { followOrder, takeInstrumentStep, stepMany } from './steps.server.ts'
export { certificateOnRecord, instrumentsNamed, isVoided, type NamedInstrument } from './for-certificates.server.ts'
export { readCheck } from './pages/check-input.ts'
export { recordCheck, voidCheck, type CheckInput } from './checks.server.ts'
export { prepareConfirmation, signConfirmation } from './confirmation/commands.server.ts'
export { addUse, judgeUse, takeTraceStep } from './traces/commands.server.ts'
export { listTraces } from './traces/queries.server.ts'
export { confirmMandatory, setInterval } from './rulings.server.ts'
export { changeSettings, ownKinds, ownLedger, saveOwnKind, settingsOf } from './own-kinds.server.ts'
export { refreshHoldings } from './listeners.server.ts'
export { eachInstrument, findInstrument, historyOf, listInstruments, type InstrumentQuery } from './queries.server.ts'
