/**
 * Most policies ask about every fact once. Then conditions do not get into each other's way, and what a search would find
 * can be read off the tree: a condition that is not met can be met alone, and the cheapest ones add up.
 */
import { regionPrefix } from './codes.ts'
import { facts as catalogue, type Setting } from './facts.ts'
import type { Leaf } from './rule.ts'
import { factOf } from './trace.ts'

/** Every fact is read by one condition, and every condition can come out either way by that fact alone. */
export const areIndependent = (leaves: readonly Leaf[], setting: Setting): boolean =>
  new Set(leaves.map(factOf)).size === leaves.length && leaves.every((leaf) => isFree(leaf, setting))

function isFree(leaf: Leaf, setting: Setting): boolean {
  switch (leaf.op) {
    case 'region': {
      if (leaf.mode === 'park') return leaf.codes.length > 0
      const codes = leaf.mode === 'alliance' ? leaf.codes.map((id) => setting.alliances?.[id] ?? []) : [leaf.codes]
      return codes.every((each) => each.length > 0 && each.every((code) => regionPrefix(code) !== ''))
    }
    case 'within':
      return leaf.codes.length > 0
    case 'in': {
      const known = Object.keys(catalogue[leaf.fact].values)
      const wanted = known.filter((value) => leaf.values.includes(value)).length
      return known.length === 0 ? leaf.values.length > 0 : wanted > 0 && wanted < known.length
    }
    case 'range':
      return Math.max(leaf.gte ?? 0, 0) < (leaf.lt ?? Infinity) && ((leaf.gte ?? 0) > 0 || leaf.lt !== undefined)
    case 'age':
      return (leaf.gteMonths ?? 0) < (leaf.ltMonths ?? Infinity)
    case 'has':
      return (leaf.any ?? leaf.all ?? []).length > 0
    case 'holds':
      return leaf.kinds.length > 0 && leaf.min > 0
    case 'flag':
      return true
    case 'window':
      return (leaf.from !== undefined || leaf.to !== undefined) && (leaf.from ?? '') <= (leaf.to ?? '9999-12-31')
    case 'during': {
      const { from, to } = setting.events[leaf.event] ?? {}
      return from !== undefined && from <= (to ?? '9999-12-31')
    }
    case 'known':
      return false
  }
}
