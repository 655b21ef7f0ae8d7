import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import type { FactId, Facts } from '../../core/eligibility/facts.ts'
import { dateOf, dayNumber } from '../../core/work-calendar.ts'
import type { Organisation } from './model.ts'
import { factGroups } from './profile-words.ts'
import { derive, isStale, lastStaleDay, profileFrom, recordableFacts } from './profile-rules.ts'

const org: Organisation = {
  id: 'o',
  province: '33',
  kind: 'enterprise',
  name: '示例·厂',
  uscc: null,
  region: '330109',
  demo: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  version: 1,
}
const stored = (values: Facts, asOf = '2026-11-01') =>
  Object.entries(values).map(([fact, value]) => ({ fact: fact as FactId, value, source: '企业填报', asOf }))

describe('十二个月', () => {
  it('满十二个月的当天不过时，次日过时；闰日也一样', () => {
    const stale = (asOf: string, today: string) => isStale({ fact: 'employees', asOf }, today)
    expect([stale('2025-11-23', '2026-11-23'), stale('2025-11-22', '2026-11-23')]).toEqual([false, true])
    expect([stale('2024-02-29', '2025-02-28'), stale('2024-02-29', '2025-03-01')]).toEqual([false, true])
    expect([stale('2023-02-28', '2024-02-28'), stale('2023-02-28', '2024-02-29')]).toEqual([false, true])
  })

  it('查询用的最后一天与逐条判断处处一致', () => {
    const day = fc.integer({ min: 0, max: 1600 }).map((n) => dateOf(dayNumber('2023-01-01') + n))
    fc.assert(
      fc.property(day, fc.integer({ min: -40, max: 40 }), (today, off) => {
        const asOf = addDays(lastStaleDay(today), Math.trunc(off / 2))
        expect(isStale({ fact: 'employees', asOf }, today)).toBe(asOf <= lastStaleDay(today))
      }),
      {
        examples: [
          ['2024-02-29', 0],
          ['2024-02-29', 2],
          ['2025-02-28', 0],
          ['2025-03-01', 0],
        ],
      },
    )
  })

  it('成立日期不会变，也就不会过时', () => expect(isStale({ fact: 'registeredOn', asOf: '1990-01-01' }, '2026-11-23')).toBe(false))
})

describe('企业信息页', () => {
  it('每一项可填的信息在且只在一组里，都写明为什么要填；名单由文件列出，不问企业', () => {
    const shown = factGroups.flatMap(({ facts }) => Object.keys(facts))
    expect(shown.toSorted()).toEqual(recordableFacts.filter((fact) => fact !== 'listings').toSorted())
    for (const why of factGroups.flatMap(({ facts }) => Object.values(facts))) expect(why.length).toBeGreaterThan(5)
  })
})

describe('由已知信息得出的', () => {
  it('登记给出注册地和主体类型，填报的更细时用填报的', () => {
    expect(profileFrom({ ...org, region: '330100' }, [], '2026-11-23').facts).toMatchObject({ region: '330100', subjectKind: 'enterprise' })
    expect(profileFrom({ ...org, region: '330100' }, stored({ region: '330109' }), '2026-11-23').facts.region).toBe('330109')
  })

  it('个体工商户单列，不折算为微型', () => {
    expect(profileFrom({ ...org, kind: 'individual' }, stored({ employees: 2 }), '2026-11-23').facts.size).toBe('individual')
  })

  it('什么都不知道时，规模是所有可能，问法从行业和指标问起', () => {
    const { facts, size } = profileFrom(org, [], '2026-11-23')
    expect(facts.size).toEqual({ oneOf: size.possible })
    expect(size.possible.length).toBeGreaterThan(3)
    expect(derive('size', facts)).toContain('industry')
    for (const fact of derive('size', facts)) expect(recordableFacts).toContain(fact)
  })
})
