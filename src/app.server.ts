/** The assembly: configuration → database → jobs → HTTP, and the list of what the platform consists of. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { createRequestHandler, RouterContextProvider, type ServerBuild } from 'react-router'
import type { Connect } from 'vite'
import { platform } from './core/access.ts'
import { noticeHandler, payingOnline } from './commons/accounts/index.server.ts'
import { certifying } from './commons/certificates/index.server.ts'
import { startMatching } from './commons/matching/index.server.ts'
import { loadLibrary, importLibrary, settingOf } from './commons/policies/index.server.ts'
import { migrations } from './migrations/index.ts'
import { apiRouter } from './platform/api-router.server.ts'
import { ConfigError, readConfig, type Config } from './platform/config.server.ts'
import { ctxKey, nonceKey, publicUrlKey } from './platform/context.server.ts'
import { openDatabase, type Ctx, type Database } from './platform/db.server.ts'
import { sayDatabaseError } from './platform/database-trouble.server.ts'
import { LockedError } from './platform/directory-lock.server.ts'
import { contentSecurityPolicy, onError, securityHeaders } from './platform/http.server.ts'
import { startJobs } from './platform/jobs.server.ts'
import { logger } from './platform/log.server.ts'
import { migrate } from './platform/migrate.server.ts'
import { idempotent } from './platform/once.server.ts'
import { openApi } from './platform/openapi.server.ts'
import { sealing } from './platform/sealed.server.ts'
import { sessionsOf, type Sessions } from './platform/sessions.server.ts'
import { renewStatistics } from './platform/statistics.server.ts'
import { health, metrics } from './portal/health.server.ts'
import { listeners, operations, schedules, version } from './portal/parts.server.ts'
import { pageCache } from './portal/page-cache.server.ts'
import { actorOf, seatPin, shellOf } from './portal/session.server.ts'
import { environmentKey } from './portal/environment.server.ts'
import { shellKey } from './web/shell.ts'
import { seedDemo } from './demo/seed.server.ts'

export interface StartOptions {
  build: () => Promise<ServerBuild>
  mode: 'web' | 'worker'
  development?: { middlewares: Connect.Server }
}

/** Starts the platform and stays until the process is told to stop. */
export async function start(options: StartOptions): Promise<void> {
  const say = (text: string) => console.log(`[衡企] ${text}`)
  const config = orStop(() => readConfig(process.env), say)
  const log = logger(config)
  const database = await prepare(config, say).catch((error: unknown) =>
    orStop(() => {
      throw error
    }, say),
  )
  const jobs = await startJobs({ database, listeners, schedules, now: config.now, log })
  const matching = startMatching({ database, dataDir: config.dataDir, mode: options.mode, now: config.now, log, settingOf })
  const close = async () => {
    await jobs.stop()
    await matching.stop()
    await database.close()
    process.exit(0)
  }
  process.once('SIGINT', close)
  process.once('SIGTERM', close)
  if (options.mode === 'worker') return say('后台任务进程已启动')
  const app = application({
    config,
    database,
    sessions: sessionsOf(config, database),
    build: options.build,
    development: Boolean(options.development),
    log,
  })
  const answer = getRequestListener(app.fetch)
  const vite = options.development?.middlewares
  createServer((request, response) => (vite ? vite(request, response, () => answer(request, response)) : void answer(request, response)))
    .once('error', (error: NodeJS.ErrnoException) => {
      say(error.code === 'EADDRINUSE' ? `端口 ${config.port} 已被占用：请先停止占用它的程序，或用 PORT=… 换一个端口。` : String(error))
      process.exit(1)
    })
    .listen(config.port, config.host, () => greet(config, say))
}

/** Opens and migrates the database, loads the library of policies and, in demo mode, tells the demo world once. */
export async function prepare(config: Config, say: (text: string) => void): Promise<Database> {
  sealing(config)
  payingOnline(config)
  certifying(config)
  say(config.databaseUrl ? '连接 PostgreSQL ……' : `打开内置数据库 ${config.dataDir} ……`)
  const database = await openDatabase(config)
  await migrate(database, migrations, (name) => say(`迁移 ${name}`))
  const ctx: Ctx = { db: database.db, actor: platform, now: config.now() }
  const report = await importLibrary(ctx, await loadLibrary())
  if (report.added + report.renewed > 0) say(`政策库：新增 ${report.added}，更新 ${report.renewed}，未变 ${report.unchanged}`)
  if (config.demo) await seedDemo(database, config, listeners, say)
  if (database.kind === 'embedded') await renewStatistics(database.db)
  return database
}

