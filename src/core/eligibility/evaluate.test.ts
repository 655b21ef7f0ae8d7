import { describe, expect, it } from 'vitest'
import { addDays, addMonths, isIsoDate, wholeMonths } from './calendar-day.ts'
import { evaluate } from './evaluate.ts'
import type { Facts, Setting } from './facts.ts'
import { EVERYONE, NO, UNKNOWN, YES, type Rule } from './rule.ts'

const setting: Setting = {
  asOf: '2024-06-15',
  events: { epidemic: { from: '2020-01-23', to: '2023-01-07' }, flood: {}, campaign: { from: '2024-06-15' } },
  alliances: { delta: ['310000', '330000'] },
}
const ask = (rule: Rule, facts: Facts, more: Partial<Setting> = {}) => evaluate(rule, facts, { ...setting, ...more })
const yes: Rule = { op: 'flag', fact: 'hardship' }
const no: Rule = { op: 'flag', fact: 'resumedWork' }
const blank: Rule = { op: 'flag', fact: 'traceable' }
const mixed: Facts = { hardship: true, resumedWork: false }

describe('组合', () => {
  it('没有条件时人人符合', () => expect(ask(EVERYONE, {})).toBe(YES))
  it('全部满足取最小，任一取最大，不满足取反', () => {
    expect(ask({ op: 'all', of: [yes, blank] }, mixed)).toBe(UNKNOWN)
    expect(ask({ op: 'all', of: [yes, blank, no] }, mixed)).toBe(NO)
    expect(ask({ op: 'any', of: [no, blank] }, mixed)).toBe(UNKNOWN)
    expect(ask({ op: 'any', of: [no, blank, yes] }, mixed)).toBe(YES)
    expect(ask({ op: 'not', of: blank }, mixed)).toBe(UNKNOWN)
    expect(ask({ op: 'not', of: no }, mixed)).toBe(YES)
  })
  it('满足其中几项：够了即符合，凑不够即不符合，其余待补充', () => {
    const rule = (n: number): Rule => ({ op: 'atLeast', n, of: [yes, no, blank] })
    expect(ask(rule(1), mixed)).toBe(YES)
    expect(ask(rule(2), mixed)).toBe(UNKNOWN)
    expect(ask(rule(3), mixed)).toBe(NO)
  })
  it('重言式在信息缺失时仍是待补充', () => {
    const of: Rule[] = [
      { op: 'range', fact: 'employees', lt: 5 },
      { op: 'range', fact: 'employees', gte: 5 },
    ]
    expect(ask({ op: 'any', of }, {})).toBe(UNKNOWN)
  })
})

describe('地区', () => {
  const inHangzhou: Rule = { op: 'region', mode: 'nested', codes: ['330100'] }
  it('上级地区包含下级', () => {
    expect(ask(inHangzhou, { region: '330109' })).toBe(YES)
    expect(ask({ op: 'region', mode: 'nested', codes: ['330000'] }, { region: '330109' })).toBe(YES)
    expect(ask({ op: 'region', mode: 'nested', codes: ['33'] }, { region: '330109' })).toBe(YES)
    expect(ask({ op: 'region', mode: 'nested', codes: ['000000'] }, { region: '659001' })).toBe(YES)
    expect(ask({ op: 'region', mode: 'nested', codes: ['429000'] }, { region: '429004' })).toBe(YES)
    expect(ask(inHangzhou, { region: '340100' })).toBe(NO)
  })
  it('只知道市、条件写到县时待补充', () => {
    expect(ask({ op: 'region', mode: 'nested', codes: ['330109'] }, { region: '330100' })).toBe(UNKNOWN)
    expect(ask(inHangzhou, { region: '000000' })).toBe(UNKNOWN)
    expect(ask(inHangzhou, {})).toBe(UNKNOWN)
  })
  it('几种可能都在范围内才算符合', () => {
    expect(ask(inHangzhou, { region: { oneOf: ['330109', '330110'] } })).toBe(YES)
    expect(ask(inHangzhou, { region: { oneOf: ['330109', '340100'] } })).toBe(UNKNOWN)
    expect(ask(inHangzhou, { region: { oneOf: ['340200', '340100'] } })).toBe(NO)
    expect(ask(inHangzhou, { region: { oneOf: [] } })).toBe(UNKNOWN)
  })
  it('联盟按名单判断，未登记的联盟不作否定', () => {
    expect(ask({ op: 'region', mode: 'alliance', codes: ['delta'] }, { region: '330109' })).toBe(YES)
    expect(ask({ op: 'region', mode: 'alliance', codes: ['delta'] }, { region: '340100' })).toBe(NO)
    expect(ask({ op: 'region', mode: 'alliance', codes: ['elsewhere'] }, { region: '340100' })).toBe(UNKNOWN)
    expect(ask({ op: 'region', mode: 'alliance', codes: ['elsewhere', 'delta'] }, { region: '310101' })).toBe(YES)
  })
  it('园区看所在园区，不看行政区划', () => {
    const rule: Rule = { op: 'region', mode: 'park', codes: ['tianqu'] }
    expect(ask(rule, { park: 'tianqu' })).toBe(YES)
    expect(ask(rule, { park: 'none', region: '371400' })).toBe(NO)
    expect(ask(rule, { region: '371400' })).toBe(UNKNOWN)
  })
})

