/** What goes on by the clock. */
import type { Schedule } from '../../platform/jobs.server.ts'
import { schedules as money } from './listeners.server.ts'
import { simulationSchedules } from './simulation-run.server.ts'

export const schedules: readonly Schedule[] = [...money, ...simulationSchedules]
