/** What a person or a program may send about a confirmation. */
import { z } from 'zod'
import { findUnit } from '../../../core/quantities/units.ts'
import { confirmations } from '../model.ts'
import { mostPoints, needSources, rules } from './model.ts'

const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]
const text = (max: number) => z.string().trim().max(max, `最多 ${max} 个字`)
const decimal = z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/, '请填写数，如 0.02')
const unit = z
  .string()
  .max(20)
  .transform((typed, ctx) => {
    const found = findUnit(typed)
    if (found) return found.code
    ctx.addIssue({ code: 'custom', message: `不认识单位“${typed}”，请写成 mm、MPa、g 这样` })
    return z.NEVER
  })

export const needBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('absolute'), limit: decimal, unit }),
  z.strictObject({ kind: z.literal('reading'), percent: decimal }),
  z.strictObject({ kind: z.literal('span'), percent: decimal, span: decimal, unit }),
])

export const resultsBody = z.strictObject({
  points: z
    .array(z.strictObject({ at: decimal, atUnit: unit, error: decimal, expanded: decimal, unit }))
    .min(1, '请至少填写一个校准点')
    .max(mostPoints, `最多 ${mostPoints} 个校准点`),
  k: decimal,
  asFound: z.boolean().default(true),
})

export const prepareBody = z.strictObject({
  need: needBody,
  needSource: z.enum(keys(needSources), '请选择使用要求的依据'),
  needNote: text(200).optional(),
  results: resultsBody,
  rule: z.enum(keys(rules)).default('jjf1094'),
  version: z.number().int().optional(),
})
export type PrepareForm = z.infer<typeof prepareBody>

export const signBody = z.strictObject({
  verdict: z.enum(keys(confirmations), '请选择结论'),
  rangeNote: text(200).optional(),
  opinion: text(300).optional(),
  version: z.number('缺少版本号').int(),
})
export type SignForm = z.infer<typeof signBody>
