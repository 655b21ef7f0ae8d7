/**
 * One enterprise against all policies. For each fact two vectors, one bit a policy: the conditions on this fact hold for sure (T), or may (P).
 * The answer is the AND over the facts. Vectors depend on the value only and are kept for the next enterprise with the same value.
 * Parts of a rule that mix several facts are taken apart into clauses, each with a bit of its own behind those of the policies; looked at
 * only for policies that nothing else has ruled out. What would be too many clauses is left to a closure.
 */
import { compile, type Compiled } from '../core/eligibility/compile.ts'
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Rule, type Truth } from '../core/eligibility/rule.ts'
import { Arena } from './arena.ts'
import { clausesOf } from './clauses.ts'
import { isLedger, setBit } from './columns.ts'
import { prefixOf } from './dictionary.ts'
import type { Holdings } from './ledger.ts'
import type { KernelKind } from './kernels/kernels.ts'
import { conditionsAbout, factsIn, fileUnder, indexCodes, newSorter, partsOf, type Condition, type Facet } from './facet.ts'

/** Policy numbers, in order. `possible` has the eligible ones too. */
export interface ForwardAnswer {
  eligible: number[]
  possible: number[]
}

export interface ForwardIndex {
  /** Which of the policies hold for one enterprise. */
  match(facts: Facts): ForwardAnswer
  /** The same as counts, without lists. */
  count(facts: Facts): { eligible: number; possible: number }
  /** Memory of vectors, in bytes. */
  readonly bytes: number
}

interface Index {
  arena: Arena
  /** 32-bit words of a vector, and of its first part, the policies: multiples of 4. */
  words: number
  policyWords: number
  facets: Facet[]
  /** A bit for each policy that has parts which mix facts, and these parts. */
  mixed: Uint32Array
  parts: (MixedPart[] | undefined)[]
  /** The answer. */
  t: number
  p: number
  all: number
  vectorBudget: number
}

/** Holds if one of these clauses does: bits `from` to `to`. Or whatever the closure says. */
type MixedPart = { from: number; to: number } | Compiled

/** `vectorBytes`: memory for vectors of values seen before; default 128 MiB. */
export function forwardIndex(
  policies: readonly Rule[],
  setting: Setting,
  { kernels = 'simd' as KernelKind, vectorBytes = 1 << 27 } = {},
): ForwardIndex {
  const index = makeIndex(policies, setting, kernels, vectorBytes)
  const { arena, policyWords } = index
  return {
    match(facts) {
      judge(index, facts)
      return { eligible: listPolicies(arena.u32, index.t, policyWords), possible: listPolicies(arena.u32, index.p, policyWords) }
    },
    count(facts) {
      judge(index, facts)
      return { eligible: arena.kernels.count(index.t, policyWords), possible: arena.kernels.count(index.p, policyWords) }
    },
    get bytes() {
      return arena.used
    },
  }
}

function makeIndex(policies: readonly Rule[], setting: Setting, kind: KernelKind, vectorBudget: number): Index {
  const policyWords = Math.ceil(policies.length / 128) * 4
  const sorter = newSorter(setting, policyWords * 32)
  const mixed = new Uint32Array(policyWords)
  const parts = Array.from<MixedPart[] | undefined>({ length: policies.length })
  policies.forEach((rule, policy) => {
    const all = partsOf(rule)
    fileUnder(
      sorter,
      policy,
      all.filter((part) => factsIn(part).size <= 1),
    )
    const mixing = all.filter((part) => factsIn(part).size > 1)
    if (mixing.length === 0) return
    mixed[policy >>> 5]! |= 1 << (policy & 31)
    parts[policy] = mixing.map((part) => {
      const clauses = clausesOf(part)
      if (!clauses) return compile(part, setting)
      const from = sorter.next
      for (const clause of clauses) fileUnder(sorter, sorter.next++, clause)
      return { from, to: sorter.next }
    })
  })
  for (const facet of sorter.facets.values()) if (facet.single) indexCodes(facet, setting)
  const arena = new Arena(kind)
  const words = Math.ceil(sorter.next / 128) * 4
  const all = arena.alloc(words * 4)
  const set = (bit: number): void => void (arena.u32[(all >>> 2) + (bit >>> 5)]! |= 1 << (bit & 31))
  for (let policy = 0; policy < policies.length; policy++) if (!sorter.never.has(policy)) set(policy)
  for (let clause = policyWords * 32; clause < sorter.next; clause++) if (!sorter.never.has(clause)) set(clause)
  return {
    arena,
    words,
    policyWords,
    facets: [...sorter.facets.values()].toSorted((a, b) => Number(b.fact === 'region') - Number(a.fact === 'region')),
    mixed,
    parts,
    t: arena.alloc(words * 4),
    p: arena.alloc(words * 4),
    all,
    vectorBudget,
  }
}

