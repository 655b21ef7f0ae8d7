/** What a person or program may send: forms and API bodies are the same. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId } from '../../core/eligibility/facts.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { applicationStates, declineReasons, type DeclineReason } from './model.ts'
import { applicationSteps, type ApplicationStep } from './workflow.ts'

/** A form's values, or a refusal that says first what has to be mended. */
export function read<T>(schema: z.ZodType<T>, values: unknown): T | Refusal {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const fields = Object.fromEntries(result.error.issues.map(({ path, message }) => [path.join('.'), message]))
  return refuse('invalid', `${Object.values(fields)[0]}。`, { fields })
}

const blank = (value: unknown) => (value === '' ? undefined : value)
const list = (value: unknown) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const day = z.string().refine(isIsoDate, '请填写日期，如 2026-11-23')
const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]

export const slugParams = z.object({ slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, '政策网址名不正确') })
export const idParams = z.object({ id: z.uuid('申请编号不正确') })
export const asOfQuery = z.object({ asOf: z.preprocess(blank, day.optional()) })

export const applicationsQuery = z.object({
  state: z.preprocess(blank, z.enum(keys(applicationStates), '没有这个状态').optional()),
  /** Cursor: `next` of the page before. */
  after: z.preprocess(blank, z.uuid('游标不正确').optional()),
  limit: z.coerce.number('每页条数须是数字').int().min(1, '每页至少 1 条').max(100, '每页最多 100 条').default(20),
})

export const applicationForm = z.object({
  slug: slugParams.shape.slug,
  /** Names of the documents that are ready. */
  documents: z.preprocess(list, z.array(z.string().max(200)).max(50)),
  note: z.string().trim().max(1000, '说明最多 1000 个字').default(''),
  truthful: z.literal(['on', true], '请先确认所填信息属实'),
})
export type ApplicationForm = z.infer<typeof applicationForm>

export const stepForm = z.object({
  step: z.enum(applicationSteps as [ApplicationStep, ...ApplicationStep[]], '没有这一步'),
  version: z.coerce.number('缺少版本号').int(),
  opinion: z.string().trim().max(2000, '意见最多 2000 个字').default(''),
  /** In 元, as the officer types it; only for 确认已享受. */
  saving: z.preprocess(blank, z.string().optional()),
  reason: z.preprocess(blank, z.enum(keys<DeclineReason>(declineReasons), '请选择原因').optional()),
  documents: z.preprocess(list, z.array(z.string().max(200)).max(50)),
  note: z.string().trim().max(1000, '说明最多 1000 个字').default(''),
})
export type StepForm = z.infer<typeof stepForm>

/** The body of `POST /applications/{id}/{step}`: the step is in the path. */
export const stepParams = idParams.extend({ step: stepForm.shape.step })
export const stepBody = stepForm.omit({ step: true })

export const factId = z.enum(keys<FactId>(catalogue), '没有这一项企业信息')
export const answerForm = z.object({ fact: factId }).loose()
export const dismissForm = z.object({
  slug: slugParams.shape.slug,
  reason: z.enum(keys({ irrelevant: 0, done: 0, later: 0 }), '请选择原因'),
})

const factValue = z.union([
  z.string().max(200),
  z.number(),
  z.boolean(),
  z.array(z.string().max(200)).max(200),
  z.object({ oneOf: z.array(z.string().max(50)).max(50) }),
  z.record(z.string().max(100), z.number().int().min(0)),
])
/** Facts of any enterprise, not kept. */
export const matchBody = z.object({
  facts: z.partialRecord(factId, factValue),
  asOf: z.preprocess(blank, day.optional()),
})

// —— answers

const facts = z.string()
export const matchAnswer = z
  .object({
    slug: z.string(),
    policyId: z.uuid(),
    versionId: z.uuid(),
    title: z.string(),
    confidence: z.enum(['high', 'medium', 'low']),
    result: z.enum(['eligible', 'unknown', 'ineligible']),
    force: z.enum(['apply', 'apply-for', 'guidance']),
    blockers: z.array(z.object({ code: z.string(), fact: facts, clause: z.string().nullable() })),
    ask: z.array(facts),
    flips: z.array(z.object({ fact: facts, by: z.enum(['change', 'tell', 'enter']) })),
    benefits: z.array(
      z.object({
        kind: z.string(),
        appliesTo: z.string(),
        worth: z.string(),
        standing: z.enum(['yes', 'line', 'ask', 'no']),
        pieces: z.number().int().nullable(),
        clause: z.string(),
      }),
    ),
  })
  .loose()

export const applicationAnswer = z.object({
  id: z.uuid(),
  number: z.string(),
  policy: z.object({ slug: z.string(), title: z.string(), versionId: z.uuid() }),
  organisation: z.string(),
  region: z.string(),
  state: z.enum(keys(applicationStates)),
  savingFen: z.bigint().nullable(),
  reason: z.enum(keys<DeclineReason>(declineReasons)).nullable(),
  opinion: z.string().nullable(),
  dueOn: z.string(),
  dueProvisional: z.boolean(),
  submittedAt: z.string(),
  decidedAt: z.string().nullable(),
  version: z.number().int(),
})

export const awarenessAnswer = z.object({
  slug: z.string(),
  regions: z.array(
    z.object({ region: z.string(), name: z.string(), delivered: z.number().int(), opened: z.number().int(), acted: z.number().int() }),
  ),
})
