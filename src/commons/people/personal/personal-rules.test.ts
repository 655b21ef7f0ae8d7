import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subjectName } from './model.ts'
import { erasureProblem, maskEmail, maskPhone, readEmail, readName, readPhone } from './rules.ts'

describe('更正', () => {
  it.each([
    ['13812345678', '13812345678'],
    ['138 1234 5678', '13812345678'],
    ['+86 138-1234-5678', '13812345678'],
    ['１３８１２３４５６７８', '13812345678'],
    ['12345678901', undefined],
    ['1381234567', undefined],
    ['0571-88888888', undefined],
    ['', undefined],
  ])('手机号 %s', (typed, read) => expect(readPhone(typed)).toBe(read))

  it.each([
    ['  张 三  ', '张 三'],
    ['阿依努尔·买买提', '阿依努尔·买买提'],
    ['示例·管家许工', '示例·管家许工'],
    ['A', undefined],
    ['<b>张三</b>', undefined],
    ['张三\u202e', undefined],
    ['张三；李四', undefined],
    ['三'.repeat(51), undefined],
  ])('姓名 %s', (typed, read) => expect(readName(typed)).toBe(read))

  it('邮箱去掉空格、小写，写错的不收', () => {
    expect(readEmail(' Chen@Example.com ')).toBe('chen@example.com')
    for (const wrong of ['chen', 'chen@', '@example.com', 'a b@example.com', '']) expect(readEmail(wrong)).toBeUndefined()
  })

  it('遮住之后看不出中间四位，也看不出邮箱名', () => {
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskEmail('zhang.san@example.com')).toBe('z***@example.com')
    fc.assert(
      fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), (phone) => {
        expect(maskPhone(phone)).toMatch(/^1\d\d\*{4}\d{4}$/)
        expect(maskPhone(phone)).not.toBe(phone)
      }),
    )
  })
})

describe('删除', () => {
  it('唯一的法定代表人不能删除，并被告知怎么办；其他人都可以', () => {
    const held = (duty: 'legal-representative' | 'manager' | 'clerk' | 'staff', others: number) => ({ orgName: '示例·厂', duty, others })
    expect(erasureProblem([held('legal-representative', 0)])).toMatch(/示例·厂.*变更登记.*平台管理员/)
    for (const list of [[], [held('manager', 0)], [held('clerk', 0)], [held('staff', 0)], [held('legal-representative', 1)]])
      expect(erasureProblem(list)).toBeUndefined()
    expect(erasureProblem([held('legal-representative', 1), held('legal-representative', 0)])).toBeDefined()
  })
})

describe('办过的事', () => {
  it('每一种都有中文名称，不把内部代号给人看', () => {
    const root = path.join(import.meta.dirname, '..', '..', '..')
    const sources = globSync('**/*.ts', { cwd: root }).filter((file) => !/\.(test|arbitrary)\.ts$/.test(file))
    const told = new Set(
      sources.flatMap((file) =>
        [...readFileSync(path.join(root, file), 'utf8').matchAll(/\bsubject: '([a-z-]+)'/g)].map(([, name]) => name!),
      ),
    )
    // Only shown on desks, never told as an event.
    for (const shown of ['instrument-due', 'instrument-week', 'online-trouble', 'policy-matches']) told.delete(shown)
    expect(told.size).toBeGreaterThan(30)
    expect([...told].filter((name) => subjectName(name).startsWith('其他'))).toEqual([])
  })
})
