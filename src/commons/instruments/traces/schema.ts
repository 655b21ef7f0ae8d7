/** What a person or a program may send about a trace. */
import { z } from 'zod'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { judgements, lengths, type Judgement } from './model.ts'

const blank = (value: unknown) => (value === '' ? undefined : value)
const text = (max: number, need: string) => z.string(need).trim().min(1, need).max(max, `最多 ${max} 个字`)
const day = z.preprocess(blank, z.string().refine(isIsoDate, '请填写日期，如 2026-11-23').optional())
const version = z.coerce.number('缺少版本号').int()

export const useForm = z.object({ what: text(lengths.what, '请写明用它测过什么'), usedFrom: day, usedTo: day, version })
export type UseForm = z.infer<typeof useForm>

export const judgeForm = z.object({
  n: z.coerce.number('没有这一项').int(),
  judgement: z.enum(Object.keys(judgements) as [Judgement, ...Judgement[]], '请选择评价'),
  evidence: text(lengths.evidence, '请写明怎么判断的、做了什么'),
  version,
})
export type JudgeForm = z.infer<typeof judgeForm>
