/** Writes a file into the database, in the transaction of what it belongs to. */
import { createHash } from 'node:crypto'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { checkArchive } from '../../platform/archive.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { cleanName, sayBytes, sayTypes, type FileType, type StoredFile } from './model.ts'
import { evidence, isComplete, tellType, type Told } from './tell-type.ts'
import './tables.server.ts'

/** Neither side ever holds more of a file than this in one statement. */
const piece = 256 * 1024

export interface Bringing {
  org: { province: string; id: string; region: string }
  /** What it belongs to; see `StoredFile`. */
  subject: string
  subjectId: string
  name: string
  bytes: Uint8Array | AsyncIterable<Uint8Array>
  allow: readonly FileType[]
  maxBytes: number
  /** Who brought it, when that is not the actor. */
  by?: { id: string | null; name: string }
}

/**
 * Keeps a file, or says in a sentence why not (type, size, emptiness, damage). The type is told by the content.
 * A refusal must be returned from the surrounding `inTx`, which then takes back what was written so far.
 * Throws outside of a transaction. A slow upload is read whole before the transaction: the embedded database has one connection.
 */
export async function storeFile(tx: Ctx, bringing: Bringing): Promise<StoredFile | Refusal> {
  if (!tx.db.isTransaction) throw new Error('storeFile must run inside inTx: a file and what it belongs to commit together')
  const { org, subject, subjectId, allow, maxBytes, by } = bringing
  const chunks = repacked(bringing.bytes)
  const first = await chunks.next()
  if (first.done) return wrong('文件是空的，请重新选择')
  const head = first.value.subarray(0, evidence)
  const told = tellType(head)
  const type = told === 'zip' ? 'xlsx' : told
  if (!told || !type || !allow.includes(type)) return wrong(`这个文件不是 ${sayTypes(allow)}（按内容判断，不看文件名），请换一个文件`)
  const file: StoredFile = {
    province: org.province,
    id: uuidv7(),
    org_id: org.id,
    region: org.region,
    subject,
    subject_id: subjectId,
    name: cleanName(bringing.name, type),
    type,
    bytes: 0n,
    sha256: '',
    created_by: by ? by.id : tx.actor.id || null,
    created_by_name: by?.name ?? tx.actor.name,
    created_at: tx.now,
  }
  await tx.db.insertInto('files').values(file).execute()
  const written = await writeChunks(tx, file, first.value, chunks, maxBytes, told === 'zip')
  if (written === 'too-large') return wrong(`文件超过 ${sayBytes(maxBytes)}，请压缩或拆分后再上传`)
  const problem = await problemOf(told, written, head)
  if (problem) return wrong(problem)
  const { bytes, sha256 } = written
  await tx.db.updateTable('files').set({ bytes, sha256 }).where('province', '=', file.province).where('id', '=', file.id).execute()
  return { ...file, bytes, sha256 }
}

const wrong = (reason: string) => refuse('invalid', `${reason}。`, { code: 'FILE_NOT_ACCEPTED', fields: { file: reason } })

interface Written {
  bytes: bigint
  sha256: string
  /** The last bytes, or everything where that was asked for. */
  tail: Buffer
}

async function writeChunks(
  tx: Ctx,
  file: StoredFile,
  first: Buffer,
  rest: AsyncGenerator<Buffer>,
  maxBytes: number,
  keepAll: boolean,
): Promise<Written | 'too-large'> {
  const hash = createHash('sha256')
  const kept: Buffer[] = []
  let size = 0
  let n = 0
  for (let chunk: Buffer | undefined = first; chunk; chunk = (await rest.next()).value) {
    size += chunk.length
    if (size > maxBytes) return 'too-large'
    hash.update(chunk)
    kept.push(chunk)
    // The end of a file may lie across two pieces.
    if (!keepAll && kept.length > 2) kept.shift()
    await tx.db.insertInto('file_chunks').values({ province: file.province, file_id: file.id, n: n++, data: chunk }).execute()
  }
  const last = Buffer.concat(kept)
  return { bytes: BigInt(size), sha256: hash.digest('hex'), tail: keepAll ? last : last.subarray(-evidence) }
}

async function problemOf(told: Told, { tail, bytes }: Written, head: Buffer): Promise<string | undefined> {
  if (told !== 'zip') return isComplete(told, tail, Number(bytes), head) ? undefined : '文件不完整（可能没有传完），请重新上传'
  const names = await checkArchive(tail)
  if (typeof names === 'string') return `Excel 文件${names}，请另存一份后再上传`
  return names.includes('xl/workbook.xml') ? undefined : '这是压缩文件，不是 .xlsx，请解压后上传里面的文件'
}

/** The same bytes in pieces of one size, whatever they came in; an empty file gives none. */
async function* repacked(bytes: Bringing['bytes']): AsyncGenerator<Buffer> {
  if (bytes instanceof Uint8Array) {
    for (let at = 0; at < bytes.length; at += piece) yield Buffer.from(bytes.subarray(at, at + piece))
    return
  }
  let waiting: Buffer[] = []
  let size = 0
  for await (const chunk of bytes) {
    waiting.push(Buffer.from(chunk))
    size += chunk.length
    if (size < piece) continue
    const all = Buffer.concat(waiting)
    let at = 0
    for (; all.length - at >= piece; at += piece) yield all.subarray(at, at + piece)
    waiting = [all.subarray(at)]
    size = all.length - at
  }
  if (size > 0) yield Buffer.concat(waiting)
}
