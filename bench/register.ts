/**
 * The register page over HTTP with 600 and with 60,000 instruments in one ledger, on the embedded database: cost must not grow with the total.
 *
 *   npm run build && node bench/register.ts [--json] [--many 60000] [--rounds 60]
 *
 * The same pages in the same run: the first page, the last page, a search, and what is due; the limit is what 600 cost.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readDraft } from '../src/commons/instruments/draft.ts'
import { registerMany } from '../src/commons/instruments/register.server.ts'
import { platform } from '../src/core/access.ts'
import { inTx, openDatabase } from '../src/platform/db.server.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    many: { type: 'string', default: '60000' },
    rounds: { type: 'string', default: '60' },
  },
})
const many = Number(options.many)
const rounds = Number(options.rounds)
const port = '4611'
const base = `http://127.0.0.1:${port}`
const data = mkdtempSync(path.join(tmpdir(), 'hengqi-register-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
const environment = {
  ...process.env,
  PORT: port,
  HOST: '127.0.0.1',
  PUBLIC_URL: base,
  DATA_DIR: data,
  DATABASE_URL: '',
  DEMO: 'true',
  LOG_LEVEL: 'error',
}

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['server.ts'], { env: environment, stdio: 'ignore' })
  for (let i = 0; i < 240; i++) {
    if (
      await fetch(`${base}/healthz`).then(
        (r) => r.ok,
        () => false,
      )
    )
      return child
    await new Promise((done) => setTimeout(done, 500))
  }
  throw new Error('the platform did not start')
}

const stop = (child: ChildProcess) =>
  new Promise<void>((done) => {
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })

/** Fills the first demo enterprise's ledger up to `total`. */
async function fill(total: number): Promise<void> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir: data } as never)
  const org = await database.db.selectFrom('organisations').selectAll().where('name', 'like', '%杭州余杭甲一%').executeTakeFirstOrThrow()
  const { n } = await database.db
    .selectFrom('instruments')
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .where('org_id', '=', org.id)
    .executeTakeFirstOrThrow()
  const today = new Date().toISOString().slice(0, 10)
  const ctx = { db: database.db, actor: platform, now: new Date().toISOString() }
  for (let at = Number(n); at < total; at += 1_000) {
    const drafts = Array.from({ length: Math.min(1_000, total - at) }, (_, i) => {
      const k = at + i
      const day = new Date(Date.now() + ((k % 400) - 5) * 86_400_000).toISOString().slice(0, 10)
      const input = {
        code: `ZZ-${k}`,
        name: '压力表',
        serial: `Z${k}`,
        range: '0～1.6 MPa',
        accuracy: '1.6级',
        place: `车间${k % 40}`,
        point: `工位${k % 400}`,
        keeper: `示例·班长${k % 60}`,
        use: 'other',
        validUntil: day,
        lastInstitution: `示例·检测所${k % 5}`,
      }
      return { draft: readDraft(input, today).draft! }
    })
    await inTx(ctx, (tx) => registerMany(tx, org, drafts))
  }
  await database.close()
}

async function measure(total: number): Promise<Record<string, number>> {
  const child = await start()
  const entered = await fetch(`${base}/demo`, {
    method: 'POST',
    body: new URLSearchParams({ login: 'demo-enterprise' }),
    redirect: 'manual',
    headers: { origin: base },
  })
  const cookie = entered.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const pages = {
    first: '/me/instruments',
    last: `/me/instruments?page=${Math.ceil(total / 50)}`,
    search: '/me/instruments?q=ZZ-500',
    due: '/me/instruments?stage=due30',
  }
  const medians: Record<string, number> = {}
  for (const [name, address] of Object.entries(pages)) {
    const times: number[] = []
    for (let i = 0; i < rounds + 5; i++) {
      const began = performance.now()
      const response = await fetch(base + address, { headers: { cookie } })
      const text = await response.text()
      if (response.status !== 200 || !text.includes('器具台账')) throw new Error(`${address}: ${response.status}`)
      if (i >= 5) times.push(performance.now() - began)
    }
    medians[name] = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!
  }
  await stop(child)
  return medians
}

await stop(await start())
await fill(600)
const few = await measure(600)
await fill(many)
const lots = await measure(many)
const rows = Object.keys(few).map((page) => ({ page, ms600: few[page]!, msMany: lots[page]!, ratio: lots[page]! / few[page]! }))
if (options.json) console.log(JSON.stringify({ many, rounds, rows }))
else {
  console.log(`register page, median of ${rounds}, milliseconds`)
  for (const { page, ms600, msMany, ratio } of rows)
    console.log(`${page.padEnd(8)} 600: ${ms600.toFixed(1)}   ${many}: ${msMany.toFixed(1)}   ratio ${ratio.toFixed(2)}`)
}
