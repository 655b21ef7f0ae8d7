/** 模拟改的是政策的条件，不是另一套算法：不改就一字不差。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadLibrary } from '../../commons/policies/index.server.ts'
import { isRefusal } from '../../core/refusal.ts'
import { changeable, termsOf, vary } from './simulation-variation.ts'
import { halfPolicy } from './test-world.server.ts'

const half = halfPolicy()

describe('改一项政策', () => {
  it('什么都不改，政策库里每一份可以模拟的政策都一字不差', async () => {
    let seen = 0
    for (const content of await loadLibrary())
      for (const n of changeable(content)) {
        const varied = vary(content, termsOf(content, n))
        if (isRefusal(varied)) continue
        seen++
        expect(varied).toEqual(content)
      }
    expect(seen).toBeGreaterThan(0)
  })

  it('改比例、封顶只动那一项待遇', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.option(fc.bigInt({ min: 1n, max: 10n ** 9n })), (rateBp, cap) => {
        const varied = vary(half, { ...termsOf(half, 0), rateBp, capFen: cap === null ? null : String(cap), capPer: 'order' })
        if (isRefusal(varied)) throw new Error(varied.reason)
        const [benefit] = varied.benefits
        expect(benefit).toMatchObject({ rateBp, rule: half.benefits[0]!.rule })
        expect(benefit!.capFen).toBe(cap === null ? undefined : Number(cap))
        expect({ ...varied, benefits: [] }).toEqual({ ...half, benefits: [] })
      }),
    )
  })

  it('改规模和起止日，条件里的和文件上的一起改', () => {
    const varied = vary(half, { ...termsOf(half, 0), sizes: ['medium'], from: '2026-03-01', to: null })
    expect(varied).toMatchObject({ effectiveFrom: '2026-03-01', effectiveTo: null })
    expect(JSON.stringify((varied as typeof half).rule)).toContain('"values":["medium"]')
    expect(JSON.stringify((varied as typeof half).rule)).not.toContain('2026-12-31')
  })

  it('表单里勾选的先后不算改动', () => {
    const sizes = termsOf(half, 0).sizes!.toReversed()
    expect(vary(half, { ...termsOf(half, 0), sizes })).toEqual(half)
  })

  it('原来不分规模的，加上规模条件', () => {
    const open = halfPolicy({ rule: { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' } })
    const varied = vary(open, { ...termsOf(open, 0), sizes: ['micro'] })
    expect(varied).toMatchObject({ rule: { op: 'all', of: [open.rule, { op: 'in', fact: 'size', values: ['micro'] }] } })
  })

  it('“不是”下面的条件不动：那里多写等于少给', () => {
    const not = halfPolicy({ rule: { op: 'not', of: { op: 'in', fact: 'size', values: ['large'], src: 'c1' } } })
    const varied = vary(not, { ...termsOf(not, 0), sizes: ['micro'] }) as typeof half
    expect(varied.rule).toMatchObject({ op: 'all', of: [not.rule, { op: 'in', values: ['micro'] }] })
  })

  it('起日晚于止日、只作鼓励的文件，说明原因', () => {
    expect(vary(half, { ...termsOf(half, 0), from: '2026-12-31', to: '2026-01-01' })).toMatchObject({ kind: 'invalid' })
    expect(vary(halfPolicy({ force: 'encouraged' }), termsOf(half, 0))).toMatchObject({ kind: 'conflict' })
  })
})
