/** Counting what a rule would mean for enterprises, with examples on both sides of the line. Pure. */
import { compile } from '../../core/eligibility/compile.ts'
import { explain, type Decision, type Derive } from '../../core/eligibility/explain.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { UNKNOWN, YES, type Rule } from '../../core/eligibility/rule.ts'
import { sayBlocker, sayFlip, sayQuestion, type Names } from '../../core/eligibility/sentence.ts'
import { fullRegionName } from '../../core/regions.ts'
import type { Source } from '../matching/index.ts'
import type { Profile } from '../people/index.ts'

export interface Example {
  orgId: string
  name: string
  region: string
  /** For 不符合 what stands in the way and what would change it; for 待补充 what would be asked. */
  sentence: string
}

export interface DryRun {
  region: string
  asOf: string
  /** What the counts come from. */
  source: Source
  total: number
  eligible: number
  unknown: number
  ineligible: number
  examples: { eligible: Example[]; nearest: Example[]; unknown: Example[] }
  /** Of how many enterprises that do not qualify the nearest were chosen. */
  compared: number
  /** Against the version that holds now. Absent: there is none. */
  change?: { since: number; newlyIn: number; newlyOut: number; inExamples: Example[]; outExamples: Example[] }
}

/** Examples of each kind. */
export const shown = 3
/** Explaining costs some hundred times deciding: the nearest are chosen among the first so many. */
export const explainedAtMost = 500

/** What nobody can change (place, industry, size) comes last: the line is drawn by what can. */
interface Near {
  example: Example
  steps: number
  fixed: boolean
}

/** What a tally compares with, and how it names and asks. */
export interface Against {
  before: Rule | undefined
  setting: Setting
  names: Names
  derive: Derive
}

/** Counts of a whole place. */
export interface Counted {
  total: number
  eligible: number
  unknown: number
  ineligible: number
  change?: { newlyIn: number; newlyOut: number } | undefined
}

export class Tally {
  #counts = { total: 0, eligible: 0, unknown: 0, ineligible: 0, compared: 0 }
  #examples: { eligible: Example[]; unknown: Example[] } = { eligible: [], unknown: [] }
  #near: Near[] = []
  #change = { newlyIn: 0, newlyOut: 0, inExamples: [] as Example[], outExamples: [] as Example[] }
  #rule
  #against
  #judge
  #judgeBefore

  constructor(rule: Rule, against: Against) {
    this.#rule = rule
    this.#against = against
    this.#judge = compile(rule, against.setting)
    this.#judgeBefore = against.before && compile(against.before, against.setting)
  }

  add(profile: Profile): void {
    const truth = this.#judge(profile.facts)
    this.#counts.total++
    if (truth === YES) {
      this.#counts.eligible++
      keep(this.#examples.eligible, () => example(profile, ''))
    } else if (truth === UNKNOWN) {
      this.#counts.unknown++
      keep(this.#examples.unknown, () => example(profile, this.#question(profile)))
    } else {
      this.#counts.ineligible++
      if (this.#counts.compared < explainedAtMost) this.#weigh(profile)
    }
    if (this.#judgeBefore) this.#compare(profile, truth === YES, this.#judgeBefore(profile.facts) === YES)
  }

  /** `counted`: where only those who may be examples were added, how many there are of each kind. */
  result(since: number | undefined, counted?: Counted): Omit<DryRun, 'region' | 'asOf' | 'source'> {
    const { change, ...counts } = counted ?? { change: {} }
    return {
      ...this.#counts,
      ...counts,
      examples: { ...this.#examples, nearest: this.#near.map((near) => near.example) },
      ...(since !== undefined && { change: { since, ...this.#change, ...change } }),
    }
  }

  #explain = ({ facts }: Profile): Decision => explain(this.#rule, facts, this.#against.setting, this.#against.derive)

  #question(profile: Profile): string {
    const { ask, awaits } = this.#explain(profile)
    if (ask.length > 0) return ask.map(sayQuestion).join('')
    return awaits.length > 0
      ? `等运营单位录入：${awaits.map(({ id }) => this.#against.names.event(id)).join('、')}`
      : '补充信息后仍不会符合'
  }

  #weigh(profile: Profile): void {
    this.#counts.compared++
    const { flips, blockers } = this.#explain(profile)
    const said =
      flips.length > 0
        ? flips.map((flip) => sayFlip(flip, this.#against.names))
        : blockers.map((each) => sayBlocker(each, this.#against.names))
    const near = { example: example(profile, said.join('；')), steps: flips.length || Infinity, fixed: flips.some(({ fixed }) => fixed) }
    this.#near = [...this.#near, near].sort((a, b) => Number(a.fixed) - Number(b.fixed) || a.steps - b.steps).slice(0, shown)
  }

  #compare(profile: Profile, now: boolean, before: boolean): void {
    if (now === before) return
    if (now) this.#change.newlyIn++
    else this.#change.newlyOut++
    keep(now ? this.#change.inExamples : this.#change.outExamples, () => example(profile, ''))
  }
}

const keep = (list: Example[], make: () => Example): void => void (list.length < shown && list.push(make()))

const example = ({ org }: Profile, sentence: string): Example => ({
  orgId: org.id,
  name: org.name,
  region: fullRegionName(org.region),
  sentence,
})
