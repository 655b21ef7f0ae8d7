/** A caliper back from its calibration, and what is entered to confirm it: the stage of the tests of confirmations and traces. */
import { orThrow } from '../../../core/test-refusal.ts'
import { recordCheck } from '../checks.server.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import type { Firm } from '../test-firm.server.ts'
import type { PrepareForm } from './schema.ts'

let n = 0

/** A caliper that came back from its calibration, whose certificate is entered. */
export async function calibrated({ ctx }: Pick<Firm, 'ctx'>, state: 'returned' | 'in-use' = 'returned') {
  const it = orThrow(
    await registerInstrument(ctx, {
      code: `K-${++n}`,
      name: '游标卡尺',
      kind: 'caliper',
      serial: `S${n}`,
      range: '0～150 mm',
      accuracy: '±0.02 mm',
      use: 'other',
      place: '机加工车间',
      point: '3 号工位',
      intervalMonths: '12',
      lastKind: '检定',
      lastDoneOn: '2025-11-20',
      lastConclusion: '合格',
      state: '在用',
    }),
  )
  if (state === 'returned') {
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'send' }))
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'take-back' }))
  }
  const check = orThrow(
    await recordCheck(ctx, it.id, { kind: 'calibration', doneOn: '2026-11-23', conclusion: 'none', certificateNo: `J-${n}` }),
  )
  return { instrument: it, check }
}

export const form = (error: string, over: Partial<PrepareForm> = {}): PrepareForm => ({
  need: { kind: 'absolute', limit: '0.05', unit: 'mm' },
  needSource: 'process',
  results: { points: [{ at: '50', atUnit: 'mm', error, expanded: '0.01', unit: 'mm' }], k: '2', asFound: true },
  rule: 'jjf1094',
  ...over,
})
