/** Finds rules that are well-formed and yet cannot be meant: always true, never true, or without a source. For authors, before publication. */
import { isExhaustive, type World } from './answers.ts'
import { regionPrefix } from './codes.ts'
import type { FactId, Setting } from './facts.ts'
import type { Leaf, Rule } from './rule.ts'
import { awaitedBy, awaiting, canReach, changing, type Budget } from './search.ts'
import { factOf, listLeaves, traceRule } from './trace.ts'

/** Rule evaluations for each group; beyond it nothing is claimed about the group. */
const BUDGET = 5_000

const emptyWorld: World = { facts: {}, setting: { asOf: '2024-06-15', events: {} } satisfies Setting }

/**
 * Warnings in Chinese, each beginning with a JSON Pointer. Contradictions and tautologies are proved by trying every kind of complete
 * enterprise that the group can tell apart, so a warning of that kind is never a false alarm; only the innermost such group is named.
 */
export function lintRule(rule: Rule): string[] {
  return visit(rule, '', false).warnings
}

function visit(rule: Rule, path: string, sourced: boolean): { warnings: string[]; constant: boolean } {
  const cited = sourced || rule.src !== undefined
  if (!('of' in rule)) {
    const warnings = [...(cited ? [] : ['没有注明依据条款']), ...lintLeaf(rule)]
    const constant = constancy(rule)
    return { warnings: [...warnings, ...(constant ?? [])].map((each) => `${path || '/'}：${each}`), constant: constant !== undefined }
  }
  const parts = rule.op === 'not' ? [visit(rule.of, `${path}/of`, cited)] : rule.of.map((part, i) => visit(part, `${path}/of/${i}`, cited))
  const below = parts.some((part) => part.constant)
  // A group around a constant part is often constant too; the inner one is what the author has to mend.
  const constant = below || isEmpty(rule) ? undefined : constancy(rule)
  const own = [...(constant ?? []), ...lintGroup(rule)].map((each) => `${path || '/'}：${each}`)
  return { warnings: [...own, ...parts.flatMap((part) => part.warnings)], constant: below || constant !== undefined }
}

const isEmpty = (rule: Rule): boolean => 'of' in rule && Array.isArray(rule.of) && rule.of.length === 0

/** Tries all kinds of complete enterprises on the group. `known` asks about the record and not about enterprises, so it is left out. */
function constancy(rule: Rule): string[] | undefined {
  const { facts, setting } = emptyWorld
  const leaves = listLeaves(traceRule(rule, facts, setting)).map(({ leaf }) => leaf)
  const readers = (fact: FactId): Leaf[] => leaves.filter((leaf) => factOf(leaf) === fact)
  if (leaves.some((leaf) => leaf.op === 'known' || !isExhaustive(factOf(leaf), readers(factOf(leaf))) || isMoving(readers(factOf(leaf)))))
    return undefined
  const awaited = leaves.flatMap((leaf) => awaitedBy(leaf, emptyWorld))
  const once = awaited.filter((each, i) => awaited.findIndex((other) => other.id === each.id && other.kind === each.kind) === i)
  if (leaves.some((leaf) => leaf.op === 'region' && leaf.mode !== 'park' && leaf.codes.some((code) => regionPrefix(code) === '')))
    return undefined
  const variables = [
    ...[...new Set(leaves.map(factOf))].map((fact) => changing(fact, readers(fact), emptyWorld)),
    ...once.map((each) => awaiting(each, leaves, emptyWorld)),
  ]
  const impossible = (goal: Rule): boolean => {
    const budget: Budget = { left: BUDGET }
    return !canReach(goal, emptyWorld, variables, budget) && budget.left > 0
  }
  if (impossible(rule)) return ['条件互相矛盾，任何企业都不会符合']
  return impossible({ op: 'not', of: rule }) ? ['条件恒成立，对任何企业都没有筛选作用，信息缺失时却会显示待补充'] : undefined
}

/** Ages move with the day and windows stand still: whether both can hold depends on when it is asked. */
const isMoving = (leaves: readonly Leaf[]): boolean =>
  leaves.some((leaf) => leaf.op === 'age') && leaves.some((leaf) => leaf.op === 'window')

function lintGroup(rule: Rule): string[] {
  if (rule.op === 'not' || !('of' in rule)) return []
  const texts = rule.of.map((part) => JSON.stringify({ ...part, src: undefined }))
  return texts.some((text, i) => texts.indexOf(text) < i) ? ['有重复的条件'] : []
}

function lintLeaf(leaf: Leaf): string[] {
  const lists =
    'codes' in leaf ? leaf.codes : 'kinds' in leaf ? leaf.kinds : 'values' in leaf ? leaf.values : 'any' in leaf ? (leaf.any ?? []) : []
  const repeated = new Set(lists).size < lists.length ? ['列表中有重复项'] : []
  if (leaf.op !== 'region' || leaf.mode === 'alliance' || leaf.mode === 'park') return repeated
  const prefixes = leaf.codes.map(regionPrefix)
  return [
    ...repeated,
    ...(prefixes.includes('') ? ['全国范围不必写地区条件，写了反而要问注册地'] : []),
    ...(leaf.mode === 'nested' && leaf.codes.length > 1 ? ['一个地区及其下级应只写一个代码；列举多个地区请用列举方式'] : []),
    ...(prefixes.some((one) => one !== '' && prefixes.some((other) => other !== one && other.startsWith(one)))
      ? ['列表中有的地区已包含在另一个之内']
      : []),
  ]
}
