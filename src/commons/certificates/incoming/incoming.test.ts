/** 别处的证书上传：真的记入台账，有一点不对的都说明原因、什么也不留下。 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../../core/access.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { sealing } from '../../../platform/sealed.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { findInstrument, historyOf, registerInstrument, takeInstrumentStep, voidCheck } from '../../instruments/index.server.ts'
import type { Organisation } from '../../people/index.ts'
import { orThrow, stageOf, type Stage } from '../../people/test-stage.server.ts'
import { checkFile } from '../check.server.ts'
import { correctedDraft } from '../correct.ts'
import type { CertificateContent } from '../content.ts'
import { withdrawCertificate } from '../change.server.ts'
import { signDcc } from '../dcc/sign.server.ts'
import { writeDcc } from '../dcc/write.ts'
import { issueCertificate } from '../issue.server.ts'
import { calibrated } from '../samples.ts'
import { certifying } from '../settings.server.ts'
import { makeKey, type KeyPair } from '../x509.server.ts'
import { findIncoming, listIncoming } from './queries.server.ts'
import { receiveCertificate, registerIssued, type Received } from './receive.server.ts'
import { recordIncoming, setAside } from './record.server.ts'

const now = '2026-11-27T02:00:00.000Z'
let database: Database
let stage: Stage
let known: KeyPair
let stranger: KeyPair
let trust: string
let n = 0

const settings = (over: { demo?: boolean } = {}) =>
  certifying({
    publicUrl: 'https://example.org',
    demo: over.demo ?? true,
    dccSchemas: undefined,
    dccTrust: trust,
    certificateSignature: 'ecdsa-p256',
  })

beforeAll(async () => {
  sealing({ secret: '测试用的密钥'.repeat(8) })
  known = await makeKey({ owner: '示例·别处校准实验室', notBefore: '2026-01-01T00:00:00.000Z' })
  stranger = await makeKey({ owner: '示例·不认识', notBefore: '2026-01-01T00:00:00.000Z' })
  trust = mkdtempSync(path.join(tmpdir(), 'hengqi-trust-'))
  writeFileSync(path.join(trust, '示例·别处校准实验室.crt'), known.certificate)
  settings()
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(async () => {
  await database.close()
  rmSync(trust, { recursive: true, force: true })
})

interface Firm {
  ctx: Ctx
  org: Organisation
  actor: Actor
  id: string
  content: CertificateContent
}

/** A firm with a caliper that came back, and what a certificate of it says. */
async function firm(): Promise<Firm> {
  const org = await stage.organisation(`量具厂${++n}`, '330110')
  const { actor } = await stage.seat(org, `主管${n}`, 'manager')
  const ctx = stage.as(actor, now)
  const it = orThrow(
    await registerInstrument(ctx, {
      code: `KC-${n}`,
      name: '数显卡尺',
      kind: 'caliper',
      serial: `K-${n}`,
      range: '0～300 mm',
      use: 'other',
      intervalMonths: '12',
    }),
  )
  const before = stage.as(actor, '2026-11-20T02:00:00.000Z')
  orThrow(await takeInstrumentStep(before, it.id, { step: 'send' }))
  orThrow(await takeInstrumentStep(before, it.id, { step: 'take-back' }))
  const content: CertificateContent = {
    ...calibrated,
    number: `BC2026-${String(n).padStart(6, '0')}`,
    institution: { ...calibrated.institution, name: '示例·别处校准实验室' },
    client: { name: org.name },
    item: { name: '数显卡尺', serial: `K-${n}`, code: `KC-${n}` },
    tables: [{ ...calibrated.tables[0]!, rows: calibrated.tables[0]!.rows.slice(0, 3) }],
  }
  return { ctx, org, actor, id: it.id, content }
}

const signed = (content: CertificateContent, key = known) => signDcc(writeDcc(content), key)
const bring = (ctx: Ctx, text: string, more: { instrumentId?: string; name?: string } = {}) =>
  receiveCertificate(ctx, {
    name: more.name ?? '证书.xml',
    bytes: Buffer.from(text),
    ...(more.instrumentId && { instrumentId: more.instrumentId }),
  })
