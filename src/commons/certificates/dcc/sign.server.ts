/** An enveloped XML signature over the whole certificate (XML Signature 1.1: exclusive canonicalization, ECDSA P-256, SHA-256). */
import { names, signedXml } from './algorithms.server.ts'

/** `privateKey`: PKCS #8 as PEM; `certificate`: X.509 as PEM, carried in the signature to say whose key it is, not to be trusted. */
export function signDcc(xml: string, { privateKey, certificate }: { privateKey: string; certificate: string }): string {
  const signed = signedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: names.ecdsa,
    canonicalizationAlgorithm: names.exclusive,
  })
  signed.addReference({
    xpath: '/*',
    uri: '',
    isEmptyUri: true,
    transforms: [names.enveloped, names.exclusive],
    digestAlgorithm: names.sha256,
  })
  signed.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'append' } })
  return signed.getSignedXml()
}
