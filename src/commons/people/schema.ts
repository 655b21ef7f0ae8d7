/** What a person or program may send: forms and API bodies are the same. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { organisationKinds, scopes, type Duty, type OrganisationKind, type Scope } from './model.ts'

const keys = <T extends string>(record: Record<T, string>) => Object.keys(record) as [T, ...T[]]
export const text = (label: string, max: number) =>
  z
    .string({ error: `请填写${label}` })
    .trim()
    .min(1, `请填写${label}`)
    .max(max, `${label}最多 ${max} 个字`)
export const day = (label: string) => z.string({ error: `请填写${label}` }).refine(isIsoDate, `${label}请填写日期，如 2026-11-23`)
export const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value)

export const idParams = z.object({ id: z.uuid('编号不正确') })

export const grantForm = z.object({
  /** 个人编号 of the colleague, with the name as a check against a mistyped number. */
  personNumber: text('对方的个人编号', 20),
  personName: text('对方姓名', 50),
  duty: z.enum(['manager', 'clerk'] as const satisfies readonly Duty[], '请选择职务'),
  scope: z.array(z.enum(keys<Scope>(scopes), '请从所列范围中选择'), '请选择授权范围').min(1, '请至少选择一项授权范围'),
  startsOn: z.preprocess(blankAsAbsent, day('开始日期').optional()),
  endsOn: day('截止日期'),
})
export type GrantForm = z.infer<typeof grantForm>

export const renewForm = z.object({ endsOn: day('新的截止日期'), version: z.coerce.number('缺少版本号').int() })
export const endForm = z.object({ version: z.coerce.number('缺少版本号').int() })

export const factParams = z.object({ fact: z.string() })
/** The value in the fact's own shape; null: no longer known. */
export const factForm = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.number()), z.null()], '值的格式不正确'),
  asOf: z.preprocess(blankAsAbsent, day('数据日期').optional()),
})

export const organisationQuery = z.object({
  q: z.string().trim().max(100, '检索词最多 100 个字').optional(),
  kind: z.preprocess(blankAsAbsent, z.enum(keys<OrganisationKind>(organisationKinds), '没有这种主体类型').optional()),
  stale: z.preprocess((v) => v === '1' || v === 'true' || v === true, z.boolean()).optional(),
  /** Cursor: `next` of the page before. */
  after: z.uuid('游标不正确').optional(),
  limit: z.coerce.number('每页条数须是数字').int().min(1, '每页至少 1 条').max(100, '每页最多 100 条').default(20),
})
