/** Files that are run from source, in a thread of their own: a bundler would have to know of a second entry for each. */
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Where `file` (from the root of the installation: `src/…`) lies, from wherever this module runs: the sources or the build. */
export function sourceFile(file: string, from = import.meta.dirname): string {
  const found = path.join(from, file)
  if (existsSync(found)) return found
  const up = path.dirname(from)
  if (up === from) throw new Error(`${file} is not in the installation`)
  return sourceFile(file, up)
}
