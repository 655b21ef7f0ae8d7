/** A fresh clone in another folder starts with `npm start` and answers with the demo world. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const clone = mkdtempSync(path.join(tmpdir(), 'hengqi-clone-'))
const port = '4199'
const limitMs = 10 * 60_000

const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone], { stdio: 'inherit' })
if (cloned.status !== 0) process.exit(1)

const started = Date.now()
const server = spawn('npm', ['start'], {
  cwd: clone,
  stdio: 'inherit',
  detached: true,
  env: { ...process.env, PORT: port, DATABASE_URL: '', DATA_DIR: '', PUBLIC_URL: '' },
})
const seconds = () => ((Date.now() - started) / 1000).toFixed(1)
let failed = true
try {
  await answers(`http://127.0.0.1:${port}/healthz`, 'ok')
  await answers(`http://127.0.0.1:${port}/policies`, '政策库')
  await answers(`http://127.0.0.1:${port}/demo`, '演示身份')
  console.log(`全新克隆 ${seconds()} 秒后可用`)
  failed = false
} finally {
  process.kill(-server.pid!, 'SIGTERM')
  await new Promise((resolve) => server.once('exit', resolve))
  rmSync(clone, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

async function answers(url: string, text: string): Promise<void> {
  while (Date.now() - started < limitMs) {
    const body = await fetch(url).then(
      (r) => r.text(),
      () => '',
    )
    if (body.includes(text)) return
    if (server.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`${url} 没有在 ${limitMs / 60_000} 分钟内给出“${text}”`)
}
