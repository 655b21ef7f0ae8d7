/** The commands that open the database: its structure, and the chain of events. */
import { parseArgs } from 'node:util'
import { platform } from '../core/access.ts'
import { isRefusal } from '../core/refusal.ts'
import { migrations } from '../migrations/index.ts'
import { verifyEvents, type Audit } from '../platform/audit.server.ts'
import { distribute } from '../platform/citus.server.ts'
import { readConfig, type Config } from '../platform/config.server.ts'
import { openDatabase, type Database } from '../platform/db.server.ts'
import { sayDatabaseError } from '../platform/database-trouble.server.ts'
import { migrate } from '../platform/migrate.server.ts'
import { UsageError } from './usage.ts'

/**
 * `hengqi migrate`: 0, or 2 where the database cannot be used. `--json`: `{ applied: [name] }`. `--citus` distributes the wide table of
 * matching over the machines of a cluster afterwards, and says why the others stay: `{ placed, obstacles }`.
 */
export function migrateDatabase(args: string[]): Promise<number> {
  const { json, citus } = optionsOf(args, ['json', 'citus'])
  return withDatabase(async (database) => {
    const applied: string[] = []
    await migrate(database, migrations, (name) => {
      applied.push(name)
      if (!json) console.log(`迁移 ${name}`)
    })
    if (citus) return placeTables(database, applied, json)
    console.log(json ? JSON.stringify({ applied }) : '数据库结构已是最新')
    return 0
  })
}

async function placeTables({ db }: Database, applied: string[], json: boolean): Promise<number> {
  const placed: string[] = []
  const placement = await distribute(db, (what) => {
    placed.push(what)
    if (!json) console.log(what)
  })
  if (isRefusal(placement)) throw new UsageError(placement.reason)
  const { obstacles } = placement
  if (json) console.log(JSON.stringify({ applied, placed, obstacles }))
  else console.log(`企业匹配表已按省分布；其余的表留在协调节点，因为：\n${obstacles.map((each) => `  ${each}`).join('\n')}`)
  return 0
}

/** `hengqi fill-matching`: writes the wide table of enterprises anew from what is on record. `--json`: `{ enterprises }`. */
export function fillMatching(args: string[]): Promise<number> {
  const { json } = optionsOf(args, ['json'])
  return withDatabase(async (database, config) => {
    await migrate(database, migrations)
    // Here and not above: the other commands start without reading half of the platform.
    const { fillRows } = await import('../commons/matching/index.server.ts')
    const enterprises = await fillRows({ db: database.db, actor: platform, now: config.now() })
    console.log(json ? JSON.stringify({ enterprises }) : `企业匹配表已重建，共 ${enterprises} 家`)
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

const wantsJson = (args: string[]): boolean => optionsOf(args, ['json']).json

/** Throws a UsageError for any other option. */
function optionsOf<Name extends string>(args: string[], names: readonly Name[]): Record<Name, boolean> {
  try {
    const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }])) })
    return Object.fromEntries(names.map((name) => [name, values[name] === true])) as Record<Name, boolean>
  } catch {
    const known = names.map((name) => `--${name}`)
    const wrong = args.filter((each) => !known.includes(each)).join(' ')
    const said = known.length === 1 ? `只有 ${known[0]} 一个选项` : `只有 ${known.join('、')} 这几个选项`
    throw new UsageError(`${said}，不能写 ${wrong}。`)
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
