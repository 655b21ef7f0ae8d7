/** What a person or a program asks of a simulation. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { facts } from '../../core/eligibility/facts.ts'
import { parseYuan } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { SizeClass } from '../../core/size-class.ts'

const blank = (value: unknown) => (value === '' ? undefined : value)
const list = (value: unknown) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const day = z.string().refine(isIsoDate, '请填写日期，如 2026-11-23')
const sizes = Object.keys(facts.size.values) as [SizeClass, ...SizeClass[]]

/** `60` or `33.5` → ten-thousandths. */
const percent = z
  .string()
  .trim()
  .regex(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, '减免比例请填 0.01 到 100 之间的数，最多两位小数')
  .transform((text) => Math.round(Number(text) * 100))
  .refine((bp) => bp > 0, '减免比例请填 0.01 到 100 之间的数，最多两位小数')

const yuan = z.string().transform((text, check) => {
  const amount = parseYuan(text.trim())
  if (isRefusal(amount) || amount <= 0n) {
    check.addIssue({ code: 'custom', message: '封顶请填写金额，如 20000；没有封顶的留空' })
    return z.NEVER
  }
  return String(amount)
})

export const simulationForm = z.object({
  title: z.string().trim().min(1, '请给这次模拟起个名字').max(60, '名字最多 60 个字'),
  versionId: z.uuid('请选择政策'),
  benefit: z.coerce.number('请选择待遇').int().min(0).max(50).default(0),
  rate: percent,
  cap: z.preprocess(blank, yuan.optional()),
  capPer: z.enum(['order', 'year'], '请选择封顶按什么算').default('year'),
  from: z.preprocess(blank, day.optional()),
  to: z.preprocess(blank, day.optional()),
  sizes: z.preprocess(list, z.array(z.enum(sizes, '没有这个规模')).max(sizes.length)),
  direct: z.preprocess((value) => value === 'on' || value === true, z.boolean()),
  replaces: z.preprocess(blank, z.string().max(100).optional()),
  periodFrom: day,
  periodTo: day,
})
export type SimulationForm = z.infer<typeof simulationForm>
