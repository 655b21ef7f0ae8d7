/** The world as the engines with ranges are best given it: places together, industries together within. */
import type { Enterprise, World } from './engine.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '\uffff')

/** By place, then by industry; whose place is not known at the end. */
export function byPlace({ enterprises }: Pick<World, 'enterprises'>): Enterprise[] {
  const keyed = Array.from(enterprises(), (each) => ({ sort: `${text(each.facts.region)} ${text(each.facts.industry)}`, each }))
  keyed.sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0))
  return keyed.map(({ each }) => each)
}
