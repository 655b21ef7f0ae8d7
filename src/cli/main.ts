/** The command line. Exit codes: 0 done, 1 some rows refused (or the audit found something), 2 wrong use. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { migrations } from '../migrations/index.ts'
import { verifyEvents } from '../platform/audit.server.ts'
import { ConfigError, readConfig } from '../platform/config.server.ts'
import { openDatabase } from '../platform/db.server.ts'
import { LockedError } from '../platform/directory-lock.server.ts'
import { migrate } from '../platform/migrate.server.ts'
import { match } from './match.ts'
import type { Format } from './output.ts'

const help = `衡企 hengqi

用法：hengqi <命令> [选项]

  match FILE|-      判断文件里每家企业适用哪些政策（CSV 或 .xlsx；- 读标准输入；不写数据库）
      --as-of 日期         按哪一天判断，默认今天
      --policies FILE.json 用这个文件里的政策，默认用自带的政策库
      --events FILE.json   事件起止日期，如 {"epidemic-2020":{"from":"2020-01-20","to":"2023-01-07"}}
      --explain            写明原因、划型过程和依据条款
      --format table|json|csv（--json 等于 --format json）
  start             启动平台
  worker            只运行后台任务
  migrate           更新数据库结构
  verify-audit      核对审计链，--json 输出结果

退出码：0 完成，1 有行未处理或核对发现问题，2 用法不对`

const root = path.resolve(import.meta.dirname, '..', '..')

const commands: Record<string, (args: string[]) => Promise<number>> = {
  match: runMatch,
  start: () => server([]),
  worker: () => server(['--worker']),
  migrate: () =>
    withDatabase(async (database) => {
      await migrate(database, migrations, (name) => console.log(`迁移 ${name}`))
      console.log('数据库结构已是最新')
      return 0
    }),
  'verify-audit': (args) =>
    withDatabase(async (database, config) => {
      const progress = process.stderr.isTTY ? (n: number) => process.stderr.write(`\r已核对 ${n} 条`) : undefined
      const audit = await verifyEvents(database.db, config.secret, progress)
      const said = audit.firstBad ? `第 ${audit.firstBad.seq} 条：${audit.firstBad.why}` : `${audit.checked} 条事件，没有发现改动`
      console.log(
        args.includes('--json')
          ? JSON.stringify({
              checked: audit.checked,
              firstBad: audit.firstBad ? { seq: String(audit.firstBad.seq), why: audit.firstBad.why } : null,
            })
          : said,
      )
      return audit.firstBad ? 1 : 0
    }),
}

/** Runs one command and gives its exit code. */
export async function main(args: string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  const [name = '', ...rest] = args
  if (name === '' || name === 'help' || name === '--help' || name === '-h') return (console.log(help), name === '' ? 2 : 0)
  const command = commands[name]
  if (!command) return (console.error(`没有命令 ${name}。\n\n${help}`), 2)
  try {
    return await command(rest)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof LockedError) return (console.error(error.message), 2)
    throw error
  }
}

async function runMatch(args: string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'as-of': { type: 'string' },
        policies: { type: 'string' },
        events: { type: 'string' },
        explain: { type: 'boolean' },
        format: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    return (console.error(`${(error as Error).message}\n\n${help}`), 2)
  }
  const { values, positionals } = parsed
  const format = values.json ? 'json' : (values.format ?? 'table')
  if (positionals.length !== 1) return (console.error(`match 需要一个文件名（- 是标准输入）。\n\n${help}`), 2)
  if (!['table', 'json', 'csv'].includes(format)) return (console.error(`--format 只能是 table、json 或 csv，不能是 ${format}。`), 2)
  return match({
    file: positionals[0]!,
    asOf: values['as-of'],
    policies: values.policies,
    events: values.events,
    explain: values.explain ?? false,
    format: format as Format,
  })
}

const server = (args: string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['server.ts', ...args], { cwd: root, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
    child.once('exit', (code) => resolve(code ?? 1))
  })

async function withDatabase(
  work: (database: Awaited<ReturnType<typeof openDatabase>>, config: ReturnType<typeof readConfig>) => Promise<number>,
): Promise<number> {
  const config = readConfig(process.env)
  const database = await openDatabase(config)
  try {
    return await work(database, config)
  } finally {
    await database.close()
  }
}
