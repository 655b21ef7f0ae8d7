/**
 * Whether a digital certificate is genuine. Data are taken from the bytes that were digested and from nothing else: what the signature
 * covers is read again, so that nothing can be wrapped around it (XML signature wrapping).
 */
import { X509Certificate } from 'node:crypto'
import type { Element } from '@xmldom/xmldom'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { suiteOf, suites } from '../keys/suites.server.ts'
import { names, signedXml } from './algorithms.server.ts'
import { namespaces, type DigitalCertificate } from './model.ts'
import { readDcc } from './read.ts'
import { descendants, elements, parseXml } from './tree.ts'

export interface TrustedKey {
  /** X.509 as PEM. */
  certificate: string
  /** Whose it is, for the answer. */
  owner: string
  /** ISO instant from which it is not believed any more. */
  revokedAt?: string
}

export interface Verified {
  certificate: DigitalCertificate
  signer: TrustedKey
  /** The canonical bytes that the data were read from. */
  signedBytes: string
}

const no = (reason: string, code: string) => refuse('invalid', `${reason}。`, { code })

/** `at`: the instant at which the key must have been valid (ISO). Refuses with the reason. */
export function verifyDcc(xml: string, { trusted, at }: { trusted: readonly TrustedKey[]; at: string }): Verified | Refusal {
  const document = parseXml(xml)
  if (isRefusal(document)) return document
  const root = document.documentElement!
  const shape = shapeProblem(root)
  if (shape) return shape
  const signature = [...elements(root)].find(isSignature)!
  const key = keyOf(signature, trusted)
  if (isRefusal(key)) return key
  if (suiteOf(key.certificate)?.xml.signature !== methodOf(signature)) return no('签名的算法不是这把密钥的算法，不能采信', 'DCC_ALGORITHM')
  const untimely = timeProblem(key, at)
  if (untimely) return untimely
  const bytes = signedBytes(xml, signature, key)
  if (isRefusal(bytes)) return bytes
  const certificate = readDcc(bytes)
  return isRefusal(certificate) ? certificate : { certificate, signer: key, signedBytes: bytes }
}

const isSignature = (element: Element) => element.namespaceURI === namespaces.ds && element.localName === 'Signature'

/** One signature, the last child of the root, of the whole document, in the algorithms that we know; no id twice. */
function shapeProblem(root: Element): Refusal | undefined {
  if (root.namespaceURI !== namespaces.dcc || root.localName !== 'digitalCalibrationCertificate')
    return no('这个文件的根元素不是 DCC 证书，签名可能被搬到了别的文件里', 'DCC_FOREIGN')
  const all = [...descendants(root)]
  const signatures = all.filter(isSignature)
  if (signatures.length === 0) return no('这份数字证书没有签名，不能证明是谁出具、有没有改动', 'DCC_UNSIGNED')
  if (signatures.length > 1) return no(`这份数字证书里有 ${signatures.length} 个签名，应当只有一个，可能被拼接过`, 'DCC_WRAPPED')
  const [signature] = signatures
  if (signature!.parentNode !== root) return no('签名不在证书的末尾，可能被搬动过', 'DCC_WRAPPED')
  const seen = new Set<string>()
  for (const each of [root, ...all])
    for (const name of ['Id', 'ID', 'id', 'xml:id']) {
      const id = each.getAttribute(name)
      if (id && seen.has(id)) return no(`标识“${id.slice(0, 40)}”出现了两次，可能被拼接过`, 'DCC_WRAPPED')
      if (id) seen.add(id)
    }
  return signatureProblem(signature!)
}

const algorithms = (signature: Element, path: readonly string[]) =>
  under(signature, path).map((each) => each.getAttribute('Algorithm') ?? '')
const methodOf = (signature: Element) => algorithms(signature, ['SignedInfo', 'SignatureMethod'])[0]

const under = (parent: Element, path: readonly string[]): Element[] =>
  path.reduce<Element[]>(
    (found, name) => found.flatMap((each) => [...elements(each)].filter((e) => e.localName === name && e.namespaceURI === namespaces.ds)),
    [parent],
  )

