import { describe, expect, it } from 'vitest'
import { changesBetween, worthTelling, type Standing } from './changes.ts'

describe('只告诉结果有变化的', () => {
  const standing = (policyId: string, result: 'eligible' | 'unknown', versionId = 'v1'): Standing => ({
    policyId,
    versionId,
    result,
    force: 'apply',
  })

  it('变为符合或待补充才算得到；曾经符合而不再符合才算失去', () => {
    const changes = changesBetween(
      [standing('a', 'unknown'), standing('b', 'eligible'), standing('c', 'eligible'), standing('d', 'unknown'), standing('e', 'eligible')],
      [standing('a', 'eligible'), standing('b', 'eligible'), standing('e', 'eligible', 'v2'), standing('f', 'unknown')],
    )
    expect(changes.map(({ policyId }) => policyId)).toEqual(['a', 'c', 'd', 'e', 'f'])
    const { gains, losses } = worthTelling(changes, new Set())
    expect([gains.map((c) => c.policyId), losses.map((c) => c.policyId)]).toEqual([['a', 'f'], ['c']])
  })

  it('放到一边的不再打扰，换了版本才再说', () => {
    const changes = changesBetween([standing('a', 'unknown')], [standing('a', 'eligible', 'v2')])
    expect(worthTelling(changes, new Set(['v1'])).gains).toHaveLength(1)
    expect(worthTelling(changes, new Set(['v2'])).gains).toHaveLength(0)
  })
})
