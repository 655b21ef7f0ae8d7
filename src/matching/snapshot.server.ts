/**
 * A store on disk: one file a column, little-endian, each with a header that says what it is and a checksum; the manifest is written last and
 * renamed into place. A directory without a manifest is not a snapshot, and what does not match its checksum is refused with a sentence.
 * The store is a cache: it can always be built again from the database.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { refuse, type Refusal } from '../core/refusal.ts'
import type { FactId, FactValue, Setting } from '../core/eligibility/facts.ts'
import { Arena } from './arena.ts'
import { allocateColumn, factIds, shapeOf, type Column } from './columns.ts'
import { Dictionary } from './dictionary.ts'
import type { KernelKind } from './kernels/kernels.ts'
import { fillBits, type Layout } from './layout.ts'
import { numbersIn } from './ledger.ts'
import { Store, type Options } from './store.ts'

const magic = 0x31434d48 // HMC1
const headerBytes = 32
const version = 1

interface Manifest {
  version: number
  rows: number
  capacity: number
  epoch: number
  regionStart: number[]
  kinds: readonly string[]
  columns: { fact: FactId; bytes?: 1 | 2 | 4; entries?: readonly (FactValue | null)[]; ordered?: number }[]
  /** Name, bytes and checksum of every file. */
  files: Record<string, { bytes: number; crc: number }>
  mark?: string
}

/**
 * Writes the store, compacted first if anything has changed since. `mark` is whatever the caller needs to know up to where the snapshot goes
 * (a sequence number of the database). Overwrites a snapshot in the same directory without a moment in which there is none.
 */
export function saveSnapshot(store: Store, directory: string, mark?: string): void {
  const { layout: before } = store
  if (before.rows > before.base || before.dead > 0) store.compact()
  const { layout } = store
  mkdirSync(directory, { recursive: true })
  const folder = `columns-${Date.now().toString(36)}-${process.pid}`
  mkdirSync(path.join(directory, folder))
  const files: Manifest['files'] = {}
  for (const [name, bytes] of blocksOf(layout))
    files[`${folder}/${name}`] = writeBlock(path.join(directory, folder, name), layout.rows, bytes)
  const manifest: Manifest = {
    version,
    rows: layout.rows,
    capacity: layout.capacity,
    epoch: store.epoch,
    regionStart: [...layout.regionStart],
    kinds: layout.ledger.kinds,
    columns: Object.values(layout.columns).map((column) =>
      column.shape === 'dictionary'
        ? {
            fact: column.fact,
            bytes: column.bytes,
            entries: column.dictionary.entries.map((entry) => entry ?? null),
            ordered: column.dictionary.prefixes.length,
          }
        : { fact: column.fact },
    ),
    files,
    ...(mark !== undefined && { mark }),
  }
  const text = Buffer.from(JSON.stringify(manifest))
  const temporary = path.join(directory, `${folder}.manifest`)
  writeBlock(temporary, layout.rows, text)
  renameSync(temporary, path.join(directory, 'manifest'))
  for (const old of readdirSync(directory))
    if (old !== folder && old.startsWith('columns-')) rmSync(path.join(directory, old), { recursive: true, force: true })
}

/** The store as it was saved, with its mark; or a refusal that says what is wrong with the files. */
export function loadSnapshot(
  directory: string,
  setting: Setting,
  options: Options = {},
): { store: Store; mark: string | undefined } | Refusal {
  try {
    const manifest = readManifest(directory)
    const layout = readLayout(directory, manifest, options.kernels ?? 'simd')
    const store = new Store(layout, setting, options)
    store.epoch = manifest.epoch
    return { store, mark: manifest.mark }
  } catch (error) {
    const reason = error instanceof Damaged ? error.message : `读取时出错（${(error as Error).message}）`
    return badSnapshot(reason)
  }
}

export const badSnapshot = (why: string): Refusal =>
  refuse('invalid', `匹配快照不能使用：${why}。请从数据库重新生成快照。`, { code: 'BAD_SNAPSHOT' })

class Damaged extends Error {}

/** Every block of bytes of a layout without a tail, by the name of its file. */
function blocksOf({ arena, rows, keys, columns, ledger }: Layout): [string, Uint8Array][] {
  const block = (at: number, bytes: number): Uint8Array => arena.u8.subarray(at, at + bytes)
  const plain = (numbers: Uint32Array): Uint8Array => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  return [
    ['keys', block(keys, rows * 4)],
    ['ledger-start', plain(ledger.start)],
    ['ledger-rows', plain(ledger.rows)],
    ['ledger-counts', plain(ledger.counts)],
    ...Object.values(columns).flatMap((column) =>
      placesOf(column, rows).map(([name, at, bytes]) => [name, block(at, bytes)] as [string, Uint8Array]),
    ),
  ]
}

function placesOf(column: Column, rows: number): [name: string, at: number, bytes: number][] {
  if (column.shape === 'number') return [[column.fact, column.at, rows * 4]]
  if (column.shape === 'dictionary') return [[column.fact, column.at, rows * column.bytes]]
  const bytes = Math.ceil(rows / 32) * 4
  return [
    [`${column.fact}-low`, column.low, bytes],
    [`${column.fact}-high`, column.high, bytes],
  ]
}

