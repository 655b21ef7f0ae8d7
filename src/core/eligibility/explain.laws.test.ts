import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.ts'
import { explain, type Decision } from './explain.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue, type Setting } from './facts.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting, completeAnswers } from './rule.arbitrary.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule } from './rule.ts'
import { factOf, listLeaves, traceRule, type LeafTrace } from './trace.ts'

// The other way to the same answers: every assignment is tried, nothing is left out because it "cannot matter".

type World = { facts: Facts; setting: Setting }
type Choice = { key: string; operator: boolean; fixed: boolean; worlds: (at: World) => World[] }

const counts = [0, 1, 2, 3]
const ledgers = counts.flatMap((a) =>
  counts.flatMap((b) =>
    counts.flatMap((c) => counts.map((d) => ({ 'scale.electronic': a, 'scale.other': b, 'gauge.pressure': c, 'gauge.other': d }))),
  ),
)

const finerCode =
  (wide: string) =>
  (narrow: unknown): boolean =>
    String(narrow).startsWith(wide.replace(/(00)+$/, ''))
const finerKind =
  (wide: string) =>
  (narrow: unknown): boolean =>
    narrow === wide || String(narrow).startsWith(`${wide}.`)

/** Complete answers that agree with the record. */
function agreeing(fact: FactId, recorded: FactValue | undefined, asOf: string): readonly FactValue[] {
  if (recorded === undefined) return fact === 'instruments' ? ledgers : completeAnswers(fact, asOf)
  if (typeof recorded === 'object' && 'oneOf' in recorded) return recorded.oneOf as string[]
  if (fact === 'instruments') {
    const { scale = 0, gauge = 0, ...rest } = recorded as Record<string, number>
    const upTo = (n: number): number[] => Array.from({ length: n + 1 }, (_, i) => i)
    return upTo(scale).flatMap((e) =>
      upTo(gauge).map((p) => ({
        ...rest,
        'scale.electronic': (rest['scale.electronic'] ?? 0) + e,
        'scale.other': scale - e,
        'gauge.pressure': (rest['gauge.pressure'] ?? 0) + p,
        'gauge.other': gauge - p,
      })),
    )
  }
  if (fact === 'instrumentKind')
    return [
      ...completeAnswers(fact, asOf).filter(finerKind(String(recorded))),
      ...(completeAnswers(fact, asOf).includes(recorded) ? [] : [`${String(recorded)}.other`]),
    ]
  if (fact === 'region' || fact === 'industry') return completeAnswers(fact, asOf).filter(finerCode(String(recorded)))
  return [recorded]
}

const setFact =
  (fact: FactId, values: readonly FactValue[]) =>
  (at: World): World[] =>
    values.map((value) => ({ ...at, facts: { ...at.facts, [fact]: value } as Facts }))

const tell = (fact: FactId, { facts, setting }: World): Choice => ({
  key: fact,
  operator: false,
  fixed: false,
  worlds: setFact(fact, agreeing(fact, facts[fact], setting.asOf)),
})
const change = (fact: FactId, { setting }: World): Choice => ({
  key: fact,
  operator: false,
  fixed: 'fixed' in catalogue[fact],
  worlds: setFact(fact, agreeing(fact, undefined, setting.asOf)),
})

