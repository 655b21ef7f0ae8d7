import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from './refusal.ts'
import { checkUscc, demoArea, makeDemoUscc, makeUscc, subjectKindOf } from './uscc.ts'
import cases from './uscc.cases.json' with { type: 'json' }

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const refusal = (text: string) => {
  const result = checkUscc(text)
  if (!isRefusal(result)) throw new Error(`${text} was accepted`)
  return result
}

describe('统一社会信用代码', () => {
  it.each(cases.valid)('$code 通过校验且组织机构代码校验码相符', ({ code }) => {
    expect(checkUscc(code)).toEqual({ code, warnings: [] })
  })

  const bad = cases.invalid.filter((c) => ['charset', 'check', 'length', 'pattern'].includes(c.failsAt) && !c.reason.includes('full-width'))
  it.each(bad)('$code 不通过：$reason', ({ code, failsAt }) => {
    const expected = { charset: 'USCC_ALPHABET', check: 'USCC_CHECK', length: 'USCC_LENGTH', pattern: 'USCC_AREA' }[failsAt]
    expect(refusal(code)).toMatchObject({ kind: 'invalid', code: expected })
  })

  it('首尾空白、小写和全角字符自动改正', () => {
    expect(checkUscc(' 12100000400000624d\n')).toMatchObject({ code: '12100000400000624D' })
    expect(checkUscc('９1330100799655058B')).toMatchObject({ code: '91330100799655058B' })
    expect(checkUscc('９１１１０１０８５５１３８５０８２Ｑ　')).toMatchObject({ code: '91110108551385082Q' })
  })

  it('校验码不符时说出应为和实际', () => {
    expect(refusal('914403001922038217').reason).toContain('第 18 位校验码应为 6，实际为 7')
  })

  it('字母 O、I 误填时说出位置，并给出改正后能通过的代码', () => {
    expect(refusal('9144O3001922038216').reason).toMatch(/第 5 位“O”.*字母 O 应为数字 0：914403001922038216/)
    expect(refusal('91II0108551385082Q').reason).toMatch(/第 3 位“I”.*91110108551385082Q/)
  })

  it('改正后仍不能通过时不给出代码', () => {
    const { reason } = refusal('9144O3001922038217')
    expect(reason).toContain('字母 O 应为数字 0')
    expect(reason).not.toContain('914403001922038217')
  })

  it('中间有空格时说出空格的位置', () => expect(refusal('91330100799655058 B').reason).toContain('第 18 位是空格'))
  it('区划码里有字母时说出位置', () => expect(refusal('9111A000710925462X').reason).toContain('第 5 位“A”'))
  it('没有填写时请人填写', () => expect(refusal('  ').reason).toContain('请填写'))
  it('组织机构代码校验码不符只作提醒', () => {
    expect(checkUscc('91440300192203829Y')).toMatchObject({ code: '91440300192203829Y', warnings: [expect.stringContaining('第 17 位')] })
  })
  it('少见的前两位只作提醒', () => {
    const code = makeUscc(`N3${demoArea}000000000`)
    expect(checkUscc(code)).toMatchObject({ warnings: [expect.stringContaining('N3')] })
  })

  it('改动任意一位都会被发现', () => {
    const change = fc.record({
      code: fc.constantFrom(...cases.valid.map((v) => v.code)),
      at: fc.nat(17),
      by: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(change, ({ code, at, by }) => {
        const changed = alphabet[(alphabet.indexOf(code.charAt(at)) + by) % 31]
        expect(isRefusal(checkUscc(code.slice(0, at) + changed + code.slice(at + 1)))).toBe(true)
      }),
    )
  })

  it('相邻两位颠倒会被发现', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases.valid.map((v) => v.code)), fc.nat(16), (code, at) => {
        fc.pre(code[at] !== code[at + 1])
        expect(isRefusal(checkUscc(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)))).toBe(true)
      }),
    )
  })

  it('示例代码各不相同、通过全部校验、前缀说明主体类型、区划码不属于任何地方', () => {
    const kind = fc.constantFrom('enterprise' as const, 'individual' as const)
    fc.assert(
      fc.property(kind, fc.nat(99_999_999), (subject, serial) => {
        const code = makeDemoUscc(subject, serial)
        expect(checkUscc(code)).toEqual({ code, warnings: [] })
        expect(subjectKindOf(code)).toBe(subject)
        expect(code.slice(2, 8)).toBe('999999')
        expect(Number(code.slice(8, 16))).toBe(serial)
      }),
    )
  })

  it('由前 17 位算出校验码，余数为零时为 0', () => {
    expect(makeUscc('91350100M000100Y4')).toBe('91350100M000100Y43')
    expect(makeUscc('00000000000000000')).toBe('000000000000000000')
    expect(() => makeUscc('9135')).toThrow(RangeError)
    expect(() => makeDemoUscc('enterprise', 1e8)).toThrow(RangeError)
  })

  it('由前两位读出主体类型', () => {
    expect(['91', '92', '93', '12', '11', '52', 'Q7'].map((p) => subjectKindOf(`${p}0000`))).toEqual([
      'enterprise',
      'individual',
      'cooperative',
      'institution',
      'other',
      'other',
      undefined,
    ])
  })
})
