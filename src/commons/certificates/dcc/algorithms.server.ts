/** What a signature may be made with. Nothing else is understood, so that no weaker one can be slipped in. */
import { C14nCanonicalization, ExclusiveCanonicalization, SignedXml } from 'xml-crypto'
import { digestOf, suites, type Suite } from '../keys/suites.server.ts'

export const names = {
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  c14n11: 'http://www.w3.org/2006/12/xml-c14n11',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  signedProperties: 'http://uri.etsi.org/01903#SignedProperties',
} as const

/** The classes that `xml-crypto` wants, of one suite; r and s side by side, as XML Signature 1.1 has them (6.4.3). */
const classesOf = (suite: Suite) => ({
  Signature: class {
    getSignature = (info: unknown, key: unknown): string => suite.sign(Buffer.from(String(info)), String(key), 'raw').toString('base64')
    verifySignature = (material: string, key: unknown, value: string): boolean =>
      suite.verify(Buffer.from(material), String(key), Buffer.from(value, 'base64'), 'raw')
    getAlgorithmName = () => suite.xml.signature
  },
  Digest: class {
    getAlgorithmName = () => suite.xml.digest
    getHash = (xml: string) => digestOf(suite, Buffer.from(xml)).toString('base64')
  },
})

/** For a whole document the same as 1.0: they differ in what a part inherits of xml:id and xml:base. */
class WholeC14n11 extends C14nCanonicalization {
  override getAlgorithmName = (() => names.c14n11) as never
}

/** A signer or verifier that knows nothing but these algorithms. */
export function signedXml(options: ConstructorParameters<typeof SignedXml>[0]): SignedXml {
  const signed = new SignedXml(options)
  const each = Object.values(suites).map((suite) => ({ suite, ...classesOf(suite) }))
  signed.SignatureAlgorithms = Object.fromEntries(each.map(({ suite, Signature }) => [suite.xml.signature, Signature])) as never
  signed.HashAlgorithms = Object.fromEntries(each.map(({ suite, Digest }) => [suite.xml.digest, Digest])) as never
  signed.CanonicalizationAlgorithms = {
    [names.exclusive]: ExclusiveCanonicalization,
    [names.c14n]: C14nCanonicalization,
    [names.c14n11]: WholeC14n11,
    [names.enveloped]: signed.CanonicalizationAlgorithms[names.enveloped],
  } as never
  return signed
}
