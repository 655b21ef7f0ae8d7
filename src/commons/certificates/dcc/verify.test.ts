import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import { passed } from '../samples.ts'
import { makeKey, type KeyPair } from '../x509.server.ts'
import { reference } from './fixtures.server.ts'
import { digitalOf } from './model.ts'
import { signDcc } from './sign.server.ts'
import { verifyDcc } from './verify.server.ts'
import { writeDcc } from './write.ts'

const at = '2026-11-24T02:00:00.000Z'
let key: KeyPair
let signed: string
beforeAll(async () => {
  key = await makeKey({ owner: '示例·检测院', notBefore: '2026-11-01T00:00:00.000Z' })
  signed = signDcc(writeDcc(passed), key)
})

const check = (xml: string, more: { at?: string; revokedAt?: string } = {}) =>
  verifyDcc(xml, {
    trusted: [{ certificate: key.certificate, owner: '示例·检测院', ...(more.revokedAt && { revokedAt: more.revokedAt }) }],
    at: more.at ?? at,
  })
const codeOf = (xml: string, more = {}) => {
  const answer = check(xml, more)
  return isRefusal(answer) ? answer.code : 'accepted'
}

/** The same digits on every run. */
function* digits(seed: number): Generator<number> {
  for (let x = seed; ;) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648
    yield x
  }
}