/** Leaves the answer in `t` and `p`. */
function judge(index: Index, facts: Facts): void {
  const { arena, words, t, p, all } = index
  let [beforeT, beforeP] = [all, all]
  for (const facet of index.facets) {
    const vectors = vectorsFor(index, facet, facts)
    const open = arena.kernels.and(t, p, beforeT, beforeP, vectors.t, vectors.p, words)
    ;[beforeT, beforeP] = [t, p]
    if (open === 0) return
  }
  if (beforeT === all) {
    copy(arena, all, t, words)
    copy(arena, all, p, words)
  }
  askMixed(index, facts)
}

function askMixed({ arena: { u32 }, policyWords, t, p, mixed, parts }: Index, facts: Facts): void {
  const [tWord, pWord] = [t >>> 2, p >>> 2]
  for (let word = 0; word < policyWords; word++)
    for (let open = u32[pWord + word]! & mixed[word]!; open !== 0; open &= open - 1) {
      const bit = open & -open
      for (const part of parts[word * 32 + 31 - Math.clz32(bit)]!) {
        const truth = typeof part === 'function' ? part(facts) : anyOf(u32, tWord, pWord, part.from, part.to)
        if (truth !== YES) u32[tWord + word]! &= ~bit
        if (truth === NO) u32[pWord + word]! &= ~bit
      }
    }
}

function anyOf(u32: Uint32Array, t: number, p: number, from: number, to: number): Truth {
  let truth: Truth = NO
  for (let clause = from; clause < to; clause++) {
    const [word, bit] = [clause >>> 5, 1 << (clause & 31)]
    if (u32[t + word]! & bit) return YES
    if (u32[p + word]! & bit) truth = UNKNOWN
  }
  return truth
}

interface Vectors {
  t: number
  p: number
}

function vectorsFor(index: Index, facet: Facet, facts: Facts): Vectors {
  const value = facts[facet.fact]
  if (facet.fact === 'instruments' && isLedger(value)) return ledgerVectors(index, facet, value, facts)
  if (!facet.single || typeof value !== 'string') return keptVectors(index, facet, facts)
  const codes = [prefixOf(facet.fact, value)]
  // A place is named by few policies and there are thousands: putting it together is as quick as keeping it, and takes no memory.
  if (facet.fact === 'region') return nestedVectors(index, facet, codes, facts, (facet.scratch ??= newVectors(index)))
  const kept = facet.vectors.get(value)
  if (kept) return kept
  makeRoom(index)
  const vectors = nestedVectors(index, facet, codes, facts, newVectors(index))
  facet.vectors.set(value, vectors)
  facet.own.push(vectors)
  return vectors
}

/** Most ledgers hold one kind, so those are worth keeping; the others are put together where the last one was. */
function ledgerVectors(index: Index, facet: Facet, holdings: Holdings, facts: Facts): Vectors {
  const kinds = Object.keys(holdings)
  if (kinds.length !== 1 || holdings[kinds[0]!]! > mostKept)
    return nestedVectors(index, facet, kinds, facts, (facet.scratch ??= newVectors(index)))
  const name = `${kinds[0]} ${holdings[kinds[0]!]}`
  const kept = facet.vectors.get(name)
  if (kept) return kept
  makeRoom(index)
  const vectors = nestedVectors(index, facet, kinds, facts, newVectors(index))
  facet.vectors.set(name, vectors)
  facet.own.push(vectors)
  return vectors
}

/** Larger counts are rare. */
const mostKept = 64

/** Values of one fact that are remembered by name. */
const mostNames = 100_000

