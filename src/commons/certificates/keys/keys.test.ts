/** 签名密钥：建立、换新、吊销；吊销以前签的有效，以后签的说明原因；换算法以前签的照样有效。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../../core/access.ts'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { seal } from '../../../platform/sealed.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { checkFile, checkToken } from '../check.server.ts'
import { verifyDcc } from '../dcc/verify.server.ts'
import { desk } from '../desk.server.ts'
import { judgeCertificate } from '../incoming/judge.server.ts'
import { listeners } from '../listeners.server.ts'
import type { Certificate } from '../model.ts'
import { labOf, monday, signing, type Lab } from '../test-lab.server.ts'
import { establishKey, renewKey, revokeKey } from './change.server.ts'
import { doubtOf } from './model.ts'
import { findOwnKey, keyOfCertificate, listKeys, type KeyRow } from './queries.server.ts'
import { suiteOf } from './suites.server.ts'

const friday = '2026-11-27T02:00:00.000Z'
let database: Database
let lab: Lab
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  lab = await labOf(database)
})
afterAll(() => database.close())

const keyOf = async (row: Certificate): Promise<KeyRow> => (await findOwnKey(lab.as(lab.approver), row.key_id))!

describe('签名密钥', () => {
  it('第一次签发时建立；本机构看得到签了几份，别的机构看不到，也办不了', async () => {
    const row = await lab.issue()
    expect(await keyOf(row)).toMatchObject({ state: 'active', signed: 1, doubted: 0, owner: lab.approver.org_name })
    expect((await listKeys(lab.as(lab.approver))).total).toBe(1)
    expect((await listKeys(lab.as(platform))).total).toBe(1)
    expect((await listKeys(lab.as(lab.outsider))).total).toBe(0)
    expect(await findOwnKey(lab.as(lab.outsider), row.key_id)).toBeUndefined()
    expect(await findOwnKey(lab.as(lab.owner), row.key_id)).toBeUndefined()
    expect(await renewKey(lab.as(lab.outsider), row.key_id, { version: 1 })).toMatchObject({ kind: 'missing' })
    expect(JSON.stringify(await listKeys(lab.as(lab.approver)))).not.toContain('sealed')
    expect(await establishKey(lab.as(lab.approver))).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('已有可以签发的密钥'),
    })
    expect(await establishKey(lab.as(lab.owner))).toMatchObject({ kind: 'forbidden' })
  })

  it('换新：以后用新的签，旧的签过的照样有效；旧版本的表单、第二次换新不能再办', async () => {
    const row = await lab.issue()
    const { version } = await keyOf(row)
    const fresh = orThrow(await renewKey(lab.as(lab.approver), row.key_id, { version }))
    expect((await lab.issue()).key_id).toBe(fresh.id)
    expect(await checkToken(lab.as(visitor), row.token)).toMatchObject({ verdict: 'genuine' })
    expect((await checkFile(lab.as(visitor), await lab.bytesOf(row, 'pdf'))).signature?.join('')).toContain('已换新')
    expect(await renewKey(lab.as(lab.approver), row.key_id, { version })).toMatchObject({ code: 'STALE' })
    expect(await renewKey(lab.as(lab.approver), row.key_id, { version: version + 1 })).toMatchObject({ kind: 'conflict' })
  })

  it('吊销须写原因和日期；日期以前签的有效，从那天零点起签的说明原因，企业收到通知，也不能记入台账', async () => {
    const before = await lab.issue('2026-11-25T15:59:59.000Z')
    const after = await lab.issue('2026-11-25T16:00:00.000Z')
    expect(after.key_id).toBe(before.key_id)
    const { version } = await keyOf(after)
    const revoke = (more: object) =>
      revokeKey(lab.as(lab.approver, friday), after.key_id, { version, opinion: '机房被人进入', since: '2026-11-26', ...more })
    expect(await revoke({ opinion: ' ' })).toMatchObject({ kind: 'invalid', fields: { opinion: expect.any(String) } })
    expect(await revoke({ since: '2026-11-28' })).toMatchObject({ fields: { since: expect.stringContaining('不能晚于今天') } })
    expect(await revoke({ since: '2026-02-30' })).toMatchObject({ kind: 'invalid' })
    orThrow(await revoke({}))
    expect(await keyOf(after)).toMatchObject({ state: 'revoked', doubted: 1, revoked_by_name: lab.approver.name })
    for (const type of ['pdf', 'xml'] as const) {
      expect(await checkFile(lab.as(visitor, friday), await lab.bytesOf(before, type))).toMatchObject({ verdict: 'genuine' })
      expect(await checkFile(lab.as(visitor, friday), await lab.bytesOf(after, type))).toMatchObject({
        verdict: 'doubtful',
        reason: expect.stringMatching(/2026-11-26 起签的不能采信（原因：机房被人进入）/),
      })
    }
    expect(await judgeCertificate(lab.as(lab.owner, friday), await lab.bytesOf(after, 'xml'))).toMatchObject({ code: 'KEY_REVOKED' })
    expect(await judgeCertificate(lab.as(lab.owner, friday), await lab.bytesOf(before, 'xml'))).toMatchObject({ standing: 'verified' })
    const event = await database.db.selectFrom('events').selectAll().where('action', '=', 'revoked').executeTakeFirstOrThrow()
    for (const { handle } of listeners.filter(({ on }) => (on as readonly string[]).includes('signing-key.revoked')))
      await handle(lab.as(platform, friday), event as never)
    const told = await database.db.selectFrom('messages').select('title').where('template', '=', 'certificate-doubtful').execute()
    expect(told).toEqual([{ title: expect.stringContaining(after.number) }])
  })

  it('吊销以后不能签发，说明怎么办；建立新的以后可以签；工作台上提醒', async () => {
    expect(await lab.issuing(friday)).toMatchObject({
      code: 'KEY_REVOKED',
      reason: expect.stringMatching(/已于 2026-11-27 吊销，不能签发。请批准人到“签名密钥”/),
    })
    expect(await desk(lab.as(lab.approver, friday))).toContainEqual(expect.objectContaining({ title: '签名密钥已吊销，不能签发证书' }))
    const made = orThrow(await establishKey(lab.as(lab.approver, friday)))
    expect((await lab.issue(friday)).key_id).toBe(made.id)
    expect(await desk(lab.as(lab.approver, friday))).toEqual([])
    expect(await desk(lab.as(lab.approver, '2029-10-01T02:00:00.000Z'))).toContainEqual(
      expect.objectContaining({ title: '签名密钥有效期到 2029-11-27，请换新' }),
    )
  })

  it('密钥打不开的，说明怎么办，不签发；换新以后可以', async () => {
    await sql`update signing_keys set sealed_key = ${seal('x', 'elsewhere')}`.execute(database.db)
    expect(await lab.issuing(friday)).toMatchObject({ code: 'KEY_SEALED' })
    const current = (await listKeys(lab.as(lab.approver))).rows.find(({ state }) => state === 'active')!
    orThrow(await renewKey(lab.as(lab.approver, friday), current.id, { version: current.version }))
    await lab.issue(friday)
  })

  it('改用 SM2：新签的用 SM2，以前签的照样有效；改回来也一样', async () => {
    const old = await lab.issue(friday)
    signing('sm2')
    const row = await lab.issue(friday)
    const key = (await keyOfCertificate(lab.as(platform), row))!
    expect(suiteOf(key.certificate)?.name).toBe('sm2')
    const xml = (await lab.bytesOf(row, 'xml')).toString('utf8')
    expect(xml).toContain('urn:oid:1.2.156.10197.1.501')
    expect(verifyDcc(xml, { trusted: [{ certificate: key.certificate, owner: key.owner }], at: friday })).toMatchObject({
      signer: { owner: lab.approver.org_name },
    })
    for (const each of [old, row])
      for (const type of ['pdf', 'xml'] as const)
        expect(await checkFile(lab.as(visitor, friday), await lab.bytesOf(each, type))).toMatchObject({ verdict: 'genuine' })
    expect((await checkFile(lab.as(visitor, friday), await lab.bytesOf(row, 'pdf'))).signature?.join('')).toContain('SM2 / SM3')
    const changed = xml.replace('urn:oid:1.2.156.10197.1.401', 'http://www.w3.org/2001/04/xmlenc#sha256')
    expect(verifyDcc(changed, { trusted: [{ certificate: key.certificate, owner: key.owner }], at: friday })).toMatchObject({
      code: 'DCC_ALGORITHM',
    })
    const swapped = xml.replace('urn:oid:1.2.156.10197.1.501', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256')
    expect(await checkFile(lab.as(visitor, friday), Buffer.from(swapped))).toMatchObject({ verdict: 'altered' })
    signing()
    expect((await lab.issue(friday)).key_id).toBe(old.key_id)
  })
})

it('采不采信只看签发的时刻：早一毫秒有效，同一时刻起不采信', () => {
  const key = { owner: '示例·检测院', compromised_at: '2026-11-25T16:00:00.000Z', revoked_reason: '泄露' }
  expect(doubtOf({ ...key, compromised_at: null }, monday)).toBeUndefined()
  expect(doubtOf(key, '2026-11-25T15:59:59.999Z')).toBeUndefined()
  expect(doubtOf(key, '2026-11-25T16:00:00.000Z')).toContain('2026-11-26 起签的不能采信')
})
