/**
 * Which snapshots of shards belong together: a file beside their folder, written last and renamed into place, so that a directory holds one
 * whole state or the one before it.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Refusal } from '../core/refusal.ts'
import { badSnapshot } from './snapshot.server.ts'

/** `starts` as in `startShards`; `mark`: what the caller needs to know up to where the state goes. */
export interface ShardList {
  starts: readonly string[]
  mark: string
  folder: string
}

const name = 'shards.json'
const prefix = 'state-'

/** `write` fills the folder; whatever it throws leaves the state before in force. */
export async function saveList(
  directory: string,
  { starts, mark }: Omit<ShardList, 'folder'>,
  write: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = `${prefix}${Date.now().toString(36)}-${process.pid}`
  mkdirSync(path.join(directory, folder), { recursive: true })
  await write(path.join(directory, folder))
  const list: ShardList = { starts, mark, folder }
  const temporary = path.join(directory, `${folder}.json`)
  writeFileSync(temporary, JSON.stringify(list), { flush: true })
  renameSync(temporary, path.join(directory, name))
  for (const old of readdirSync(directory))
    if (old.startsWith(prefix) && old !== folder) rmSync(path.join(directory, old), { recursive: true, force: true })
}

export function readList(directory: string): ShardList | Refusal {
  try {
    return JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as ShardList
  } catch (error) {
    return badSnapshot(`读取 ${name} 时出错（${(error as Error).message}）`)
  }
}
