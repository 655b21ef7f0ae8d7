import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { allScopes, duties, personNumber, readPersonNumber, type Duty, type Scope } from './model.ts'
import { doubleProblem, grantableDuties, grantProblem, isExpired, isInForce, sayRenewers, type Grant, type Standing } from './rules.ts'

const today = '2026-11-23'
const boss: Standing = {
  personId: 'boss',
  duty: 'legal-representative',
  scope: allScopes,
  startsOn: '2020-01-01',
  endsOn: null,
  state: 'active',
}
const manager: Standing = { ...boss, personId: 'm', duty: 'manager', scope: ['ledger', 'people'], endsOn: '2027-06-30' }
const grant: Grant = { duty: 'clerk', scope: ['ledger'], startsOn: today, endsOn: '2027-06-30' }

const day = (min: number, max: number) => fc.integer({ min, max }).map((n) => addDays(today, n))
// Most delegations are plausible, and each part is wrong now and then: otherwise hardly any could be given.
const start = fc.oneof({ weight: 4, arbitrary: day(-3, 0) }, day(-5, 5))
const end = fc.oneof({ weight: 4, arbitrary: day(0, 9) }, day(-5, 9), fc.constant(null))
const anyDuty = fc.constantFrom(...(Object.keys(duties) as Duty[]))
const anyScope = fc.subarray([...allScopes]) as fc.Arbitrary<Scope[]>
const standing: fc.Arbitrary<Standing> = fc.record({
  personId: fc.constantFrom('a', 'b'),
  duty: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<Duty>('legal-representative', 'manager') }, anyDuty),
  scope: fc.oneof({ weight: 4, arbitrary: anyScope.map((scope) => [...new Set<Scope>([...scope, 'people'])]) }, anyScope),
  startsOn: start,
  endsOn: end,
  state: fc.constantFrom('active', 'active', 'active', 'ended'),
})
const wanted: fc.Arbitrary<Grant> = fc.record({
  duty: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<Duty>('manager', 'clerk') }, anyDuty),
  scope: fc.subarray([...allScopes], { maxLength: 2 }) as fc.Arbitrary<Scope[]>,
  startsOn: start,
  endsOn: end,
})

const within = (inner: Grant, outer: Standing): boolean =>
  inner.scope.every((scope) => outer.scope.includes(scope)) &&
  inner.startsOn >= outer.startsOn &&
  (outer.endsOn === null || (inner.endsOn !== null && inner.endsOn <= outer.endsOn))

describe('授权不会越授越大', () => {
  it('凡是授得出的，范围、期限都不超过授权人自己的，职务低一级，且有期限', () => {
    let given = 0
    fc.assert(
      fc.property(standing, wanted, (acting, asked) => {
        if (grantProblem(acting, asked, today) !== undefined) return
        given++
        expect(within(asked, acting)).toBe(true)
        expect(asked.endsOn !== null && asked.endsOn >= today && asked.endsOn >= asked.startsOn).toBe(true)
        expect(isInForce(acting, today) && acting.scope.includes('people')).toBe(true)
        const order: Duty[] = ['legal-representative', 'manager', 'clerk']
        expect(order.indexOf(asked.duty)).toBeGreaterThan(order.indexOf(acting.duty))
      }),
      { numRuns: 5_000 },
    )
    // The property would also hold if nothing could ever be given.
    expect(given).toBeGreaterThan(20)
  })

  it('授了再授，也超不过最初的授权人', () => {
    let chains = 0
    fc.assert(
      fc.property(standing, wanted, wanted, fc.boolean(), (holder, passed, last, fits) => {
        const first: Standing = { ...holder, duty: 'legal-representative', state: 'active' }
        const second: Grant = { ...passed, duty: 'manager', scope: [...new Set<Scope>([...passed.scope, 'people'])] }
        const scope = fits ? second.scope.filter((each) => each !== 'people') : last.scope
        const third: Grant = { ...last, duty: 'clerk', scope }
        if (grantProblem(first, second, today) !== undefined) return
        const between: Standing = { ...second, personId: 'c', state: 'active' }
        if (grantProblem(between, third, today) !== undefined) return
        chains++
        expect(within(third, first)).toBe(true)
      }),
      { numRuns: 20_000 },
    )
    expect(chains).toBeGreaterThan(10)
  })

  it('能授的职务正是授得出的职务', () => {
    fc.assert(
      fc.property(standing, anyDuty, (acting, duty) => {
        const most = {
          duty,
          scope: acting.scope.filter((s) => duty !== 'clerk' || s !== 'people'),
          startsOn: today,
          endsOn: acting.endsOn ?? today,
        }
        fc.pre(most.scope.length > 0)
        expect(grantProblem(acting, most, today) === undefined).toBe(grantableDuties(acting, today).includes(duty))
      }),
    )
  })
})

