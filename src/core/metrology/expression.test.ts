import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusal.ts'
import { evaluate, expressionLimits, parseExpression } from './expression.ts'

const value = (text: string, values: Record<string, number> = {}): number => {
  const found = parseExpression(text)
  if (isRefusal(found)) throw new Error(found.reason)
  return evaluate(found, values)
}

describe('读测量模型', () => {
  it.each([
    ['1 + 2*3', 7],
    ['(1 + 2)*3', 9],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2^3^2', 512],
    ['2**3', 8],
    ['8/4/2', 1],
    ['5 - 3 - 1', 1],
    ['2 - -3', 5],
    ['1.5e-3*2E3', 3],
    ['.5 + 5.', 5.5],
    ['sqrt(16) + abs(-3)', 7],
    ['ln(exp(2))', 2],
    ['log10(1000)', Math.log10(1000)],
    ['sin(pi/2)', 1],
    ['atan2(1, -1)', (3 * Math.PI) / 4],
    ['2×3÷4 − 1', 0.5],
    ['（1＋2）＊3', 9],
    ['cosh(0) + tanh(0) + sinh(0)', 1],
  ])('%s = %d', (text, result) => expect(value(text)).toBeCloseTo(result, 14))

  it('名称可以用中文、希腊字母和下标', () => {
    expect(value('质量_标准*(1 + α₁*Δt′)', { 质量_标准: 2, 'α₁': 0.5, 'Δt′': 2 })).toBe(4)
    const found = parseExpression('m1 + m2*m1')
    expect(isRefusal(found) ? [] : found.names).toEqual(['m1', 'm2'])
  })

  it.each([
    ['', '没有写测量模型'],
    ['1 +', '第 4 个字处有误：公式没有写完'],
    ['(1 + 2', '第 7 个字处有误：括号没有配对'],
    ['1 + 2)', '第 6 个字处有误：多了一个“)”'],
    ['2 m', '第 3 个字处有误：“m”前面缺少运算符，相乘请写 *'],
    ['m(1 + t)', '若是两个量相乘，请写乘号：m*(…)'],
    ['min(a, b)', '不能用“min”：取小值的转折处没有导数'],
    ['log(x)', '请写明底数'],
    ['sin x', '后面应有括号'],
    ['sqrt(1, 2)', 'sqrt 只有一个自变量'],
    ['atan2(1)', 'atan2 有两个自变量'],
    ['a + $b', '第 5 个字“$”不认识'],
    ['a * / b', '这里应是一个量或数，但写的是“/”'],
    ['('.repeat(100) + '1' + ')'.repeat(100), '括号嵌套超过'],
    ['-'.repeat(100) + '1', '正负号连写超过'],
    ['x+'.repeat(999) + 'x', '运算超过'],
    ['x'.repeat(expressionLimits.characters + 1), '超过 2000 个字'],
  ])('“%s”被拒绝：%s', (text, words) => {
    const found = parseExpression(text)
    expect(isRefusal(found) && found.reason).toContain(words)
  })

  it('不论输入什么都不出错', () => {
    const piece = fc.constantFrom(
      '1',
      '2.5',
      'x',
      '质量',
      '+',
      '-',
      '*',
      '/',
      '^',
      '(',
      ')',
      ',',
      'sqrt',
      'atan2',
      'min',
      ' ',
      '１',
      '😀',
      'e',
      '.',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }).map((each) => each.join('')),
        (text) => void parseExpression(text),
      ),
      { numRuns: 3000 },
    )
  })

  it('没有意义的地方是 NaN，没有给值就报错', () => {
    expect(value('ln(x)', { x: -1 })).toBeNaN()
    expect(() => value('x')).toThrow('no value for x')
    expect(() => value('toString + constructor')).toThrow('no value')
  })
})
