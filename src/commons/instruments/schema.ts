/** What a program may send about instruments. Texts are typed as on the form: `draft.ts` reads both. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { fen } from '../../core/money.ts'
import { fieldLabels, type DraftField } from './draft.ts'
import { checkKinds, conclusions, confirmations, instrumentStates, lengths } from './model.ts'
import { workflow, type InstrumentStep } from './workflow.ts'

const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]
const blank = (value: unknown) => (value === '' ? undefined : value)
const day = z.string('请填写日期，如 2026-11-23').refine(isIsoDate, '请填写日期，如 2026-11-23')
const text = (max: number) => z.string().trim().max(max, `最多 ${max} 个字`)

export const idParams = z.object({ id: z.uuid('器具标识不正确') })

/** Every field is a text or absent; what it may say is decided by `readDraft`, so that form, API and sheet agree. */
export const draftBody = z.strictObject(
  Object.fromEntries(keys(fieldLabels).map((field) => [field, z.string().max(2000).optional()])) as Record<
    DraftField,
    z.ZodOptional<z.ZodString>
  >,
)
export const changeBody = draftBody.extend({ version: z.number('缺少版本号').int() })

export const stepParams = idParams.extend({ step: z.enum(keys<InstrumentStep>(workflow.steps), '没有这一步') })
export const stepBody = z.object({ opinion: text(lengths.note).default(''), version: z.number('缺少版本号').int() })

const decimal = z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/, '请填写数字，如 0.02')
export const checkBody = z.object({
  kind: z.enum(keys(checkKinds), '请选择检定、校准或期间核查'),
  doneOn: day,
  validUntil: z.preprocess(blank, day.optional()),
  institution: text(lengths.maker).optional(),
  certificateNo: text(lengths.serial).optional(),
  conclusion: z.enum(keys(conclusions), '请选择结论'),
  asFound: z.object({ error: decimal, uncertainty: decimal.optional(), limit: decimal, unit: z.string().max(20) }).optional(),
  feeFen: z
    .number()
    .int('费用以分为单位')
    .min(0)
    .transform((count) => fen(count))
    .optional(),
  note: text(lengths.note).optional(),
})
export const voidParams = z.object({ id: z.uuid('记录标识不正确') })
export const voidBody = z.object({ reason: text(lengths.note).min(1, '请写明为什么作废') })

export const listQuery = z.object({
  state: z.preprocess(blank, z.enum([...keys(instrumentStates), 'held'], '没有这个状态').optional()),
  q: z.preprocess(blank, z.string().max(200).optional()),
  /** Cursor: `next` of the page before. */
  after: z.preprocess(blank, z.uuid('游标不正确').optional()),
  limit: z.coerce.number('每页条数须是数字').int().min(1, '每页至少 1 条').max(100, '每页最多 100 条').default(20),
})

export const instrumentAnswer = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  kind: z.string().nullable(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  ranges: z.array(z.object({ low: z.string().nullable(), high: z.string().nullable(), unit: z.string() })),
  accuracy: z.string().nullable(),
  place: z.string().nullable(),
  point: z.string().nullable(),
  keeper: z.string().nullable(),
  use: z.string().nullable(),
  mandatory: z.object({ verdict: z.enum(['yes', 'no', 'unknown']), reason: z.string(), toVerify: z.boolean() }),
  state: z.enum(keys(instrumentStates)),
  intervalMonths: z.number().int().nullable(),
  lastDoneOn: z.string().nullable(),
  validUntil: z.string().nullable(),
  version: z.number().int(),
})

export const checkAnswer = z.object({
  id: z.uuid(),
  kind: z.enum(keys(checkKinds)),
  doneOn: z.string(),
  validUntil: z.string().nullable(),
  conclusion: z.enum(keys(conclusions)),
  confirmation: z.enum(keys(confirmations)).nullable(),
  certificateNo: z.string().nullable(),
  voided: z.boolean(),
})
