/**
 * One order decided again, once by the rules of its day and once with the changed policy in their place, by the code that accepts orders.
 * Pure. An order that does not come to its frozen amount again (a line given up later, a date entered since) is set aside: nothing is
 * claimed about it, so that the difference is the changed rule's alone.
 */
import type { LivePolicy, PolicyContent } from '../../commons/policies/index.ts'
import type { LineReliefRecord } from '../../commons/orders/index.ts'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO } from '../../core/eligibility/rule.ts'
import { add, fen, type Fen } from '../../core/money.ts'
import { feePolicies, orderRelief, type OrderRelief, type ReliefLine, type ReliefQuestion } from './order-relief.ts'

export interface PastOrder {
  orgId: string
  acceptedOn: string
  affiliation: string | null
  lines: readonly (ReliefLine & { frozen: Fen; record: LineReliefRecord | null })[]
}

/** What was on record when the order was accepted. */
export interface Standing {
  facts: Facts
  pledge: ReliefQuestion['pledge']
  /** Ids of the policies whose application was granted. */
  granted: ReadonlySet<string>
  /** In force that day. */
  policies: readonly LivePolicy[]
}

export interface Reckoned {
  before: Fen
  after: Fen
  setAside: boolean
}

/** Keeps what yearly caps have used on either side; orders must come in the order of their acceptance. */
export class Reckoning {
  readonly #change: { policy: LivePolicy; replaces: ReadonlySet<string> }
  readonly #used = { before: new Map<string, Fen>(), after: new Map<string, Fen>() }

  readonly #names: ReliefQuestion['names']

  constructor(policy: LivePolicy, replaces: string | null, names: ReliefQuestion['names']) {
    this.#names = names
    this.#change = { policy, replaces: new Set([policy.slug, ...(replaces ? [replaces] : [])]) }
  }

  reckon(order: PastOrder, standing: Standing, setting: Setting): Reckoned {
    const { policy, replaces } = this.#change
    const present = standing.policies
    const changed = [...present.filter(({ slug }) => !replaces.has(slug)), policy]
    const frozen = add(...order.lines.map((line) => line.frozen))
    const again = this.#decide('before', present, order, standing, setting)
    const setAside = order.lines.some((line) => again.lines.get(line.id)?.relief !== line.frozen)
    const after = setAside ? undefined : this.#decide('after', changed, order, standing, setting)
    this.#use('before', order, setAside ? frozenBySlug(order) : again.bySlug)
    this.#use('after', order, after?.bySlug ?? frozenBySlug(order))
    return { before: frozen, after: after?.relief ?? frozen, setAside }
  }

  #decide(
    side: 'before' | 'after',
    policies: readonly LivePolicy[],
    order: PastOrder,
    { facts, pledge, granted }: Standing,
    setting: Setting,
  ): OrderRelief {
    const year = setting.asOf.slice(0, 4)
    const relevant = feePolicies(policies).filter(({ content }) => mayHold(content, facts, setting))
    return orderRelief({
      policies: relevant,
      facts,
      affiliation: order.affiliation,
      lines: order.lines,
      setting,
      pledge,
      granted: new Set(relevant.flatMap(({ policyId, slug }) => (granted.has(policyId) ? [slug] : []))),
      usedThisYear: new Map(
        relevant.flatMap(({ slug }) => {
          const used = this.#used[side].get(`${order.orgId} ${slug} ${year}`)
          return used === undefined ? [] : [[slug, used]]
        }),
      ),
      names: this.#names,
    })
  }

  #use(side: 'before' | 'after', { orgId, acceptedOn }: PastOrder, bySlug: ReadonlyMap<string, Fen>): void {
    for (const [slug, amount] of bySlug) {
      const key = `${orgId} ${slug} ${acceptedOn.slice(0, 4)}`
      this.#used[side].set(key, add(this.#used[side].get(key) ?? fen(0n), amount))
    }
  }
}

/** Cheap, and never wrong: what surely does not hold takes nothing off. Explaining why it does not is not asked for here. */
const mayHold = ({ rule }: PolicyContent, facts: Facts, setting: Setting): boolean =>
  evaluate(rule, { ...facts, acceptedOn: setting.asOf }, setting) !== NO

function frozenBySlug({ lines }: PastOrder): Map<string, Fen> {
  const sums = new Map<string, Fen>()
  for (const { slug, amountFen } of lines.flatMap(({ record }) => record?.taken ?? []))
    sums.set(slug, add(sums.get(slug) ?? fen(0n), fen(BigInt(amountFen))))
  return sums
}
