/**
 * A rule as closures: what does not depend on the facts is worked out once, ordinary values take a short path,
 * and everything else (coarse ledgers, possibilities, values of the wrong shape) is left to the oracle.
 * Closures, not generated code: a thousand generated functions are slower than this and need `unsafe-eval`.
 */
import { isIsoDate, latestStart } from './calendar-day.ts'
import { compareCode, regionPrefix } from './codes.ts'
import { evaluateLeaf } from './evaluate.ts'
import type { FactId, Facts, Setting } from './facts.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from './rule.ts'

export type Compiled = (facts: Facts) => Truth

/** Equal to `evaluate(rule, facts, setting)` for all facts. Compile again when the day, an event or an alliance changes. */
export function compile(rule: Rule, setting: Setting): Compiled {
  switch (rule.op) {
    case 'all':
      return compileAll(compileParts(rule.of, setting))
    case 'any':
      return compileAny(compileParts(rule.of, setting))
    case 'not': {
      const part = compile(rule.of, setting)
      return (facts) => (2 - part(facts)) as Truth
    }
    case 'atLeast':
      return compileAtLeast(rule.n, compileParts(rule.of, setting))
    default:
      return compileLeaf(rule, setting)
  }
}

/** Minimum, maximum and counting do not mind the order, so leaves go before groups: most answers fall early. */
const compileParts = (parts: readonly Rule[], setting: Setting): Compiled[] =>
  parts.toSorted((a, b) => Number('of' in a) - Number('of' in b)).map((part) => compile(part, setting))

function compileAll(parts: readonly Compiled[]): Compiled {
  if (parts.length === 1) return parts[0]!
  return (facts) => {
    let least: Truth = YES
    for (let i = 0; i < parts.length; i++) {
      const truth = parts[i]!(facts)
      if (truth === NO) return NO
      if (truth < least) least = truth
    }
    return least
  }
}

function compileAny(parts: readonly Compiled[]): Compiled {
  if (parts.length === 1) return parts[0]!
  return (facts) => {
    let most: Truth = NO
    for (let i = 0; i < parts.length; i++) {
      const truth = parts[i]!(facts)
      if (truth === YES) return YES
      if (truth > most) most = truth
    }
    return most
  }
}

const compileAtLeast =
  (n: number, parts: readonly Compiled[]): Compiled =>
  (facts) => {
    let sure = 0
    let possible = 0
    for (let i = 0; i < parts.length; i++) {
      const truth = parts[i]!(facts)
      if (truth === YES) sure++
      if (truth !== NO) possible++
    }
    return sure >= n ? YES : possible < n ? NO : UNKNOWN
  }

function compileLeaf(leaf: Leaf, setting: Setting): Compiled {
  const oracle: Compiled = (facts) => evaluateLeaf(leaf, facts, setting)
  switch (leaf.op) {
    case 'region':
      return compileRegion(leaf, setting, oracle)
    case 'within': {
      const { codes } = leaf
      return onText(leaf.fact, oracle, (actual) => {
        let most: Truth = NO
        for (let i = 0; i < codes.length && most !== YES; i++) most = Math.max(most, compareCode(actual, codes[i]!)) as Truth
        return most
      })
    }
    case 'in': {
      const { values } = leaf
      return onText(leaf.fact, oracle, (actual) => (values.includes(actual) ? YES : NO))
    }
    case 'range': {
      const { fact, gte = -Infinity, lt = Infinity } = leaf
      return (facts) => {
        const actual = facts[fact]
        return typeof actual === 'number' ? (actual >= gte && actual < lt ? YES : NO) : UNKNOWN
      }
    }
    case 'flag': {
      const { fact } = leaf
      return (facts) => (facts[fact] === true ? YES : facts[fact] === false ? NO : UNKNOWN)
    }
    case 'age': {
      const last = latestStart(leaf.gteMonths ?? 0, setting.asOf)
      const before = leaf.ltMonths === undefined ? '' : latestStart(leaf.ltMonths, setting.asOf)
      return onText(leaf.fact, oracle, (day) => (!isIsoDate(day) ? UNKNOWN : day <= last && day > before ? YES : NO))
    }
    case 'window':
      return compileDays(leaf, leaf.from ?? '', leaf.to, setting, oracle)
    case 'during': {
      const { from, to } = setting.events[leaf.event] ?? {}
      return from === undefined ? () => UNKNOWN : compileDays(leaf, from, to, setting, oracle)
    }
    default:
      return oracle
  }
}

function compileRegion(leaf: Leaf & { op: 'region' }, setting: Setting, oracle: Compiled): Compiled {
  if (leaf.mode === 'park') return onText('park', oracle, (park) => (leaf.codes.includes(park) ? YES : NO))
  const known = leaf.mode === 'alliance' ? leaf.codes.map((id) => setting.alliances?.[id]) : [leaf.codes]
  const otherwise = known.includes(undefined) ? UNKNOWN : NO
  const wanted = known.flatMap((codes) => codes ?? []).map(regionPrefix)
  return onText('region', oracle, (actual) => {
    for (let i = 0; i < wanted.length; i++) if (actual.startsWith(wanted[i]!)) return YES
    // Only a county code has nothing below it.
    if (actual.length === 6 && !actual.endsWith('00')) return otherwise
    const have = regionPrefix(actual)
    return wanted.some((prefix) => prefix.startsWith(have)) ? UNKNOWN : otherwise
  })
}

function compileDays(
  leaf: Leaf & { op: 'window' | 'during' },
  from: string,
  to: string | undefined,
  setting: Setting,
  oracle: Compiled,
): Compiled {
  const last = to ?? '9999-12-31'
  const judge = (day: string): Truth => (!isIsoDate(day) ? UNKNOWN : day >= from && day <= last ? YES : NO)
  const assumed = leaf.anchor === 'acceptedOn' ? judge(setting.asOf) : UNKNOWN
  return onText(leaf.anchor, oracle, judge, assumed)
}

/** The short path for a plain string; `missing` is the answer when the fact is not on record. */
const onText =
  (fact: FactId, oracle: Compiled, judge: (actual: string) => Truth, missing: Truth = UNKNOWN): Compiled =>
  (facts) => {
    const actual = facts[fact]
    if (typeof actual === 'string') return judge(actual)
    return actual === undefined ? missing : oracle(facts)
  }
