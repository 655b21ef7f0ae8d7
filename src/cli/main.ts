/** The command line. Exit codes: 0 done, 1 some rows refused (or the audit found something), 2 wrong use. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError } from '../platform/config.server.ts'
import { LockedError } from '../platform/directory-lock.server.ts'
import { fillMatching, migrateDatabase, verifyAudit } from './database.ts'
import { match } from './match.ts'
import type { Format } from './output.ts'
import { UsageError } from './usage.ts'

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
  migrate           更新数据库结构（--json 列出这次执行的迁移）
      --citus              之后把企业匹配表按省分布到 Citus 集群的各台机器
  fill-matching     从企业信息重建企业匹配表（恢复备份之后用）
  verify-audit      核对审计链（--json 输出结果）

退出码：0 完成，1 有行未处理或核对发现问题，2 用法不对`

const root = path.resolve(import.meta.dirname, '..', '..')

const commands: Record<string, (args: string[]) => Promise<number>> = {
  match: runMatch,
  start: (args) => server('start', args, []),
  worker: (args) => server('worker', args, ['--worker']),
  migrate: migrateDatabase,
  'fill-matching': fillMatching,
  'verify-audit': verifyAudit,
}

/** Runs one command and gives its exit code. */
export async function main(args: string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  const [name = '', ...rest] = args
  if (name === '' || name === 'help' || name === '--help' || name === '-h') return (console.log(help), name === '' ? 2 : 0)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return (console.error(`没有命令 ${name}。\n\n${help}`), 2)
  if (rest.includes('--help') || rest.includes('-h')) return (console.log(help), 0)
  try {
    return await command(rest)
  } catch (error) {
    if ([ConfigError, LockedError, UsageError].some((known) => error instanceof known)) return (console.error((error as Error).message), 2)
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
    return (console.error(`${sayArgsError(error)}\n\n${help}`), 2)
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

/** Node says it in English; its codes say the same. */
function sayArgsError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const option = /'(-[^' ]*)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `没有选项 ${option}。`
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `选项 ${option} 的写法不对：要值的写 --选项 值，不要值的不写值。`
  throw error
}

async function server(name: string, args: string[], given: string[]): Promise<number> {
  if (args.length > 0) throw new UsageError(`${name} 没有选项，不能写 ${args.join(' ')}；端口等用环境变量设置，例如 PORT=8080。`)
  const child = spawn(process.execPath, ['server.ts', ...given], { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}