/** What an operator could still enter: an event's days, an alliance's places. */
function enter(leaves: readonly Leaf[], { facts, setting }: World): Choice[] {
  const known = Object.values(facts).filter((value): value is string => typeof value === 'string' && /^\d{4}-/.test(value))
  const days = [setting.asOf, ...known]
  const windows = [{ from: '0000-01-01' }, { from: '9999-12-31' }, ...days.flatMap((from) => days.map((to) => ({ from, to })))]
  const unset = new Set(
    leaves.flatMap((leaf) => (leaf.op === 'during' && setting.events[leaf.event]?.from === undefined ? [leaf.event] : [])),
  )
  const events = [...unset].map((id): Choice => ({
    key: id,
    operator: true,
    fixed: false,
    worlds: (at) => windows.map((window) => ({ ...at, setting: { ...at.setting, events: { ...at.setting.events, [id]: window } } })),
  }))
  const unheard = leaves.some((leaf) => leaf.op === 'region' && leaf.mode === 'alliance' && leaf.codes.includes('unheard-of'))
  const places =
    (codes: string[]) =>
    (at: World): World => ({ ...at, setting: { ...at.setting, alliances: { ...at.setting.alliances, 'unheard-of': codes } } })
  return [
    ...events,
    ...(unheard
      ? [{ key: 'unheard-of', operator: true, fixed: false, worlds: (at: World) => [places([])(at), places(['000000'])(at)] }]
      : []),
  ]
}

/** Is there an assignment to all of these that makes the rule true? */
const possible = (rule: Rule, at: World, [first, ...rest]: readonly Choice[]): boolean =>
  first ? first.worlds(at).some((next) => possible(rule, next, rest)) : evaluate(rule, at.facts, at.setting) === YES

const size = (at: World, choices: readonly Choice[]): number =>
  choices.reduce((product, choice) => product * Math.max(1, choice.worlds(at).length), 1)
const subsets = <T>(items: readonly T[]): T[][] =>
  items.reduce<T[][]>((all, item) => [...all, ...all.map((subset) => [...subset, item])], [[]])
const operators = (choices: readonly Choice[]): number => choices.filter((choice) => choice.operator).length
const less = (a: readonly number[], b: readonly number[]): boolean => {
  const at = a.findIndex((n, i) => n !== b[i])
  return at >= 0 && a[at]! < b[at]!
}

const open = (leaves: readonly Leaf[], at: World): Choice[] => {
  const facts = [...new Set(leaves.map(factOf))].filter((fact) => fact !== 'acceptedOn' || at.facts[fact] !== undefined)
  return [
    ...facts.map((fact) => tell(fact, at)).filter((choice) => at.facts[choice.key as FactId] === undefined || choice.worlds(at).length > 1),
    ...enter(leaves, at),
  ]
}

const leavesOf = (rule: Rule, { facts, setting }: World): Leaf[] => listLeaves(traceRule(rule, facts, setting)).map(({ leaf }) => leaf)
const small = arbitraryRule({ depth: 2, width: 2, known: true })
const runs = { numRuns: 400 }
const rarely = { ...runs, maxSkipsPerRun: 1000 }

describe('说明与判断一致', () => {
  const any = arbitraryRule({ known: true })
  it('结论永远等于逐条判断的结论', () => {
    fc.assert(
      fc.property(any, arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        expect(explain(rule, facts, setting).truth).toBe(evaluate(rule, facts, setting))
      }),
      { numRuns: 1000 },
    )
  })

  it('卡住的条件足以说明不符合，少一条就说明不了', () => {
    fc.assert(
      fc.property(any, arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const { truth, blockers, trace } = explain(rule, facts, setting)
        fc.pre(truth === NO)
        const onlyKnow = (known: readonly LeafTrace[]) =>
          fold(rule, '', (path) => known.find((leaf) => leaf.path === path)?.truth ?? UNKNOWN)
        expect(onlyKnow(blockers)).toBe(NO)
        for (const each of blockers) expect(onlyKnow(blockers.filter((other) => other !== each))).not.toBe(NO)
        const no = listLeaves(trace).filter((leaf) => leaf.truth !== UNKNOWN)
        if (no.length <= 8)
          for (const fewer of subsets(no).filter((subset) => subset.length < blockers.length)) expect(onlyKnow(fewer)).not.toBe(NO)
      }),
      runs,
    )
  })
})

