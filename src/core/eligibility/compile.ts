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
  const [first, ...rest] = parts
  if (!first) return () => YES
  if (rest.length === 0) return first
  // The first condition, usually the place, settles most pairs: it is held in the closure itself and not looked up in a list.
  return (facts) => {
    let least = first(facts)
    if (least === NO) return NO
    for (let i = 0; i < rest.length; i++) {
      const truth = rest[i]!(facts)
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
      const { fact, values } = leaf
      return (facts) => {
        const actual = facts[fact]
        for (let i = 0; i < values.length; i++) if (values[i] === actual) return YES
        return typeof actual === 'string' ? NO : oracle(facts)
      }
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
  const wanted = known.flatMap((codes) => codes ?? [])
  if (!wanted.every(isPlace)) return oracle
  const lows = wanted.map(firstCounty)
  const highs = wanted.map(lastCounty)
  const [low = NaN, high = NaN] = [lows[0], highs[0]]
  return (facts) => {
    const actual = facts.region
    if (actual !== seen && !see(actual)) return oracle(facts)
    // Most rules name one place and most enterprises are elsewhere: two numbers held in the closure itself decide those.
    if (seenLow >= low && seenHigh <= high) return YES
    let most: Truth = otherwise
    if (low >= seenLow && high <= seenHigh) most = UNKNOWN
    for (let i = 1; i < lows.length; i++) {
      if (seenLow >= lows[i]! && seenHigh <= highs[i]!) return YES
      if (lows[i]! >= seenLow && highs[i]! <= seenHigh) most = UNKNOWN
    }
    return most
  }
}

const isPlace = (code: string): boolean => /^(?:\d\d){1,3}$/.test(code)
/** A place as the range of county codes that it covers: `330100` is 330100 to 330199. */
const firstCounty = (code: string): number => Number(regionPrefix(code).padEnd(6, '0'))
const lastCounty = (code: string): number => Number(regionPrefix(code).padEnd(6, '9'))

/**
 * The place seen last, as numbers: one enterprise is judged against many policies in a row.
 * A memo of a pure function, so nobody can tell that it is there.
 */
let seen = '000000'
let seenLow = 0
let seenHigh = 999_999
function see(place: unknown): boolean {
  if (typeof place !== 'string' || !isPlace(place)) return false
  seen = place
  seenLow = firstCounty(place)
  seenHigh = lastCounty(place)
  return true
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