describe('单项条件', () => {
  it('行业门类包含中类小类，反之待补充', () => {
    const rule: Rule = { op: 'within', fact: 'industry', codes: ['C40'] }
    expect(ask(rule, { industry: 'C4011' })).toBe(YES)
    expect(ask(rule, { industry: 'C' })).toBe(UNKNOWN)
    expect(ask(rule, { industry: 'C39' })).toBe(NO)
    expect(ask(rule, { industry: 'D44' })).toBe(NO)
  })
  it('规模有几种可能时，全在条件内即符合', () => {
    const rule: Rule = { op: 'in', fact: 'size', values: ['small', 'micro'] }
    expect(ask(rule, { size: { oneOf: ['small', 'micro'] } })).toBe(YES)
    expect(ask(rule, { size: { oneOf: ['small', 'medium'] } })).toBe(UNKNOWN)
    expect(ask(rule, { size: 'individual' })).toBe(NO)
  })
  it('数值含下限不含上限', () => {
    const rule: Rule = { op: 'range', fact: 'employees', gte: 5, lt: 20 }
    expect([4, 5, 19, 20].map((employees) => ask(rule, { employees }))).toEqual([NO, YES, YES, NO])
    expect(ask(rule, {})).toBe(UNKNOWN)
  })
  it('资质为空是已知没有，不是未知', () => {
    expect(ask({ op: 'has', fact: 'qualifications', any: ['cnas', 'cma'] }, { qualifications: ['cma'] })).toBe(YES)
    expect(ask({ op: 'has', fact: 'qualifications', all: ['cnas', 'cma'] }, { qualifications: ['cma'] })).toBe(NO)
    expect(ask({ op: 'has', fact: 'qualifications', any: ['cnas'] }, { qualifications: [] })).toBe(NO)
    expect(ask({ op: 'has', fact: 'qualifications', any: ['cnas'] }, {})).toBe(UNKNOWN)
  })
  it('器具按种类合计，大类登记可能属于小类', () => {
    const rule: Rule = { op: 'holds', kinds: ['scale.electronic', 'gauge'], min: 5 }
    expect(ask(rule, { instruments: { 'scale.electronic': 2, 'gauge.pressure': 3 } })).toBe(YES)
    expect(ask(rule, { instruments: { 'scale.electronic': 2, gauges: 30 } })).toBe(NO)
    expect(ask(rule, { instruments: { 'scale.electronic': 2, scale: 3 } })).toBe(UNKNOWN)
    expect(ask(rule, { instruments: { 'scale.electronic': 2, scale: 2 } })).toBe(NO)
    expect(ask(rule, { instruments: {} })).toBe(NO)
    expect(ask(rule, {})).toBe(UNKNOWN)
  })
  it('是否在案只有是与否', () => {
    expect(ask({ op: 'known', fact: 'employees' }, {})).toBe(NO)
    expect(ask({ op: 'known', fact: 'employees' }, { employees: 0 })).toBe(YES)
    expect(ask({ op: 'known', fact: 'size' }, { size: { oneOf: ['small', 'micro'] } })).toBe(YES)
  })
  it('形状不对的值按未知处理', () => {
    expect(ask({ op: 'range', fact: 'employees', lt: 5 }, { employees: '3' })).toBe(UNKNOWN)
    expect(ask({ op: 'flag', fact: 'hardship' }, { hardship: 'true' })).toBe(UNKNOWN)
    expect(ask({ op: 'window', anchor: 'certificateOn', from: '2024-01-01' }, { certificateOn: '2024-02-30' })).toBe(UNKNOWN)
  })
})

