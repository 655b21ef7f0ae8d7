import { describe, expect, it } from 'vitest'
import type { CertificateContent } from './content.ts'
import { contentProblem } from './problem.ts'
import { calibrated, failed, passed } from './samples.ts'
import { conclusionOf, notesOf } from './wording.ts'

const reason = (content: CertificateContent) => contentProblem(content)?.reason
const without = <T extends object>(value: T, ...keys: (keyof T)[]): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as keyof T))) as T
const withRows = (content: CertificateContent, change: (row: CertificateContent['tables'][0]['rows'][0], i: number) => object) => ({
  ...content,
  tables: [
    { ...content.tables[0]!, rows: content.tables[0]!.rows.map((row, i) => ({ ...row, ...change(row, i) })) },
    ...content.tables.slice(1),
  ],
})

describe('三种文件各说各的话', () => {
  it('检定证书有结论、等级和有效期', () => {
    expect(reason(passed)).toBeUndefined()
    expect(conclusionOf(passed)).toBe('合格，准予作1.6级使用')
    expect(notesOf(passed).join('')).toContain('有效期至 2027-05-22')
  })
  it('检定结果通知书写明哪些项目不合格，没有有效期', () => {
    expect(reason(failed)).toBeUndefined()
    expect(conclusionOf(failed)).toBe('不合格，不合格项目：示值误差')
    expect(notesOf(failed).join('')).toContain('不给有效期')
  })
  it('校准证书不作结论，客户没有要求就不建议复校间隔', () => {
    expect(reason(calibrated)).toBeUndefined()
    expect(conclusionOf(calibrated)).toContain('不作合格与否的结论')
    expect(notesOf(calibrated).join('')).not.toContain('建议复校间隔')
    expect(notesOf({ ...calibrated, adviceMonths: 12 }).join('')).toContain('应客户要求，建议复校间隔不超过 12 个月')
  })
})

describe('自相矛盾或缺项的不能出证', () => {
  const cases: [string, CertificateContent, string][] = [
    ['校准写了有效期', { ...calibrated, dates: { ...calibrated.dates, validUntil: '2027-11-22' } }, '校准证书不给有效期'],
    ['校准写了判定', withRows(calibrated, () => ({ verdict: 'pass' })), '校准不判定合格与否'],
    ['校准写了等级', { ...calibrated, grade: '1级' }, '校准不判定合格与否'],
    [
      '校准没有不确定度',
      withRows({ ...calibrated, tables: calibrated.tables.slice(0, 1) }, () => ({ U: undefined, k: undefined })),
      '不确定度',
    ],
    ['检定证书里有不合格的一行', withRows(passed, (_, i) => (i === 2 ? { verdict: 'fail' } : {})), '应出具检定结果通知书'],
    [
      '通知书里全部合格',
      { ...passed, kind: 'verification-failure', dates: without(passed.dates, 'validUntil'), grade: undefined as never },
      '应出具检定证书',
    ],
    ['通知书写了有效期', { ...failed, dates: { ...failed.dates, validUntil: '2027-05-22' } }, '检定不合格的没有有效期'],
    ['通知书写了等级', { ...failed, grade: '1.6级' }, '不能准予使用'],
    ['检定没有有效期', { ...passed, dates: without(passed.dates, 'validUntil') }, '有效期至'],
    ['检定的一项没有判定', { ...passed, inspections: [{ title: '外观', finding: '符合' }] }, '每个项目都须判定'],
    ['检定没有授权', { ...passed, institution: without(passed.institution, 'authorisation') }, '第二十条'],
    ['检定依据不是规程', { ...passed, methods: calibrated.methods }, 'JJG'],
    ['规程没有年号', { ...passed, methods: [{ number: 'JJG 52', title: '某规程' }] }, '没有年号'],
    ['检定员和核验员是同一个人', { ...passed, people: { ...passed.people, checker: passed.people.tester } }, '不能是同一个人'],
    ['检定没有核验员', { ...passed, people: without(passed.people, 'checker') }, '须有核验员'],
    ['批准人是检定员', { ...passed, people: { ...passed.people, approver: passed.people.tester } }, '批准人不能同时是'],
    ['计量标准当天已过期', { ...passed, standards: [{ ...passed.standards[0]!, validUntil: '2026-11-22' }] }, '已经过期'],
    ['没有计量标准', { ...passed, standards: [] }, '计量标准'],
    ['签发早于完成', { ...passed, dates: { ...passed.dates, issued: '2026-11-22' } }, '早于完成日期'],
    ['不是日期', { ...passed, dates: { ...passed.dates, performed: '2026-02-30' } }, '不是日期'],
    ['没有编号认不出是哪一件', { ...passed, item: without(passed.item, 'serial', 'code') }, '出厂编号或器具编号'],
    ['不是法定计量单位', { ...passed, tables: [{ ...passed.tables[0]!, unit: 'psi' }] }, '第三条'],
    ['给了 U 没有 k', withRows(passed, () => ({ k: undefined })), '须同时给出'],
    ['给了 U 没有包含概率', { ...passed, tables: [without(passed.tables[0]!, 'coverage')] }, '包含概率'],
    ['数值写成文字', withRows(passed, (_, i) => (i === 0 ? { error: '约 0' } : {})), '不是数'],
    ['有控制字符', { ...passed, client: { name: '示例\u0007厂' } }, '不能印出'],
    ['复校间隔写在检定证书上', { ...passed, adviceMonths: 12 }, '只有校准证书'],
  ]
  it.each(cases)('%s：说明原因', (_, content, said) => {
    const cleaned = JSON.parse(JSON.stringify(content)) as CertificateContent
    expect(reason(cleaned)).toContain(said)
    expect(Object.keys(contentProblem(cleaned)!.fields!)).toHaveLength(1)
  })
})
