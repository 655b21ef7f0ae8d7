/** Looks into a ZIP container (.xlsx, .docx) before anything unpacks it: how many entries, and how large they really are. */
import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

/** Far beyond a ledger of half a million rows, far below what fills a machine. */
export const archiveLimits = { packed: 100_000_000, unpacked: 400_000_000, entries: 2_000 } as const

/** Why it is not unpacked, as a part of a sentence: 「已损坏」. */
export type ArchiveProblem = string

interface Entry {
  name: string
  method: number
  encrypted: boolean
  /** Of its header. */
  start: number
  packed: number
}

/**
 * Names of the entries, or what is wrong. Sizes written in the file are not believed: every entry is unpacked once, counted and thrown away.
 * The entries of the directory must be all there is, one behind the other, so that a reader that goes from front to back sees the same ones.
 */
export async function checkArchive(
  bytes: Buffer,
  limits: { packed: number; unpacked: number; entries: number } = archiveLimits,
): Promise<string[] | ArchiveProblem> {
  if (bytes.length > limits.packed) return `超过 ${limits.packed / 1_000_000} MB`
  const directory = readDirectory(bytes, limits.entries)
  if (typeof directory === 'string') return directory
  let left = limits.unpacked
  for (const entry of directory) {
    const size = await sizeOf(entry, bytes, left)
    if (typeof size === 'string') return size
    left -= size
  }
  return directory.map(({ name }) => name)
}

/** The content of one entry as it is unpacked, of an archive that `checkArchive` found whole; nothing when there is no such entry. */
export function openEntry(bytes: Buffer, name: string): AsyncIterable<Buffer> | undefined {
  const directory = readDirectory(bytes, archiveLimits.entries)
  const entry = typeof directory === 'string' ? undefined : directory.find((each) => each.name === name)
  if (!entry) return undefined
  const body = bodyOf(entry, bytes)!
  const packed = bytes.subarray(body, body + entry.packed)
  return entry.method === 0 ? Readable.from([packed]) : Readable.from([packed]).pipe(createInflateRaw({ chunkSize: 1 << 16 }))
}

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const ENTRY = 0x04034b50
const broken = '已损坏'

/** APPNOTE.TXT 4.3.12 and 4.3.16. ZIP64 is not needed below the limits. */
function readDirectory(bytes: Buffer, most: number): Entry[] | ArchiveProblem {
  // The end record is last, before a comment of at most 65,535 bytes.
  let end = bytes.length - 22
  const stop = Math.max(0, end - 65_535)
  while (end >= stop && bytes.readUInt32LE(end) !== DIRECTORY_END) end--
  if (end < stop) return broken
  const count = bytes.readUInt16LE(end + 10)
  const begin = bytes.readUInt32LE(end + 16)
  if (count > most) return `含有 ${count} 个部分，最多 ${most} 个`
  const entries: Entry[] = []
  let at = begin
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) return broken
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number]
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + name),
      method: bytes.readUInt16LE(at + 10),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      start: bytes.readUInt32LE(at + 42),
      packed: bytes.readUInt32LE(at + 20),
    })
    at += 46 + name + extra + comment
  }
  return isSeamless(entries, bytes, begin) ? entries : broken
}

/** Every byte before the directory belongs to an entry of it; behind an entry there may be a record of its sizes (4.3.9). */
function isSeamless(entries: readonly Entry[], bytes: Buffer, begin: number): boolean {
  let at = 0
  for (const entry of entries.toSorted((a, b) => a.start - b.start)) {
    const gap = entry.start - at
    if (gap !== 0 && (at === 0 || ![12, 16, 20, 24].includes(gap))) return false
    const body = bodyOf(entry, bytes)
    if (body === undefined) return false
    at = body + entry.packed
  }
  return [0, 12, 16, 20, 24].includes(begin - at)
}

const bodyOf = ({ start }: Entry, bytes: Buffer): number | undefined =>
  start + 30 <= bytes.length && bytes.readUInt32LE(start) === ENTRY
    ? start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28)
    : undefined

async function sizeOf(entry: Entry, bytes: Buffer, left: number): Promise<number | ArchiveProblem> {
  if (entry.encrypted) return '设有密码'
  const body = bodyOf(entry, bytes)!
  const packed = bytes.subarray(body, body + entry.packed)
  if (entry.method !== 0 && entry.method !== 8) return broken
  const size = entry.method === 0 ? packed.length : await inflatedSize(packed, left)
  return size === undefined ? broken : size > left ? '解开后太大' : size
}

/** Bytes after unpacking, no more than one block beyond `most`; undefined when the data are no deflate stream. */
const inflatedSize = (packed: Buffer, most: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const inflate = createInflateRaw({ chunkSize: 1 << 20 })
    let size = 0
    inflate.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) return
      inflate.destroy()
      resolve(size)
    })
    inflate.on('end', () => resolve(size))
    inflate.on('error', () => resolve(undefined))
    inflate.end(packed)
  })
