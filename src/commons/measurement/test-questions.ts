/** Records as they are entered: what the tests of the evaluation ask about. */
import type { Question } from './evaluate.ts'
import type { Entered, FrozenStandard } from './model.ts'
import { templateById, type RecordedService } from './templates/index.ts'

type Standard = Pick<FrozenStandard, 'unit' | 'quality' | 'high' | 'rangeUnit'>

export const mpe = (value: string, unit: string, of: 'value' | 'reading' | 'span' = 'value', high = '100', rangeUnit = unit): Standard => ({
  unit,
  high,
  rangeUnit,
  quality: { kind: 'mpe', value, k: null, of },
})

export const U2 = (value: string, unit: string): Standard => ({
  unit,
  high: null,
  rangeUnit: unit,
  quality: { kind: 'U', value, k: '2', of: 'value' },
})

export const question = (
  id: string,
  unit: string,
  parameters: Record<string, string>,
  points: { at: string; limit?: string; readings: Record<string, string[]> }[],
  standard: Standard,
  service: RecordedService = 'verification',
  over: Partial<Entered> = {},
): Question => {
  const template = templateById(id)!
  return {
    template,
    service,
    unit,
    standard,
    entered: {
      parameters,
      conditions: { t: '20', h: '50' },
      points: points.map((point) => ({ label: '', limit: '', ...point })),
      seen: Object.fromEntries(template.seen.map(({ name }) => [name, 'ok' as const])),
      verified: true,
      limitSource: '',
      standardId: '',
      doneOn: '2026-11-24',
      validUntil: '',
      ...over,
    },
  }
}

export const gauge = (
  over: { reading?: Record<string, string[]>; entered?: Partial<Entered>; limit?: string; service?: RecordedService } = {},
) =>
  question(
    'pressure-gauge',
    'MPa',
    { low: '0', high: '1.6', class: '1.6', division: '0.05' },
    [
      {
        at: '0.8',
        limit: over.limit ?? '',
        readings: { up: ['0.81'], up_tapped: ['0.81'], down: ['0.80'], down_tapped: ['0.80'], ...over.reading },
      },
    ],
    mpe('0.1', '%', 'span', '2.5', 'MPa'),
    over.service ?? 'verification',
    over.entered,
  )
