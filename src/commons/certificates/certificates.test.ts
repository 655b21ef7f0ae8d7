/** 一份记录出两种文件：签发、更正、撤销、公开核对。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../core/access.ts'
import type { Refusal } from '../../core/refusal.ts'
import { orThrow } from '../../core/test-refusal.ts'
import { inTx, type Database } from '../../platform/db.server.ts'
import { unseal } from '../../platform/sealed.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { amendCertificate, withdrawCertificate } from './change.server.ts'
import { checkFile, checkNumber, checkToken } from './check.server.ts'
import { correctedDraft } from './correct.ts'
import { issueCertificate } from './issue.server.ts'
import type { Certificate } from './model.ts'
import { signPdf } from './pades/sign.server.ts'
import { drawCertificate } from './pdf.server.ts'
import { findCertificate, listCertificates } from './queries.server.ts'
import { calibrated, failed, passed } from './samples.ts'
import { labOf, monday, type Lab } from './test-lab.server.ts'
import { makeKey } from './x509.server.ts'

let database: Database
let lab: Lab
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  lab = await labOf(database)
})
afterAll(() => database.close())

const issue = (content = passed): Promise<Certificate> => lab.issue(monday, content)
const nobody = () => lab.as(visitor)

describe('签发', () => {
  it('三种文件用一个不断号的序列；企业和机构看得到，别人看不到', async () => {
    const rows = [await issue(passed), await issue(failed), await issue(calibrated)]
    expect(rows.map(({ number }) => number)).toEqual(['JD2026-000001', 'TZ2026-000002', 'XZ2026-000003'])
    expect((await listCertificates(lab.as(lab.owner))).total).toBe(3)
    expect(await findCertificate(lab.as(lab.owner), rows[0]!.id)).toMatchObject({ content: { number: 'JD2026-000001', demo: true } })
    expect(await findCertificate(lab.as({ ...lab.owner, org_id: lab.approver.org_id }), rows[0]!.id)).toBeUndefined()
    expect(await findCertificate(nobody(), rows[0]!.id)).toBeUndefined()
  })

  it('有问题的不签发，也不占号；事务撤回时号也退回', async () => {
    const draft = lab.draftOf(passed)
    const bad = await issueCertificate(lab.as(lab.approver), { draft: { ...draft, standards: [] }, org: lab.firm })
    expect(bad).toMatchObject({ kind: 'invalid', fields: { standards: expect.any(String) } })
    await inTx(lab.as(lab.approver), async (tx) => {
      orThrow(await issueCertificate(tx, { draft, org: lab.firm }))
      return { kind: 'conflict', reason: '后面的一步没有成' } satisfies Refusal
    })
    expect((await issue()).number).toBe('JD2026-000004')
  })

  it('只有本机构的批准人能签发，证书上的批准人须是本人', async () => {
    const draft = lab.draftOf(passed)
    expect(await issueCertificate(lab.as({ ...lab.approver, role: 'tester' }), { draft, org: lab.firm })).toMatchObject({
      kind: 'forbidden',
    })
    expect(await issueCertificate(lab.as(lab.other), { draft, org: lab.firm })).toMatchObject({
      fields: { 'people.approver': '须是签发的本人' },
    })
    expect(await issueCertificate(lab.as({ ...lab.approver, org_name: '示例·别的院' }), { draft, org: lab.firm })).toMatchObject({
      fields: { 'institution.name': '不是您所在的机构' },
    })
  })

  it('两个人同时签发，号不重，密钥只有一把', async () => {
    const rows = await Promise.all([issue(), issue(calibrated), issue(failed)])
    expect(new Set(rows.map(({ number }) => number.slice(-6))).size).toBe(3)
    const keys = await database.db.selectFrom('signing_keys').select('sealed_key').execute()
    expect(keys).toHaveLength(1)
    expect(keys[0]!.sealed_key).not.toContain('PRIVATE KEY')
  })
})

describe('公开核对', () => {
  it('编号加校验码、二维码、两种文件都说真实有效；编号对而校验码错的，和没有这个编号说得一样', async () => {
    const row = await issue()
    const answers = [
      await checkNumber(nobody(), row.number, row.code.toLowerCase().replace('-', ' ')),
      await checkToken(nobody(), row.token),
      await checkFile(nobody(), await lab.bytesOf(row, 'pdf')),
      await checkFile(nobody(), await lab.bytesOf(row, 'xml')),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ verdict: 'genuine', demo: true })
    expect(answers.map((answer) => answer?.signature?.join(''))).toEqual([
      undefined,
      undefined,
      expect.stringMatching(/覆盖整个文件，有效.*示例.*在本平台的名单里.*没有第三方时间戳/),
      undefined,
    ])
    expect(answers[0]!.paper).toContainEqual({ label: '检定结论', value: '合格，准予作1.6级使用' })
    expect(await checkNumber(nobody(), row.number, 'AAAA-AAAA')).toEqual(await checkNumber(nobody(), 'JD2026-999999', row.code))
    expect(await checkToken(nobody(), 'x'.repeat(22))).toBeUndefined()
  })

  it('过了有效期的，说明已过期', async () => {
    const row = await issue()
    expect(await checkToken(lab.as(visitor, '2027-05-22T15:59:59.000Z'), row.token)).toMatchObject({ verdict: 'genuine' })
    expect(await checkToken(lab.as(visitor, '2027-05-22T16:00:00.000Z'), row.token)).toMatchObject({ verdict: 'expired' })
  })

  it('PDF 和 XML 各改一个字节，一千次都被发现', { timeout: 300_000 }, async () => {
    const row = await issue()
    let seed = 11
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648)
    let found = 0
    for (const type of ['pdf', 'xml'] as const) {
      const bytes = await lab.bytesOf(row, type)
      for (let i = 0; i < 500; i++) {
        const changed = Buffer.from(bytes)
        changed[next() % bytes.length]! ^= 1 + (next() % 255)
        const { verdict } = await checkFile(nobody(), changed)
        if (verdict === 'altered' || verdict === 'unknown') found++
      }
    }
    expect(found).toBe(1_000)
  })

  it('密钥在名单里、文件却不在出具的记录里的 PDF：签名再真也不采信；别人签的 PDF 说不能判断', async () => {
    const row = await issue()
    const [own] = await database.db.selectFrom('signing_keys').selectAll().execute()
    const mark = { checkUrl: 'https://example.org/check/x', code: 'x', signedBy: 'x', signedAt: monday, fingerprint: 'x', digest: 'x' }
    const pair = { certificate: own!.certificate, privateKey: unseal(own!.sealed_key, `signing-key:${own!.id}`)! }
    const forged = await signPdf(await drawCertificate(row.content, mark), pair)
    expect(await checkFile(nobody(), forged)).toMatchObject({ verdict: 'altered', reason: expect.stringContaining('不在出具的记录里') })
    const stranger = makeKey({ owner: '示例·别人', notBefore: '2026-11-01T00:00:00.000Z' })
    const foreign = await signPdf(await drawCertificate(row.content, mark), stranger)
    expect(await checkFile(nobody(), foreign)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('不能判断') })
  })

  it('改动过的 PDF 仍说得出自称是哪一份；别的文件说不是本平台出具', async () => {
    const row = await issue()
    const pdf = await lab.bytesOf(row, 'pdf')
    expect(await checkFile(nobody(), Buffer.concat([pdf, Buffer.from('\n')]))).toMatchObject({
      verdict: 'altered',
      reason: expect.stringMatching(`${row.number}.*又被添加了 1 个字节.*签名时的那一部分没有改动`),
    })
    const text = pdf.toString('latin1').replace('/Lang (', '/Lang(')
    expect(await checkFile(nobody(), Buffer.from(text, 'latin1'))).toMatchObject({
      verdict: 'altered',
      reason: expect.stringMatching(`${row.number}.*ByteRange`),
    })
    const inPlace = Buffer.from(pdf)
    inPlace[pdf.length - 3_000]! ^= 1
    expect(await checkFile(nobody(), inPlace)).toMatchObject({
      verdict: 'altered',
      reason: expect.stringContaining('签名之后有内容被改动'),
    })
    for (const text of ['%PDF-1.7 别处的', '<a/>', '随便什么', '<!DOCTYPE a>'])
      expect((await checkFile(nobody(), Buffer.from(text))).verdict).toBe('unknown')
    const xml = (await lab.bytesOf(row, 'xml')).toString('utf8')
    expect(await checkFile(nobody(), Buffer.from(xml.replace('0.402', '0.401')))).toMatchObject({ verdict: 'altered' })
  })
})

describe('更正和撤销', () => {
  it('更正：新证书代替旧的，旧的仍可看，核对时说已被更正；旧版本的表单不能再办', async () => {
    const row = await issue()
    const draft = correctedDraft(row.content, { 'item.serial': '20231199' }, lab.approver.name)
    expect(await amendCertificate(lab.as(lab.approver), row.id, { version: 1, draft, reason: ' ' })).toMatchObject({ kind: 'invalid' })
    const fresh = orThrow(await amendCertificate(lab.as(lab.approver), row.id, { version: 1, draft, reason: '出厂编号写错' }))
    expect(fresh.content).toMatchObject({ replaces: { number: row.number, reason: '出厂编号写错' }, item: { serial: '20231199' } })
    expect(await checkToken(nobody(), row.token)).toMatchObject({ verdict: 'amended', reason: expect.stringContaining(fresh.number) })
    expect(await checkFile(nobody(), await lab.bytesOf(row, 'pdf'))).toMatchObject({ verdict: 'amended' })
    expect(await checkToken(nobody(), fresh.token)).toMatchObject({ verdict: 'genuine' })
    expect(await findCertificate(lab.as(lab.owner), row.id)).toMatchObject({ state: 'amended', replaced_by: fresh.id })
    expect(await amendCertificate(lab.as(lab.approver), row.id, { version: 1, draft, reason: '再来' })).toMatchObject({ code: 'STALE' })
  })

  it('撤销：一人申请并写明理由，另一人同意；没有同意前仍然有效', async () => {
    const row = await issue()
    const step = (actor: Actor, name: 'ask-withdrawal' | 'keep' | 'withdraw', version: number, opinion = '') =>
      withdrawCertificate(lab.as(actor), row.id, { step: name, version, opinion })
    expect(await step(lab.approver, 'ask-withdrawal', 1)).toMatchObject({ kind: 'invalid' })
    expect(await step(lab.owner, 'ask-withdrawal', 1, '不想要')).toMatchObject({ kind: 'forbidden' })
    orThrow(await step(lab.approver, 'ask-withdrawal', 1, '标准器事后发现失准'))
    expect(await checkToken(nobody(), row.token)).toMatchObject({ verdict: 'genuine' })
    expect(await step(lab.approver, 'withdraw', 2)).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('不能是同一个人') })
    orThrow(await step(lab.other, 'withdraw', 2))
    for (const answer of [await checkToken(nobody(), row.token), await checkFile(nobody(), await lab.bytesOf(row, 'xml'))])
      expect(answer).toMatchObject({ verdict: 'withdrawn', reason: expect.stringContaining('标准器事后发现失准') })
    expect(await step(lab.other, 'keep', 3)).toMatchObject({ kind: 'conflict' })
  })
})
