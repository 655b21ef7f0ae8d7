/** What a person may send about themself. */
import { z } from 'zod'
import { text } from '../schema.ts'

/** Null removes a telephone number or address; absent leaves it. */
export const correctionForm = z.object({
  name: z.string('姓名请填文字').max(100, '姓名最多 50 个字').optional(),
  phone: z.string('手机号请填文字').max(30, '手机号请填 11 位数字').nullish(),
  email: z.string('电子邮箱请填文字').max(200, '电子邮箱最多 200 个字').nullish(),
  version: z.coerce.number('缺少版本号').int(),
})
export const consentParams = z.object({ purpose: z.string() })
export const consentBody = z.object({ given: z.boolean('请填 true（同意）或 false（撤回）') })
export const erasureForm = z.object({ name: text('您的姓名', 100) })
