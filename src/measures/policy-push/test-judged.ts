/** The example policy, judged for an enterprise of which this much is known. */
import type { LivePolicy, PolicyContent } from '../../commons/policies/index.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import { examplePolicy } from './example-policy.ts'
import { judge, type Subject } from './judge.ts'

export const subject = (facts: Facts, asOf = '2026-11-23'): Subject => ({ facts, setting: { asOf, events: {} }, derive: () => [] })

const live = (over: Partial<PolicyContent> = {}): LivePolicy => {
  const content = examplePolicy(over)
  return {
    policyId: `p-${content.slug}`,
    versionId: `v-${content.slug}`,
    number: 1,
    slug: content.slug,
    content,
    publishedAt: '2026-01-05T00:00:00.000Z',
  }
}

export const judged = (facts: Facts, over: Partial<PolicyContent> = {}) => judge(live(over), subject(facts))

export const hangzhou = { region: '330110' } as const
