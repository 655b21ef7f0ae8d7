import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../core/eligibility/rule.ts'
import { KnownRules, RuleNames } from './shard-rules.ts'

const rule = (lt: number): Rule => ({ op: 'range', fact: 'employees', lt })
const sent = <T>(message: T): T => structuredClone(message)

describe('线程之间的规则', () => {
  it('同一条规则只送一次，另一边每次得到同一个对象', () => {
    const names = new RuleNames()
    const known = new KnownRules()
    const [a, b] = [rule(1), rule(2)]
    const first = names.name([a, b, a])
    expect(first.fresh.map(([, each]) => each)).toEqual([a, b])
    const [one, two, again] = known.of(sent(first))
    expect([one, two]).toEqual([a, b])
    expect(again).toBe(one)
    const second = names.name([b, a])
    expect(second.fresh).toEqual([])
    expect(known.of(sent(second))).toEqual([two, one])
    expect(known.of(sent(second))[1]).toBe(one)
  })

  it('没有人再拿着的规则，另一边也不再留着', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const names = new RuleNames()
    const known = new KnownRules()
    const kept = rule(0)
    known.of(sent(names.name([kept, ...Array.from({ length: 50 }, (_, i) => rule(i))])))
    expect(known.size).toBe(51)
    for (let turn = 0; turn < 100 && known.size > 1; turn++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 5))
      known.of(sent(names.name([kept])))
    }
    expect(known.size).toBe(1)
  })
})
