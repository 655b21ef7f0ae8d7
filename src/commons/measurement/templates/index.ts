/** The templates that there are, and which one serves an order line. */
import { coversKind } from '../../../core/instrument-kinds.ts'
import type { Norm, Template } from '../template.ts'
import { caliper } from './caliper.ts'
import { electricityMeter } from './electricity-meter.ts'
import { micrometer } from './micrometer.ts'
import { pressureGauge } from './pressure-gauge.ts'
import { resistanceThermometer } from './resistance-thermometer.ts'
import { balance, scale } from './scale.ts'

export const templates: readonly Template[] = [pressureGauge, caliper, micrometer, scale, balance, resistanceThermometer, electricityMeter]

export const templateById = (id: string): Template | undefined => templates.find((template) => template.id === id)

/** 检定 or 校准; nothing for testing, which no template serves. */
export type RecordedService = 'verification' | 'calibration'

export const recordedService = (service: string): RecordedService | undefined =>
  service === 'calibration' ? 'calibration' : service.endsWith('verification') ? 'verification' : undefined

/** The template that serves a kind of the catalogue for a service of an order line, with the norm it is done by. */
export function templateFor(
  kind: string | null,
  service: string,
): { template: Template; norm: Norm; service: RecordedService } | undefined {
  const done = recordedService(service)
  if (!kind || !done) return undefined
  for (const template of templates) {
    const norm = template[done]
    if (norm && template.kinds.some((outer) => coversKind(outer, kind))) return { template, norm, service: done }
  }
  return undefined
}
