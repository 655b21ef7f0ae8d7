/** `npm run test:database`: the tests that open a database, on the one that `TEST_DATABASE_URL` names. The others say the same there. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const files = globSync('src/**/*.test.{ts,tsx}', { cwd: root }).filter((file) =>
  /inject\('template'\)|TEST_DATABASE_URL/.test(readFileSync(path.join(root, file), 'utf8')),
)
console.log(`${files.length} 个打开数据库的测试文件`)
const { status } = spawnSync('vitest', ['run', ...files, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
