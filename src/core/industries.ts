/** Industries of GB/T 4754-2017: 20 sections and 97 divisions. Groups and classes are accepted by their digits only. */
import { covers } from './eligibility/codes.ts'
import table from './reference/industries.json' with { type: 'json' }
import { refuse, type Refusal } from './refusal.ts'

export interface Industry {
  /** A section letter (`C`) or a letter and two digits (`C40`). */
  code: string
  name: string
}

export interface Section extends Industry {
  divisions: readonly Industry[]
}

/** Where the table comes from; shown beside it. */
export const industryEdition = { source: table.source, edition: table.edition, cutOff: table.cutOff, trust: table.trust } as const

export const sections: readonly Section[] = (table.rows as unknown as [string, string, [string, string][]][]).map(
  ([code, name, divisions]) => ({
    code,
    name,
    divisions: divisions.map(([digits, division]) => ({ code: code + digits, name: division })),
  }),
)

const byCode: ReadonlyMap<string, Industry> = new Map(sections.flatMap((s) => [s, ...s.divisions]).map((i) => [i.code, i]))
const sectionOfDivision: ReadonlyMap<string, Section> = new Map(
  sections.flatMap((s) => s.divisions.map((d) => [d.code.slice(1), s] as const)),
)

/**
 * Puts a code into its full form: `C`, `C40`, `40`, `4011`, `C4011` → `C`, `C40`, `C40`, `C4011`, `C4011`.
 * The group and class digits are taken on trust, because the table stops at divisions.
 */
export function normaliseIndustry(text: string): string | Refusal {
  const code = text.normalize('NFKC').replace(/[\s.]/g, '').toUpperCase()
  const [, letter, digits] = /^([A-Z]?)(\d{0,4})$/.exec(code) ?? []
  if (code === '' || letter === undefined || digits === undefined || digits.length === 1) {
    return wrong(`“${text.trim()}”不是行业代码：请按 GB/T 4754-2017 填写，如 C（门类）、C40（大类）或 4011（小类）。`)
  }
  if (digits === '') return byCode.has(letter) ? letter : wrong(`没有门类 ${letter}：GB/T 4754-2017 的门类是 A 至 T。`)
  const section = sectionOfDivision.get(digits.slice(0, 2))
  if (!section) return wrong(`没有大类 ${digits.slice(0, 2)}：GB/T 4754-2017 的大类是 01 至 97。`)
  if (letter !== '' && letter !== section.code) {
    return wrong(`大类 ${digits.slice(0, 2)} 属于门类 ${section.code}（${section.name}），不属于 ${letter}：请核对行业代码。`)
  }
  return section.code + digits
}

/** `仪器仪表制造业`; a finer code is named by its division: `仪器仪表制造业（细类 4011）`. */
export function industryName(code: string): string {
  const found = byCode.get(code)
  if (found) return found.name
  const division = byCode.get(code.slice(0, 3))
  return division ? `${division.name}（细类 ${code.slice(1)}）` : `未知行业（${code}）`
}

/** Whether `inner` is `outer` or lies in it, by the letters and digits alone: `C` ⊃ `C40` ⊃ `C4011`. */
export const coversIndustry = (outer: string, inner: string): boolean => covers(outer, inner)

/** Sections and divisions whose name contains the text, for a picker. */
export function searchIndustries(text: string): readonly Industry[] {
  const wanted = text.trim()
  return wanted === '' ? [] : [...byCode.values()].filter((i) => i.name.includes(wanted))
}

const wrong = (reason: string) => refuse('invalid', reason, { code: 'INDUSTRY_UNKNOWN', fields: { industry: reason } })
