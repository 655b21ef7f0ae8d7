/** 微信支付 APIv3：签名串逐字节、应答验签、时间窗、通知解密、小程序参数。用另写的算法核对，不用自己核自己。 */
import { createCipheriv, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorization, jsapiParameters, openResource, signatureFault, type Merchant } from './wechat-pay.server.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const [own, wechat] = [pair(), pair()]
const merchant: Merchant = {
  mchid: '1900000001',
  appid: 'wx0000000000000001',
  serialNo: '5157F09EFDC096DE',
  privateKey: own.privateKey,
  apiV3Key: '0123456789abcdef0123456789abcdef',
  platformKeyId: 'PUB_KEY_ID_0119',
  platformKey: wechat.publicKey,
}
const now = '2026-11-23T01:00:00.000Z'
const seconds = 1795395600
const byOwn = (text: string, signature: string) => createVerify('RSA-SHA256').update(text).verify(own.publicKey, signature, 'base64')

describe('请求签名', () => {
  it('签名串五行，每行以换行结束，包括最后一行', () => {
    const said = authorization(merchant, {
      method: 'POST',
      target: '/v3/pay/transactions/native?a=1',
      timestamp: 1554208460,
      nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
      body: '{"a":"中"}',
    })
    const [, scheme, rest] = /^(\S+) (.*)$/.exec(said)!
    expect(scheme).toBe('WECHATPAY2-SHA256-RSA2048')
    const fields = Object.fromEntries(rest!.split(',').map((each) => /^(\w+)="(.*)"$/.exec(each)!.slice(1) as [string, string]))
    expect(fields).toMatchObject({
      mchid: '1900000001',
      nonce_str: '593BEC0C930BF1AFEB40B4A08C8FB242',
      timestamp: '1554208460',
      serial_no: '5157F09EFDC096DE',
    })
    const text = 'POST\n/v3/pay/transactions/native?a=1\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n{"a":"中"}\n'
    expect(byOwn(text, fields.signature!)).toBe(true)
    expect(byOwn(text.slice(0, -1), fields.signature!)).toBe(false)
  })

  it('小程序参数：四行', () => {
    const said = jsapiParameters(merchant, 'wx201410272009395522657a690389285100', now, 'nonce')
    expect(said).toMatchObject({ package: 'prepay_id=wx201410272009395522657a690389285100', timeStamp: String(seconds), signType: 'RSA' })
    expect(byOwn(`${merchant.appid}\n${seconds}\nnonce\nprepay_id=wx201410272009395522657a690389285100\n`, said.paySign)).toBe(true)
  })
})

describe('应答和通知验签', () => {
  const headers = (body: string, at = seconds, key = wechat.privateKey) => ({
    timestamp: String(at),
    nonce: 'n',
    serial: 'PUB_KEY_ID_0119',
    signature: createSign('RSA-SHA256').update(`${at}\nn\n${body}\n`).sign(key, 'base64'),
  })
  it('真的认，空正文也认', () => {
    expect(signatureFault(merchant, headers('{}'), '{}', now)).toBeUndefined()
    expect(signatureFault(merchant, headers(''), '', now)).toBeUndefined()
  })
  it.each([
    ['改了一个字', headers('{}'), '{ }', 'wrong signature'],
    ['别人签的', headers('{}', seconds, own.privateKey), '{}', 'wrong signature'],
    ['没有这把钥匙', { ...headers('{}'), serial: 'PUB_KEY_ID_0' }, '{}', 'unknown key'],
    ['探测流量', { ...headers('{}'), signature: 'WECHATPAY/SIGNTEST/abc' }, '{}', 'wrong signature'],
    ['没有时间', { ...headers('{}'), timestamp: '' }, '{}', 'no timestamp'],
    ['五分零一秒以前', headers('{}', seconds - 301), '{}', 'outside the time window'],
    ['五分零一秒以后', headers('{}', seconds + 301), '{}', 'outside the time window'],
  ])('%s：不认', (_, given, body, fault) => expect(signatureFault(merchant, given, body, now)).toBe(fault))
  it('五分钟整还认', () => expect(signatureFault(merchant, headers('{}', seconds - 300), '{}', now)).toBeUndefined())
})

it('通知解密：任何文字都能取回；改一个字节、换附加数据、换密钥都打不开', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, at) => {
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(merchant.apiV3Key), Buffer.from('fdasflkja484')).setAAD(
        Buffer.from('transaction'),
      )
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      const sealed = { ciphertext: bytes.toString('base64'), nonce: 'fdasflkja484', associated_data: 'transaction' }
      expect(openResource(merchant.apiV3Key, sealed)).toBe(text)
      expect(openResource(merchant.apiV3Key, { ...sealed, associated_data: 'refund' })).toBeUndefined()
      expect(openResource('x'.repeat(32), sealed)).toBeUndefined()
      bytes[at % bytes.length]! ^= 1
      expect(openResource(merchant.apiV3Key, { ...sealed, ciphertext: bytes.toString('base64') })).toBeUndefined()
    }),
  )
  for (const ciphertext of ['', 'AAAA', '!!'])
    expect(openResource(merchant.apiV3Key, { ciphertext, nonce: 'fdasflkja484' })).toBeUndefined()
})
