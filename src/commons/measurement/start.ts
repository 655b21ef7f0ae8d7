/** What a record starts from: the order line's range and accuracy, the conditions and the standard used last. Pure. */
import { addMonths } from '../../core/due-day.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { parseAccuracy } from '../../core/quantities/accuracy.ts'
import { convert, parseRange, quantityOf, type Range } from '../../core/quantities/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Entered, EnteredPoint } from './model.ts'
import { numberOf, reckon } from './names.ts'
import type { RecordedService } from './templates/index.ts'
import type { Parameter, Template } from './template.ts'

export interface Known {
  /** 测量范围 and 准确度 as the order line says them. */
  able: string | null
  accuracy: string | null
}

export interface Start {
  template: Template
  service: RecordedService
  known: Known
  today: string
  last?: { conditions: Record<string, string>; standardId: string } | undefined
}

const usualUnit: Readonly<Record<string, string>> = { pressure: 'MPa', mass: 'kg' }

/** The range of the line that is of the template's quantity. */
function rangeOf(template: Template, able: string | null): Range | undefined {
  const ranges = able ? parseRange(able) : []
  return isRefusal(ranges) ? undefined : ranges.find(({ unit }) => quantityOf(unit) === template.quantity)
}

/** The unit of the results: the template's, or that of the range. */
export const unitOf = (template: Template, able: string | null): string =>
  template.unit ?? rangeOf(template, able)?.unit ?? usualUnit[template.quantity] ?? 'mm'

/** Everything that can be filled in before anybody has measured. */
export function startOf({ template, service, known, today, last }: Start): Entered {
  const unit = unitOf(template, known.able)
  const parameters = Object.fromEntries(template.parameters.map((parameter) => [parameter.name, valueOf(parameter, template, known, unit)]))
  const until = service === 'verification' && template.months ? addDays(addMonths(today, template.months), -1) : ''
  return {
    parameters,
    conditions: Object.fromEntries(template.ambient.map(({ name }) => [name, last?.conditions[name] ?? ''])),
    points: pointsOf(template, parameters),
    seen: Object.fromEntries(template.seen.map(({ name }) => [name, ''])),
    verified: false,
    limitSource: '',
    ...(service === 'verification' && { judging: 'third' as const }),
    standardId: last?.standardId ?? '',
    doneOn: today,
    validUntil: until,
  }
}

function valueOf({ from, byClass, usual = '' }: Parameter, template: Template, { able, accuracy }: Known, unit: string): string {
  const range = rangeOf(template, able)
  if ((from === 'low' || from === 'high') && range) {
    const bound = range[from]
    const found = bound === null ? undefined : convert({ value: bound, unit: range.unit }, unit)
    return found && !isRefusal(found) ? found.value : usual
  }
  const read = accuracy ? parseAccuracy(accuracy) : undefined
  const grade = read && !isRefusal(read) ? read.class : undefined
  if (from === 'class') return grade !== undefined && numberOf(grade) !== undefined ? grade : usual
  if (byClass) return (grade !== undefined && byClass[grade]) || usual
  return usual
}

/** The template's points for these parameters, empty; those that cannot be reckoned yet are left for the tester. */
export function pointsOf(template: Template, parameters: Readonly<Record<string, string>>): EnteredPoint[] {
  const names = Object.fromEntries(
    Object.entries(parameters).flatMap(([name, text]) => {
      const value = numberOf(text)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return template.points.map(({ at, label }) => {
    const value = reckon(at, names)
    return { ...blankPoint(template), at: value === undefined ? '' : String(Number(value.toPrecision(10))), label: label ?? '' }
  })
}

export const blankPoint = (template: Template): EnteredPoint => ({
  at: '',
  label: '',
  limit: '',
  readings: Object.fromEntries(template.columns.map(({ name }) => [name, Array.from({ length: template.repeats }, () => '')])),
})