function signatureProblem(signature: Element): Refusal | undefined {
  const strange = no('签名的写法不是本平台认可的（整份文件，ECDSA P-256 配 SHA-256 或 SM2 配 SM3），不能采信', 'DCC_ALGORITHM')
  const canon = new Set<string>([names.exclusive, names.c14n, names.c14n11])
  if (under(signature, ['SignedInfo']).length !== 1 || under(signature, ['SignatureValue']).length !== 1) return strange
  const suite = Object.values(suites).find(({ xml }) => xml.signature === methodOf(signature))
  if (!suite || !algorithms(signature, ['SignedInfo', 'CanonicalizationMethod']).every((each) => each === names.exclusive)) return strange
  const references = under(signature, ['SignedInfo', 'Reference'])
  const whole = references.filter((each) => each.getAttribute('URI') === '' && each.hasAttribute('URI'))
  const others = references.filter((each) => each.getAttribute('Type') === names.signedProperties && each.getAttribute('URI') !== '')
  // Besides the document a signature may cover its own properties (XAdES); anything else could be what was signed instead.
  if (whole.length !== 1 || whole.length + others.length !== references.length || others.length > 1) return strange
  for (const each of references) {
    const transforms = under(each, ['Transforms', 'Transform']).map((found) => found.getAttribute('Algorithm') ?? '')
    const rest = each === whole[0] ? transforms.slice(1) : transforms
    if (each === whole[0] && transforms[0] !== names.enveloped) return strange
    if (rest.length !== 1 || !canon.has(rest[0]!)) return strange
    if (under(each, ['DigestMethod'])[0]?.getAttribute('Algorithm') !== suite.xml.digest) return strange
  }
  // One spelling of the value: unused bits and line breaks in base64 would be bytes that nobody signed.
  const value = (under(signature, ['SignatureValue'])[0]!.textContent ?? '').trim()
  return Buffer.from(value, 'base64').toString('base64') === value ? undefined : no('签名值的写法不规范，文件可能被改动过', 'DCC_ALTERED')
}

/** The key among the trusted ones; the certificate in the file only says which. */
function keyOf(signature: Element, trusted: readonly TrustedKey[]): TrustedKey | Refusal {
  const carried = under(signature, ['KeyInfo', 'X509Data', 'X509Certificate']).map((each) => (each.textContent ?? '').replace(/\s/g, ''))
  const known = trusted.find((key) => carried.length === 1 && new X509Certificate(key.certificate).raw.toString('base64') === carried[0])
  return known ?? no('签名的密钥不是本平台登记机构的，也不在受信任的名单里，不能证明是谁出具', 'DCC_UNTRUSTED')
}

function timeProblem(key: TrustedKey, at: string): Refusal | undefined {
  const { validFromDate, validToDate } = new X509Certificate(key.certificate)
  const instant = new Date(at)
  if (instant < validFromDate || instant > validToDate)
    return no(`签名证书的有效期是 ${day(validFromDate)} 至 ${day(validToDate)}，不包括 ${day(instant)}`, 'DCC_KEY_EXPIRED')
  return key.revokedAt && instant >= new Date(key.revokedAt)
    ? no(`${key.owner}的这把签名密钥已于 ${day(new Date(key.revokedAt))} 吊销`, 'DCC_KEY_REVOKED')
    : undefined
}

const day = (at: Date) => at.toISOString().slice(0, 10)

function signedBytes(xml: string, signature: Element, key: TrustedKey): string | Refusal {
  const altered = no('签名和内容对不上：这份数字证书在出具之后被改动过', 'DCC_ALTERED')
  const signed = signedXml({
    publicCert: key.certificate,
    // Never the key that the file brings along.
    getCertFromKeyInfo: () => null,
  })
  try {
    signed.loadSignature(String(signature))
    if (!signed.checkSignature(xml)) return altered
  } catch {
    return altered
  }
  const covered = signed.getReferences().findIndex(({ uri }) => uri === '')
  return signed.getSignedReferences()[covered] ?? altered
}
