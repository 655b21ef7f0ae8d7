/**
 * Compiles the SIMD kernels (AssemblyScript) and writes their bytes as a module, so that a clean clone needs no compiler to run.
 *   node scripts/build-kernels.ts           writes src/matching/kernels/simd-bytes.ts
 *   node scripts/build-kernels.ts --check   compares only; ends with code 1 when the file is stale
 */
import asc from 'assemblyscript/asc'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const folder = 'src/matching/kernels/simd'
const source = `${folder}/kernels.ts`
const target = path.join(root, 'src/matching/kernels/simd-bytes.ts')

/** The text of the module. The same bytes on every machine: the compiler is pinned in the lock file and is WebAssembly itself. */
export async function buildKernels(): Promise<string> {
  const sources = new Set(readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`))
  const files: Record<string, string | Uint8Array> = {}
  const { error, stderr } = await asc.main(
    [
      ...words(`${source} --outFile kernels.wasm -O3 --noAssert --runtime stub --noColors`),
      ...words('--importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536'),
      ...words('--enable simd --enable threads --enable bulk-memory'),
    ],
    {
      // Of every name the compiler tries, only those below the folder of the source.
      readFile: (name) => (sources.has(name) ? readFileSync(path.join(root, name), 'utf8') : null),
      writeFile: (name, contents) => void (files[name] = contents),
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  const text = Buffer.from(files['kernels.wasm']!).toString('base64')
  const lines = text.match(/.{1,120}/g)!.map((line) => `  '${line}'`)
  return `/** Made from \`simd/kernels.ts\` by \`scripts/build-kernels.ts\`; a test builds it again and compares. */\nexport const simdBytes =\n${lines.join(' +\n')}\n`
}

const words = (text: string): string[] => text.split(' ')

if (import.meta.main) {
  const wanted = await buildKernels()
  if (!process.argv.includes('--check')) writeFileSync(target, wanted)
  else if (readFileSync(target, 'utf8') !== wanted) {
    console.error('src/matching/kernels/simd-bytes.ts 已过时，请运行 node scripts/build-kernels.ts')
    process.exitCode = 1
  }
}
