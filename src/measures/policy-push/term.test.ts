import { describe, expect, it } from 'vitest'
import { examplePolicy } from './example-policy.ts'
import { isClosing, mayTurn, scopeOf, termOf } from './term.ts'

describe('期限', () => {
  it('起止取文件日期和办理期中较窄的', () => {
    expect(termOf(examplePolicy())).toEqual({ from: '2026-01-01', to: '2026-12-31' })
    const rule = { op: 'all', of: [{ op: 'window', anchor: 'acceptedOn', from: '2026-03-01', to: '2026-06-30', src: 'c1' }] } as const
    expect(termOf(examplePolicy({ rule }))).toEqual({ from: '2026-03-01', to: '2026-06-30' })
    expect([
      isClosing(examplePolicy(), '2026-11-30'),
      isClosing(examplePolicy(), '2026-12-02'),
      isClosing(examplePolicy(), '2027-01-01'),
    ]).toEqual([false, true, false])
  })

  it('跨过起止日的政策才重新匹配；有年龄条件的每天都可能变', () => {
    const at = (after: string, until: string, over = {}) =>
      mayTurn(examplePolicy(over), { e: { from: '2026-05-01', to: '2026-05-10' } }, after, until)
    expect([at('2025-12-31', '2026-01-01'), at('2026-01-01', '2026-01-02')]).toEqual([true, false])
    // The last day still counts: the answer turns on the day after it.
    expect([at('2026-12-30', '2026-12-31'), at('2026-12-31', '2027-01-01')]).toEqual([false, true])
    const during = { effectiveFrom: null, effectiveTo: null, rule: { op: 'during', anchor: 'acceptedOn', event: 'e', src: 'c1' } } as const
    expect([at('2026-05-09', '2026-05-10', during), at('2026-05-10', '2026-05-11', during)]).toEqual([false, true])
    expect(at('2026-08-01', '2026-08-02', { rule: { op: 'age', fact: 'registeredOn', ltMonths: 36, src: 'c1' } })).toBe(true)
  })

  it('范围取省一级前缀：只知道到省的企业也要看', () => {
    expect(scopeOf(examplePolicy().rule)).toBe('33')
    expect(scopeOf({ op: 'region', mode: 'listed', codes: ['330100', '340800'], src: 'c1' })).toBe('')
    expect(
      scopeOf({
        op: 'any',
        of: [
          { op: 'region', mode: 'nested', codes: ['330100'] },
          { op: 'flag', fact: 'hardship' },
        ],
      }),
    ).toBe('')
  })
})
