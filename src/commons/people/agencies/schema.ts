/** What the forms and API bodies of agencies may carry. */
import { z } from 'zod'
import { blankAsAbsent, day, text } from '../schema.ts'
import { agencyScopes } from './model.ts'

export const consentForm = z.object({
  personNumber: text('对方的个人编号', 20),
  personName: text('对方姓名', 50),
  scope: z.array(z.enum(agencyScopes, '代办只能在所列范围中选择，不含费用和人员'), '请选择代办范围').min(1, '请至少选择一项代办范围'),
  purpose: text('代办事项', 200),
  startsOn: z.preprocess(blankAsAbsent, day('开始日期').optional()),
  endsOn: day('截止日期'),
  /** The enterprise's express consent to the wording. */
  agreed: z.preprocess((v) => v === true || v === 'on' || v === 'true', z.literal(true, '请确认同意代办的约定')),
})
export type ConsentForm = z.infer<typeof consentForm>
