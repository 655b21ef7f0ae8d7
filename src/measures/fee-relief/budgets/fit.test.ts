import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serveInOrder, shortfall, type Took } from './fit.ts'
import { forecast, meterWord, monthsOf, sayShare } from './meter.ts'
import { relatedUse, splitUse } from './related.ts'

const budgets = ['甲', '乙', '丙']
const rooms = fc
  .record({ 甲: fc.bigInt(0n, 500n), 乙: fc.bigInt(0n, 500n), 丙: fc.bigInt(0n, 500n) })
  .map((each) => new Map(Object.entries(each)))
const queue = fc
  .array(fc.record({ budgets: fc.uniqueArray(fc.constantFrom(...budgets), { minLength: 1 }), amount: fc.bigInt(1n, 300n) }), {
    maxLength: 12,
  })
  .map((entries) => entries.map((entry, n) => ({ id: `第${n}位`, ...entry })))

describe('排队补减的先后', () => {
  it('补减的总和不超过任何一项额度；谁也不多得；还在等的，至少有一项额度已经没有余额', () => {
    fc.assert(
      fc.property(rooms, queue, (room, entries) => {
        const { served, left } = serveInOrder(room, entries)
        for (const budget of budgets) {
          const used = entries.filter((each) => each.budgets.includes(budget)).reduce((sum, { id }) => sum + (served.get(id) ?? 0n), 0n)
          expect(left.get(budget)).toBe(room.get(budget)! - used)
          expect(left.get(budget)! >= 0n).toBe(true)
        }
        for (const { id, amount, budgets: own } of entries) {
          const got = served.get(id) ?? 0n
          expect(got <= amount).toBe(true)
          if (got < amount) expect(own.some((budget) => left.get(budget) === 0n)).toBe(true)
        }
      }),
    )
  })

  it('后来的人不影响先来的人：去掉队尾，前面各位得的不变', () => {
    fc.assert(
      fc.property(rooms, queue, fc.nat(12), (room, entries, keep) => {
        const all = serveInOrder(room, entries).served
        const fewer = serveInOrder(room, entries.slice(0, keep)).served
        for (const { id } of entries.slice(0, keep)) expect(fewer.get(id)).toBe(all.get(id))
      }),
    )
  })

  it('没有列出的额度当作没有余额', () => {
    expect(serveInOrder(new Map([['甲', 10n]]), [{ id: '一', budgets: ['甲', '没有'], amount: 5n }]).served.size).toBe(0)
  })
})

describe('一行里排多少', () => {
  const took = (slug: string, amount: bigint): Took => ({ slug, amount })
  it('放得下的不排；放不下的差额排在额度不够的那项政策下', () => {
    expect(shortfall([took('半价', 60n)], [took('半价', 60n)], new Set(['半价']))).toEqual({ queued: [], replaced: [] })
    expect(shortfall([took('半价', 60n)], [took('半价', 25n)], new Set(['半价']))).toEqual({ queued: [took('半价', 35n)], replaced: [] })
    expect(shortfall([took('半价', 60n)], [], new Set(['半价']))).toEqual({ queued: [took('半价', 60n)], replaced: [] })
  })
  it('改用了另一项有额度的政策，就不再排队，免得日后两项相加', () => {
    expect(shortfall([took('半价', 60n)], [took('三成', 36n)], new Set(['半价']))).toEqual({ queued: [], replaced: ['半价'] })
  })
  it('两项叠加，一项没有额度：另一项先多减，排队的只是差额', () => {
    expect(shortfall([took('半价', 60n), took('三成', 18n)], [took('三成', 36n)], new Set(['半价']))).toEqual({
      queued: [took('半价', 42n)],
      replaced: [],
    })
  })
  it('现在减的加上排队的，永远不超过依法该减的', () => {
    const list = fc.uniqueArray(fc.record({ slug: fc.constantFrom('a', 'b', 'c'), amount: fc.bigInt(1n, 100n) }), {
      selector: ({ slug }) => slug,
    })
    fc.assert(
      fc.property(list, list, fc.subarray(['a', 'b', 'c']), (lawful, fitting, limited) => {
        const sum = (all: readonly Took[]) => all.reduce((total, { amount }) => total + amount, 0n)
        const { queued } = shortfall(lawful, fitting, new Set(limited))
        if (sum(queued) > 0n) expect(sum(fitting) + sum(queued) <= sum(lawful)).toBe(true)
      }),
    )
  })
})

describe('额度表', () => {
  it('不到八成充足，八成起将尽，一分不剩才叫已用完', () => {
    expect([79_99n, 80_00n, 99_99n, 100_00n, 120_00n].map((used) => meterWord(used, 100_00n))).toEqual([
      'enough',
      'near',
      'near',
      'used',
      'used',
    ])
    expect(sayShare(99_99n, 100_00n)).toBe('99.9%')
    expect(sayShare(1_234n, 10_000n)).toBe('12.3%')
  })
  const period = { startsOn: '2026-01-01', endsOn: '2026-12-31', today: '2026-06-30' }
  it('按近 30 天的用度推算用完的日期；期内用不完的说用不完；没有用度的不推算', () => {
    expect(forecast({ ...period, amount: 1_000n, used: 700n, recent: 300n }).runsOutOn).toBe('2026-07-30')
    expect(forecast({ ...period, amount: 1_000n, used: 700n, recent: 3n })).toMatchObject({
      runsOutOn: null,
      said: expect.stringContaining('用不完'),
    })
    expect(forecast({ ...period, amount: 1_000n, used: 700n, recent: 0n }).runsOutOn).toBeNull()
    expect(forecast({ ...period, amount: 1_000n, used: 1_000n, recent: 0n }).said).toContain('已经用完')
  })
  it('刚开始的额度按开始以来的天数算，不按 30 天', () => {
    expect(forecast({ ...period, today: '2026-01-03', amount: 100n, used: 30n, recent: 30n })).toMatchObject({
      days: 3,
      runsOutOn: '2026-01-10',
    })
  })
  it('月份从期初数到今天或期末，跨年不断', () => {
    expect(monthsOf('2025-11-15', '2026-12-31', '2026-02-01')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  })
})

describe('核实事项的发现', () => {
  const firm = (orgId: string, used: bigint) => ({ orgId, name: `示例·${orgId}`, used })
  it('关联企业合起来超过额度的两成才提示；没有关联、没有使用、没有超过的不提示', () => {
    const links = [
      { orgId: '乙', kind: 'phone' as const },
      { orgId: '乙', kind: 'person' as const },
    ]
    expect(relatedUse(firm('甲', 15n), [firm('甲', 15n), firm('乙', 6n)], links, 100n)).toMatchObject({
      together: 21n,
      shareBp: 2_100,
      firms: [{ orgId: '甲' }, { orgId: '乙', links: ['person', 'phone'] }],
    })
    expect(relatedUse(firm('甲', 15n), [firm('乙', 5n)], links, 100n)).toBeUndefined()
    expect(relatedUse(firm('甲', 90n), [firm('丙', 90n)], links, 100n)).toBeUndefined()
    expect(relatedUse(firm('甲', 90n), [firm('乙', 0n)], links, 100n)).toBeUndefined()
  })
  it('一张单再大也不是拆单；几张单合起来超过单张上限才提示', () => {
    const order = (relief: bigint) => ({ id: '1', number: '1', acceptedOn: '2026-01-01', relief })
    expect(splitUse([order(200n)], 100n)).toBeUndefined()
    expect(splitUse([order(50n), order(50n)], 100n)).toBeUndefined()
    expect(splitUse([order(60n), order(50n)], 100n)).toEqual({ together: 110n })
  })
})
