import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusal.ts'
import { atLeastAsAccurate, formatAccuracy, parseAccuracy, type Accuracy } from './accuracy.ts'

const read = (text: string): Accuracy => {
  const found = parseAccuracy(text)
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
const better = (a: string, b: string) => atLeastAsAccurate(read(a), read(b))

describe('读准确度', () => {
  it.each([
    ['1.6级', '1.6'],
    ['1.0级', '1'],
    ['0.4', '0.4'],
    ['０．４级', '0.4'],
    ['0.2S级', '0.2S'],
    ['Ⅲ级', 'Ⅲ'],
    ['III级', 'Ⅲ'],
    ['iii', 'Ⅲ'],
    ['(Ⅲ)级', 'Ⅲ'],
    ['IIII', 'Ⅳ'],
    ['中准确度级', 'Ⅲ'],
    ['准确度等级：2.5级', '2.5'],
    ['精度0.5级', '0.5'],
    ['E2等级', 'E2'],
    ['M1级', 'M1'],
    ['A级', 'A'],
    ['二等', '2等'],
    ['2等', '2等'],
    ['一级', '1'],
    ['00级', '00'],
    ['K级', 'K'],
    ['Class 0.5', '0.5'],
  ])('等级 %s → %s', (text, grade) => expect(read(text)).toEqual({ text, class: grade }))

  it.each([
    ['±0.02mm', { kind: 'absolute', value: '0.02', unit: 'mm' }],
    ['+/-0.02 mm', { kind: 'absolute', value: '0.02', unit: 'mm' }],
    ['MPE:±0.03mm', { kind: 'absolute', value: '0.03', unit: 'mm' }],
    ['MPE：0.03mm', { kind: 'absolute', value: '0.03', unit: 'mm' }],
    ['最大允许误差为±4μm', { kind: 'absolute', value: '4', unit: 'um' }],
    ['±0.5℃', { kind: 'absolute', value: '0.5', unit: '℃' }],
    ['±3%RH', { kind: 'absolute', value: '3', unit: '%RH' }],
    ['±0.5%FS', { kind: 'relative', percent: '0.5', of: 'span' }],
    ['±0.5%F·S', { kind: 'relative', percent: '0.5', of: 'span' }],
    ['±0.5% F.S.', { kind: 'relative', percent: '0.5', of: 'span' }],
    ['0.5%FS', { kind: 'relative', percent: '0.5', of: 'span' }],
    ['±1%', { kind: 'relative', percent: '1', of: 'reading' }],
    ['±2%读数', { kind: 'relative', percent: '2', of: 'reading' }],
    ['±1.50%rdg', { kind: 'relative', percent: '1.5', of: 'reading' }],
  ])('最大允许误差 %s', (text, mpe) => expect(read(text)).toEqual({ text, mpe }))

  it.each(['±(1%+2字)', '±1%±2字', '±(0.3+L/300)μm', 'MPE=(2.0+L/350)μm', '±0.02mm/±0.03mm', '1级/2级', '±2%±1℃'])(
    '“%s”照原文保留，不作比较',
    (text) => {
      expect(read(text)).toEqual({ text })
      expect(formatAccuracy(read(text))).toBe(text)
      expect(better(text, text)).toBeUndefined()
      expect(better(text, '1级')).toBeUndefined()
    },
  )

  it.each(['U=0.02mm k=2', 'U95=0.3%', 'Urel=0.5%,k=2', '扩展不确定度0.1℃', '±0.5%(k=2)'])('“%s”是不确定度，拒绝并说明', (text) => {
    const found = parseAccuracy(text)
    expect(isRefusal(found) && found.reason).toContain('是测量不确定度')
  })

  it.each([
    ['', '没有填写准确度'],
    ['0.02mm', '没有写“±”'],
    ['±0.02', '没有写计量单位'],
    ['±0.02 furlong', '不认识计量单位'],
    ['±-1mm', '看不懂准确度'],
    ['很准', '看不懂准确度'],
    ['CT14', '看不懂准确度'],
    ['级', '看不懂准确度'],
    ['x'.repeat(61), '超过 60 个字'],
  ])('“%s”被拒绝：%s', (text, words) => {
    const found = parseAccuracy(text)
    expect(isRefusal(found) ? found.reason : '').toContain(words)
  })

  it('不论输入什么都不出错；读得懂的，写出来再读意思不变', () => {
    const alphabet = fc.constantFrom(...'0123456789.±%+()/级等ⅢIVFSkU=mMPaμ℃ 字L'.split(''))
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 14 }).map((a) => a.join('')),
        (text) => {
          const found = parseAccuracy(text)
          if (isRefusal(found)) return
          const again = read(formatAccuracy(found))
          expect({ class: again.class, mpe: again.mpe }).toEqual({ class: found.class, mpe: found.mpe })
        },
      ),
      { numRuns: 5000, examples: [['±/0%']] },
    )
  })
})

describe('写准确度', () => {
  it.each([
    ['1.60级', '1.6 级'],
    ['Ⅲ', 'Ⅲ 级'],
    ['二等', '2等'],
    ['MPE:±0.03mm', '±0.03 mm'],
    ['±0.5%FS', '±0.5%（量程）'],
    ['±1%', '±1%（读数）'],
  ])('%s → %s', (text, shown) => expect(formatAccuracy(read(text))).toBe(shown))
})

describe('比较准确度', () => {
  it.each([
    ['0.4级', '1.6级', true],
    ['1.6级', '0.4级', false],
    ['1.6级', '1.60级', true],
    ['Ⅱ级', 'Ⅲ级', true],
    ['Ⅳ级', 'Ⅲ级', false],
    ['E2', 'F1', true],
    ['M1', 'F2', false],
    ['1等', '2等', true],
    ['00级', '0级', true],
    ['0级', '00级', false],
    ['K级', '0级', true],
    ['0.2S级', '0.5S级', true],
    ['0.2S级', '0.5级', undefined],
    ['Ⅲ级', '1.6级', undefined],
    ['2等', '2级', undefined],
    ['±0.02mm', '±30μm', true],
    ['±0.04mm', '±30μm', false],
    ['±1℃', '±1.8℉', true],
    ['±1.1℃', '±1.8℉', false],
    ['±0.02mm', '±1kPa', undefined],
    ['±0.5%FS', '±1%FS', true],
    ['±0.5%FS', '±1%', undefined],
    ['±0.02mm', '1级', undefined],
  ])('%s 不低于 %s：%s', (a, b, expected) => expect(better(a, b)).toBe(expected))
})
