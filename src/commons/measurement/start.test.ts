/** 记录从委托项目的范围和准确度开始；能带出的带出，带不出的留空。 */
import { describe, expect, it } from 'vitest'
import { enteredForm, fieldsOf, readEntered } from './entered.ts'
import { startOf, unitOf } from './start.ts'
import { templateById, templateFor } from './templates/index.ts'

const start = (id: string, able: string | null, accuracy: string | null, service: 'verification' | 'calibration' = 'verification') =>
  startOf({ template: templateById(id)!, service, known: { able, accuracy }, today: '2026-11-24' })

describe('开始', () => {
  it('压力表：量程、等级、五个点都带出来', () => {
    const entered = start('pressure-gauge', '(0～1.6) MPa', '1.6级')
    expect(entered.parameters).toMatchObject({ low: '0', high: '1.6', class: '1.6', division: '' })
    expect(entered.points.map(({ at }) => at)).toEqual(['0', '0.4', '0.8', '1.2', '1.6'])
    expect(entered.validUntil).toBe('2027-05-23')
    expect(unitOf(templateById('pressure-gauge')!, '(0～10) bar')).toBe('bar')
  })
  it('单位不同的换算，等级写成字的查表', () => {
    expect(start('caliper', '(0～30) cm', null).parameters.high).toBe('300')
    expect(start('resistance-thermometer', '(-50～200) ℃', 'A级').parameters).toMatchObject({ a: '0.15', b: '0.002' })
    expect(start('balance', '(0～200) g', 'Ⅱ级').parameters).toMatchObject({ low1: '5000', low2: '20000' })
  })
  it('什么都没写的，参数留空，点留空，不猜', () => {
    const entered = start('scale', null, null)
    expect(entered.parameters).toEqual({ high: '', e: '', d: '' })
    expect(entered.points.every(({ at }) => at === '')).toBe(true)
    expect(start('caliper', '0～1.6 MPa', null).parameters.high).toBe('')
  })
  it('校准没有有效期', () => expect(start('caliper', '0～150mm', null, 'calibration').validUntil).toBe(''))
})

describe('表单', () => {
  it('填的写成表单再读回来，一字不差', () => {
    const template = templateById('pressure-gauge')!
    const entered = { ...start('pressure-gauge', '(0～1.6) MPa', '1.6级'), verified: true }
    entered.points[1]!.readings.up = ['0.4 ']
    const fields = { ...fieldsOf(entered), verified: 'on' } as Record<string, string>
    expect(readEntered(template, (name) => fields[name])).toEqual(entered)
    expect(enteredForm.safeParse(entered).success).toBe(true)
  })
})

describe('哪一个模板', () => {
  it('按种类和服务；检测没有模板', () => {
    expect(templateFor('scale.electronic', 'mandatory-verification')).toMatchObject({ template: { id: 'scale' }, service: 'verification' })
    expect(templateFor('caliper', 'calibration')?.norm.number).toBe('JJG 30-2012')
    expect(templateFor('caliper', 'testing')).toBeUndefined()
    expect(templateFor('cmm', 'calibration')).toBeUndefined()
    expect(templateFor(null, 'calibration')).toBeUndefined()
  })
})
