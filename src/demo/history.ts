/** What the demo's enterprises had tested over the past months, as data: the same on every machine, dates relative to the day it is told. */
import type { OrderFormLine } from '../commons/orders/index.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isWorkday } from '../core/work-calendar.ts'
import { seeded } from './enterprises.ts'

export interface PastOrder {
  firm: string
  institution: string
  placedOn: string
  acceptedOn: string
  doneOn: string
  backOn: string
  lines: OrderFormLine[]
  /** The day on which the fees are put off, or paid; neither: still owed. */
  deferredOn?: string
  paidOn?: string
}

/** Enterprises with a history, what they usually bring, and where. Those that the journeys walk through keep an empty past. */
export const pastFirms = [
  { key: 'e-hz-1', institution: 'hz-inst', kinds: ['caliper', 'micrometer', 'cmm', 'dial-indicator'] },
  { key: 'e-hz-3', institution: 'hz-inst', kinds: ['thermocouple', 'scale.electronic', 'ph-meter'], hardship: true },
  { key: 'e-hz-6', institution: 'hz-inst', kinds: ['cmm', 'caliper', 'micrometer'], hardship: true },
  { key: 'e-hz-7', institution: 'hz-inst', kinds: ['pressure-gauge', 'thermocouple'] },
  { key: 'e-xs-2', institution: 'xs-inst', kinds: ['pressure-gauge', 'thermocouple', 'weight'], hardship: true },
  { key: 'e-xs-7', institution: 'xs-inst', kinds: ['pressure-gauge', 'caliper', 'micrometer'], hardship: true },
  { key: 'e-wz-1', institution: 'hz-inst', kinds: ['thermocouple', 'scale.electronic'], hardship: true },
  { key: 'e-wz-5', institution: 'hz-inst', kinds: ['pressure-gauge', 'ph-meter'] },
  { key: 'e-aq-1', institution: 'aq-inst', kinds: ['pressure-gauge', 'caliper'] },
  { key: 'e-aq-3', institution: 'aq-inst', kinds: ['caliper', 'pressure-gauge'], granted: 'demo-ah-verification-relief' },
  { key: 'e-aq-4', institution: 'aq-inst', kinds: ['pressure-gauge', 'ph-meter'], granted: 'demo-ah-verification-relief' },
  { key: 'e-hf-5', institution: 'ah-inst', kinds: ['caliper', 'cmm'] },
  { key: 'e-wh-2', institution: 'wh-inst', kinds: ['caliper', 'micrometer'] },
  { key: 'e-yc-4', institution: 'wh-inst', kinds: ['pressure-gauge', 'caliper', 'thermocouple'], granted: 'demo-hb-specialised-free' },
] as const satisfies readonly { key: string; institution: string; kinds: string[]; hardship?: true; granted?: string }[]

const names: Record<string, string> = {
  caliper: '游标卡尺',
  micrometer: '外径千分尺',
  cmm: '坐标测量机',
  'dial-indicator': '百分表',
  thermocouple: '热电偶',
  'scale.electronic': '电子秤',
  'ph-meter': '酸度计',
  'pressure-gauge': '压力表',
  weight: '砝码',
}

const months = 8
/** How often each comes; the demo should start quickly. */
const rounds = 5
const count = rounds * pastFirms.length

export const historyStart = (today: string): string => addDays(today, -months * 30)

/** Oldest first. */
export function pastOrders(today: string): PastOrder[] {
  const random = seeded(51)
  const start = historyStart(today)
  const span = months * 30 - 21
  return Array.from({ length: count }, (_, i) => {
    const firm = pastFirms[i % pastFirms.length]!
    const placedOn = workday(addDays(start, 1 + Math.floor((span * i) / count)))
    const acceptedOn = workday(addDays(placedOn, 1))
    const doneOn = workday(addDays(acceptedOn, 3))
    const backOn = workday(addDays(doneOn, 1))
    // In two slack months everybody in hardship defers. Deferral is this year's rule: in January the past has none.
    const round = Math.floor(i / pastFirms.length)
    const deferredOn = workday(addDays(start, 6 + Math.floor((span * (round + 1)) / rounds)))
    const defers = 'hardship' in firm && round % 2 === 1 && deferredOn.slice(0, 4) === today.slice(0, 4)
    const paidOn = workday(addDays(acceptedOn, defers ? 110 : 12 + Math.floor(random() * 20)))
    return {
      firm: firm.key,
      institution: firm.institution,
      placedOn,
      acceptedOn,
      doneOn,
      backOn,
      lines: Array.from({ length: random() < 0.8 ? 1 : 2 }, () => lineOf(firm.kinds[Math.floor(random() * firm.kinds.length)]!, random())),
      ...(defers && { deferredOn }),
      ...(paidOn < today && random() < 0.85 && { paidOn }),
    }
  })
}

function lineOf(kind: string, at: number): OrderFormLine {
  // In Anhui it is verification that gets cheaper; elsewhere calibration is the usual thing.
  const verifies = kind === 'ph-meter' || ((kind === 'pressure-gauge' || kind === 'caliper') && at < 0.4)
  return { name: names[kind]!, kind, use: 'other', service: verifies ? 'verification' : 'calibration' }
}

const workday = (day: string): string => (isWorkday(day) ? day : workday(addDays(day, 1)))