/** Header: magic, version, rows, bytes (two words), checksum of the bytes, checksum of the header before it. */
function writeBlock(file: string, rows: number, bytes: Uint8Array): { bytes: number; crc: number } {
  const crc = crc32(bytes)
  const header = Buffer.alloc(headerBytes)
  ;[magic, version, rows, bytes.length % 2 ** 32, Math.floor(bytes.length / 2 ** 32), crc].forEach((word, i) =>
    header.writeUInt32LE(word, i * 4),
  )
  header.writeUInt32LE(crc32(header.subarray(0, 24)), 24)
  const handle = openSync(file, 'w')
  try {
    writeSync(handle, header)
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, Math.min(bytes.length - at, 1 << 28))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return { bytes: bytes.length, crc }
}

/** Reads the bytes of a file to where they go; throws `Damaged` with a sentence if they are not what was written. */
function readBlock(file: string, rows: number | undefined, place: (bytes: number) => Uint8Array, wanted?: number): Uint8Array {
  const name = path.basename(file)
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch {
    throw new Damaged(`缺少文件 ${name}`)
  }
  try {
    const header = Buffer.alloc(headerBytes)
    if (readSync(handle, header, 0, headerBytes, 0) !== headerBytes) throw new Damaged(`文件 ${name} 没有写完`)
    const [kind, format, count, low, high, crc, own] = Array.from({ length: 7 }, (_, i) => header.readUInt32LE(i * 4)) as number[]
    if (kind !== magic || own !== crc32(header.subarray(0, 24))) throw new Damaged(`文件 ${name} 的头部损坏`)
    if (format !== version) throw new Damaged(`文件 ${name} 的格式版本是 ${format}，本程序只认 ${version}`)
    if (rows !== undefined && count !== rows) throw new Damaged(`文件 ${name} 有 ${count} 行，应有 ${rows} 行`)
    if (wanted !== undefined && crc !== wanted) throw new Damaged(`文件 ${name} 不是清单所指的那一个`)
    const length = low! + high! * 2 ** 32
    if (statSync(file).size !== headerBytes + length) throw new Damaged(`文件 ${name} 没有写完`)
    const bytes = place(length)
    if (bytes.length !== length) throw new Damaged(`文件 ${name} 的长度与清单不符`)
    for (let at = 0; at < length;) {
      const got = readSync(handle, bytes, at, Math.min(length - at, 1 << 28), headerBytes + at)
      if (got === 0) throw new Damaged(`文件 ${name} 没有写完`)
      at += got
    }
    if (crc32(bytes) !== crc) throw new Damaged(`文件 ${name} 的校验和不符`)
    return bytes
  } finally {
    closeSync(handle)
  }
}

function readManifest(directory: string): Manifest {
  const bytes = readBlock(path.join(directory, 'manifest'), undefined, (length) => new Uint8Array(length))
  const manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest
  for (const { fact } of manifest.columns) if (!factIds.includes(fact)) throw new Damaged(`不认识的事实 ${fact}`)
  return manifest
}

function readLayout(directory: string, manifest: Manifest, kind: KernelKind): Layout {
  const { rows, capacity } = manifest
  const arena = new Arena(kind)
  const read = (name: string, place: (bytes: number) => Uint8Array): Uint8Array => {
    const found = Object.entries(manifest.files).find(([each]) => path.posix.basename(each) === name)
    if (!found) throw new Damaged(`清单里没有 ${name}`)
    return readBlock(path.join(directory, found[0]), rows, place, found[1].crc)
  }
  const into = (name: string, at: number, bytes: number): void => void read(name, () => arena.u8.subarray(at, at + bytes))
  const numbers = (name: string): Uint32Array => {
    const bytes = read(name, (length) => new Uint8Array(length))
    return new Uint32Array(bytes.buffer, 0, bytes.length / 4)
  }
  const listed = (name: string): Uint32Array => {
    let list: Uint32Array = new Uint32Array(0)
    read(name, (length) => {
      list = numbersIn(arena, length / 4)
      return new Uint8Array(list.buffer, list.byteOffset, list.byteLength)
    })
    return list
  }
  const layout: Layout = {
    arena,
    capacity,
    base: rows,
    rows,
    dead: 0,
    keys: arena.alloc(capacity * 4),
    live: arena.alloc(capacity / 8),
    columns: {},
    regionStart: Uint32Array.from(manifest.regionStart),
    ledger: {
      kinds: manifest.kinds,
      start: numbers('ledger-start'),
      rows: listed('ledger-rows'),
      counts: listed('ledger-counts'),
      tail: [],
    },
  }
  for (const each of manifest.columns) {
    const column = newColumn(arena, each, capacity)
    for (const [name, at, bytes] of placesOf(column, rows)) into(name, at, bytes)
    layout.columns[each.fact] = column
  }
  into('keys', layout.keys, rows * 4)
  fillBits(arena.u32, layout.live, rows)
  return layout
}

function newColumn(arena: Arena, { fact, bytes = 1, entries = [], ordered = 0 }: Manifest['columns'][number], capacity: number): Column {
  if (shapeOf(fact) !== 'dictionary') return allocateColumn(arena, fact, capacity)
  return { shape: 'dictionary', fact, dictionary: Dictionary.read(fact, entries, ordered), bytes, at: arena.alloc(capacity * bytes) }
}
