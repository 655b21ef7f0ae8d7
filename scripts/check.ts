/** `npm run check`: everything that CI runs, as a readable list. */
import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)

type Step = [title: string, command: string, args: string[]]

const quick: Step[] = [
  ['格式', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['静态检查', 'oxlint', ['--deny-warnings', 'src', 'test', 'scripts', 'bench', 'server.ts']],
  ['生成的文档是最新的', 'node', ['scripts/generate.ts', '--check']],
]
const clone: Step = ['全新克隆能启动', 'node', ['scripts/clean-clone.ts']]
const tests: Step = ['测试', 'npm', ['test']]

const started = Date.now()
// The clone keeps one core busy, the quick ones another; the tests want both. It is waited for even where these fail: it cleans up itself.
const cloned = passes(clone, 'at the end')
let good = true
for (const step of quick) good &&= await passes(step)
good = (await cloned) && good && (await passes(tests))
if (good) console.log(`\n全部通过，用时 ${Math.round((Date.now() - started) / 1000)} 秒`)
process.exit(good ? 0 : 1)

/** What it writes is shown as it comes, or at its end where another step writes meanwhile. */
async function passes([title, command, args]: Step, shown: 'at once' | 'at the end' = 'at once'): Promise<boolean> {
  const heading = `\n== ${title}：${command} ${args.join(' ')}`
  if (shown === 'at once') console.log(heading)
  const written: Buffer[] = []
  const child = spawn(command, args, { cwd: root, stdio: shown === 'at once' ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => written.push(data))
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  if (shown === 'at the end') console.log(`${heading}\n${Buffer.concat(written).toString().trimEnd()}`)
  if (status !== 0) console.error(`\n“${title}”没有通过。`)
  return status === 0
}