/** Vectors of a value that is answered like one seen before are the ones made then. */
function keptVectors(index: Index, facet: Facet, facts: Facts): Vectors {
  const name = facet.classOf(facts[facet.fact])
  const kept = facet.vectors.get(name)
  if (kept) return kept
  const only = { [facet.fact]: facts[facet.fact] } as Facts
  const truths = Uint8Array.from(facet.conditions, ({ judge: ask }) => ask(only))
  const same = String.fromCharCode(...packed(truths))
  let vectors = facet.byTruths.get(same)
  if (!vectors) {
    makeRoom(index)
    vectors = newVectors(index)
    facet.conditions.forEach((condition, i) => apply(index, vectors!, condition, truths[i] as Truth))
    facet.byTruths.set(same, vectors)
    facet.own.push(vectors)
  }
  if (facet.vectors.size >= mostNames) facet.vectors.clear()
  facet.vectors.set(name, vectors)
  return vectors
}

/** Seven truths to a character. */
function packed(truths: Uint8Array): number[] {
  const codes: number[] = []
  for (let i = 0; i < truths.length; i += 7) codes.push(truths.subarray(i, i + 7).reduce((sum, truth) => sum * 4 + truth, 1))
  return codes
}

function newVectors({ arena, words, all }: Index): Vectors {
  const vectors = { t: arena.alloc(words * 4), p: arena.alloc(words * 4) }
  copy(arena, all, vectors.t, words)
  copy(arena, all, vectors.p, words)
  return vectors
}

/** Conditions of a policy or clause add up by AND, so bits are only ever taken away. */
function apply({ arena: { u32 } }: Index, { t, p }: Vectors, { bits }: Condition, truth: Truth): void {
  if (truth !== YES) for (const bit of bits) u32[(t >>> 2) + (bit >>> 5)]! &= ~(1 << (bit & 31))
  if (truth === NO) for (const bit of bits) u32[(p >>> 2) + (bit >>> 5)]! &= ~(1 << (bit & 31))
}

/**
 * Start from a code that no condition knows, or from an empty ledger, and set anew what these codes can change:
 * conditions with a code that one of them begins with, or that begins with one of them.
 */
function nestedVectors(index: Index, facet: Facet, codes: readonly string[], facts: Facts, vectors: Vectors): Vectors {
  const { arena, words } = index
  const none = keptVectors(index, facet, facet.fact === 'instruments' ? { instruments: {} } : { [facet.fact]: '\uffff' })
  copy(arena, none.t, vectors.t, words)
  copy(arena, none.p, vectors.p, words)
  const { u32 } = arena
  const { yes, possible, others } = conditionsAbout(facet, codes)
  for (const bits of possible) setBits(u32, vectors.p, bits)
  for (const bits of yes) {
    setBits(u32, vectors.t, bits)
    setBits(u32, vectors.p, bits)
  }
  for (const condition of others) {
    const truth = condition.judge(facts)
    for (const bit of condition.bits) {
      setBit(u32, vectors.t, bit, Number(truth === YES))
      setBit(u32, vectors.p, bit, Number(truth >= UNKNOWN))
    }
  }
  return vectors
}

/** The memory is shared, where `copyWithin` is slow. */
const copy = ({ kernels }: Arena, from: number, to: number, words: number): void => kernels.either(to, from, from, words)

function setBits(u32: Uint32Array, at: number, bits: readonly number[]): void {
  const first = at >>> 2
  for (let i = 0; i < bits.length; i++) u32[first + (bits[i]! >>> 5)]! |= 1 << (bits[i]! & 31)
}

/** When memory is full, all values are looked at anew. */
function makeRoom({ arena, words, facets, vectorBudget }: Index): void {
  if (arena.used <= vectorBudget) return
  for (const facet of facets) {
    for (const { t, p } of facet.own.splice(0)) for (const at of [t, p]) arena.free(at, words * 4)
    facet.byTruths.clear()
    facet.vectors.clear()
  }
}

function listPolicies(u32: Uint32Array, at: number, words: number): number[] {
  const policies: number[] = []
  for (let word = 0; word < words; word++)
    for (let left = u32[(at >>> 2) + word]!; left !== 0; left &= left - 1) policies.push(word * 32 + 31 - Math.clz32(left & -left))
  return policies
}
