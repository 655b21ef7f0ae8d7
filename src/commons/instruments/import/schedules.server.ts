/** What goes on by the clock. */
import type { Schedule } from '../../../platform/jobs.server.ts'
import { resumeImports } from './run.server.ts'

export const schedules: readonly Schedule[] = [{ name: 'instrument-import-resume', cron: '* * * * *', run: resumeImports }]
