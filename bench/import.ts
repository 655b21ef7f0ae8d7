/**
 * Importing a ledger: rows a second of reading, judging and entering, beside ExcelJS reading the same file alone, in one run; and a long
 * sheet with its peak memory, the longest pause of the event loop and what a small query waits meanwhile. Each part runs in a process of its own.
 *
 *   node bench/import.ts [--json] [--rows 3000] [--long 100000] [--database-url postgres://…]
 *
 * Without a database URL the embedded database is used, in the same process: its own memory is in the figures, and shown alone as `idle`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import ExcelJS from 'exceljs'
import { sql } from 'kysely'
import type { Ctx, Database } from '../src/platform/db.server.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '3000' },
    long: { type: 'string', default: '100000' },
    'database-url': { type: 'string' },
    /** Set for the processes of the parts. */
    part: { type: 'string' },
    file: { type: 'string' },
  },
})

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6)
const parts: Record<string, () => Promise<object>> = {
  exceljs: readAlone,
  ours: readOurs,
  import: importWhole,
}

if (options.part) console.log(JSON.stringify(await parts[options.part]!()))
else await main()

async function main(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'hengqi-import-'))
  try {
    const { sampleRows, sampleSheet } = await import('../src/commons/instruments/import/sample-sheet.server.ts')
    const results = []
    for (const rows of [Number(options.rows), Number(options.long)]) {
      const file = path.join(scratch, `${rows}.xlsx`)
      writeFileSync(file, await sampleSheet(sampleRows(rows, Math.floor(rows / 73))))
      // ExcelJS before and after: what differs between its two runs is noise.
      const before = await run('exceljs', file)
      const ours = await run('ours', file)
      const imported = await run('import', file)
      const after = await run('exceljs', file)
      results.push({ rows, exceljs: [before, after], ours, import: imported })
    }
    console.log(options.json ? JSON.stringify(results) : results.map(say).join('\n\n'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Figures = Record<string, number>

function say({ rows, exceljs, ours, import: all }: { rows: number; exceljs: Figures[]; ours: Figures; import: Figures }): string {
  const alone = Math.min(...exceljs.map(({ ms }) => ms!))
  return [
    `${rows} rows`,
    `  ExcelJS reads alone        ${exceljs.map(({ ms }) => `${ms} ms`).join(', ')}   peak ${Math.max(...exceljs.map(({ peakMb }) => peakMb!))} MB`,
    `  our reader alone           ${ours.ms} ms   peak ${ours.peakMb} MB`,
    `  read and judge             ${all.judgeMs} ms   ${Math.round((rows * 1000) / all.judgeMs!)} rows/s   ${(all.judgeMs! / alone).toFixed(2)} × ExcelJS reading`,
    `  enter ${all.entered} instruments     ${all.enterMs} ms   ${Math.round((all.entered! * 1000) / all.enterMs!)} rows/s`,
    `  read, judge, enter         ${all.judgeMs! + all.enterMs!} ms   ${Math.round((rows * 1000) / (all.judgeMs! + all.enterMs!))} rows/s   ${((all.judgeMs! + all.enterMs!) / alone).toFixed(2)} × ExcelJS reading`,
    `  memory                     idle ${all.idleMb} MB, peak ${all.judgePeakMb} MB reading and judging, ${all.peakMb} MB in all`,
    `  event loop                 99 % ${all.loopP99Ms} ms, longest ${all.loopMaxMs} ms`,
    `  a small query meanwhile    median ${all.queryMedianMs} ms, 99 % ${all.queryP99Ms} ms, longest ${all.queryMaxMs} ms (${all.queries} asked)`,
  ].join('\n')
}

function run(part: string, file: string): Promise<Figures> {
  const url = options['database-url'] ? ['--database-url', options['database-url']] : []
  const child = spawn(process.execPath, [import.meta.filename, '--part', part, '--file', file, ...url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
  return new Promise((resolve, reject) =>
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(out.trim().split('\n').at(-1)!) as Figures) : reject(new Error(`${part}: ${code}`)),
    ),
  )
}

/** Peak memory of this process from now on. */
function watchMemory() {
  let peak = megabytes()
  const timer = setInterval(() => (peak = Math.max(peak, megabytes())), 20)
  const soFar = () => (peak = Math.max(peak, megabytes()))
  return { soFar, stop: () => (clearInterval(timer), soFar()) }
}

async function readAlone(): Promise<object> {
  const peak = watchMemory()
  const start = performance.now()
  let cells = 0
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(options.file!, {
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
  } as never)
  for await (const sheet of reader) for await (const row of sheet) cells += row.cellCount
  return { ms: Math.round(performance.now() - start), peakMb: peak.stop(), cells }
}

async function readOurs(): Promise<object> {
  const { readSheet } = await import('../src/platform/sheets.server.ts')
  const peak = watchMemory()
  const start = performance.now()
  let cells = 0
  for await (const row of readSheet(options.file!)) cells += row.cells.length
  return { ms: Math.round(performance.now() - start), peakMb: peak.stop(), cells }
}

async function importWhole(): Promise<object> {
  const { database, ctx, close } = await stageFor()
  const { startImport, takeImportStep } = await import('../src/commons/instruments/import/commands.server.ts')
  const bytes = await readFile(options.file!)
  const idleMb = megabytes()
  const peak = watchMemory()
  const loop = monitorEventLoopDelay({ resolution: 5 })
  loop.enable()
  const asking = askMeanwhile(database)
  let start = performance.now()
  const started = await startImport(ctx, { name: path.basename(options.file!), bytes })
  if (!('id' in started)) throw new Error(started.reason)
  const read = await rest(ctx, started.id)
  const judgeMs = Math.round(performance.now() - start)
  const judgePeakMb = peak.soFar()
  start = performance.now()
  await takeImportStep(ctx, read.id, 'apply', read.version)
  const done = await rest(ctx, read.id)
  const enterMs = Math.round(performance.now() - start)
  loop.disable()
  const waits = await asking.stop()
  const result = {
    judgeMs,
    enterMs,
    entered: done.applied,
    idleMb,
    judgePeakMb,
    peakMb: peak.stop(),
    loopP99Ms: Math.round(loop.percentile(99) / 1e6),
    loopMaxMs: Math.round(loop.max / 1e6),
    ...waits,
  }
  await close()
  return result
}

/** A fresh database with one enterprise and somebody who keeps its ledger. */
async function stageFor(): Promise<{ database: Database; ctx: Ctx; close: () => Promise<void> }> {
  const { openDatabase } = await import('../src/platform/db.server.ts')
  const { migrate } = await import('../src/platform/migrate.server.ts')
  const { migrations } = await import('../src/migrations/index.ts')
  const { stageOf } = await import('../src/commons/people/test-stage.server.ts')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'hengqi-import-data-'))
  const database = await openDatabase({ databaseUrl: options['database-url'], dataDir } as never)
  await migrate(database, migrations, () => {})
  const stage = stageOf(database)
  const org = await stage.organisation(`导入测试 ${process.pid} ${Math.round(performance.timeOrigin)}`, '330110')
  const { actor } = await stage.seat(org, '测试', 'manager')
  return {
    database,
    ctx: stage.as(actor),
    close: async () => {
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function rest(ctx: Ctx, id: string) {
  const { findImport } = await import('../src/commons/instruments/import/queries.server.ts')
  for (;;) {
    const row = (await findImport(ctx, id))!
    if (row.state !== 'reading' && row.state !== 'applying') return row
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** What somebody else waits for one row, wanted every 50 ms: from the moment it was wanted, also when the process was too busy to ask. */
function askMeanwhile({ db }: Database) {
  const waits: number[] = []
  let stopped = false
  const asking = (async () => {
    for (let wanted = performance.now(); !stopped; wanted = Math.max(wanted + 50, performance.now() - 5_000)) {
      const early = wanted - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      await sql`select name from organisations limit 1`.execute(db)
      waits.push(performance.now() - wanted)
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await asking
      const sorted = waits.toSorted((a, b) => a - b)
      const at = (share: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
      return { queries: waits.length, queryMedianMs: at(0.5), queryP99Ms: at(0.99), queryMaxMs: at(1) }
    },
  }
}
