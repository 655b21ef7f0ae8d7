/**
 * Launcher. It imports nothing from `src/`: the application exists once in the process, inside the build.
 * `node server.ts` serves the built application; `--dev` serves the sources with hot reload; `--worker` runs jobs only.
 */
const dev = process.argv.includes('--dev')
const mode = process.argv.includes('--worker') ? 'worker' : 'web'
process.env.TZ ??= 'Asia/Shanghai'

interface Build {
  entry: { module: { start(options: object): Promise<void> } }
}

if (dev) {
  const { createServer } = await import('vite')
  const vite = await createServer({ server: { middlewareMode: true }, appType: 'custom' })
  const load = () => vite.ssrLoadModule('virtual:react-router/server-build') as unknown as Promise<Build>
  const build = await load()
  await build.entry.module.start({ build: load, mode, development: vite })
} else {
  const build = (await import(new URL('./build/server/index.js', import.meta.url).href)) as Build
  await build.entry.module.start({ build: async () => build, mode })
}
