/** A policy with some of its terms changed: the rule language does the rest. Pure. */
import { resultKindWithReason, type Benefit, type PolicyContent } from '../../commons/policies/index.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { SizeClass } from '../../core/size-class.ts'
import type { Variation } from './simulation-model.ts'

/** Benefits whose terms can be changed: those that take a stated part off a fee. */
export const changeable = ({ benefits }: Pick<PolicyContent, 'benefits'>): number[] =>
  benefits.flatMap(({ kind, rateBp }, n) => ((kind === 'reduce' || kind === 'waive') && rateBp !== undefined ? [n] : []))

/** The terms as they stand; varying a policy by them changes nothing. */
export function termsOf(content: PolicyContent, benefit: number): Variation {
  const { rateBp = 0, capFen, capPer = 'year', rule } = content.benefits[benefit]!
  return {
    benefit,
    rateBp,
    capFen: capFen === undefined ? null : String(capFen),
    capPer,
    from: content.effectiveFrom,
    to: content.effectiveTo,
    sizes: sizesOf(content.rule) ?? (rule && sizesOf(rule)) ?? null,
    direct: false,
    replaces: null,
  }
}

/** The policy with these terms, or why no such policy could take anything off. */
export function vary(content: PolicyContent, variation: Variation): PolicyContent | Refusal {
  const now = termsOf(content, variation.benefit)
  const [from, to] = [variation.from, variation.to]
  if (from && to && from > to) return refuse('invalid', '施行的起日晚于止日。', { fields: { to: '止日不能早于起日' } })
  const redated = from !== now.from || to !== now.to
  const resized = variation.sizes !== null && !sameSizes(variation.sizes, now.sizes)
  const change = (rule: Rule): Rule => {
    const dated = redated ? mapLeaves(rule, (leaf) => (isWindow(leaf) ? withEnds(leaf, from, to) : leaf)) : rule
    return resized ? mapLeaves(dated, (leaf) => (isSize(leaf) ? { ...leaf, values: variation.sizes! } : leaf)) : dated
  }
  const benefits = content.benefits.map((benefit, n) => {
    const own = benefit.rule ? { ...benefit, rule: change(benefit.rule) } : benefit
    return n === variation.benefit ? withTerms(own, variation) : own
  })
  const found = sizesOf(content.rule) ?? benefits.map(({ rule }) => rule && sizesOf(rule)).find(Boolean)
  const src = benefits[variation.benefit]!.src
  const rule = change(content.rule)
  const varied: PolicyContent = {
    ...content,
    effectiveFrom: from,
    effectiveTo: to,
    benefits,
    rule: resized && !found ? { op: 'all', of: [rule, { op: 'in', fact: 'size', values: variation.sizes!, src }] } : rule,
    ...(variation.direct && { requiresApplication: false }),
  }
  const { kind, why } = resultKindWithReason(varied)
  return kind === 'guidance' ? refuse('conflict', `《${content.title}》不能据以减免：${why}。请换一份政策。`) : varied
}

const sameSizes = (a: readonly SizeClass[], b: readonly SizeClass[] | null): boolean =>
  b !== null && String(a.toSorted()) === String(b.toSorted())

function withTerms(benefit: Benefit, variation: Variation): Benefit {
  const varied: Benefit = { ...benefit, rateBp: variation.rateBp }
  delete varied.capFen
  if (variation.capFen === null) {
    delete varied.capPer
    return varied
  }
  // A cap without a period holds over the year: an unchanged one stays as it was written.
  if (variation.capPer !== (benefit.capPer ?? 'year')) varied.capPer = variation.capPer
  return { ...varied, capFen: Number(variation.capFen) }
}

type Window = Extract<Rule, { op: 'window' }>
const isWindow = (leaf: Rule): leaf is Window => leaf.op === 'window' && leaf.anchor === 'acceptedOn'
const isSize = (leaf: Rule): leaf is Extract<Rule, { op: 'in' }> => leaf.op === 'in' && leaf.fact === 'size'

const withEnds = ({ op, anchor, src }: Window, from: string | null, to: string | null): Rule => ({
  op,
  anchor,
  ...(from && { from }),
  ...(to && { to }),
  ...(src && { src }),
})

/** Every leaf, but for those under a `not`: there more would mean less. */
function mapLeaves(rule: Rule, change: (leaf: Rule) => Rule): Rule {
  if (!('of' in rule)) return change(rule)
  return rule.op === 'not' ? rule : { ...rule, of: rule.of.map((part) => mapLeaves(part, change)) }
}

function sizesOf(rule: Rule): SizeClass[] | undefined {
  let found: SizeClass[] | undefined
  mapLeaves(rule, (leaf) => {
    if (isSize(leaf)) found ??= [...leaf.values] as SizeClass[]
    return leaf
  })
  return found
}
