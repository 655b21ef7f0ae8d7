import { describe, expect, it } from 'vitest'
import { drawCertificate } from './pdf.server.ts'
import { calibrated, failed, passed } from './samples.ts'

const mark = {
  checkUrl: 'https://example.org/check/abcdefghijklmnopqrstuv',
  code: '7K3F-9QXA',
  signedBy: passed.people.approver,
  signedAt: '2026-11-24T02:00:00.000Z',
  fingerprint: 'ab'.repeat(32),
  digest: 'cd'.repeat(32),
}
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length

describe('证书的 PDF', () => {
  it.each([
    ['检定证书', passed],
    ['检定结果通知书', failed],
    ['校准证书', calibrated],
  ])('%s：同样的内容逐字节相同，内容变了文件就变', async (_, content) => {
    const once = await drawCertificate(content, mark)
    expect(once.equals(await drawCertificate(content, mark))).toBe(true)
    expect(once.equals(await drawCertificate({ ...content, client: { name: '示例·别家' } }, mark))).toBe(false)
    expect(once.toString('latin1')).toContain(mark.checkUrl)
  })

  it('长表自动换页', async () => {
    const [first] = calibrated.tables
    const long = { ...calibrated, tables: [{ ...first!, rows: [...first!.rows, ...first!.rows, ...first!.rows] }] }
    expect(pagesOf(await drawCertificate(long, mark))).toBeGreaterThan(pagesOf(await drawCertificate(calibrated, mark)) + 2)
  })
})
