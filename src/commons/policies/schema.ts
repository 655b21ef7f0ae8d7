/** What programs may send; the pages' form is read in `form/`, which knows names and half-filled conditions. */
import { z } from 'zod'
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { checkRule } from '../../core/eligibility/validate.ts'
import { isRefusal } from '../../core/refusal.ts'
import { findRegion } from '../../core/regions.ts'
import { benefitKinds, capPeriods, confidences, forces, levels, policySorts, statuses, topics, type PolicyContent } from './model.ts'
import { takeableSteps, type PolicyStep } from './workflow.ts'

const keys = <T extends string>(record: Readonly<Record<T, unknown>>) => Object.keys(record) as [T, ...T[]]
const text = (max: number) => z.string('应是文字').max(max, `最多 ${max} 个字`)
const day = z.string('应是日期').refine(isIsoDate, '应是日期，如 2026-11-23')
const count = z.number('应是整数').int('应是整数').min(0, '不能小于 0')
const region = z
  .string('应是地区代码')
  .refine((code) => /^\d{6}$/.test(code) && findRegion(code) !== undefined, '没有这个地区代码，应是 GB/T 2260 的 6 位代码')

const rule = z.unknown().transform((value, ctx): Rule => {
  const checked = checkRule(value)
  if (!isRefusal(checked)) return checked
  ctx.addIssue({ code: 'custom', message: checked.reason })
  return z.NEVER
})

/** Absent keys stay absent: a benefit without a rate says nothing about one. */
const benefit = z.strictObject({
  kind: z.enum(keys(benefitKinds), '没有这种优惠'),
  appliesTo: text(200),
  detail: text(1_000),
  rateBp: count.max(10_000, '最多 10000（全免）').exactOptional(),
  capFen: count.exactOptional(),
  capPer: z.enum(keys(capPeriods), '没有这种封顶方式').exactOptional(),
  promisedDays: count.exactOptional(),
  statutoryDays: count.exactOptional(),
  deferDays: count.exactOptional(),
  extendMonths: count.exactOptional(),
  rule: rule.exactOptional(),
  src: text(64),
})

/** A whole version. Texts may be empty: a draft may be incomplete; what is missing is told at publication. */
export const contentBody: z.ZodType<PolicyContent> = z.strictObject({
  slug: text(80),
  title: text(200).min(1, '请填写标题'),
  docNumber: text(100).nullable(),
  issuer: text(200),
  level: z.enum(keys(levels), '没有这个层级'),
  regionCode: region.nullable(),
  regionName: text(100),
  publishedOn: day.nullable(),
  effectiveFrom: day.nullable(),
  effectiveTo: day.nullable(),
  topic: z.enum(keys(topics), '没有这个主题'),
  force: z.enum(keys(forces), '没有这种效力'),
  confidence: z.enum(keys(confidences), '没有这种可信度'),
  historical: z.boolean(),
  source: z.strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, '应是以 http:// 或 https:// 开头的网址')
      .nullable(),
    date: day.nullable(),
    kind: text(100),
    trust: text(100).nullable(),
    readExtent: text(100).nullable(),
    ref: text(500).nullable(),
  }),
  notes: text(5_000).nullable(),
  card: z.strictObject({
    oneLine: text(1_000),
    who: text(1_000),
    gives: text(1_000),
    how: text(1_000),
    until: text(1_000),
    basis: text(1_000),
  }),
  clauses: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[\w-]{1,32}$/, '条款编号应是字母、数字'),
        article: text(100).nullable(),
        text: text(10_000),
        quoted: z.boolean(),
      }),
    )
    .max(300),
  rule,
  benefits: z.array(benefit).max(100),
  requiresApplication: z.boolean(),
  steps: z.array(text(500)).max(100),
  documents: z.array(z.strictObject({ name: text(500), once: z.literal(true).exactOptional() })).max(100),
  successor: text(80).nullable(),
  overrides: z.array(text(80)).max(100),
  combinesWith: z.array(text(80)).max(100).exactOptional(),
  interpretation: z.strictObject({
    questions: z.array(z.strictObject({ q: text(500), a: text(2_000) })).max(100),
    example: text(5_000),
    notFor: z.array(text(500)).max(100),
  }),
})

const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsAbsent, schema.optional())

export const listQuery = z.object({
  q: optional(text(200)),
  topic: optional(z.enum(keys(topics), '没有这个主题')),
  force: optional(z.enum(keys(forces), '没有这种效力')),
  region: optional(region),
  status: optional(z.enum(keys(statuses), '没有这种状态')),
  trust: optional(z.enum(keys(confidences), '没有这种可信度')),
  sort: optional(z.enum(keys(policySorts), '没有这种排序')),
  page: z.coerce.number('页码应是数字').int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number('每页条数应是数字').int().min(1).max(100).default(20),
})

export const slugParams = z.object({ slug: text(80) })
export const versionParams = z.object({ versionId: z.uuid('版本编号不正确') })
export const stepParams = z.object({
  versionId: z.uuid('版本编号不正确'),
  step: z.enum(takeableSteps as [PolicyStep, ...PolicyStep[]], '没有这一步'),
})
const lock = z.number('缺少版本号 version').int()
export const stepBody = z.object({ version: lock, opinion: text(2_000).optional(), successor: text(80).optional() })
export const draftBody = z.object({ content: contentBody, version: lock })
export const newDraftBody = z.object({ content: contentBody })
export const dryRunBody = z.object({ content: contentBody, region })
export const eventParams = z.object({ id: text(64) })
export const eventBody = z.object({ name: text(100), startsOn: day.nullable(), endsOn: day.nullable(), source: text(500), version: lock })
