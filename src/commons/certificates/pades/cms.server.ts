/**
 * The CMS object of a signature in a PDF (RFC 5652, detached), as PAdES baseline B-B wants it (ETSI EN 319 142-1, 6): content type, digest
 * and signing certificate are signed, the signing time is not in it. The same parts are the same bytes, so that a reader can write what he
 * found once more and compare.
 */
import { createHash, X509Certificate } from 'node:crypto'
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
  id_contentType,
  id_data,
  id_messageDigest,
  id_signedData,
} from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import { suiteOf } from '../keys/suites.server.ts'

/** id-aa-signingCertificateV2 (RFC 5035). */
const signingCertificateV2 = '1.2.840.113549.1.9.16.2.47'

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  if (body.length > 127) throw new Error('longer than the short form of a length')
  return Buffer.concat([Buffer.from([tag, body.length]), body])
}
const arrayOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/** DER of a SET is ordered by the encoding of its members (X.690, 11.6). */
function attributesOf(certificate: X509Certificate, digest: Uint8Array): Attribute[] {
  const hash = createHash('sha256').update(certificate.raw).digest()
  const attribute = (attrType: string, value: ArrayBuffer) => new Attribute({ attrType, attrValues: [value] })
  return [
    attribute(id_contentType, arrayOf(Buffer.from('06092a864886f70d010701', 'hex'))),
    attribute(id_messageDigest, AsnConvert.serialize(new OctetString(arrayOf(digest)))),
    // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: SHA-256 is the default and is left out.
    attribute(signingCertificateV2, arrayOf(tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x04, hash)))))),
  ].toSorted((a, b) => Buffer.compare(Buffer.from(AsnConvert.serialize(a)), Buffer.from(AsnConvert.serialize(b))))
}

/** What the key signs: the signed attributes as SET OF (RFC 5652, 5.4). `digest`: of the covered bytes, in the hash of the key's suite. */
export function attributesToSign(certificate: string, digest: Uint8Array): Buffer {
  const parts = attributesOf(new X509Certificate(certificate), digest).map((each) => Buffer.from(AsnConvert.serialize(each)))
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(body.length < 128 ? [0x31, body.length] : [0x31, 0x81, body.length]), body])
}

/** The whole object, in DER. `signature`: of `attributesToSign`, in DER. Throws for a certificate whose key has no suite. */
export function writeCms({
  certificate: pem,
  digest,
  signature,
}: {
  certificate: string
  digest: Uint8Array
  signature: Uint8Array
}): Buffer {
  const suite = suiteOf(pem)
  if (!suite) throw new Error('the key of this certificate has no suite')
  const x509 = new X509Certificate(pem)
  const certificate = AsnConvert.parse(x509.raw, Certificate)
  const { issuer, serialNumber } = certificate.tbsCertificate
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: suite.oids.digest })
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_data }),
    certificates: new CertificateSet([new CertificateChoices({ certificate })]),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: 1,
        sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
        digestAlgorithm,
        signedAttrs: attributesOf(x509, digest),
        signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: suite.oids.signature }),
        signature: new OctetString(arrayOf(signature)),
      }),
    ]),
  })
  const info = new ContentInfo({ contentType: id_signedData, content: AsnConvert.serialize(signed) })
  return Buffer.from(AsnConvert.serialize(info))
}

/** The certificates that a CMS object carries (PEM) and the first signature in it; nothing when it cannot be read. Proves nothing. */
export function readCms(bytes: Uint8Array): { certificates: string[]; signature: Buffer } | undefined {
  try {
    const info = AsnConvert.parse(bytes, ContentInfo)
    const signed = AsnConvert.parse(info.content, SignedData)
    const certificates = [...(signed.certificates ?? [])].flatMap(({ certificate }) =>
      certificate ? [new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString()] : [],
    )
    const [signer] = signed.signerInfos
    return signer && { certificates, signature: Buffer.from(signer.signature.buffer) }
  } catch {
    return undefined
  }
}
