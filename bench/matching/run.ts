/**
 * Policies against enterprises in both directions, engine by engine, on the same world, with every answer compared.
 *
 *   node bench/matching/run.ts [--rows 1000000] [--policies 10000] [--national 0.05] [--seed 1] [--engines columns,postgres,…]
 *     [--parts engines,pruning-off,sizes,many-policies,operations,following,threads,nation] [--sizes 100000,300000] [--threads 1,2] [--nation 60000000] [--database-url postgres://…]
 *     [--report] [--directory bench/reports] [--from matching.json]
 *
 * Each measurement has a process of its own, one after the other. `--report` writes matching.html, matching.md and matching.json; `--from`
 * writes them anew from an earlier matching.json. PostgreSQL: `--database-url` or TEST_DATABASE_URL; Citus: TEST_CITUS_URL; a database of its own on
 * each, dropped at the end.
 * Ends with code 1 if two engines disagree where they must not.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { measureBandwidth } from './bandwidth.ts'
import { engines, type EngineName } from './engines/index.ts'
import { dropBenchDatabases } from './engines/postgres.ts'
import type { Following } from './following.ts'
import type { Job, Result } from './job.ts'
import type { Figures } from './measure.ts'
import type { ManyPolicies, Operations, Threads } from './operations.ts'
import { htmlReport } from './report-html.ts'
import { markdownReport } from './report-markdown.ts'
import { differencesIn, type Results } from './results.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    policies: { type: 'string', default: '10000' },
    national: { type: 'string', default: '0.05' },
    seed: { type: 'string', default: '1' },
    engines: { type: 'string', default: Object.keys(engines).join(',') },
    parts: { type: 'string', default: 'engines,pruning-off,sizes,many-policies,operations,following,threads' },
    sizes: { type: 'string', default: '100000,300000' },
    threads: { type: 'string', default: '1,2' },
    nation: { type: 'string', default: '60000000' },
    'database-url': { type: 'string', default: process.env.TEST_DATABASE_URL },
    report: { type: 'boolean', default: false },
    directory: { type: 'string', default: path.join(import.meta.dirname, '..', 'reports') },
    from: { type: 'string' },
  },
})
const parts = options.parts.split(',')
const names = options.engines.split(',') as EngineName[]
for (const name of names)
  if (!(name in engines)) throw new Error(`There is no engine “${name}”. There are ${Object.keys(engines).join(', ')}.`)

const url = options['database-url']
const postgres = url === undefined ? undefined : { url, database: `hengqi_bench_${process.pid}` }
const citusUrl = process.env.TEST_CITUS_URL
const citus = citusUrl === undefined ? undefined : { url: citusUrl, database: `hengqi_bench_citus_${process.pid}` }
const world = {
  rows: Number(options.rows),
  policies: Number(options.policies),
  national: Number(options.national),
  seed: Number(options.seed),
  ...(postgres && { postgres }),
  ...(citus && { citus }),
}
/** One memory of the kernels holds 20 million rows with what is remembered of them. */
const rowsOfMemory = 15_000_000
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hengqi-bench-'))

function run<T extends Result>(job: Job): T {
  const [input, output] = [path.join(scratch, 'job.json'), path.join(scratch, 'result.json')]
  writeFileSync(input, JSON.stringify(job))
  const started = performance.now()
  const heap = Math.floor((os.totalmem() / 2 ** 20) * 0.6)
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', `--max-old-space-size=${heap}`, path.join(import.meta.dirname, 'job.ts'), input, output],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (child.status !== 0) throw new Error(`The measurement ${job.kind} ${job.engine ?? ''} ended with ${child.status ?? child.signal}.`)
  console.error(`${job.kind} ${job.engine ?? ''} ${job.rows} × ${job.policies}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return JSON.parse(readFileSync(output, 'utf8')) as T
}
const engineOf = (engine: EngineName, more: Partial<Job> = {}): Figures => run<Figures>({ kind: 'engine', engine, ...world, ...more })

function measureAll(): Results {
  const results: Results = {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    command: `node bench/matching/run.ts ${process.argv
      .slice(2)
      .map((word) => word.replace(/:\/\/.*@/, '://…@'))
      .join(' ')}`.trim(),
    machine: {
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.availableParallelism(),
      gigabytes: Math.round(os.totalmem() / 2 ** 30),
      load: os.loadavg()[0]!,
      node: process.version,
      system: `${os.type()} ${os.release()}`,
    },
    options: { rows: world.rows, policies: world.policies, national: world.national, seed: world.seed },
    bandwidth: measureBandwidth(),
    engines: {},
    pruningOff: {},
    sizes: [],
  }
  if (parts.includes('engines')) for (const name of names) results.engines[name] = engineOf(name)
  if (parts.includes('pruning-off'))
    for (const name of names.filter((each) => ['columns', 'roaring', 'postgres-flat', 'postgres-full', 'duckdb'].includes(each)))
      results.pruningOff[name] = engineOf(name, { national: 1, policies: Math.min(world.policies, 500) })
  if (parts.includes('sizes'))
    for (const rows of options.sizes
      .split(',')
      .map(Number)
      .filter((n) => n > 0 && n !== world.rows))
      results.sizes.push(engineOf('columns', { rows }))
  if (parts.includes('many-policies'))
    results.manyPolicies = run<ManyPolicies>({ kind: 'many-policies', ...world, policies: world.policies * 10 })
  if (parts.includes('operations')) results.operations = run<Operations>({ kind: 'operations', ...world })
  if (parts.includes('threads'))
    results.threads = run<Threads>({ kind: 'threads', ...world, threads: options.threads.split(',').map(Number) })
  if (parts.includes('following') && postgres) results.following = run<Following>({ kind: 'following', ...world })
  if (parts.includes('nation')) {
    const rows = Number(options.nation)
    results.nation = run<Threads>({ kind: 'threads', ...world, rows, threads: [Math.ceil(rows / rowsOfMemory)] })
  }
  return results
}

async function main(): Promise<void> {
  let results: Results
  try {
    results = options.from === undefined ? measureAll() : (JSON.parse(readFileSync(options.from, 'utf8')) as Results)
  } finally {
    rmSync(scratch, { recursive: true })
    await dropBenchDatabases(world)
  }
  console.log(markdownReport(results))
  if (options.report) {
    mkdirSync(options.directory, { recursive: true })
    const write = (name: string, text: string): void => writeFileSync(path.join(options.directory, name), text)
    write('matching.json', `${JSON.stringify(results)}\n`)
    write('matching.md', markdownReport(results))
    write('matching.html', htmlReport(results))
  }
  process.exitCode = differencesIn(results) === 0 ? 0 : 1
}
await main()
