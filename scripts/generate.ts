/** Writes `docs/generated`: step diagrams, the permission table, the OpenAPI document. `--check` fails when a file is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createServer } from 'vite'

const folder = path.join(path.dirname(import.meta.dirname), 'docs', 'generated')
const vite = await createServer({
  configFile: false,
  server: { middlewareMode: true, hmr: false, ws: false },
  appType: 'custom',
  logLevel: 'error',
})
const { documents } = (await vite.ssrLoadModule('/src/portal/documents.server.ts')) as { documents: () => Record<string, string> }
const stale: string[] = []

mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(documents())) {
  const file = path.join(folder, name)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (read(file) !== text) stale.push(name)
}
await vite.close()
if (stale.length > 0) {
  console.error(`docs/generated 里有过期的文件：${stale.join('、')}。请运行 npm run generate 后提交。`)
  process.exit(1)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
