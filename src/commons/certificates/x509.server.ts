/** Signing keys of institutions: a key of one of the suites with a self-signed X.509 certificate. */
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  id_ce_basicConstraints,
  id_ce_keyUsage,
} from '@peculiar/asn1-x509'
import { suiteOf, suites, type SuiteName } from './keys/suites.server.ts'

export interface KeyPair {
  /** PKCS #8, PEM. */
  privateKey: string
  /** X.509, PEM. */
  certificate: string
}

export interface NewKey {
  owner: string
  /** ISO instant without fractions of a second. */
  notBefore: string
  years?: number
  suite?: SuiteName
}

/** A new key in the name of an institution; valid from `notBefore` for `years`. */
export function makeKey({ owner, notBefore, years = 3, suite: name = 'ecdsa-p256' }: NewKey): KeyPair {
  const suite = suites[name]
  const { privateKey, spki } = suite.makeKey()
  const from = new Date(notBefore)
  const until = new Date(notBefore)
  until.setUTCFullYear(until.getUTCFullYear() + years)
  const algorithm = new AlgorithmIdentifier({ algorithm: suite.oids.signature })
  const subject = new Name([
    named('2.5.4.6', { printableString: 'CN' }),
    named('2.5.4.10', { utf8String: owner }),
    named('2.5.4.3', { utf8String: owner }),
  ])
  const serial = randomBytes(16)
  // Positive, and as long as it says (RFC 5280, 4.1.2.2).
  serial[0] = (serial[0]! & 0x3f) | 0x40
  const tbsCertificate = new TBSCertificate({
    version: 2,
    serialNumber: arrayOf(serial),
    signature: algorithm,
    issuer: subject,
    validity: new Validity({ notBefore: from, notAfter: until }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions([
      critical(id_ce_basicConstraints, new BasicConstraints({ cA: false })),
      critical(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
    ]),
  })
  const signature = suite.sign(Buffer.from(AsnConvert.serialize(tbsCertificate)), privateKey, 'der')
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue: arrayOf(signature) })
  return { privateKey, certificate: new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString() }
}

const arrayOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
const named = (type: string, value: ConstructorParameters<typeof AttributeValue>[0]) =>
  new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue(value) })])
const critical = (extnID: string, value: object) =>
  new Extension({ extnID, critical: true, extnValue: new OctetString(AsnConvert.serialize(value)) })

/** SHA-256 of a certificate in DER, lower-case hex. */
export const fingerprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')

export const validityOf = (certificate: string): { from: string; until: string } => {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  return { from: validFromDate.toISOString(), until: validToDate.toISOString() }
}

/** Whether a certificate that names itself as its issuer bears its own signature. Throws when its key cannot be read. */
export function bearsOwnSignature(pem: string): boolean {
  const certificate = new X509Certificate(pem)
  const suite = suiteOf(pem)
  if (suite?.name !== 'sm2') return certificate.verify(certificate.publicKey)
  const { tbsCertificateRaw, tbsCertificate, signatureValue } = AsnConvert.parse(certificate.raw, Certificate)
  const signed = Buffer.from(tbsCertificateRaw ?? AsnConvert.serialize(tbsCertificate))
  return suite.verify(signed, pem, new Uint8Array(signatureValue), 'der')
}
