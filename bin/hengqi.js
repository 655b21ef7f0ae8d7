#!/usr/bin/env node
/** Plain JavaScript, so that any Node ≥ 20 can begin: the sources run on a Node that strips types, which the lock file brings. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const [major, minor] = process.versions.node.split('.').map(Number)
const own = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')

if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import('../src/cli/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else if (existsSync(own)) {
  const child = spawn(own, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal))
  child.once('exit', (code) => process.exit(code ?? 1))
} else {
  console.error('还没有安装依赖，请先在项目目录运行 npm ci。')
  process.exit(2)
}
