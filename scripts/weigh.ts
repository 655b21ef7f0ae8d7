/** Script and style of each page, gzip, as the browser loads them on a first visit. Needs a build. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const client = path.join(path.dirname(import.meta.dirname), 'build', 'client')

interface Entry {
  parentId?: string
  module: string
  imports: string[]
  css: string[]
}

const file = readdirSync(path.join(client, 'assets')).find((name) => name.startsWith('manifest'))
if (!file) throw new Error('no build: run npm run build first')
const text = readFileSync(path.join(client, 'assets', file), 'utf8')
const manifest = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as { entry: Entry; routes: Record<string, Entry> }

const kilobytes = (names: Iterable<string>): string =>
  ([...new Set(names)].reduce((sum, name) => sum + gzipSync(readFileSync(path.join(client, name))).length, 0) / 1000).toFixed(1)

/** A route with the layouts around it. */
const chain = (id: string): Entry[] => {
  const entry = manifest.routes[id]!
  return entry.parentId ? [...chain(entry.parentId), entry] : [entry]
}

for (const id of Object.keys(manifest.routes).filter((each) => each.includes('/pages/'))) {
  const parts = chain(id)
  const scripts = [manifest.entry, ...parts].flatMap(({ module, imports }) => [module, ...imports])
  console.log(`${id}: ${kilobytes(scripts)} kB script, ${kilobytes(parts.flatMap(({ css }) => css))} kB style`)
}