describe('日期', () => {
  const window: Rule = { op: 'window', anchor: 'acceptedOn', from: '2024-06-15', to: '2024-06-30' }
  it('受理窗口首尾两天都算在内', () => {
    const truths = ['2024-06-14', '2024-06-15', '2024-06-30', '2024-07-01'].map((acceptedOn) => ask(window, { acceptedOn }))
    expect(truths).toEqual([NO, YES, YES, NO])
  })
  it('没有受理日期时按判断日算，其他日期没有替代', () => {
    expect(ask(window, {})).toBe(YES)
    expect(ask(window, {}, { asOf: '2024-07-01' })).toBe(NO)
    expect(ask({ ...window, anchor: 'certificateOn' }, {})).toBe(UNKNOWN)
  })
  it('事件未录入起始日时待补充，没有终止日即仍在持续', () => {
    const during = (event: string): Rule => ({ op: 'during', anchor: 'acceptedOn', event })
    expect(ask(during('flood'), {})).toBe(UNKNOWN)
    expect(ask(during('unheard-of'), {})).toBe(UNKNOWN)
    expect(ask(during('campaign'), {})).toBe(YES)
    expect(ask(during('epidemic'), { acceptedOn: '2023-01-07' })).toBe(YES)
    expect(ask(during('epidemic'), { acceptedOn: '2023-01-08' })).toBe(NO)
    expect(ask(during('epidemic'), { acceptedOn: '2020-01-22' })).toBe(NO)
  })
  it('成立月数按足月计，含下限不含上限', () => {
    const rule: Rule = { op: 'age', fact: 'registeredOn', gteMonths: 12, ltMonths: 36 }
    const truths = ['2023-06-16', '2023-06-15', '2021-06-16', '2021-06-15'].map((registeredOn) => ask(rule, { registeredOn }))
    expect(truths).toEqual([NO, YES, YES, NO])
    expect(ask({ op: 'age', fact: 'registeredOn', ltMonths: 36 }, { registeredOn: '2024-06-16' })).toBe(NO)
    expect(ask({ op: 'age', fact: 'registeredOn', ltMonths: 36 }, { registeredOn: '2024-06-15' })).toBe(YES)
  })
  it('没有对应日的，以月末日为满月（民法典第二百零二条）', () => {
    expect(wholeMonths('2024-01-31', '2024-02-28')).toBe(0)
    expect(wholeMonths('2024-01-31', '2024-02-29')).toBe(1)
    expect(wholeMonths('2020-02-29', '2021-02-28')).toBe(12)
    expect(wholeMonths('2020-02-29', '2024-02-28')).toBe(47)
    expect(wholeMonths('2024-03-31', '2024-04-30')).toBe(1)
    expect(wholeMonths('2024-03-15', '2024-03-14')).toBe(-1)
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29')
    expect(addMonths('2020-02-29', 12)).toBe('2021-02-28')
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29')
  })
  it('日期要真实存在', () => {
    expect(['2024-02-29', '2023-02-29', '1900-02-29', '2000-02-29', '2024-13-01', '2024-00-10', '2024-4-1'].map(isIsoDate)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      false,
    ])
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2024-01-01', -1)).toBe('2023-12-31')
  })
})
