/** Facts about an enterprise: what a value may look like, when it is stale, and what follows from it. */
import { addDays, addMonths, isIsoDate, latestStart } from '../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../../core/eligibility/facts.ts'
import { normaliseIndustry } from '../../core/industries.ts'
import { findKind } from '../../core/instrument-kinds.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { covers, findPark, findRegion, fullRegionName } from '../../core/regions.ts'
import { classify, type SizeAnswer, type SubjectKind } from '../../core/size-class.ts'
import { kindsWithoutProfile, organisationKinds, type Organisation, type OrganisationKind, type Profile, type StoredFact } from './model.ts'

/** After this many months an enterprise is asked whether a fact still holds. */
export const STALE_MONTHS = 12

/** What never changes is never asked again. */
export const lastingFacts: readonly FactId[] = ['registeredOn']

/** The facts of an enterprise that somebody may record: all but the derived ones. */
export const recordableFacts = (Object.keys(catalogue) as FactId[]).filter(
  (fact) => catalogue[fact].scope === 'enterprise' && fact !== 'size',
)

export const isRecordable = (fact: string): fact is FactId => (recordableFacts as readonly string[]).includes(fact)

export const isStale = (fact: Pick<StoredFact, 'fact' | 'asOf'>, today: string): boolean =>
  !lastingFacts.includes(fact.fact) && addMonths(fact.asOf, STALE_MONTHS) < today

/** A fact as of this day or earlier is stale: `isStale` for a query. */
export const lastStaleDay = (today: string): string => latestStart(STALE_MONTHS, addDays(today, -1))

/** A value in the form in which it is kept, or why it is none. The register settles where an organisation is and whether it is 个体工商户. */
export function checkFact(name: string, value: unknown, org: Pick<Organisation, 'region' | 'kind'>): FactValue | Refusal {
  const fact = checkFactName(name)
  if (isRefusal(fact)) return fact
  if (fact === 'region') return checkPlace(value, org.region)
  if (fact === 'subjectKind' && (value === 'individual') !== (org.kind === 'individual'))
    return wrong(fact, `主体类型须与登记一致（${organisationKinds[org.kind]}）；登记有误请联系平台管理员更正`)
  return checkValue(fact, value)
}

/** The name of a fact that can be recorded or taken off the record, or why there is none. */
export function checkFactName(fact: string): FactId | Refusal {
  if (fact === 'size') return wrong(fact, '企业规模由系统按 国统字〔2017〕213号 计算，请填写从业人员、营业收入、资产总额')
  return isRecordable(fact) ? fact : wrong(fact, `没有“${fact}”这一项企业信息`)
}

const wrong = (fact: string, reason: string): Refusal =>
  refuse('invalid', `${reason}。`, { code: 'FACT_INVALID', fields: { [fact]: reason } })

function checkValue(fact: FactId, value: unknown): FactValue | Refusal {
  const entry = catalogue[fact]
  switch (entry.type) {
    case 'code':
      return checkIndustry(value)
    case 'enum':
      if (fact === 'park') return checkPark(value)
      return typeof value === 'string' && Object.hasOwn(entry.values, value) ? value : wrong(fact, `${entry.label}请从所列选项中选择`)
    case 'number':
      return checkNumber(fact, entry, value)
    case 'date':
      return isIsoDate(value) ? value : wrong(fact, `${entry.label}请填写日期，如 2020-03-15`)
    case 'flag':
      return typeof value === 'boolean' ? value : wrong(fact, `${entry.label}请选择是或否`)
    case 'set':
      return checkSet(fact, entry, value)
    case 'holdings':
      return checkHoldings(value)
  }
}

function checkNumber(fact: FactId, { label, unit }: { label: string; unit: string }, value: unknown): FactValue | Refusal {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong(fact, `${label}请填写数字，单位${unit}`)
  if (value < 0) return wrong(fact, `${label}不能小于 0`)
  return fact === 'employees' && !Number.isInteger(value) ? wrong(fact, `${label}请填写整数`) : value
}