describe('数字证书的签名', () => {
  it('真的通过，内容取自被签名的字节', () => {
    const answer = check(signed)
    if (isRefusal(answer)) throw new Error(answer.reason)
    expect(answer.certificate).toEqual(digitalOf(passed))
    expect(answer.signedBytes).not.toContain('SignatureValue')
  })

  it('根元素里改动一个字节，一千次都被发现', { timeout: 120_000 }, () => {
    const bytes = Buffer.from(signed)
    const from = bytes.indexOf('<dcc:digitalCalibrationCertificate')
    const random = digits(7)
    let found = 0
    for (let i = 0; i < 1_000; i++) {
      const changed = Buffer.from(bytes)
      const where = from + (random.next().value! % (bytes.length - from))
      const before = changed[where]!
      changed[where] = 33 + (random.next().value! % 94)
      if (changed[where] === before) changed[where] = before === 65 ? 66 : 65
      const answer = check(changed.toString('utf8'))
      // A changed byte inside a tag may leave the meaning as it was; then the content read must be what was signed.
      if (isRefusal(answer)) found++
      else expect.soft(changed.toString('utf8'), `第 ${where} 字节`).toBe('被发现')
    }
    expect(found).toBe(1_000)
  })

  it('没有签名、两个签名、签名搬走、换了根、标识重复：拒绝并说明', () => {
    const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(signed)![0]
    const bare = signed.replace(signature, '')
    expect(codeOf(writeDcc(passed))).toBe('DCC_UNSIGNED')
    expect(codeOf(signed.replace(signature, signature + signature))).toBe('DCC_WRAPPED')
    expect(codeOf(bare.replace('</dcc:administrativeData>', `${signature}</dcc:administrativeData>`))).toBe('DCC_WRAPPED')
    expect(codeOf(`<x>${signed.replace(/<\?xml.*?\?>/, '')}</x>`)).toBe('DCC_FOREIGN')
    expect(codeOf(signed.replace('<dcc:item>', '<dcc:item id="a">').replace('<dcc:software>', '<dcc:software id="a">'))).toBe('DCC_WRAPPED')
  })

  it('把真证书包在假证书里：真的签名不能替假的作证', () => {
    const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(signed)![0]
    const fake = signDcc(writeDcc({ ...passed, number: 'JD2026-999999' }), key).replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '')
    const genuine = signed.replace(/<\?xml.*?\?>\s*/, '')
    // The genuine one goes into an Object of the signature, which the enveloped transform takes away.
    const wrapped = fake.replace(
      '</dcc:digitalCalibrationCertificate>',
      `${signature.replace('</ds:Signature>', `<ds:Object>${genuine}</ds:Object></ds:Signature>`)}</dcc:digitalCalibrationCertificate>`,
    )
    expect(['DCC_WRAPPED', 'DCC_ALTERED']).toContain(codeOf(wrapped))
    const plain = fake.replace('</dcc:digitalCalibrationCertificate>', `${signature}</dcc:digitalCalibrationCertificate>`)
    expect(codeOf(plain)).toBe('DCC_ALTERED')
    const byId = signed.replace('URI=""', 'URI="#a"').replace('<dcc:item>', '<dcc:item id="a">')
    expect(codeOf(byId)).toBe('DCC_ALGORITHM')
  })

  it('注释夹在数字中间也骗不过：读到的就是签名的字节', () => {
    const commented = signed.replace('<dcc:uniqueIdentifier>JD2026-000001', '<dcc:uniqueIdentifier>JD2026<!-- x -->-000001')
    const answer = check(commented)
    // Exclusive canonicalization leaves comments out: what is read must be the whole number, never a part of it.
    expect(isRefusal(answer) ? 'refused' : answer.certificate.identifier).toMatch(/^(refused|JD2026-000001)$/)
  })

  it('弱算法、别的摘要、换成 HMAC：拒绝', () => {
    for (const [from, to] of [
      ['xmldsig-more#ecdsa-sha256', 'xmldsig-more#rsa-sha256'],
      ['2001/04/xmldsig-more#ecdsa-sha256', '2000/09/xmldsig#hmac-sha1'],
      ['2001/04/xmlenc#sha256', '2000/09/xmldsig#sha1'],
      [
        '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
      ],
    ] as const)
      expect(codeOf(signed.replace(from, to))).toBe('DCC_ALGORITHM')
  })

  it('不认识的密钥、吊销的密钥、过期的证书：拒绝；同名的假密钥也拒绝', async () => {
    const other = await makeKey({ owner: '示例·检测院', notBefore: '2026-11-01T00:00:00.000Z' })
    expect(codeOf(signDcc(writeDcc(passed), other))).toBe('DCC_UNTRUSTED')
    // Signed by the wrong key, but with the right certificate in it.
    expect(codeOf(signDcc(writeDcc(passed), { privateKey: other.privateKey, certificate: key.certificate }))).toBe('DCC_ALTERED')
    expect(codeOf(signed, { revokedAt: '2026-11-20T00:00:00.000Z' })).toBe('DCC_KEY_REVOKED')
    expect(codeOf(signed, { at: '2030-01-01T00:00:00.000Z' })).toBe('DCC_KEY_EXPIRED')
    expect(codeOf(signed, { at: '2026-10-31T00:00:00.000Z' })).toBe('DCC_KEY_EXPIRED')
  })

  it.skipIf(!reference)('别处的真样例通过，被改动的样例拒绝（没有样例时跳过）', () => {
    const file = (name: string) => readFileSync(path.join(reference!, 'samples', name), 'utf8')
    const trusted = [{ certificate: file('signer.crt'), owner: 'Calibration A GmbH' }]
    const name = 'dcc_gp_temperature_typical_v12_v3.2.0_signed'
    const genuine = verifyDcc(file(`${name}.xml`), { trusted, at: '2023-03-27T16:00:00.000Z' })
    expect(isRefusal(genuine) ? genuine.reason : genuine.certificate.laboratory.name).toBe('Kalibrierfirma GmbH')
    const manipulated = verifyDcc(file(`${name}_manipulated.xml`), { trusted, at: '2023-03-27T16:00:00.000Z' })
    expect(isRefusal(manipulated) && manipulated.code).toBe('DCC_ALTERED')
    const late = verifyDcc(file(`${name}.xml`), { trusted, at: '2025-01-01T00:00:00.000Z' })
    expect(isRefusal(late) && late.code).toBe('DCC_KEY_EXPIRED')
  })
})
