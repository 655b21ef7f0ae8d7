/** Signing keys of institutions: ECDSA P-256 with a self-signed X.509 certificate. */
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import 'reflect-metadata'
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509'

export interface KeyPair {
  /** PKCS #8, PEM. */
  privateKey: string
  /** X.509, PEM. */
  certificate: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new key in the name of an institution; valid from `notBefore` for `years`. */
export async function makeKey({ owner, notBefore, years = 3 }: { owner: string; notBefore: string; years?: number }): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const from = new Date(notBefore)
  const until = new Date(notBefore)
  until.setUTCFullYear(until.getUTCFullYear() + years)
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: [{ C: ['CN'] }, { O: [owner] }],
      notBefore: from,
      notAfter: until,
      signingAlgorithm: algorithm,
      keys: keys as never,
      extensions: [new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
    },
    webcrypto as never,
  )
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n').trim()}\n-----END PRIVATE KEY-----\n`,
    certificate: certificate.toString('pem'),
  }
}

/** SHA-256 of a certificate in DER, lower-case hex. */
export const fingerprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')

export const validityOf = (certificate: string): { from: string; until: string } => {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  return { from: validFromDate.toISOString(), until: validToDate.toISOString() }
}
