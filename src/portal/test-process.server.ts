/**
 * A process of its own for tests: the same platform on a PostgreSQL that another process uses too. Started with `fork`; it is told in
 * messages which commands to run, and it serves the API on a free port. Argument: a `Place` as JSON.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { application } from '../app.server.ts'
import { applyAdvance, matchPayment, refundAdvance, reverseEntry } from '../commons/accounts/index.server.ts'
import { cancelLine } from '../commons/orders/index.server.ts'
import type { Actor } from '../core/access.ts'
import { isRefusal } from '../core/refusal.ts'
import { acceptWithRelief, deferCharges } from '../measures/fee-relief/index.server.ts'
import type { Config } from '../platform/config.server.ts'
import { openPostgres, type Ctx } from '../platform/db.server.ts'
import { drain } from '../platform/jobs.server.ts'
import { logger } from '../platform/log.server.ts'
import { sessionsOf } from '../platform/sessions.server.ts'
import { listeners } from './parts.server.ts'

export interface Place {
  databaseUrl: string
  secret: string
  now: string
}

/** The commands that two desks may give at once. */
const commands = {
  accept: acceptWithRelief,
  match: matchPayment,
  cancel: cancelLine,
  advance: applyAdvance,
  refund: refundAdvance,
  reverse: reverseEntry,
  defer: deferCharges,
} satisfies Record<string, (ctx: Ctx, ...given: never[]) => Promise<unknown>>

export interface Task {
  n: number
  command: keyof typeof commands | 'hear'
  actor: Actor
  given: unknown[]
}

/** `done`, the code of a refusal, or `failed: …` for what no command may do: throw. */
export interface Outcome {
  n: number
  said: string
  again: boolean
}

export const configAt = ({ databaseUrl, secret, now }: Place): Config => ({
  port: 0,
  host: '127.0.0.1',
  publicUrl: 'http://127.0.0.1',
  dataDir: '',
  databaseUrl,
  demo: false,
  secret,
  logLevel: 'silent',
  wechatPayUrl: undefined,
  dccSchemas: undefined,
  dccTrust: undefined,
  certificateSignature: 'ecdsa-p256',
  now: () => now,
})

async function serve(place: Place): Promise<void> {
  const config = configAt(place)
  const database = await openPostgres(place.databaseUrl)
  const run = async ({ command, actor, given }: Task): Promise<Omit<Outcome, 'n'>> => {
    if (command === 'hear') {
      await drain(database, listeners, place.now)
      return { said: 'done', again: false }
    }
    const act = commands[command] as (ctx: Ctx, ...rest: unknown[]) => Promise<unknown>
    const answer = await act({ db: database.db, actor, now: place.now }, ...given)
    const again = (answer as { again?: boolean }).again === true
    return { said: isRefusal(answer) ? (answer.code ?? answer.kind) : 'done', again }
  }
  process.on('message', (task: Task) => {
    void run(task)
      .catch((error: unknown) => ({ said: `failed: ${String(error)}`, again: false }))
      .then((outcome) => process.send!({ n: task.n, ...outcome }))
  })
  process.once('disconnect', () => void database.close().finally(() => process.exit(0)))
  const app = application({
    config,
    database,
    sessions: sessionsOf(config, database),
    build: () => Promise.reject(new Error('this process has no pages')),
    development: false,
    log: logger(config),
  })
  const server = createServer((request, response) => void getRequestListener(app.fetch)(request, response))
  server.listen(0, config.host, () => process.send!({ port: (server.address() as AddressInfo).port }))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await serve(JSON.parse(process.argv[2]!) as Place)
