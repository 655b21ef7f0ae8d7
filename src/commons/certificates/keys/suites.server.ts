/**
 * What a signature may be made with: a closed list. A key has one suite, which its X.509 certificate says; a signature in another suite
 * than its key's is not looked at.
 */
import { createHash, generateKeyPairSync, sign, verify, X509Certificate, type KeyObject } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'

/** `raw`: r and s side by side (XML Signature 1.1, 6.4.3); `der`: SEQUENCE of r and s (RFC 5480, GB/T 35276). */
export type Encoding = 'raw' | 'der'

export interface Suite {
  name: SuiteName
  /** For people. */
  label: string
  /** As Node names the digest. */
  hash: 'sha256' | 'sm3'
  /** Object identifiers, for X.509 and CMS. */
  oids: { signature: string; digest: string }
  /** Identifiers in an XML signature. */
  xml: { signature: string; digest: string }
  /** PKCS #8, PEM. */
  makeKey: () => { privateKey: string; spki: Buffer }
  sign: (data: Uint8Array, privateKey: string, encoding: Encoding) => Buffer
  /** False for any other spelling of the same numbers, too. */
  verify: (data: Uint8Array, certificate: string, signature: Uint8Array, encoding: Encoding) => boolean
}

export const suiteNames = ['ecdsa-p256', 'sm2'] as const
export type SuiteName = (typeof suiteNames)[number]

const newKey = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
  }
}

const ecdsa: Suite = {
  name: 'ecdsa-p256',
  label: 'ECDSA P-256 / SHA-256',
  hash: 'sha256',
  oids: { signature: '1.2.840.10045.4.3.2', digest: '2.16.840.1.101.3.4.2.1' },
  xml: {
    signature: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  },
  makeKey: () => newKey('P-256'),
  sign: (data, privateKey, encoding) => sign('sha256', data, { key: privateKey, dsaEncoding: encoding === 'raw' ? 'ieee-p1363' : 'der' }),
  verify: (data, certificate, signature, encoding) => {
    const raw = encoding === 'raw' ? Buffer.from(signature) : rawOf(signature)
    return raw?.length === 64 && verify('sha256', data, { key: new X509Certificate(certificate).publicKey, dsaEncoding: 'ieee-p1363' }, raw)
  },
}

/**
 * SM2 with SM3 and the common identity "1234567812345678" (GB/T 32918.2, GB/T 35275). Node itself would digest without an identity, which no
 * other programme takes; so the numbers are reckoned by `sm-crypto-v2`. XML Signature has no identifiers for them: these are ours.
 */
const sm: Suite = {
  name: 'sm2',
  label: 'SM2 / SM3',
  hash: 'sm3',
  oids: { signature: '1.2.156.10197.1.501', digest: '1.2.156.10197.1.401' },
  xml: { signature: 'urn:oid:1.2.156.10197.1.501', digest: 'urn:oid:1.2.156.10197.1.401' },
  makeKey: () => newKey('SM2'),
  sign: (data, privateKey, encoding) => {
    const raw = Buffer.from(sm2.doSignature(Uint8Array.from(data), scalarOf(privateKey), { hash: true, der: false }), 'hex')
    return encoding === 'raw' ? raw : derOf(raw)
  },
  verify: (data, certificate, signature, encoding) => {
    const raw = encoding === 'raw' ? Buffer.from(signature) : rawOf(signature)
    if (raw?.length !== 64 || ![raw.subarray(0, 32), raw.subarray(32)].every(inRange)) return false
    try {
      return sm2.doVerifySignature(Uint8Array.from(data), raw.toString('hex'), pointOf(certificate), { hash: true, der: false })
    } catch {
      return false
    }
  },
}

export const suites: Readonly<Record<SuiteName, Suite>> = { 'ecdsa-p256': ecdsa, sm2: sm }

const curves: Readonly<Record<string, Suite>> = { '1.2.840.10045.3.1.7': ecdsa, '1.2.156.10197.1.301': sm }

/** The suite of the key in a certificate (PEM); nothing for a key of another kind. */
export function suiteOf(certificate: string): Suite | undefined {
  try {
    return curves[curveOf(new X509Certificate(certificate).publicKey)]
  } catch {
    return undefined
  }
}

// SubjectPublicKeyInfo of a named curve: SEQUENCE { SEQUENCE { id-ecPublicKey, curve }, BIT STRING }; both curves are 256 bits wide.
const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })
const heads: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  '1.2.156.10197.1.301': '3059301306072a8648ce3d020106082a811ccf5501822d034200',
}
const curveOf = (key: KeyObject): string => {
  const spki = spkiOf(key).toString('hex')
  return Object.keys(heads).find((oid) => spki.startsWith(heads[oid]!) && spki.length === heads[oid]!.length + 130) ?? ''
}

/** The public point, uncompressed, in hex. */
const pointOf = (certificate: string) => spkiOf(new X509Certificate(certificate).publicKey).subarray(-65).toString('hex')

/** The private number, in hex: ECPrivateKey begins with version 1 and the number (RFC 5915). */
function scalarOf(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const at = der.indexOf(Buffer.from('0201010420', 'hex'))
  if (at < 0) throw new Error('the private key is no key of a 256-bit curve')
  return der.subarray(at + 5, at + 37).toString('hex')
}

/** The order of the SM2 group (GB/T 32918.5). */
const order = Buffer.from('FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123', 'hex')
const inRange = (n: Buffer) => n.some((byte) => byte !== 0) && Buffer.compare(n, order) < 0

/** Two numbers of 32 bytes as SEQUENCE of INTEGER, in DER. */
export function derOf(raw: Uint8Array): Buffer {
  const integer = (bytes: Uint8Array) => {
    const from = bytes.findIndex((byte) => byte !== 0)
    const short = from < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(from))
    const value = short[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short
    return Buffer.concat([Buffer.from([2, value.length]), value])
  }
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

/** The reverse; nothing for what is not written as `derOf` writes it. */
export function rawOf(der: Uint8Array): Buffer | undefined {
  const first = der[3] ?? 0
  const second = der[5 + first] ?? 0
  const numbers = [der.subarray(4, 4 + first), der.subarray(6 + first, 6 + first + second)].map((bytes) => {
    const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
    return short.length > 32 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(32 - short.length), short])
  })
  const raw = Buffer.concat(numbers)
  return raw.length === 64 && derOf(raw).equals(der) ? raw : undefined
}

export const digestOf = (suite: Suite, data: Uint8Array): Buffer => createHash(suite.hash).update(data).digest()
