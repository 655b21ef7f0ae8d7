/** Shows that nobody changed the events: the chain, and a Merkle root in the manner of RFC 6962 that is signed and handed outside. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign, verify, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from './db.server.ts'
import { allEvents, hashOf } from './events.server.ts'

export interface Audit {
  checked: number
  firstBad?: { seq: bigint; why: string }
}

/**
 * Reads every event and recomputes chain and root; compares with the head and with every signed checkpoint.
 * `held`: checkpoints kept outside the database (published, exported); they find a cut tail even when somebody cut ours with it.
 */
export async function verifyEvents(
  db: Db,
  secret: string,
  onProgress: (checked: number) => void = () => {},
  held: readonly Checkpoint[] = [],
): Promise<Audit> {
  // One snapshot: events that are announced meanwhile would otherwise look like a head that does not fit.
  if (db.isTransaction) return verifySnapshot(db, secret, onProgress, held)
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => verifySnapshot(tx, secret, onProgress, held))
}

async function verifySnapshot(db: Db, secret: string, onProgress: (checked: number) => void, held: readonly Checkpoint[]): Promise<Audit> {
  const stored = await readCheckpoints(db)
  for (const point of held) {
    if (!signed(point, secret)) return { checked: 0, firstBad: { seq: point.seq, why: '交来核对的检查点签名不对' } }
    if (point.root !== (stored.get(point.seq)?.root ?? point.root))
      return { checked: 0, firstBad: { seq: point.seq, why: '与已签名的检查点不符' } }
  }
  const checkpoints = new Map([...stored, ...held.map((point) => [point.seq, point] as const)])
  const tree = new MerkleTree()
  let previous = '0'.repeat(64)
  let expected = 1n
  const atStart = checkpoints.get(0n)
  if (atStart && !checkpointHolds(atStart, tree.root(), secret)) return { checked: 0, firstBad: { seq: 0n, why: '与已签名的检查点不符' } }
  checkpoints.delete(0n)
  for await (const { hash, ...row } of allEvents(db)) {
    const bad =
      row.seq < expected
        ? `多出编号为 ${row.seq} 的一条`
        : row.seq > expected
          ? `缺少第 ${expected} 条`
          : row.prev_hash !== previous
            ? '与上一条的哈希接不上'
            : hashOf(row) !== hash
              ? '内容与哈希不符'
              : undefined
    if (bad) return { checked: Number(expected - 1n), firstBad: { seq: row.seq, why: bad } }
    tree.add(hash)
    const checkpoint = checkpoints.get(row.seq)
    if (checkpoint && !checkpointHolds(checkpoint, tree.root(), secret))
      return { checked: Number(row.seq), firstBad: { seq: row.seq, why: '与已签名的检查点不符' } }
    checkpoints.delete(row.seq)
    previous = hash
    expected += 1n
    if (expected % 1000n === 0n) onProgress(Number(expected - 1n))
  }
  const head = await db.selectFrom('event_head').selectAll().where('id', '=', 1).executeTakeFirst()
  const last = expected - 1n
  if (checkpoints.size > 0)
    return { checked: Number(last), firstBad: { seq: expected, why: `末尾被截断：检查点记到第 ${[...checkpoints.keys()].at(-1)} 条` } }
  if (!head || head.seq !== last || head.hash !== previous)
    return { checked: Number(last), firstBad: { seq: expected, why: '末尾与链头不符' } }
  return { checked: Number(last) }
}

/** What is handed outside: the root over the first `seq` events (hex) and its Ed25519 signature (base64). */
export interface Checkpoint {
  seq: bigint
  root: string
  signature: string
}

const readCheckpoints = async (db: Db): Promise<Map<bigint, Checkpoint>> => {
  const { rows } = await sql<Checkpoint>`select seq, root, signature from event_checkpoints order by seq`.execute(db)
  return new Map(rows.map((row) => [row.seq, row]))
}

/** Merkle root over all events so far, in the manner of RFC 6962: the leaves are the events' hashes. */
export async function eventRoot(db: Db): Promise<{ seq: bigint; root: string }> {
  const tree = new MerkleTree()
  let seq = 0n
  for await (const event of allEvents(db)) {
    tree.add(event.hash)
    seq = event.seq
  }
  return { seq, root: tree.root() }
}

/** Signs the root over all events so far (Ed25519); what the public page and every export hand outside. */
export async function checkpoint(db: Db, secret: string, now: string): Promise<Checkpoint> {
  const { seq, root } = await eventRoot(db)
  const signature = sign(null, statement(seq, root), keyOf(secret)).toString('base64')
  await sql`insert into event_checkpoints (seq, root, signature, at) values (${seq}, ${root}, ${signature}, ${now}) on conflict (seq) do nothing`.execute(
    db,
  )
  return { seq, root, signature }
}

const checkpointHolds = (point: Checkpoint, root: string, secret: string): boolean => point.root === root && signed(point, secret)

const signed = ({ seq, root, signature }: Checkpoint, secret: string): boolean =>
  verify(null, statement(seq, root), createPublicKey(keyOf(secret)), Buffer.from(signature, 'base64'))

/** With it anybody checks a checkpoint (PEM, SPKI). */
export const publicKey = (secret: string): string => createPublicKey(keyOf(secret)).export({ type: 'spki', format: 'pem' }).toString()

const statement = (seq: bigint, root: string) => Buffer.from(`hengqi events ${seq} ${root}`)

/** The platform's signing key follows from its secret (HKDF, RFC 5869), so that there is one secret to keep. */
function keyOf(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'hengqi event checkpoints', 32))
  // PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410).
  return createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
}

const leaf = (hash: string) =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(hash, 'hex')
    .digest()
const node = (left: Buffer, right: Buffer) =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest()

/** RFC 6962 §2.1, kept as the roots of the perfect subtrees, so that adding costs O(log n) memory. */
export class MerkleTree {
  #peaks: { size: number; hash: Buffer }[] = []

  add(hash: string): void {
    let last = { size: 1, hash: leaf(hash) }
    while (this.#peaks.at(-1)?.size === last.size) last = { size: last.size * 2, hash: node(this.#peaks.pop()!.hash, last.hash) }
    this.#peaks.push(last)
  }

  root(): string {
    const hashes = this.#peaks.map((peak) => peak.hash)
    const top = hashes.length === 0 ? createHash('sha256').digest() : hashes.reduceRight((right, left) => node(left, right))
    return top.toString('hex')
  }
}
