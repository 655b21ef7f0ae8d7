import { describe, expect, it } from 'vitest'
import { readAnswer } from './answer.ts'

describe('回答', () => {
  const one = (fact: Parameters<typeof readAnswer>[0], value: string[], none = false) => readAnswer(fact, { value, none })

  it('按信息的类型读取，没填的请填，不猜', () => {
    expect([
      one('hardship', ['yes']),
      one('hardship', ['no']),
      one('employees', ['１，２００']),
      one('registeredOn', ['2020-03-15']),
    ]).toEqual([true, false, 1200, '2020-03-15'])
    for (const [fact, value] of [
      ['hardship', []],
      ['employees', ['很多']],
      ['employees', ['-3']],
      ['registeredOn', ['']],
      ['qualifications', []],
    ] as const)
      expect(one(fact, [...value])).toMatchObject({ kind: 'invalid', fields: { value: expect.any(String) } })
  })

  it('“以上都没有”是已知没有，与其他项不能同选', () => {
    expect(one('qualifications', [], true)).toEqual([])
    expect(one('instruments', [''], true)).toEqual({})
    expect(one('qualifications', ['cnas'], true)).toMatchObject({ kind: 'invalid' })
  })

  it('器具按名称和件数逐行读，俗名也认', () => {
    expect(one('instruments', ['压力表 12\n地磅：1台'])).toEqual({ 'pressure-gauge': 12, 'scale.truck': 1 })
    expect(one('instruments', ['压力表'])).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('压力表') })
    expect(one('instruments', ['魔法棒 3'])).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('魔法棒') })
  })
})
