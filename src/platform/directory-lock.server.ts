/** The embedded database has no lock of its own: two processes on one directory would silently lose rows. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'

interface Holder {
  pid: number
  host: string
  since: string
}

/** Somebody else has it; the message says who. */
export class LockedError extends Error {}

/** Takes the directory, also from a holder that died; returns the function that gives it back. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true })
  const file = path.join(directory, 'lock')
  const me: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(me), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = readHolder(file)
      if (holder && alive(holder))
        throw new LockedError(`数据目录 ${directory} 正被另一个进程使用（进程号 ${holder.pid}，自 ${holder.since}）。请先停止它，或用 DATA_DIR 指定别的目录。`)
      rmSync(file, { force: true })
    }
  }
  throw new LockedError(`数据目录 ${directory} 的锁无法取得，请稍后再试。`)
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** A holder on another host cannot be asked, so it counts as alive. */
function alive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true
  if (holder.pid === process.pid) return true
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
