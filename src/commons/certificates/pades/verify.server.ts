/**
 * What the signature inside a PDF says. Only our own way of writing one is believed: what was found is written once more from its parts and
 * must be the same bytes, so that no byte of the file is left that nobody looked at.
 */
import { X509Certificate } from 'node:crypto'
import { digestOf, suiteOf } from '../keys/suites.server.ts'
import { attributesToSign, readCms, writeCms } from './cms.server.ts'

export type PdfSignature =
  /** No signature in it. */
  | { standing: 'none' }
  /** A signature that a key made which the caller does not know: nothing is said about it. */
  | { standing: 'foreign' }
  /** Something does not fit; `reason` is a sentence without full stop. `key`: which one it claims. */
  | { standing: 'broken'; reason: string; key?: string }
  /** Bytes were added after what was signed, which itself is whole. */
  | { standing: 'appended'; added: number; key: string }
  /** The whole file is covered, and the key signed it. */
  | { standing: 'good'; key: string }

const broken = (reason: string, key?: string): PdfSignature => ({ standing: 'broken', reason, ...(key && { key }) })
const altered = '电子签名和文件内容对不上：签名之后有内容被改动'

/** `known`: gives the certificate (PEM) of a key on the list, by what the file carries. */
export function verifyPdf(bytes: Uint8Array, known: (carried: readonly string[]) => string | undefined): PdfSignature {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = file.toString('latin1')
  if (!/\/ByteRange\b/.test(text)) return { standing: 'none' }
  const ranges = [...text.matchAll(/\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] *\n\/Contents <([0-9a-f]*)>/g)]
  const place = ranges[0]
  if (!place || (text.match(/\/ByteRange\b/g) ?? []).length !== 1) return foreignOr(text, known)
  const [before, after, rest] = place.slice(1, 4).map(Number) as [number, number, number]
  const hex = place[4]!
  const from = place.index + place[0].length - hex.length - 2
  const cms = read(hex)
  const key = cms && known(cms.certificates)
  if (cms && !key) return { standing: 'foreign' }
  if (!cms || !key) return broken('文件里的电子签名读不出来，可能被改动过')
  if (before !== from || after !== from + hex.length + 2 || after + rest > file.length)
    return broken('电子签名没有覆盖整个文件（ByteRange 不对），可能被拼接过', key)
  const covered = Buffer.concat([file.subarray(0, before), file.subarray(after, after + rest)])
  if (!isGood(covered, hex, cms.signature, key)) return broken(altered, key)
  const added = file.length - after - rest
  return added > 0 ? { standing: 'appended', added, key } : { standing: 'good', key }
}

const read = (hex: string) => readCms(withoutPadding(Buffer.from(hex, 'hex')))

/** DER says how long it is; what follows is padding. */
function withoutPadding(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x30 || bytes[1] !== 0x82 || bytes.length < 4) return bytes
  return bytes.subarray(0, 4 + bytes.readUInt16BE(2))
}

function isGood(covered: Buffer, hex: string, signature: Buffer, certificate: string): boolean {
  const suite = suiteOf(certificate)
  if (!suite) return false
  const digest = digestOf(suite, covered)
  const again = writeCms({ certificate, digest, signature }).toString('hex').padEnd(hex.length, '0')
  return again === hex && suite.verify(attributesToSign(certificate, digest), certificate, signature, 'der')
}

/** Every certificate (PEM) that signatures in the file carry: whose keys to look up before `verifyPdf`. */
export const claimedKeys = (bytes: Uint8Array): string[] =>
  hexStrings(Buffer.from(bytes).toString('latin1')).flatMap((hex) => read(hex)?.certificates ?? [])

/** What could be the contents of a signature. */
const hexStrings = (text: string): string[] =>
  [...text.matchAll(/<([0-9A-Fa-f\s]{400,200000})>/g)].slice(0, 20).map(([, hex]) => hex!.replace(/\s/g, ''))

/** Not written as ours: broken when it carries one of the known keys, else somebody else's. */
function foreignOr(text: string, known: (carried: readonly string[]) => string | undefined): PdfSignature {
  for (const hex of hexStrings(text)) {
    const key = known(read(hex)?.certificates ?? [])
    if (key) return broken('文件里有不止一处电子签名，或签名的写法被改动过', key)
  }
  return { standing: 'foreign' }
}

/** Who signed, as the certificate says. */
export const subjectOf = (certificate: string): string => /^O=(.*)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? ''
