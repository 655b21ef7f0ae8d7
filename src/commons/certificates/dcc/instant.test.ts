import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import { passed } from '../samples.ts'
import { makeKey } from '../x509.server.ts'
import { reference } from './fixtures.server.ts'
import { verifyAt } from './instant.server.ts'
import { signDcc } from './sign.server.ts'
import { writeDcc } from './write.ts'

const key = makeKey({ owner: '示例·检测院', notBefore: '2026-11-01T00:00:00.000Z' })
const trusted = [{ certificate: key.certificate, owner: '示例·检测院' }]
const xml = signDcc(writeDcc(passed), key)
const said = (text: string, at: string, keys = trusted) => {
  const answer = verifyAt(text, { trusted: keys, at })
  return isRefusal(answer) ? answer.code : (answer.late ?? 'in time')
}

describe('签名按哪一刻判断', () => {
  it('有效期内：通过，不多说；还没生效：拒绝；到期以后：通过，说清楚什么不能证明', () => {
    expect(said(xml, '2026-11-24T02:00:00.000Z')).toBe('in time')
    expect(said(xml, '2029-11-01T00:00:00.000Z')).toBe('in time')
    expect(said(xml, '2026-10-31T00:00:00.000Z')).toBe('DCC_KEY_EXPIRED')
    expect(said(xml, '2029-11-01T00:00:01.000Z')).toMatch(/已于 2029-11-01 到期.*2026-11-24，那时签名证书有效.*不能证明/)
  })

  it('到期以后，改动的、吊销的、日期在有效期以外的：照样拒绝', () => {
    const late = '2030-01-01T00:00:00.000Z'
    expect(said(xml.replace('>JD2026-000001<', '>JD2026-000002<'), late)).toBe('DCC_ALTERED')
    expect(said(xml, late, [{ ...trusted[0]!, revokedAt: '2027-01-01T00:00:00.000Z' } as never])).toBe('DCC_KEY_REVOKED')
    for (const issued of ['2026-10-31', '2029-11-02'])
      expect(said(signDcc(writeDcc({ ...passed, dates: { ...passed.dates, issued } }), key), late), issued).toBe('DCC_KEY_EXPIRED')
    expect(said(xml, late, [])).toBe('DCC_UNTRUSTED')
  })

  it.skipIf(!reference)('别处的真样例，签名证书 2024-12-02 到期：以前通过，以后说明（没有样例时跳过）', () => {
    const file = (name: string) => readFileSync(path.join(reference!, 'samples', name), 'utf8')
    const keys = [{ certificate: file('signer.crt'), owner: 'Calibration A GmbH' }]
    const name = 'dcc_gp_temperature_typical_v12_v3.2.0_signed'
    expect(said(file(`${name}.xml`), '2023-03-27T16:00:00.000Z', keys)).toBe('in time')
    expect(said(file(`${name}.xml`), '2026-11-28T00:00:00.000Z', keys)).toMatch(/已于 2024-12-02 到期。证书上没有写签发日期/)
    expect(said(file(`${name}_manipulated.xml`), '2026-11-28T00:00:00.000Z', keys)).toBe('DCC_ALTERED')
  })
})