function checkPlace(value: unknown, registered: string): FactValue | Refusal {
  if (typeof value !== 'string' || !findRegion(value)) return wrong('region', '注册地请填写县（市、区）的 6 位行政区划代码')
  if (covers(registered, value)) return value
  return wrong('region', `注册地须在登记的${fullRegionName(registered)}之内；迁址请联系平台管理员更正登记信息`)
}

function checkIndustry(value: unknown): FactValue | Refusal {
  return typeof value === 'string' ? normaliseIndustry(value) : wrong('industry', '行业请按 GB/T 4754-2017 填写代码')
}

function checkPark(value: unknown): FactValue | Refusal {
  if (value === 'none') return 'none'
  return (typeof value === 'string' && findPark(value)?.id) || wrong('park', '没有这个园区，请从列表中选择，或选择“不在任何园区”')
}

function checkSet(
  fact: FactId,
  { label, values }: { label: string; values: Readonly<Record<string, string>> },
  value: unknown,
): FactValue | Refusal {
  if (!Array.isArray(value) || !value.every((each): each is string => typeof each === 'string'))
    return wrong(fact, `${label}请从所列选项中选择`)
  // 名单 are named by the documents, so that the catalogue cannot list them.
  const unknown = fact === 'listings' ? undefined : value.find((each) => !Object.hasOwn(values, each))
  return unknown === undefined ? [...new Set(value)].sort() : wrong(fact, `${label}中没有“${unknown}”`)
}

function checkHoldings(value: unknown): FactValue | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('instruments', '器具请按“种类：件数”填写')
  const entries = Object.entries(value)
  const unknown = entries.find(([kind]) => !findKind(kind))
  if (unknown) return wrong('instruments', `没有“${unknown[0]}”这种计量器具`)
  const bad = entries.find(([, count]) => !Number.isInteger(count) || count < 0)
  if (bad) return wrong('instruments', `“${bad[0]}”的件数须是不小于 0 的整数`)
  return Object.fromEntries(entries.filter(([, count]) => count > 0))
}

/** Values are compared as they are kept: sets and ledgers are sorted when they are checked. */
export const sameValue = (a: FactValue | undefined, b: FactValue | undefined): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (value: FactValue | undefined): unknown =>
  typeof value === 'object' && !Array.isArray(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value

/** Everything that is known of an enterprise on this day. */
export function profileFrom(org: Organisation, stored: readonly StoredFact[], today: string): Profile {
  const known: Facts = { ...registered(org), ...Object.fromEntries(stored.map(({ fact, value }) => [fact, value])) }
  const size = sizeOf(known)
  const facts: Facts = { ...known, ...(size.possible.length > 0 && { size: size.size ?? { oneOf: size.possible } }) }
  return { org, stored, facts, size, stale: stored.filter((each) => isStale(each, today)).map(({ fact }) => fact) }
}

/** What the register says, until something finer is on record. */
const registered = (org: Organisation): Facts => ({ region: org.region, ...(hasProfile(org.kind) && { subjectKind: org.kind }) })

export const hasProfile = (kind: OrganisationKind): boolean => !kindsWithoutProfile.includes(kind)

/** Values of the wrong shape count as not on record. */
export function sizeOf(facts: Facts): SizeAnswer {
  const number = (fact: 'employees' | 'revenue' | 'assets') => {
    const value = facts[fact]
    return typeof value === 'number' && value >= 0 ? value : undefined
  }
  return classify({
    subjectKind: typeof facts.subjectKind === 'string' ? (facts.subjectKind as SubjectKind) : undefined,
    industry: typeof facts.industry === 'string' ? facts.industry : undefined,
    employees: number('employees'),
    revenue: number('revenue'),
    assets: number('assets'),
  })
}

/** What to ask instead of a derived fact: for the size, what leaves it open. Empty: ask the fact itself. */
export function derive(fact: FactId, facts: Facts): readonly FactId[] {
  if (fact !== 'size') return []
  const { missing, unsettled } = sizeOf(facts)
  return [...unsettled, ...missing]
}
