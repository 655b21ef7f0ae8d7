/** Which question to put first when many policies of one enterprise are undecided. */
import { facts as catalogue, type FactId } from './facts.ts'

export interface RankedQuestion {
  fact: FactId
  /** Undecided policies that this answer helps to decide. */
  decides: number
  /** Those for which nothing else has to be asked. */
  alone: number
}

/**
 * The most useful question first, over all undecided policies of one enterprise. A policy that needs three answers lends each a third
 * of its weight; facts of the enterprise go before those of one order line, then the order of the catalogue.
 */
export function rankQuestions(decisions: readonly { ask: readonly FactId[] }[]): RankedQuestion[] {
  const order = Object.keys(catalogue)
  const ranked = new Map<FactId, RankedQuestion & { weight: number }>()
  for (const { ask } of decisions) {
    for (const fact of ask) {
      const so = ranked.get(fact) ?? { fact, decides: 0, alone: 0, weight: 0 }
      ranked.set(fact, { fact, decides: so.decides + 1, alone: so.alone + (ask.length === 1 ? 1 : 0), weight: so.weight + 1 / ask.length })
    }
  }
  // Thirds do not add up exactly in binary; a millionth of a policy is no preference.
  const weight = (each: { weight: number }): number => Math.round(each.weight * 1e6)
  const requested = ({ fact }: RankedQuestion): number => Number(catalogue[fact].scope === 'request')
  return [...ranked.values()]
    .toSorted((a, b) => weight(b) - weight(a) || requested(a) - requested(b) || order.indexOf(a.fact) - order.indexOf(b.fact))
    .map(({ fact, decides, alone }) => ({ fact, decides, alone }))
}
