/**
 * Runs before `npm start` and `npm test`, on any Node ≥ 20: installs when the lock file changed, builds when the sources changed.
 * Plain JavaScript, because on a fresh machine the Node that can strip types is not installed yet.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const started = Date.now()
const say = (text) => console.log(`[准备] ${text}`)

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`需要 Node.js 20 或更高版本，当前是 ${process.versions.node}。请先升级 Node.js。`)

install()
if (process.argv.includes('--build')) build()

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = path.join(root, 'node_modules', '.hengqi-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('安装依赖（首次约需一分钟）……')
  run('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
  say(`依赖已就绪（${seconds()} 秒）`)
}

function build() {
  const stamp = path.join(root, 'build', '.hengqi-sources')
  const newest = Math.max(
    ...['src', 'vite.config.ts', 'react-router.config.ts', 'package-lock.json'].map((name) => lastChange(path.join(root, name))),
  )
  if (existsSync(stamp) && existsSync(path.join(root, 'build', 'server', 'index.js')) && Number(readFileSync(stamp, 'utf8')) === newest)
    return
  say('构建页面……')
  run('react-router', ['build', '--logLevel', 'warn'])
  compressAll(path.join(root, 'build', 'client'))
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, String(newest))
  say(`构建完成（${seconds()} 秒）`)
}

/** Beside each text of the client its compressed form, which is what a browser gets. */
function compressAll(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|json|txt)$/.test(entry.name)) continue
    const file = path.join(entry.parentPath ?? entry.path, entry.name)
    const text = readFileSync(file)
    if (text.length < 1024) continue
    writeFileSync(`${file}.br`, brotliCompressSync(text))
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }))
  }
}

function lastChange(file) {
  const stat = statSync(file)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => lastChange(path.join(file, name))))
}

function run(command, args) {
  const bin = path.join(root, 'node_modules', '.bin')
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  })
  if (result.status !== 0)
    fail(`“${command} ${args.join(' ')}”没有成功（退出码 ${result.status ?? result.error?.message}），请看上面的输出。`)
}

function seconds() {
  return ((Date.now() - started) / 1000).toFixed(1)
}

function fail(reason) {
  console.error(`[准备] ${reason}`)
  process.exit(1)
}