describe('说清为什么不能授权', () => {
  it.each<[string, Standing | undefined, Partial<Grant>, string]>([
    ['没有授权', undefined, {}, '没有有效的授权'],
    ['授权已终止', { ...manager, state: 'ended' }, {}, '没有有效的授权'],
    ['授权还没开始', { ...manager, startsOn: '2026-11-24' }, {}, '2026-11-24 起才生效'],
    ['授权昨天到期', { ...manager, endsOn: '2026-11-22' }, {}, '2026-11-22 到期'],
    ['没有“人员”范围', { ...manager, scope: ['ledger'] }, {}, '不含“人员”范围'],
    ['经办人', { ...manager, duty: 'clerk' }, {}, '您是经办人'],
    ['管理员授管理员', manager, { duty: 'manager' }, '由法定代表人授予'],
    ['没有选范围', manager, { scope: [] }, '请至少选择一项'],
    ['经办人再授权', boss, { scope: ['people'] }, '经办人不能再给他人授权'],
    ['没有的范围', manager, { scope: ['ledger', 'money', 'orders'] }, '费用、送检'],
    ['没有期限', manager, { endsOn: null }, '第一百六十五条'],
    ['期限颠倒', manager, { startsOn: '2027-06-30', endsOn: '2027-06-29' }, '早于开始日期'],
    ['期限已过', manager, { startsOn: '2026-01-01', endsOn: '2026-11-22' }, '已经过去'],
    ['期限更长', manager, { endsOn: '2027-07-01' }, '到 2027-06-30 为止'],
    ['开始更早', { ...manager, startsOn: '2026-06-01' }, { startsOn: '2026-05-31' }, '从 2026-06-01 起生效'],
  ])('%s', (_, acting, more, said) => expect(grantProblem(acting, { ...grant, ...more }, today)).toContain(said))

  it('法定代表人可以授予不长于自己的任何范围和期限', () => {
    expect(grantProblem(boss, { ...grant, duty: 'manager', scope: allScopes, endsOn: '2036-01-01' }, today)).toBeUndefined()
  })
})

describe('到期、重复与续期人', () => {
  it('截止日当天有效，次日到期；没有截止日的不到期', () => {
    expect(isExpired({ endsOn: today }, today)).toBe(false)
    expect(isExpired({ endsOn: '2026-11-22' }, today)).toBe(true)
    expect(isExpired({ endsOn: null }, today)).toBe(false)
  })

  it('已有有效授权的人不再授第二份，到期或终止后可以', () => {
    expect(doubleProblem([boss, manager], 'm', today)).toContain('已经是本单位的管理员（到 2027-06-30）')
    expect(doubleProblem([boss, manager], 'n', today)).toBeUndefined()
    expect(doubleProblem([{ ...manager, endsOn: '2026-11-22' }], 'm', today)).toBeUndefined()
    expect(doubleProblem([{ ...manager, state: 'ended' }], 'm', today)).toBeUndefined()
  })

  it('本单位没有人能续期时，请平台管理员', () => {
    expect(sayRenewers([])).toBe('平台管理员')
    expect(sayRenewers([{ personName: '示例·张某', duty: 'manager' }])).toBe('示例·张某（管理员）')
  })
})

describe('个人编号', () => {
  it('写出来再读回去不变，空格、大写、全角和连字符都认', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(readPersonNumber(personNumber(id))).toBe(id.slice(-12))
      }),
    )
    expect(personNumber('0199b2c4-0000-7000-8000-3f2a9c4d7e10')).toBe('3f2a-9c4d-7e10')
    for (const text of ['3F2A 9C4D 7E10', '３ｆ２ａ－9c4d-7e10', ' 3f2a9c4d7e10 ']) expect(readPersonNumber(text)).toBe('3f2a9c4d7e10')
    for (const text of ['', '3f2a', '3f2a-9c4d-7e1g', "' or 1=1"]) expect(readPersonNumber(text)).toBeUndefined()
  })
})
