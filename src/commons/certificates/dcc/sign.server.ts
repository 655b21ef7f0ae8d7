/** An enveloped XML signature over the whole certificate (XML Signature 1.1: exclusive canonicalization), in the suite of the key. */
import { suiteOf } from '../keys/suites.server.ts'
import { names, signedXml } from './algorithms.server.ts'

/** `privateKey`: PKCS #8 as PEM; `certificate`: X.509 as PEM, carried in the signature to say whose key it is, not to be trusted. Throws for a key without a suite. */
export function signDcc(xml: string, { privateKey, certificate }: { privateKey: string; certificate: string }): string {
  const suite = suiteOf(certificate)
  if (!suite) throw new Error('the key of this certificate has no suite')
  const signed = signedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: suite.xml.signature,
    canonicalizationAlgorithm: names.exclusive,
  })
  signed.addReference({
    xpath: '/*',
    uri: '',
    isEmptyUri: true,
    transforms: [names.enveloped, names.exclusive],
    digestAlgorithm: suite.xml.digest,
  })
  signed.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'append' } })
  return signed.getSignedXml()
}
