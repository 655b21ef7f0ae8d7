import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { samplePolicy } from './sample.ts'
import { contentBody } from './schema.ts'

const folder = path.join(import.meta.dirname, 'library')
const library = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.startsWith('_'))
  .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { slug: string })

describe('接口收到的政策', () => {
  it('政策库的每一份都合格，读出来一字不差', () => {
    for (const content of library) expect(contentBody.parse(content), content.slug).toEqual(content)
  })

  it('多余的字段、不认识的选项、不成立的规则、不是网页的网址都被拒绝', () => {
    const wrong = [
      { ...samplePolicy(), extra: 1 },
      { ...samplePolicy(), level: 'galaxy' },
      { ...samplePolicy(), regionCode: '999999' },
      { ...samplePolicy(), rule: { op: 'range', fact: 'employees' } },
      { ...samplePolicy(), effectiveFrom: '2026-02-30' },
      { ...samplePolicy(), source: { ...samplePolicy().source, url: 'javascript:alert(1)' } },
    ]
    for (const each of wrong) expect(contentBody.safeParse(each).success).toBe(false)
    expect(contentBody.safeParse(samplePolicy()).success).toBe(true)
  })
})
