/** What a person may send about a fault. */
import { z } from 'zod'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { workflow, type FaultStep } from './workflow.ts'

const blank = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? undefined : value)

export const reportForm = z.object({
  description: z.string('请写明哪里不对').trim().min(2, '请写明哪里不对，如“指针不回零”').max(500, '最多 500 个字'),
  reporter: z.preprocess(blank, z.string().trim().max(40, '称呼最多 40 个字').optional()),
  contact: z.preprocess(
    blank,
    z
      .string()
      .trim()
      .regex(/^[+\d][\d\s-]{4,19}$/, '请填写电话号码，如 138 0000 0000；不愿留就空着')
      .optional(),
  ),
  /** Not shown to people; programs fill in everything. */
  website: z.string().max(0, '没有提交：有一个隐藏的栏目被填上了，请清空浏览器的自动填充后再试').default(''),
})
export type ReportForm = z.infer<typeof reportForm>

export const stepForm = z.object({
  step: z.enum(Object.keys(workflow.steps) as [FaultStep, ...FaultStep[]], '没有这一步'),
  version: z.coerce.number('缺少版本号').int(),
  opinion: z.string().trim().max(500, '最多 500 个字').default(''),
})
export type StepForm = z.infer<typeof stepForm>

/** A form's values, or a refusal that says first what has to be mended. */
export function read<T>(schema: z.ZodType<T>, values: unknown): T | Refusal {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const fields = Object.fromEntries(result.error.issues.map(({ path, message }) => [path.join('.'), message]))
  return refuse('invalid', `${Object.values(fields)[0]}。`, { fields })
}
