/** The library of policies that comes with the platform: one file each, checked before anything reads it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { checkRule } from '../../core/eligibility/validate.ts'
import { isRefusal } from '../../core/refusal.ts'
import { benefitKinds, capPeriods, confidences, forces, levels, topics, type PolicyContent } from './model.ts'

const keys = <T extends string>(words: Record<T, string>) => z.enum(Object.keys(words) as [T, ...T[]])
const text = z.string().min(1)
const day = z.iso.date().nullable()
/** Checked by `checkRule`, which names the place in the rule that is wrong. */
const rule = z.unknown().transform((value, c) => {
  const checked = checkRule(value)
  if (!isRefusal(checked)) return checked
  c.addIssue({ code: 'custom', message: checked.reason })
  return z.NEVER
})

const schema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: text,
  docNumber: text.nullable(),
  issuer: text,
  level: keys(levels),
  regionCode: z
    .string()
    .regex(/^\d{6}$/)
    .nullable(),
  regionName: text,
  publishedOn: day,
  effectiveFrom: day,
  effectiveTo: day,
  topic: keys(topics),
  force: keys(forces),
  confidence: keys(confidences),
  historical: z.boolean(),
  source: z.strictObject({
    url: text.nullable(),
    date: text.nullable(),
    kind: text,
    trust: text.nullable(),
    readExtent: text.nullable(),
    ref: text.nullable(),
  }),
  notes: text.nullable(),
  card: z.strictObject({ oneLine: text, who: text, gives: text, how: text, until: text, basis: text }),
  clauses: z.array(z.strictObject({ id: text, article: text.nullable(), text, quoted: z.boolean() })).min(1),
  rule,
  benefits: z.array(
    z.strictObject({
      kind: keys(benefitKinds),
      appliesTo: text,
      detail: text,
      rateBp: z.int().min(0).max(10_000).optional(),
      capFen: z.int().min(0).optional(),
      capPer: keys(capPeriods).optional(),
      promisedDays: z.int().min(0).optional(),
      statutoryDays: z.int().min(0).optional(),
      deferDays: z.int().min(0).optional(),
      extendMonths: z.int().min(0).optional(),
      rule: rule.optional(),
      src: text,
    }),
  ),
  requiresApplication: z.boolean(),
  steps: z.array(text),
  documents: z.array(z.strictObject({ name: text, once: z.literal(true).optional() })),
  successor: text.nullable(),
  overrides: z.array(text),
  combinesWith: z.array(text).optional(),
  interpretation: z.strictObject({ questions: z.array(z.strictObject({ q: text, a: text })), example: text, notFor: z.array(text) }),
})

/** A policy from a file, or an error that names the file and the place: the library is part of the program. */
export function parsePolicy(value: unknown, file: string): PolicyContent {
  const result = schema.safeParse(value)
  if (result.success) return result.data as PolicyContent
  const [issue] = result.error.issues
  throw new Error(`${file}：${issue!.path.join('.')} ${issue!.message}`)
}

/** Every policy of the library, by slug. Files whose name begins with `_` hold names, not policies. */
export async function loadLibrary(folder = libraryFolder()): Promise<PolicyContent[]> {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('_'))
    .sort()
    .map((name) => parsePolicy(JSON.parse(readFileSync(path.join(folder, name), 'utf8')), name))
}

/** The built server lies elsewhere than the sources, so the folder is found from the project's root. */
export function libraryFolder(from = import.meta.dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return path.join(folder, 'src', 'commons', 'policies', 'library')
    if (folder === path.dirname(folder)) throw new Error('no package.json above the program')
  }
}
