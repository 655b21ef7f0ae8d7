/** The walls of the house: layers, doors, cycles, file size. Each check is tried on a broken example first, so that it is seen to fail. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.dirname(import.meta.dirname)
const sources = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((f) => !/\.(test|arbitrary)\.tsx?$/.test(f))

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
const importsIn = (file: string, text: string): string[] =>
  [...text.matchAll(importPattern)]
    .map((m) => m[1] ?? m[2] ?? m[3] ?? '')
    .filter((target) => target.startsWith('.') && !target.includes('/+types/'))
    .map((target) => path.posix.normalize(path.posix.join(path.posix.dirname(file), target)))

type Edge = readonly [from: string, to: string]
const edges: Edge[] = sources.flatMap((file) =>
  importsIn(file, readFileSync(path.join(root, file), 'utf8')).map((to) => [file, to] as const),
)

/** Lower may not import higher. `web` stands beside and may import `core` only; anything above platform may import its kit. */
const order = ['core', 'matching', 'platform', 'commons', 'measures', 'assembly'] as const
const layerOf = (file: string): (typeof order)[number] | 'web' | 'migrations' => {
  const folder = file.split('/')[1] ?? ''
  if (folder === 'web' || folder === 'migrations') return folder
  return (order as readonly string[]).includes(folder) ? (folder as (typeof order)[number]) : 'assembly'
}
const wrongLayer = ([from, to]: Edge): boolean => {
  const [a, b] = [layerOf(from), layerOf(to)]
  if (a === b) return false
  if (a === 'migrations') return true
  if (b === 'migrations') return a !== 'assembly' && from !== 'src/platform/test-database.server.ts'
  if (a === 'web')
    return (
      b !== 'core' && !(b === 'platform' && /\/(refused|preferences)\.server\.tsx?$/.test(from)) && to !== 'src/platform/context.server.ts'
    )
  if (b === 'web') return order.indexOf(a) < order.indexOf('commons')
  return order.indexOf(b) > order.indexOf(a)
}

/** `commons/x` and `measures/x` are entered through `index.ts` or `index.server.ts`; measures do not know each other. */
const folderOf = (file: string) => /^src\/(commons|measures)\/[^/]+/.exec(file)?.[0]
const doors = /^src\/(commons|measures|matching)(\/[^/]+)?\/(index|index\.server|routes|seed\.server)\.tsx?$/
const wrongDoor = ([from, to]: Edge): boolean => {
  const [a, b] = [folderOf(from), folderOf(to)]
  if (!b || a === b) return false
  if (a?.startsWith('src/measures/') && b.startsWith('src/measures/')) return true
  return !doors.test(to)
}

/** Groups of files that import each other. Type-only knots count too: they are as hard to read. */
const cyclesIn = (list: readonly Edge[]): string[] => {
  const next = Map.groupBy(list, ([from]) => from)
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, trail: string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') return void found.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
    state.set(file, 'open')
    for (const [, to] of next.get(file) ?? []) visit(to, [...trail, file])
    state.set(file, 'done')
  }
  for (const file of next.keys()) visit(file, [])
  return found
}

const maxLines = 300

describe('墙', () => {
  it('依赖只朝一个方向', () => {
    expect(wrongLayer(['src/core/a.ts', 'src/platform/b.ts'])).toBe(true)
    expect(wrongLayer(['src/web/a.tsx', 'src/measures/x/b.ts'])).toBe(true)
    expect(wrongLayer(['src/measures/x/a.ts', 'src/core/b.ts'])).toBe(false)
    expect(edges.filter(wrongLayer).map((e) => e.join(' → '))).toEqual([])
  })

  it('文件夹只从门进，措施之间互不认识', () => {
    expect(wrongDoor(['src/measures/x/a.ts', 'src/measures/y/index.ts'])).toBe(true)
    expect(wrongDoor(['src/measures/x/a.ts', 'src/commons/people/queries.server.ts'])).toBe(true)
    expect(wrongDoor(['src/measures/x/a.ts', 'src/commons/people/index.server.ts'])).toBe(false)
    expect(edges.filter(wrongDoor).map((e) => e.join(' → '))).toEqual([])
  })

  it('没有循环引用', () => {
    expect(
      cyclesIn([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
      ]),
    ).toEqual(['a → b → c → a'])
    expect(cyclesIn(edges)).toEqual([])
  })

  it('纯文件不碰数据库和网络：只有 .server 文件引用 .server 文件', () => {
    const pure = (file: string) => !/\.server\.tsx?$/.test(file) && /^src\/(core|commons|measures|web|matching)\//.test(file)
    const page = (file: string) => /\/(pages|layouts)\//.test(file) || /^src\/(root|routes)\.tsx?$/.test(file)
    const wrong = ([from, to]: Edge) => pure(from) && !page(from) && /\.server\.tsx?$/.test(to)
    expect(wrong(['src/core/a.ts', 'src/platform/b.server.ts'])).toBe(true)
    expect(edges.filter(wrong).map((e) => e.join(' → '))).toEqual([])
  })

  it(`一个文件一个主题，不超过 ${maxLines} 行`, () => {
    const long = (file: string, text: string) => (text.split('\n').length > maxLines ? [`${file}: ${text.split('\n').length}`] : [])
    expect(long('x.ts', '\n'.repeat(maxLines + 1))).toHaveLength(1)
    expect(sources.flatMap((file) => long(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([])
  })

  it('启动器和迁移不引用 src 的其他部分', () => {
    expect(importsIn('server.ts', readFileSync(path.join(root, 'server.ts'), 'utf8'))).toEqual([])
  })
})