const came = (answer: Received | Refusal) => orThrow(answer).row
const refusal = (answer: unknown): Refusal => {
  if (!isRefusal(answer)) throw new Error('not refused')
  return answer
}
const pdf = (text: string) => `%PDF-1.7\n${text}\n%%EOF`
const files = async () => (await database.db.selectFrom('files').select('id').execute()).length

describe('数字证书上传', () => {
  it('认识的机构签的：自动找到器具，记入台账，数据和文件都在，等计量确认', async () => {
    const { ctx, id, content } = await firm()
    const row = came(await bring(ctx, signed(content)))
    expect(row).toMatchObject({ state: 'recorded', standing: 'verified', signer: '示例·别处校准实验室', instrument_id: id })
    const [check] = await historyOf(ctx, id)
    expect(check).toMatchObject({
      id: row.check_id,
      kind: 'calibration',
      conclusion: 'none',
      confirmation: null,
      done_on: '2026-11-23',
      institution: '示例·别处校准实验室',
      certificate_no: content.number,
      file_id: row.file_id,
      results: {
        k: '2',
        points: content.tables[0]!.rows.map(({ nominal, error, U }) => ({ at: nominal, atUnit: 'mm', error, expanded: U, unit: 'mm' })),
      },
    })
    expect(refusal(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('先作计量确认')
  })

  it('同一个文件传两次是一条记录；作废以后可以再传', async () => {
    const { ctx, id, content } = await firm()
    const xml = signed(content)
    const first = orThrow(await bring(ctx, xml))
    expect(orThrow(await bring(ctx, xml, { name: '换个名字.xml' }))).toMatchObject({ again: true, row: { id: first.row.id } })
    expect(await historyOf(ctx, id)).toHaveLength(1)
    orThrow(await voidCheck(ctx, first.row.check_id!, '录到别的器具上了'))
    expect(orThrow(await bring(ctx, xml))).toMatchObject({ again: false, row: { id: first.row.id, state: 'recorded' } })
    expect((await historyOf(ctx, id)).filter(({ voided_at }) => !voided_at)).toHaveLength(1)
  })

  it('两个人同时传同一个文件，只记一条', async () => {
    const { ctx, id, content } = await firm()
    const xml = signed(content)
    const answers = await Promise.all([bring(ctx, xml), bring(ctx, xml)])
    expect(answers.map((each) => orThrow(each).again).toSorted()).toEqual([false, true])
    expect(await historyOf(ctx, id)).toHaveLength(1)
  })

  it('编号已经记过、代替的那一份还在台账里：说是哪一条，什么也不留下', async () => {
    const { ctx, id, content } = await firm()
    came(await bring(ctx, signed(content)))
    const before = await files()
    expect(refusal(await bring(ctx, signed({ ...content, remarks: ['另一份'] })))).toMatchObject({
      kind: 'conflict',
      code: 'CERTIFICATE_ON_RECORD',
      reason: expect.stringContaining(`编号 ${content.number} 的证书已经记在`),
    })
    const amended = { ...content, number: `${content.number}-1`, replaces: { number: content.number, reason: '写错' } }
    expect(refusal(await bring(ctx, signed(amended)))).toMatchObject({ code: 'REPLACED_ON_RECORD' })
    expect(await historyOf(ctx, id)).toHaveLength(1)
    expect(await files()).toBe(before)
    expect((await listIncoming(ctx)).total).toBe(1)
  })

  it('改动、没有签名、搬动签名、别的格式、别的版本、演示证书：各说各的原因，什么也不留下', async () => {
    const { ctx, id, content } = await firm()
    const xml = signed(content)
    const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(xml)![0]
    const before = await files()
    const code = async (text: string) => refusal(await bring(ctx, text, { instrumentId: id })).code
    expect(await code(xml.replace('>K-', '>X-'))).toBe('DCC_ALTERED')
    expect(await code(writeDcc(content))).toBe('DCC_UNSIGNED')
    expect(await code(xml.replace(signature, signature + signature))).toBe('DCC_WRAPPED')
    expect(await code(signed(content, stranger).replace('>K-', '>X-'))).toBe('DCC_ALTERED')
    expect(await code(signed(content, { ...known, privateKey: stranger.privateKey }))).toBe('DCC_ALTERED')
    expect(await code(`<x>${xml.replace(/<\?xml.*?\?>/, '')}</x>`)).toBe('DCC_FOREIGN')
    expect(await code(signDcc(writeDcc(content).replace('schemaVersion="3.3.0"', 'schemaVersion="2.4.0"'), known))).toBe('DCC_MALFORMED')
    expect(await code('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')).toBe('DCC_MALFORMED')
    settings({ demo: false })
    expect(await code(xml)).toBe('CERTIFICATE_DEMO')
    settings()
    expect([await files(), (await listIncoming(ctx)).total, (await historyOf(ctx, id)).length]).toEqual([before, 0, 0])
  })

  it('改动任何一个字节都不收', { timeout: 120_000 }, async () => {
    const { ctx, id, content } = await firm()
    const bytes = Buffer.from(signed(content))
    const from = bytes.indexOf('<dcc:digitalCalibrationCertificate')
    for (let i = 0, at = 17; i < 80; i++) {
      at = (at * 1_103_515_245 + 12_345) % 2_147_483_648
      const changed = Buffer.from(bytes)
      const where = from + (at % (bytes.length - from))
      changed[where] = changed[where] === 65 ? 66 : 65
      const answer = await receiveCertificate(ctx, { name: '证书.xml', bytes: changed, instrumentId: id })
      expect.soft(isRefusal(answer) ? '不收' : '收了', `第 ${where} 字节`).toBe('不收')
    }
    expect(await historyOf(ctx, id)).toHaveLength(0)
  })

  it('上传时签名证书已到期：写明没有时间戳、哪些说不准，不自动记入；证书日期在有效期以外的不收', async () => {
    const { ctx, id, content } = await firm()
    const late = stage.as(ctx.actor, '2031-01-01T00:00:00.000Z')
    const row = came(await bring(late, signed(content)))
    expect(row).toMatchObject({
      state: 'waiting',
      standing: 'expired',
      reason: expect.stringMatching(/签名证书已于 2029-01-01 到期.*2026-11-24，那时签名证书有效.*没有受信任的时间戳，不能证明/),
    })
    expect(await historyOf(ctx, id)).toHaveLength(0)
    orThrow(await recordIncoming(late, row.id, { instrumentId: id, version: row.version, confirmed: true }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ note: expect.stringContaining('签名证书已到期') })
    const after = { ...content, number: 'BC2030-1', dates: { ...content.dates, issued: '2030-01-02' } }
    expect(refusal(await bring(late, signed(after)))).toMatchObject({
      code: 'DCC_KEY_EXPIRED',
      reason: expect.stringContaining('证书上的签发日期是 2030-01-02，不在签名证书的有效期'),
    })
    expect(refusal(await bring(late, signed(content).replace('>K-', '>X-'))).code).toBe('DCC_ALTERED')
    const unknown = came(await bring(late, signed({ ...content, number: 'BC2030-3' }, stranger)))
    expect(unknown).toMatchObject({ standing: 'unverified', reason: expect.stringMatching(/不在受信任的名单里.*已于 2029-01-01 到期/) })
    const check = await checkFile({ ...late, actor: visitor }, Buffer.from(signed({ ...content, number: 'BC2030-4' })))
    expect(check).toMatchObject({ verdict: 'late', reason: expect.stringContaining('不能证明') })
  })

  it('不认识的人签的：不自动记入，写明未能核实；有人核对确认才记入', async () => {
    const { ctx, id, content } = await firm()
    const row = came(await bring(ctx, signed(content, stranger)))
    expect(row).toMatchObject({ state: 'waiting', standing: 'unverified', reason: expect.stringContaining('未能核实签发者') })
    expect(await historyOf(ctx, id)).toHaveLength(0)
    expect(refusal(await recordIncoming(ctx, row.id, { instrumentId: id, version: row.version })).fields).toHaveProperty('confirmed')
    orThrow(await recordIncoming(ctx, row.id, { instrumentId: id, version: row.version, confirmed: true }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ note: expect.stringContaining('签发者未能核实'), results: { k: '2' } })
  })

  it('委托单位不是本单位、对不上哪一件：等人；选错了的说出厂编号不同；传错的可以不用', async () => {
    const { ctx, id, content } = await firm()
    const other = came(await bring(ctx, signed({ ...content, client: { name: '示例·别人' } })))
    expect(other).toMatchObject({ state: 'waiting', instrument_id: id, reason: expect.stringContaining('“示例·别人”') })
    expect(refusal(await setAside(ctx, other.id, { version: other.version, reason: ' ' })).kind).toBe('invalid')
    orThrow(await setAside(ctx, other.id, { version: other.version, reason: '不是我们的' }))
    expect(refusal(await recordIncoming(ctx, other.id, { instrumentId: id, version: other.version + 1 })).kind).toBe('conflict')
    const lost = came(await bring(ctx, signed({ ...content, number: 'BC-9', item: { name: '卡尺', serial: '没有的' } })))
    expect(lost).toMatchObject({ state: 'waiting', instrument_id: null, reason: expect.stringContaining('先登记') })
    expect(refusal(await recordIncoming(ctx, lost.id, { instrumentId: id, version: lost.version })).code).toBe('INSTRUMENT_DIFFERS')
    expect(
      refusal(await bring(ctx, signed({ ...content, number: 'BC-8', item: { name: '卡尺', serial: '别的' } }), { instrumentId: id })).code,
    ).toBe('INSTRUMENT_DIFFERS')
  })

  it('没有“台账”授权的、别的企业、机构的人：不能传，也看不到', async () => {
    const { ctx, org, content } = await firm()
    const row = came(await bring(ctx, signed(content)))
    const { actor } = await stage.seat(org, `经办${n}`, 'clerk', { scope: ['orders'], endsOn: '2027-01-01' })
    expect(refusal(await bring(stage.as(actor, now), signed({ ...content, number: 'BC-7' }))).kind).toBe('forbidden')
    const stranger1 = await firm()
    expect(await findIncoming(stranger1.ctx, row.id)).toBeUndefined()
    expect(refusal(await recordIncoming(stranger1.ctx, row.id, { instrumentId: stranger1.id, version: 1 })).kind).toBe('missing')
    expect(refusal(await bring(stage.as({ ...ctx.actor, role: 'tester' }, now), signed(content))).kind).toBe('forbidden')
  })
})

describe('PDF 上传', () => {
  it('没有人填写核对，什么也不变；校准的还要签过计量确认，才可能满足使用要求', async () => {
    const { ctx, id } = await firm()
    const row = came(await bring(ctx, pdf('校准证书 结论：合格'), { instrumentId: id, name: '证书.pdf' }))
    expect(row).toMatchObject({ state: 'waiting', standing: 'paper', reading: null })
    expect(await findInstrument(ctx, id)).toMatchObject({ state: 'returned', last_conclusion: null, last_confirmation: null })
    expect(refusal(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('还没有录入')
    const typed = { kind: 'calibration', conclusion: 'none', doneOn: '2026-11-24', certificateNo: 'P-1' } as const
    const at = { instrumentId: id, version: row.version }
    expect(refusal(await recordIncoming(ctx, row.id, { ...at, typed })).fields).toHaveProperty('confirmed')
    expect(refusal(await recordIncoming(ctx, row.id, { ...at, confirmed: true })).fields).toHaveProperty('kind')
    expect(
      refusal(await recordIncoming(ctx, row.id, { ...at, confirmed: true, typed: { ...typed, conclusion: 'pass' } })).reason,
    ).toContain('校准不判定合格')
    orThrow(await recordIncoming(ctx, row.id, { ...at, confirmed: true, typed }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ certificate_no: 'P-1', file_id: row.file_id, confirmation: null, results: null })
    expect(refusal(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('先作计量确认')
  })

  it('不是 PDF 也不是 XML、空的、没有传完的：不收', async () => {
    const { ctx } = await firm()
    expect(refusal(await receiveCertificate(ctx, { name: 'a.pdf', bytes: new Uint8Array() })).reason).toContain('空的')
    expect(refusal(await bring(ctx, 'MZ 程序', { name: 'a.pdf' })).code).toBe('DCC_MALFORMED')
    expect(refusal(await bring(ctx, '%PDF-1.7 没有结尾', { name: 'a.pdf' })).reason).toContain('不完整')
    expect((await listIncoming(ctx)).total).toBe(0)
  })
})

describe('本平台机构出具的证书', () => {
  it('原始文件（PDF、XML）直接记入；撤销的、改动的、出具给别人的不收', async () => {
    const { ctx, id, org, content } = await firm()
    const lab = await stage.organisation(`检测院${n}`, '330100', 'metrology-institution')
    const approver = (await stage.seat(lab, `批准${n}`, 'staff' as never, { role: 'approver', scope: [] })).actor
    const second = (await stage.seat(lab, `二批${n}`, 'staff' as never, { role: 'approver', scope: [] })).actor
    const draft = correctedDraft({ ...content, institution: { ...content.institution, name: lab.name } }, {}, approver.name)
    const certificate = orThrow(
      await issueCertificate(stage.as(approver, now), { draft, org: { province: '33', id: org.id, region: org.region } }),
    )
    const bytesOf = async (file: string) =>
      Buffer.concat(
        (await database.db.selectFrom('file_chunks').select('data').where('file_id', '=', file).orderBy('n').execute()).map(
          ({ data }) => data,
        ),
      )
    const [paper, digital] = [await bytesOf(certificate.pdf_file_id), await bytesOf(certificate.xml_file_id)]
    const other = await firm()
    expect(refusal(await receiveCertificate(other.ctx, { name: 'a.pdf', bytes: paper })).code).toBe('OTHER_CLIENT')
    const changed = Buffer.concat([digital, Buffer.from('\n')])
    expect(refusal(await receiveCertificate(ctx, { name: 'a.xml', bytes: changed })).code).toBe('CERTIFICATE_ALTERED')
    expect(refusal(await receiveCertificate(ctx, { name: 'a.pdf', bytes: Buffer.concat([paper, Buffer.from('\n%%EOF')]) })).code).toBe(
      'CERTIFICATE_ALTERED',
    )
    expect(came(await receiveCertificate(ctx, { name: 'a.pdf', bytes: paper }))).toMatchObject({ state: 'recorded', standing: 'verified' })
    expect((await historyOf(ctx, id))[0]).toMatchObject({ certificate_no: certificate.number, results: { k: '2' } })
    // 一键记入和上传文件是同一条路，不会记两次。
    expect(refusal(await registerIssued(ctx, certificate)).code).toBe('CERTIFICATE_ON_RECORD')
    expect(refusal(await registerIssued(other.ctx, certificate)).kind).toBe('missing')
    const asked = orThrow(
      await withdrawCertificate(stage.as(approver, now), certificate.id, { step: 'ask-withdrawal', version: 1, opinion: '标准器失准' }),
    )
    orThrow(await withdrawCertificate(stage.as(second, now), certificate.id, { step: 'withdraw', version: asked.version, opinion: '' }))
    expect(refusal(await receiveCertificate(ctx, { name: 'a.xml', bytes: digital }))).toMatchObject({
      code: 'CERTIFICATE_WITHDRAWN',
      reason: expect.stringContaining('标准器失准'),
    })
  })
})
