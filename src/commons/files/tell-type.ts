/** The type of a file, told by its first and last bytes. */
import type { FileType } from './model.ts'

/** Enough of the beginning and of the end to tell by. */
export const evidence = 65_536

/** `zip` may be an Excel file: what is inside decides. */
export type Told = Exclude<FileType, 'xlsx'> | 'zip'

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0) => signature.every((byte, i) => bytes[at + i] === byte)
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

/** What the first `evidence` bytes say, or undefined: none of the types that are kept. */
export function tellType(head: Uint8Array): Told | undefined {
  if (starts(head, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (starts(head, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a])) return 'png'
  if (starts(head, ascii('RIFF')) && starts(head, ascii('WEBP'), 8)) return 'webp'
  if (starts(head, ascii('%PDF-'))) return 'pdf'
  if (starts(head, ascii('PK\u0003\u0004'))) return 'zip'
  return tellText(head)
}

function tellText(head: Uint8Array): 'csv' | 'xml' | undefined {
  const text = decode(head)
  // Control characters other than tab, line feed, form feed and carriage return: a program, an old .xls, an encrypted file.
  if (text === undefined || text.trim() === '' || /[^\P{Cc}\t\n\f\r]/u.test(text)) return undefined
  const begin = text.trimStart().slice(0, 2_000)
  if (!begin.startsWith('<')) return begin.startsWith('#!') ? undefined : 'csv'
  // A page in disguise, and definitions that make a small file huge for whoever reads it (OWASP: XML entity expansion).
  if (/^<(!doctype|html|svg|script)\b/i.test(begin) || /<!(DOCTYPE|ENTITY)\b/.test(text)) return undefined
  return /^<(\?xml|[\p{L}_][\p{L}\p{N}_.-]*[\s:/>])/u.test(begin) ? 'xml' : undefined
}

/** As UTF-16 when it says so, else as UTF-8 or, as programs of the mainland still write it, GB 18030. */
function decode(head: Uint8Array): string | undefined {
  const mark = starts(head, [0xff, 0xfe]) ? 'utf-16le' : starts(head, [0xfe, 0xff]) ? 'utf-16be' : undefined
  for (const encoding of mark ? [mark] : ['utf-8', 'gb18030'])
    try {
      // Streaming, because the last character may be cut.
      return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    } catch {
      continue
    }
  return undefined
}

/** A transfer that broke off leaves a file without its end. `tail`: the last `evidence` bytes, or all of a shorter file. */
export function isComplete(type: Told, tail: Uint8Array, size: number, head: Uint8Array): boolean {
  switch (type) {
    case 'png':
      return finds(tail, ascii('IEND'))
    case 'jpeg':
      return finds(tail, [0xff, 0xd9])
    case 'pdf':
      return finds(tail, ascii('%%EOF'))
    case 'webp':
      // RIFF: the size of what follows the first eight bytes, little-endian, padded to an even number.
      return size >= 8 + new DataView(head.buffer, head.byteOffset).getUint32(4, true)
    default:
      return true
  }
}

const finds = (bytes: Uint8Array, signature: readonly number[]): boolean => {
  for (let at = bytes.length - signature.length; at >= 0; at--) if (starts(bytes, signature, at)) return true
  return false
}
