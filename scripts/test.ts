/**
 * `npm test`: types, then unit, database and house tests, then the browser journeys where a Chromium is found.
 * Ends with one line that counts everything.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findChromium } from './chromium.ts'

const root = path.dirname(import.meta.dirname)
const reports = path.join(root, 'node_modules', '.cache', 'hengqi-reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

const results = { passed: 0, failed: 0, skipped: 0 }

step('生成路由类型', 'react-router', ['typegen'])
step('检查类型', 'tsc', ['--noEmit', '-p', 'tsconfig.json'])
const unit = path.join(reports, 'unit.json')
tests('单元、数据库和结构测试', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile=${unit}`], () => {
  const report = JSON.parse(readFileSync(unit, 'utf8')) as { numPassedTests: number; numFailedTests: number; numPendingTests: number }
  return [report.numPassedTests, report.numFailedTests, report.numPendingTests]
})

const chromium = findChromium()
if (chromium) {
  const journeys = path.join(reports, 'journeys.json')
  tests(
    `浏览器旅程（${chromium}）`,
    'playwright',
    ['test'],
    () => {
      const { stats } = JSON.parse(readFileSync(journeys, 'utf8')) as {
        stats: { expected: number; unexpected: number; flaky: number; skipped: number }
      }
      return [stats.expected + stats.flaky, stats.unexpected, stats.skipped]
    },
    { HENGQI_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: journeys },
  )
} else {
  console.log('\n没有找到 Chromium：以下旅程没有运行。安装系统的 chromium 或 Playwright 的 Chromium 后会自动运行。')
  spawnSync('playwright', ['test', '--list'], { cwd: root, stdio: 'inherit' })
}

console.log(`\n${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`)
process.exit(results.failed > 0 || results.passed === 0 ? 1 : 0)

function step(title: string, command: string, args: string[]): void {
  console.log(`\n— ${title}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** A runner that ends badly without a failed test (a crash, no test found) still counts as one failure. */
function tests(title: string, command: string, args: string[], count: () => number[], env: Record<string, string> = {}): void {
  console.log(`\n— ${title}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  let [passed = 0, failed = 0, skipped = 0] = [0, 0, 0]
  try {
    ;[passed, failed, skipped] = count() as [number, number, number]
  } catch {
    failed = 1
  }
  results.passed += passed
  results.failed += status !== 0 && failed === 0 ? 1 : failed
  results.skipped += skipped
}
