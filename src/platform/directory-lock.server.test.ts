import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LockedError, lockDirectory } from './directory-lock.server.ts'

let directory: string
const children: ChildProcess[] = []
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hengqi-lock-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

const module = path.join(import.meta.dirname, 'directory-lock.server.ts')

/** A process of its own that tries to take the lock, says `held` or `refused`, and stays. */
const contender = () => {
  const script = `import { lockDirectory } from ${JSON.stringify(module)}
    try { lockDirectory(${JSON.stringify(directory)}); console.log('held') } catch (e) { console.log('refused ' + e.message) }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, said: new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim()))) }
}
const killed = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })
const leave = (holder: object) => writeFileSync(path.join(directory, 'lock'), JSON.stringify(holder))

describe('目录锁', () => {
  it('kill -9 之后，下一个进程接过目录；活着的进程不让', async () => {
    const first = contender()
    expect(await first.said).toBe('held')
    expect(() => lockDirectory(directory)).toThrow(`进程号 ${first.child.pid}`)
    expect(readFileSync(path.join(directory, 'lock'), 'utf8')).toContain(`"pid":${first.child.pid}`)
    await killed(first.child)
    lockDirectory(directory)()
  })

  it('六个进程同时抢一把死锁，只有一个得到', async () => {
    const dead = contender()
    await dead.said
    await killed(dead.child)
    const said = await Promise.all(Array.from({ length: 6 }, () => contender().said))
    expect(said.filter((text) => text === 'held')).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('refused'))).toHaveLength(5)
  })

  it('容器重启后进程号相同，却不是同一个进程：不算占用', () => {
    leave({ pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z', birth: 'earlier-boot/1', token: 'x' })
    lockDirectory(directory)()
  })

  it('别的主机的锁看最后一次心跳', () => {
    leave({ pid: 1, host: '示例主机', since: '2026-01-01T00:00:00Z', token: 'x' })
    expect(() => lockDirectory(directory)).toThrow(LockedError)
    const before = new Date(Date.now() - 60_000)
    utimesSync(path.join(directory, 'lock'), before, before)
    lockDirectory(directory)()
  })

  it('只归还自己的锁', () => {
    const unlock = lockDirectory(directory)
    leave({ pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z', token: 'somebody else' })
    unlock()
    expect(readFileSync(path.join(directory, 'lock'), 'utf8')).toContain('somebody else')
  })
})
