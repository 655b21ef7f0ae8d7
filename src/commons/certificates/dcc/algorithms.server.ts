/** What a signature may be made with. Nothing else is understood, so that no weaker one can be slipped in. */
import { createHash, sign, verify, type BinaryLike, type KeyLike } from 'node:crypto'
import { C14nCanonicalization, ExclusiveCanonicalization, SignedXml, type SignatureAlgorithm } from 'xml-crypto'

export const names = {
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  c14n11: 'http://www.w3.org/2006/12/xml-c14n11',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  ecdsa: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  signedProperties: 'http://uri.etsi.org/01903#SignedProperties',
} as const

/** ECDSA P-256 with SHA-256; r and s side by side, as XML Signature 1.1 wants them (6.4.3). */
class EcdsaSha256 implements SignatureAlgorithm {
  getSignature = (info: BinaryLike, key: KeyLike): string =>
    sign('sha256', Buffer.from(String(info)), { key: key as never, dsaEncoding: 'ieee-p1363' }).toString('base64')
  verifySignature = (material: string, key: KeyLike, value: string): boolean =>
    verify('sha256', Buffer.from(material), { key: key as never, dsaEncoding: 'ieee-p1363' }, Buffer.from(value, 'base64'))
  getAlgorithmName = () => names.ecdsa
}

/** For a whole document the same as 1.0: they differ in what a part inherits of xml:id and xml:base. */
class WholeC14n11 extends C14nCanonicalization {
  override getAlgorithmName = (() => names.c14n11) as never
}

class Sha256 {
  getAlgorithmName = () => names.sha256
  getHash = (xml: string) => createHash('sha256').update(xml, 'utf8').digest('base64')
}

/** A signer or verifier that knows nothing but these algorithms. */
export function signedXml(options: ConstructorParameters<typeof SignedXml>[0]): SignedXml {
  const signed = new SignedXml(options)
  signed.SignatureAlgorithms = { [names.ecdsa]: EcdsaSha256 } as never
  signed.HashAlgorithms = { [names.sha256]: Sha256 } as never
  signed.CanonicalizationAlgorithms = {
    [names.exclusive]: ExclusiveCanonicalization,
    [names.c14n]: C14nCanonicalization,
    [names.c14n11]: WholeC14n11,
    [names.enveloped]: signed.CanonicalizationAlgorithms[names.enveloped],
  } as never
  return signed
}