/** What the person who starts it can mend is told in one sentence; everything else keeps its stack. */
function orStop<T>(work: () => T, say: (text: string) => void): T {
  try {
    return work()
  } catch (error) {
    const said = error instanceof ConfigError || error instanceof LockedError ? error.message : sayDatabaseError(error)
    if (said === undefined) throw error
    say(said)
    process.exit(1)
  }
}

interface Parts {
  config: Config
  database: Database
  sessions: Sessions
  build: () => Promise<ServerBuild>
  development: boolean
  log: ReturnType<typeof logger>
}

/** Compressed once, by the build. */
const built = { root: './build/client', precompressed: true }

export function application({ config, database, sessions, build, development, log }: Parts): Hono {
  const app = new Hono()
  const contextOf = async (request: Request): Promise<Ctx> => {
    const now = config.now()
    return { db: database.db, actor: await actorOf(database.db, sessions, request, now), now }
  }

  app.onError(onError(log))
  app.use(securityHeaders(config))
  app.use(compress())
  app.get('/healthz', health(database))
  app.get('/metrics', metrics(database))
  app.get('/api/openapi.json', (c) => c.json(openApi(operations, version)))
  // Before sessions and pages: whoever calls it shows a signature.
  app.post(
    '/api/pay/wechat/notify/:institution',
    noticeHandler(database, config.now, (error) => log.error({ err: error }, 'wechat notice')),
  )
  app.use('/api/v1/*', sameOrigin(config))
  app.use(
    '/api/v1/*',
    idempotent(database, (c) => contextOf(c.req.raw)),
  )
  app.route(
    '/api/v1',
    apiRouter(operations, async (c) => ({ ...(await contextOf(c.req.raw)), once: c.get('once') })),
  )
  if (!development) {
    app.use('/assets/*', serveStatic({ ...built, onFound: (_, c) => c.header('cache-control', 'public, max-age=31536000, immutable') }))
    app.use('/*', serveStatic(built))
  }
  app.use('*', pageCache(database, development))
  app.all('*', async (c) => {
    const handle = createRequestHandler(await build(), development ? 'development' : 'production')
    const ctx = await contextOf(c.req.raw)
    const nonce = randomBytes(16).toString('base64')
    const context = new RouterContextProvider()
    context.set(ctxKey, ctx)
    context.set(nonceKey, nonce)
    context.set(publicUrlKey, config.publicUrl)
    context.set(environmentKey, { config, sessions })
    const shell = await shellOf(ctx, sessions, c.req.raw, config)
    context.set(shellKey, shell)
    const response = await handle(c.req.raw, context)
    // A file that somebody brought has said so itself, and stricter.
    if (!response.headers.has('content-security-policy'))
      response.headers.set(
        'content-security-policy',
        contentSecurityPolicy(nonce, { development, frames: c.req.path === '/policies/embed' }),
      )
    const pin = seatPin(shell, c.req.raw)
    // A page that picks a seat has said so itself.
    if (pin && !response.headers.has('set-cookie')) response.headers.append('set-cookie', pin)
    return response
  })
  return app
}

/** A cookie may only write from our own pages; calls without a cookie carry no authority to abuse. */
const sameOrigin = (config: Config) => async (c: import('hono').Context, next: () => Promise<void>) => {
  const origin = c.req.header('origin')
  const own = new Set([config.publicUrl, new URL(c.req.url).origin])
  if (c.req.method !== 'GET' && origin && !own.has(origin))
    return c.json({ title: '跨站请求被拒绝', status: 403, detail: '请从本站页面提交。' }, 403)
  await next()
}

function greet(config: Config, say: (text: string) => void) {
  const address = config.publicUrl
  say('')
  say(`已就绪：${address}`)
  if (config.demo) say(`演示身份（一键登录）：${address}/demo    口令登录：用户名 demo-enterprise，口令 hengqi-demo`)
  say('按 Ctrl+C 停止；数据保存在 ' + (config.databaseUrl ? 'PostgreSQL' : config.dataDir))
}
