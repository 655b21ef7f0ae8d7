/** What a person may send about a review: form and API body are the same. */
import { z } from 'zod'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { declineReasons, reviewStates, type ReviewReason, type ReviewState } from './model.ts'
import { personSteps, type ReviewStep } from './workflow.ts'

const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]
const blank = (value: unknown) => (value === '' ? undefined : value)

export const askForm = z.object({
  orderId: z.uuid('委托单标识不正确'),
  lineId: z.uuid('项目标识不正确'),
  slug: z.string().min(1, '请选择政策').max(100),
  note: z.string().trim().max(200, '最多 200 个字').default(''),
})
export type AskForm = z.infer<typeof askForm>

export const stepForm = z.object({
  step: z.enum(personSteps as [ReviewStep, ...ReviewStep[]], '没有这一步'),
  version: z.coerce.number('缺少版本号').int(),
  opinion: z.string().trim().max(1000, '意见最多 1000 个字').default(''),
  reason: z.preprocess(blank, z.enum(keys<ReviewReason>(declineReasons), '请选择原因').optional()),
  article: z.string().trim().max(100, '条款最多 100 个字').default(''),
})
export type StepForm = z.input<typeof stepForm>

export const listQuery = z.object({
  state: z.preprocess(blank, z.enum(keys<ReviewState>(reviewStates), '没有这个状态').optional()),
  page: z.coerce.number('页码须是数字').int().min(1).default(1),
})

/** The form's values, or a refusal that says first what has to be mended. */
export function read<T>(schema: z.ZodType<T>, values: unknown): T | Refusal {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const fields = Object.fromEntries(result.error.issues.map(({ path, message }) => [path.join('.'), message]))
  return refuse('invalid', `${Object.values(fields)[0]}。`, { fields })
}
