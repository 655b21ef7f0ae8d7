/** What is typed at the bench: as JSON for programs, as plain form fields for pages. Pure. */
import { z } from 'zod'
import { judgings, lengths, type Entered, type Judging } from './model.ts'
import { blankPoint } from './start.ts'
import type { Template } from './template.ts'

const text = z.string().max(lengths.text, `最多 ${lengths.text} 个字`)
const short = z.record(z.string().max(40), text)

export const enteredForm = z.strictObject({
  parameters: short,
  conditions: short,
  points: z
    .array(
      z.strictObject({
        at: text,
        label: z.string().max(lengths.label, `最多 ${lengths.label} 个字`),
        limit: text,
        readings: z.record(z.string().max(40), z.array(text).max(lengths.repeats)),
      }),
    )
    .max(lengths.points, `最多 ${lengths.points} 点`),
  seen: z.record(z.string().max(40), z.enum(['', 'ok', 'bad'], '请选符合或不符合')),
  verified: z.boolean(),
  limitSource: z.string().max(lengths.source, `最多 ${lengths.source} 个字`),
  judging: z.enum(Object.keys(judgings) as [Judging], '请选判定规则').optional(),
  standardId: z.union([z.literal(''), z.uuid('标准器标识不正确')]),
  doneOn: z.union([z.literal(''), z.iso.date('请填写检测日期')]),
  validUntil: z.union([z.literal(''), z.iso.date('请填写有效期至')]),
})

/** 0: nothing has been saved yet. */
export const saveForm = z.strictObject({ version: z.coerce.number().int().min(0), entered: enteredForm })

/** Names of the form's fields. Posted by the plain page; read back by the scripts. */
export const fieldNames = {
  parameter: (name: string) => `p.${name}`,
  condition: (name: string) => `c.${name}`,
  seen: (name: string) => `s.${name}`,
  at: (n: number) => `at.${n}`,
  label: (n: number) => `label.${n}`,
  limit: (n: number) => `limit.${n}`,
  reading: (n: number, column: string, repeat: number) => `r.${n}.${column}.${repeat}`,
} as const

/** The form as it stands, with as many points as it has. */
export function readEntered(template: Template, get: (name: string) => string | undefined): Entered {
  const at = (name: string) => get(name) ?? ''
  const points: Entered['points'] = []
  for (let n = 0; n < lengths.points && get(fieldNames.at(n)) !== undefined; n++) {
    const blank = blankPoint(template)
    points.push({
      at: at(fieldNames.at(n)),
      label: at(fieldNames.label(n)),
      limit: at(fieldNames.limit(n)),
      readings: Object.fromEntries(
        Object.entries(blank.readings).map(([column, repeats]) => [column, repeats.map((_, i) => at(fieldNames.reading(n, column, i)))]),
      ),
    })
  }
  return {
    parameters: Object.fromEntries(template.parameters.map(({ name }) => [name, at(fieldNames.parameter(name))])),
    conditions: Object.fromEntries(template.ambient.map(({ name }) => [name, at(fieldNames.condition(name))])),
    points,
    seen: Object.fromEntries(template.seen.map(({ name }) => [name, seenAs(at(fieldNames.seen(name)))])),
    verified: get('verified') !== undefined,
    limitSource: at('limitSource'),
    ...(get('judging') !== undefined && { judging: at('judging') === 'regulation' ? 'regulation' : 'third' }),
    standardId: at('standardId'),
    doneOn: at('doneOn'),
    validUntil: at('validUntil'),
  }
}

const seenAs = (text: string) => (text === 'ok' || text === 'bad' ? text : '')

/** The form as names and values, to put what was kept in the browser back into the page. */
export function fieldsOf(entered: Entered): Record<string, string> {
  const fields: Record<string, string> = {
    ...(entered.judging && { judging: entered.judging }),
    limitSource: entered.limitSource,
    standardId: entered.standardId,
    doneOn: entered.doneOn,
    validUntil: entered.validUntil,
  }
  for (const [name, value] of Object.entries(entered.parameters)) fields[fieldNames.parameter(name)] = value
  for (const [name, value] of Object.entries(entered.conditions)) fields[fieldNames.condition(name)] = value
  for (const [name, value] of Object.entries(entered.seen)) fields[fieldNames.seen(name)] = value
  entered.points.forEach(({ at, label, limit, readings }, n) => {
    fields[fieldNames.at(n)] = at
    fields[fieldNames.label(n)] = label
    fields[fieldNames.limit(n)] = limit
    for (const [column, repeats] of Object.entries(readings))
      repeats.forEach((value, i) => (fields[fieldNames.reading(n, column, i)] = value))
  })
  return fields
}
