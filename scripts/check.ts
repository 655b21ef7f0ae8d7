/** `npm run check`: everything that CI runs, as a readable list. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)

const steps: [title: string, command: string, args: string[]][] = [
  ['格式', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['静态检查', 'oxlint', ['--deny-warnings', 'src', 'test', 'scripts', 'bench', 'server.ts']],
  ['生成的文档是最新的', 'node', ['scripts/generate.ts', '--check']],
  ['测试', 'npm', ['test']],
  ['全新克隆能启动', 'node', ['scripts/clean-clone.ts']],
]

const started = Date.now()
for (const [title, command, args] of steps) {
  console.log(`\n== ${title}：${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\n“${title}”没有通过。`)
    process.exit(1)
  }
}
console.log(`\n全部通过，用时 ${Math.round((Date.now() - started) / 1000)} 秒`)
