import { describe, expect, it } from 'vitest'
import { readIds, readRegister, registerStages } from './register-query.ts'

const read = (query: string) => readRegister(new URLSearchParams(query))
const one = '01987654-3210-7abc-8def-0123456789ab'
const two = '01987654-3210-7abc-8def-0123456789ac'

describe('台账的筛选条件写在网址里', () => {
  it('不写状态就是在册，全部要写明', () => {
    expect(read('').asked).toEqual({ state: 'held' })
    expect(read('state=all').asked.state).toBeUndefined()
    expect(read('state=scrapped').asked.state).toBe('scrapped')
    expect(read('state=乱写').asked.state).toBe('held')
  })

  it('测量范围按字面读出数和单位；读不懂的不参与查找，并说明为什么', () => {
    expect(read('range=0～10 bar')).toMatchObject({ asked: { range: { low: '0', high: '10', unit: 'bar' } }, problems: {} })
    for (const wrong of ['DN25', '0～10', '十公斤', '0~10bar、0~20bar']) {
      const { asked, problems } = read(`range=${encodeURIComponent(wrong)}`)
      expect(asked.range, wrong).toBeUndefined()
      expect(problems.range, wrong).toBeTruthy()
    }
  })

  it('种类可以写编码、名称、俗称或自定种类的编号；没有的说出来', () => {
    expect(read('kind=pressure-gauge').asked.kind).toBe('pressure-gauge')
    expect(read('kind=地磅').asked.kind).toBe('scale.truck')
    expect(read(`kind=${one}`).asked.kind).toBe(one)
    expect(read('kind=不明器具')).toMatchObject({ asked: { state: 'held' }, problems: { kind: expect.stringContaining('不明器具') } })
  })

  it('到期阶段、强制检定只认已有的词', () => {
    for (const stage of Object.keys(registerStages)) expect(read(`stage=${stage}`).asked.stage).toBe(stage)
    expect(read('stage=soon&mandatory=maybe').asked).toEqual({ state: 'held' })
    expect(read('mandatory=unknown').asked.mandatory).toBe('unknown')
  })

  it('编号可以用逗号或重复写，去重，认不出的丢掉', () => {
    expect(readIds(new URLSearchParams(`ids=${one},${two}&ids=${one}&ids=1' or '1'='1`))).toEqual([one, two])
    expect(read('ids=x').asked.ids).toBeUndefined()
  })
})
