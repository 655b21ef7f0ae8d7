/** 别处的数字证书上传：真的记入台账，有一点不对的都说明原因、什么也不留下。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visitor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { historyOf, takeInstrumentStep, voidCheck } from '../../instruments/index.server.ts'
import { stageOf, type Stage } from '../../people/test-stage.server.ts'
import { checkFile } from '../check.server.ts'
import { signDcc } from '../dcc/sign.server.ts'
import { writeDcc } from '../dcc/write.ts'
import { findIncoming, listIncoming } from './queries.server.ts'
import { receiveCertificate } from './receive.server.ts'
import { recordIncoming, setAside } from './record.server.ts'
import { incomingOf, bring, came, now, type Incoming } from './test-incoming.server.ts'

let database: Database
let stage: Stage
let incoming: Incoming
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  incoming = incomingOf(stage)
})
afterAll(async () => {
  await database.close()
  incoming.close()
})

const files = async () => (await database.db.selectFrom('files').select('id').execute()).length

describe('数字证书上传', () => {
  it('认识的机构签的：自动找到器具，记入台账，数据和文件都在，等计量确认', async () => {
    const { ctx, id, content } = await incoming.firm()
    const row = came(await bring(ctx, incoming.signed(content)))
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
    expect(refusalOf(await takeInstrumentStep(ctx, id, { step: 'confirm' })).reason).toContain('先作计量确认')
  })

  it('同一个文件传两次是一条记录；作废以后可以再传', async () => {
    const { ctx, id, content } = await incoming.firm()
    const xml = incoming.signed(content)
    const first = orThrow(await bring(ctx, xml))
    expect(orThrow(await bring(ctx, xml, { name: '换个名字.xml' }))).toMatchObject({ again: true, row: { id: first.row.id } })
    expect(await historyOf(ctx, id)).toHaveLength(1)
    orThrow(await voidCheck(ctx, first.row.check_id!, '录到别的器具上了'))
    expect(orThrow(await bring(ctx, xml))).toMatchObject({ again: false, row: { id: first.row.id, state: 'recorded' } })
    expect((await historyOf(ctx, id)).filter(({ voided_at }) => !voided_at)).toHaveLength(1)
  })

  it('两个人同时传同一个文件，只记一条', async () => {
    const { ctx, id, content } = await incoming.firm()
    const xml = incoming.signed(content)
    const answers = await Promise.all([bring(ctx, xml), bring(ctx, xml)])
    expect(answers.map((each) => orThrow(each).again).toSorted()).toEqual([false, true])
    expect(await historyOf(ctx, id)).toHaveLength(1)
  })

  it('编号已经记过、代替的那一份还在台账里：说是哪一条，什么也不留下', async () => {
    const { ctx, id, content } = await incoming.firm()
    came(await bring(ctx, incoming.signed(content)))
    const before = await files()
    expect(refusalOf(await bring(ctx, incoming.signed({ ...content, remarks: ['另一份'] })))).toMatchObject({
      kind: 'conflict',
      code: 'CERTIFICATE_ON_RECORD',
      reason: expect.stringContaining(`编号 ${content.number} 的证书已经记在`),
    })
    const amended = { ...content, number: `${content.number}-1`, replaces: { number: content.number, reason: '写错' } }
    expect(refusalOf(await bring(ctx, incoming.signed(amended)))).toMatchObject({ code: 'REPLACED_ON_RECORD' })
    expect(await historyOf(ctx, id)).toHaveLength(1)
    expect(await files()).toBe(before)
    expect((await listIncoming(ctx)).total).toBe(1)
  })

  it('改动、没有签名、搬动签名、别的格式、别的版本、演示证书：各说各的原因，什么也不留下', async () => {
    const { ctx, id, content } = await incoming.firm()
    const xml = incoming.signed(content)
    const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(xml)![0]
    const before = await files()
    const code = async (text: string) => refusalOf(await bring(ctx, text, { instrumentId: id })).code
    expect(await code(xml.replace('>K-', '>X-'))).toBe('DCC_ALTERED')
    expect(await code(writeDcc(content))).toBe('DCC_UNSIGNED')
    expect(await code(xml.replace(signature, signature + signature))).toBe('DCC_WRAPPED')
    expect(await code(incoming.signed(content, incoming.stranger).replace('>K-', '>X-'))).toBe('DCC_ALTERED')
    expect(await code(incoming.signed(content, { ...incoming.known, privateKey: incoming.stranger.privateKey }))).toBe('DCC_ALTERED')
    expect(await code(`<x>${xml.replace(/<\?xml.*?\?>/, '')}</x>`)).toBe('DCC_FOREIGN')
    expect(await code(signDcc(writeDcc(content).replace('schemaVersion="3.3.0"', 'schemaVersion="2.4.0"'), incoming.known))).toBe(
      'DCC_MALFORMED',
    )
    expect(await code('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')).toBe('DCC_MALFORMED')
    incoming.settings({ demo: false })
    expect(await code(xml)).toBe('CERTIFICATE_DEMO')
    incoming.settings()
    expect([await files(), (await listIncoming(ctx)).total, (await historyOf(ctx, id)).length]).toEqual([before, 0, 0])
  })

  it('改动任何一个字节都不收', { timeout: 120_000 }, async () => {
    const { ctx, id, content } = await incoming.firm()
    const bytes = Buffer.from(incoming.signed(content))
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
    const { ctx, id, content } = await incoming.firm()
    const late = stage.as(ctx.actor, '2031-01-01T00:00:00.000Z')
    const row = came(await bring(late, incoming.signed(content)))
    expect(row).toMatchObject({
      state: 'waiting',
      standing: 'expired',
      reason: expect.stringMatching(/签名证书已于 2029-01-01 到期.*2026-11-24，那时签名证书有效.*没有受信任的时间戳，不能证明/),
    })
    expect(await historyOf(ctx, id)).toHaveLength(0)
    orThrow(await recordIncoming(late, row.id, { instrumentId: id, version: row.version, confirmed: true }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ note: expect.stringContaining('签名证书已到期') })
    const after = { ...content, number: 'BC2030-1', dates: { ...content.dates, issued: '2030-01-02' } }
    expect(refusalOf(await bring(late, incoming.signed(after)))).toMatchObject({
      code: 'DCC_KEY_EXPIRED',
      reason: expect.stringContaining('证书上的签发日期是 2030-01-02，不在签名证书的有效期'),
    })
    expect(refusalOf(await bring(late, incoming.signed(content).replace('>K-', '>X-'))).code).toBe('DCC_ALTERED')
    const unknown = came(await bring(late, incoming.signed({ ...content, number: 'BC2030-3' }, incoming.stranger)))
    expect(unknown).toMatchObject({ standing: 'unverified', reason: expect.stringMatching(/不在受信任的名单里.*已于 2029-01-01 到期/) })
    const check = await checkFile({ ...late, actor: visitor }, Buffer.from(incoming.signed({ ...content, number: 'BC2030-4' })))
    expect(check).toMatchObject({ verdict: 'late', reason: expect.stringContaining('不能证明') })
  })

  it('不认识的人签的：不自动记入，写明未能核实；有人核对确认才记入', async () => {
    const { ctx, id, content } = await incoming.firm()
    const row = came(await bring(ctx, incoming.signed(content, incoming.stranger)))
    expect(row).toMatchObject({ state: 'waiting', standing: 'unverified', reason: expect.stringContaining('未能核实签发者') })
    expect(await historyOf(ctx, id)).toHaveLength(0)
    expect(refusalOf(await recordIncoming(ctx, row.id, { instrumentId: id, version: row.version })).fields).toHaveProperty('confirmed')
    orThrow(await recordIncoming(ctx, row.id, { instrumentId: id, version: row.version, confirmed: true }))
    expect((await historyOf(ctx, id))[0]).toMatchObject({ note: expect.stringContaining('签发者未能核实'), results: { k: '2' } })
  })

  it('委托单位不是本单位、对不上哪一件：等人；选错了的说出厂编号不同；传错的可以不用', async () => {
    const { ctx, id, content } = await incoming.firm()
    const other = came(await bring(ctx, incoming.signed({ ...content, client: { name: '示例·别人' } })))
    expect(other).toMatchObject({ state: 'waiting', instrument_id: id, reason: expect.stringContaining('“示例·别人”') })
    expect(refusalOf(await setAside(ctx, other.id, { version: other.version, reason: ' ' })).kind).toBe('invalid')
    orThrow(await setAside(ctx, other.id, { version: other.version, reason: '不是我们的' }))
    expect(refusalOf(await recordIncoming(ctx, other.id, { instrumentId: id, version: other.version + 1 })).kind).toBe('conflict')
    const lost = came(await bring(ctx, incoming.signed({ ...content, number: 'BC-9', item: { name: '卡尺', serial: '没有的' } })))
    expect(lost).toMatchObject({ state: 'waiting', instrument_id: null, reason: expect.stringContaining('先登记') })
    expect(refusalOf(await recordIncoming(ctx, lost.id, { instrumentId: id, version: lost.version })).code).toBe('INSTRUMENT_DIFFERS')
    expect(
      refusalOf(
        await bring(ctx, incoming.signed({ ...content, number: 'BC-8', item: { name: '卡尺', serial: '别的' } }), { instrumentId: id }),
      ).code,
    ).toBe('INSTRUMENT_DIFFERS')
  })

  it('没有“台账”授权的、别的企业、机构的人：不能传，也看不到', async () => {
    const { ctx, org, content } = await incoming.firm()
    const row = came(await bring(ctx, incoming.signed(content)))
    const { actor } = await stage.seat(org, '经办', 'clerk', { scope: ['orders'], endsOn: '2027-01-01' })
    expect(refusalOf(await bring(stage.as(actor, now), incoming.signed({ ...content, number: 'BC-7' }))).kind).toBe('forbidden')
    const stranger1 = await incoming.firm()
    expect(await findIncoming(stranger1.ctx, row.id)).toBeUndefined()
    expect(refusalOf(await recordIncoming(stranger1.ctx, row.id, { instrumentId: stranger1.id, version: 1 })).kind).toBe('missing')
    expect(refusalOf(await bring(stage.as({ ...ctx.actor, role: 'tester' }, now), incoming.signed(content))).kind).toBe('forbidden')
  })
})
