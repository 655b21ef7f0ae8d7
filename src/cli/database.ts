/** The commands that open the database: its structure, and the chain of events. */
import { parseArgs } from 'node:util'
import { migrations } from '../migrations/index.ts'
import { verifyEvents, type Audit } from '../platform/audit.server.ts'
import { readConfig, type Config } from '../platform/config.server.ts'
import { openDatabase, type Database } from '../platform/db.server.ts'
import { sayDatabaseError } from '../platform/database-trouble.server.ts'
import { migrate } from '../platform/migrate.server.ts'
import { UsageError } from './usage.ts'

/** `hengqi migrate`: 0, or 2 where the database cannot be used. `--json`: `{ applied: [name] }`. */
export function migrateDatabase(args: string[]): Promise<number> {
  const json = wantsJson(args)
  return withDatabase(async (database) => {
    const applied: string[] = []
    await migrate(database, migrations, (name) => {
      applied.push(name)
      if (!json) console.log(`迁移 ${name}`)
    })
    console.log(json ? JSON.stringify({ applied }) : '数据库结构已是最新')
    return 0
  })
}

/** `hengqi verify-audit`: 0 as it was written, 1 changed. `--json`: `{ checked, firstBad: { seq, why } | null }`; `seq` as text, since it may pass 2^53. */
export function verifyAudit(args: string[]): Promise<number> {
  const json = wantsJson(args)
  return withDatabase(async ({ db }, { secret }) => {
    const audit = await verifyEvents(db, secret, progressOn(process.stderr))
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
    console.log(json ? JSON.stringify(forPrograms(audit)) : inWords(audit))
    return audit.firstBad ? 1 : 0
  })
}

const inWords = ({ checked, firstBad }: Audit): string =>
  firstBad ? `第 ${firstBad.seq} 条：${firstBad.why}（此前 ${checked} 条没有发现改动）` : `${checked} 条事件，没有发现改动`

const forPrograms = ({ checked, firstBad }: Audit) => ({
  checked,
  firstBad: firstBad ? { seq: String(firstBad.seq), why: firstBad.why } : null,
})

function wantsJson(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { json: { type: 'boolean' } } }).values.json ?? false
  } catch {
    throw new UsageError(`只有 --json 一个选项，不能写 ${args.filter((each) => each !== '--json').join(' ')}。`)
  }
}

const progressOn = (stream: NodeJS.WriteStream) => (checked: number) => {
  if (stream.isTTY) stream.write(`\r已核对 ${checked} 条`)
}

async function withDatabase(work: (database: Database, config: Config) => Promise<number>): Promise<number> {
  const config = readConfig(process.env)
  let database: Database | undefined
  try {
    database = await openDatabase(config)
    return await work(database, config)
  } catch (error) {
    const said = sayDatabaseError(error)
    if (said === undefined) throw error
    throw new UsageError(said)
  } finally {
    await database?.close()
  }
}
