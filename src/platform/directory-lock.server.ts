/**
 * One process per data directory: the embedded database has no lock of its own, and two processes on one directory
 * lose rows without a word. The lock of a process that was killed is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { uuidv7 } from './ids.ts'

interface Holder {
  pid: number
  host: string
  since: string
  /** When the kernel started that process: a pid alone comes back (in a container it is the same one every time). */
  birth?: string | undefined
  token?: string
}

/** Somebody else has it; the message says who. */
export class LockedError extends Error {}

const beatEvery = 5_000
/** Another machine cannot be asked for its process: its lock counts as left behind when the file has not been touched for so long. */
const silentAfter = 30_000

/** Takes the directory, also from a holder that died; returns the function that gives it back. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true })
  const file = path.join(directory, 'lock')
  const me: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), birth: birthOf(process.pid), token: uuidv7() }
  for (let attempt = 0; !create(file, me); attempt++) {
    const holder = read(file)
    if (holder && (attempt > 20 || alive(holder, file))) throw new LockedError(heldBy(holder, directory))
    if (holder) removeStale(file, holder)
  }
  const beat = setInterval(() => touch(file), beatEvery)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (read(file)?.token === me.token) rmSync(file, { force: true })
  }
}

/** The lock appears complete or not at all: a half-written one would look like nobody's. */
function create(file: string, holder: Holder): boolean {
  const draft = `${file}.${holder.token}`
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new LockedError(`锁文件 ${file} 无法读取：请确认没有别的进程在使用这个目录，然后删除它。`)
  }
}

/** Moves the file away before deleting it: whoever moved a fresh lock by mistake sees that and puts it back. */
function removeStale(file: string, holder: Holder): void {
  const aside = `${file}.stale.${uuidv7()}`
  try {
    renameSync(file, aside)
    if (read(aside)?.token !== holder.token) linkSync(aside, file)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function alive(holder: Holder, file: string): boolean {
  if (holder.host !== hostname()) return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < silentAfter
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const birth = birthOf(holder.pid)
  return !holder.birth || !birth || birth === holder.birth
}

/** Boot and start tick of a process, where the system tells (Linux). */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${tick}`
  } catch {
    return undefined
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // The directory was deleted under a running process; the database itself will say so.
  }
}

const heldBy = (holder: Holder, directory: string) =>
  `数据目录 ${directory} 正被另一个进程使用（进程号 ${holder.pid}，主机 ${holder.host}，自 ${holder.since}）。请先停止它，或用 DATA_DIR 指定别的目录。`