/** The rule with the truths of its leaves given: only for this test. */
function fold(rule: Rule, path: string, leaf: (path: string) => number): number {
  if (rule.op === 'not') return 2 - fold(rule.of, `${path}/of`, leaf)
  if (rule.op !== 'all' && rule.op !== 'any' && rule.op !== 'atLeast') return leaf(path)
  const parts = rule.of.map((part, i) => fold(part, `${path}/of/${i}`, leaf))
  if (rule.op === 'all') return Math.min(2, ...parts)
  if (rule.op === 'any') return Math.max(0, ...parts)
  return parts.filter((t) => t === 2).length >= rule.n ? 2 : parts.filter((t) => t > 0).length < rule.n ? 0 : 1
}

describe('待补充时问什么', () => {
  const asked = (decision: Decision): Set<string> => new Set([...decision.ask, ...decision.awaits.map(({ id }) => id)])

  it('问到的信息确有一种回答使其符合，问得更少则不可能', () => {
    let checked = 0
    fc.assert(
      fc.property(small, arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const at = { facts, setting }
        const decision = explain(rule, facts, setting)
        fc.pre(decision.truth === UNKNOWN)
        const choices = open(leavesOf(rule, at), at)
        fc.pre(size(at, choices) <= 3000)
        checked++
        const keys = asked(decision)
        const chosen = choices.filter(({ key }) => keys.has(key))
        expect(chosen.length).toBe(keys.size)
        expect(possible(rule, at, chosen)).toBe(keys.size > 0)
        const cost = (some: readonly Choice[]): number[] => [operators(some), some.length]
        const cheaper = keys.size > 0 ? subsets(choices).filter((some) => less(cost(some), cost(chosen))) : subsets(choices)
        for (const some of cheaper) expect(possible(rule, at, some)).toBe(false)
        expect(decision.exact).toBe(true)
      }),
      rarely,
    )
    expect(checked).toBeGreaterThan(100)
  })

  it('单独回答一项能否定夺，与逐一尝试的结果相同', () => {
    fc.assert(
      fc.property(small, arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const at = { facts, setting }
        const { truth, couldDecide } = explain(rule, facts, setting)
        fc.pre(truth === UNKNOWN)
        for (const { fact, yes, no } of couldDecide) {
          expect(yes).toBe(possible(rule, at, [tell(fact, at)]))
          expect(no).toBe(possible({ op: 'not', of: rule }, at, [tell(fact, at)]))
        }
      }),
      runs,
    )
  })
})

describe('差一步', () => {
  it('改动列出的条件确能符合，改动更少的信息则不可能', () => {
    let checked = 0
    fc.assert(
      fc.property(small, arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const at = { facts, setting }
        const { truth, flips, exact } = explain(rule, facts, setting)
        fc.pre(truth === NO)
        const leaves = leavesOf(rule, at)
        const tells = open(leaves, at)
        const changes = [...new Set(leaves.map(factOf))]
          .filter((fact) => facts[fact] !== undefined || fact === 'acceptedOn')
          .map((fact) => change(fact, at))
        const beside = (some: readonly Choice[]) => tells.filter(({ key }) => !some.some((each) => each.key === key))
        const everything = [...changes, ...beside(changes)]
        fc.pre(size(at, everything) <= 5000)
        checked++
        const changed = changes.filter(({ key }) => flips.some((flip) => flip.by === 'change' && flip.fact === key))
        // Every subset of what can be told: with `known`, telling may also spoil it.
        const enough = (some: readonly Choice[]): boolean =>
          subsets(beside(some))
            .toReversed()
            .some((told) => possible(rule, at, [...some, ...told]))
        const cost = (some: readonly Choice[]): number[] => [some.length, some.filter((each) => each.fixed).length]
        expect(enough(changed)).toBe(flips.length > 0)
        for (const some of subsets(changes).filter((each) => flips.length === 0 || less(cost(each), cost(changed))))
          expect(enough(some)).toBe(false)
        for (const flip of flips) if (flip.by === 'change') expect(flip.fixed).toBe('fixed' in catalogue[flip.fact])
        expect(exact).toBe(true)
      }),
      rarely,
    )
    expect(checked).toBeGreaterThan(100)
  })
})
