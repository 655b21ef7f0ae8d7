import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, describe, expect, it } from 'vitest'
import { bearsOwnSignature, makeKey } from '../x509.server.ts'
import { derOf, rawOf, suiteNames, suiteOf, suites } from './suites.server.ts'

/** GM/T 0003.5-2012, annex A, and GB/T 32918.5-2017, annex A: the signature of "message digest" on the recommended curve. */
const example = {
  identity: '1234567812345678',
  message: Buffer.from('message digest'),
  d: '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8',
  x: '09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020',
  y: 'CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
  z: 'B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3',
  e: 'F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640',
  k: '59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21',
  x1: '04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73',
  r: 'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3',
  s: 'B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
}
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const at = '2026-11-01T00:00:00.000Z'
const folder = mkdtempSync(path.join(tmpdir(), 'suites-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe('SM2 和 SM3', () => {
  it('SM3 的标准例：abc（GB/T 32905，附录 A）', () => {
    expect(createHash('sm3').update('abc').digest('hex')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  })

  it('SM2 签名的标准例：同样的随机数得到公布的 Z、e、r、s', () => {
    const point = `04${example.x}${example.y}`
    expect(Buffer.from(sm2.getZ(point)).toString('hex').toUpperCase()).toBe(example.z)
    expect(sm2.getHash(Uint8Array.from(example.message), point).toUpperCase()).toBe(example.e)
    const once = [{ k: BigInt(`0x${example.k}`), x1: BigInt(`0x${example.x1}`) }]
    const signature = sm2.doSignature(Uint8Array.from(example.message), example.d.toLowerCase(), {
      hash: true,
      der: false,
      pointPool: once,
    })
    expect(signature.toUpperCase()).toBe(example.r + example.s)
    expect(sm2.doVerifySignature(Uint8Array.from(example.message), signature, point, { hash: true })).toBe(true)
  })

  it('Node 自己的 SM2 签名不带通用标识，不能用：换掉这里的实现以前先看这一条', () => {
    const { certificate } = makeKey({ owner: '示例·检测院', notBefore: at, suite: 'sm2' })
    const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' })
    expect(suites.sm2.verify(example.message, certificate, sign('sm3', example.message, pair.privateKey), 'der')).toBe(false)
  })

  it('r 或 s 加上群的阶、写成零：不收', () => {
    const key = makeKey({ owner: '示例·检测院', notBefore: at, suite: 'sm2' })
    const raw = suites.sm2.sign(example.message, key.privateKey, 'raw')
    const hex = (n: bigint) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex')
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((half) => BigInt(`0x${half.toString('hex')}`)) as [bigint, bigint]
    const verify = (signature: Buffer) => suites.sm2.verify(example.message, key.certificate, signature, 'raw')
    expect(verify(raw)).toBe(true)
    for (const other of [Buffer.alloc(64), Buffer.concat([hex(r), Buffer.alloc(32)]), Buffer.concat([Buffer.alloc(32), hex(s)])])
      expect(verify(other)).toBe(false)
    // Only some numbers leave room below 2^256 for a second spelling.
    for (const other of [hex(order), hex(order + 1n)]) expect(verify(Buffer.concat([hex(r), other]))).toBe(false)
    expect(verify(Buffer.concat([raw, Buffer.from([0])]))).toBe(false)
  })

  it.skipIf(!hasOpenssl)('OpenSSL 按通用标识核对通过，不按它就不通过；OpenSSL 签的这里也认（没有 OpenSSL 时跳过）', () => {
    const key = makeKey({ owner: '示例·检测院', notBefore: at, suite: 'sm2' })
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(path.join(folder, name), content)
      return path.join(folder, name)
    }
    const [certificate, privateKey, message] = [
      file('sm2.crt', key.certificate),
      file('sm2.key', key.privateKey),
      file('message', example.message),
    ]
    const signature = file('signature', suites.sm2.sign(example.message, key.privateKey, 'der'))
    const identity = ['-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${example.identity}`]
    const openssl = (...args: string[]) => spawnSync('openssl', ['pkeyutl', ...args, '-in', message]).status
    expect(openssl('-verify', ...identity, '-certin', '-inkey', certificate, '-sigfile', signature)).toBe(0)
    expect(openssl('-verify', '-rawin', '-digest', 'sm3', '-certin', '-inkey', certificate, '-sigfile', signature)).not.toBe(0)
    const theirs = execFileSync('openssl', ['pkeyutl', '-sign', ...identity, '-inkey', privateKey, '-in', message])
    expect(suites.sm2.verify(example.message, key.certificate, theirs, 'der')).toBe(true)
    // The X.509 certificate is signed under the same identity.
    execFileSync('openssl', ['asn1parse', '-in', certificate, '-strparse', '4', '-out', path.join(folder, 'tbs'), '-noout'])
    const text = execFileSync('openssl', ['asn1parse', '-in', certificate]).toString()
    const last = /(\d+):d=1 .*BIT STRING\s*$/m.exec(text)![1]!
    execFileSync('openssl', ['asn1parse', '-in', certificate, '-strparse', last, '-out', path.join(folder, 'tbs.sig'), '-noout'])
    const own = ['-certin', '-inkey', certificate, '-sigfile', path.join(folder, 'tbs.sig'), '-in', path.join(folder, 'tbs')]
    expect(spawnSync('openssl', ['pkeyutl', '-verify', ...identity, ...own]).status).toBe(0)
  })
})

describe.each(suiteNames)('密钥和签名 %s', (name) => {
  const suite = suites[name]
  const key = makeKey({ owner: '示例·检测院', notBefore: at, suite: name })

  it('证书说得出自己的算法，自己给自己签名；改一个字节就不成立', () => {
    expect(suiteOf(key.certificate)?.name).toBe(name)
    expect(bearsOwnSignature(key.certificate)).toBe(true)
    const der = Buffer.from(key.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    der[der.indexOf('检测院')]! ^= 1
    expect(bearsOwnSignature(`-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`)).toBe(false)
  })

  it('两种写法都能核对；别的内容、别的密钥、改动的签名不成立', () => {
    const other = makeKey({ owner: '示例·检测院', notBefore: at, suite: name })
    for (const encoding of ['raw', 'der'] as const) {
      const signature = suite.sign(example.message, key.privateKey, encoding)
      expect(suite.verify(example.message, key.certificate, signature, encoding)).toBe(true)
      expect(suite.verify(Buffer.from('message digesT'), key.certificate, signature, encoding)).toBe(false)
      expect(suite.verify(example.message, other.certificate, signature, encoding)).toBe(false)
      for (let i = 0; i < signature.length; i++) {
        const changed = Buffer.from(signature)
        changed[i]! ^= 1
        expect(suite.verify(example.message, key.certificate, changed, encoding), `${encoding} ${i}`).toBe(false)
      }
    }
  })
})

it('签名的两种写法互相换算；不规范的 DER 不收', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
      expect(rawOf(derOf(raw))).toEqual(Buffer.from(raw))
    }),
  )
  const der = derOf(Buffer.alloc(64, 1))
  expect(rawOf(Buffer.concat([der, Buffer.from([0])]))).toBeUndefined()
  expect(rawOf(Buffer.from('30080202000102020001', 'hex'))).toBeUndefined()
  expect(rawOf(Buffer.alloc(0))).toBeUndefined()
})
