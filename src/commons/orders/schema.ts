/** What is sent in: the same for pages and programs. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { uses } from '../instruments/index.ts'
import { lengths, lineConclusions, listedServices, modes } from './model.ts'

const keys = <K extends string>(words: Record<K, string>) => Object.keys(words) as [K, ...K[]]
const text = (most: number) => z.string().trim().max(most, `最多 ${most} 个字`)
const optionalText = (most: number) => text(most).optional()
export const day = z.string('请填写日期，如 2026-11-24').refine(isIsoDate, '请填写日期，如 2026-11-24')
const service = z.enum(keys(listedServices), '请选择检定、校准或检测')

/** One thing: an instrument of the ledger, or one that is typed in. */
const line = z.union([
  z.strictObject({ instrumentId: z.uuid('器具标识不正确'), service, itemCode: optionalText(lengths.code) }),
  z.strictObject({
    name: text(lengths.name).min(1, '请填写器具名称'),
    code: optionalText(lengths.code),
    model: optionalText(lengths.name),
    serial: optionalText(lengths.name),
    able: optionalText(lengths.name),
    accuracy: optionalText(lengths.name),
    kind: optionalText(lengths.name),
    use: z.enum(keys(uses), '请选择用途').optional(),
    service,
    itemCode: optionalText(lengths.code),
  }),
])

export const mostLines = 500

export const orderForm = z.strictObject({
  institutionId: z.uuid('请选择机构'),
  mode: z.enum(keys(modes), '请选择送检或上门'),
  express: z.boolean().default(false),
  contact: text(lengths.contact).min(1, '请填写联系人'),
  phone: text(lengths.phone).regex(/^[\d+() -]{5,20}$/, '请填写电话'),
  address: optionalText(lengths.address),
  wantedOn: day,
  note: optionalText(lengths.note),
  lines: z.array(line).min(1, '还没有选器具').max(mostLines, `一单最多 ${mostLines} 件，请分开下单`),
})
export type OrderForm = z.infer<typeof orderForm>
export type OrderFormLine = OrderForm['lines'][number]

/** A tester's result. `cannot`: the conditions for testing are not met; the line is then cancelled instead. */
export const resultForm = z.strictObject({
  doneOn: day,
  conclusion: z.enum(keys(lineConclusions), '请选择结论'),
  certificateNo: text(lengths.code).min(1, '请填写证书编号'),
  validUntil: day.optional(),
  finding: optionalText(lengths.finding),
  version: z.coerce.number().int(),
})
export type ResultForm = z.infer<typeof resultForm>
