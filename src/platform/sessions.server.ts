/** Accounts and sessions (better-auth). What a person may do is decided by their memberships, not here. */
import { betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { KyselyPlugin, UnknownRow } from 'kysely'
import { z } from 'zod'
import { refuse, type Refusal } from '../core/refusal.ts'
import type { Config } from './config.server.ts'
import type { Database } from './db.server.ts'
import { limiter } from './rate.server.ts'

export interface User {
  id: string
  name: string
}

export interface SessionRow {
  token: string
  createdAt: string
  expiresAt: string
  ipAddress: string | null
  userAgent: string | null
  current: boolean
}

export type Sessions = ReturnType<typeof sessionsOf>

/** better-auth counts in Dates, our connection gives ISO text. */
const dates: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(withDates) }),
}
const withDates = (row: UnknownRow): UnknownRow =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, /_at$|At$/.test(key) && typeof value === 'string' ? new Date(value) : value]),
  )

const fields = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** A login name is not an address; the library wants one, and `.invalid` can never receive mail (RFC 2606). */
const addressOf = (login: string) => (login.includes('@') ? login : `${login}@login.invalid`).toLowerCase()

/** A session without a password, for the one-click persons of the demo. It has no path, so no request from outside reaches it. */
const withoutPassword = {
  id: 'without-password',
  endpoints: {
    signInWithoutPassword: createAuthEndpoint({ method: 'POST', body: z.object({ email: z.string() }) }, async (c) => {
      const found = await c.context.internalAdapter.findUserByEmail(c.body.email)
      if (!found) return { found: false }
      const session = await c.context.internalAdapter.createSession(found.user.id)
      await setSessionCookie(c, { session, user: found.user })
      return { found: true }
    }),
  },
} as const

const lockout = { failures: 5, seconds: 15 * 60 }

export function sessionsOf(config: Pick<Config, 'secret' | 'publicUrl'> & Partial<Pick<Config, 'demo'>>, database: Pick<Database, 'db'>) {
  const auth = betterAuth({
    secret: config.secret,
    baseURL: config.publicUrl,
    database: { db: database.db.withPlugin(dates) as never, type: 'postgres' },
    emailAndPassword: { enabled: true, minPasswordLength: 10, autoSignIn: false },
    user: { modelName: 'auth_user', fields: { ...fields, emailVerified: 'email_verified' } },
    session: {
      modelName: 'auth_session',
      fields: { ...fields, userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent' },
      expiresIn: 60 * 60 * 24 * 7,
    },
    account: {
      modelName: 'auth_account',
      fields: {
        ...fields,
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: { modelName: 'auth_verification', fields: { ...fields, expiresAt: 'expires_at' } },
    plugins: [withoutPassword],
    advanced: { cookiePrefix: 'hengqi' },
    // Our own limits below count per login as well as per address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  })
  const attempts = limiter(lockout.failures, lockout.seconds)
  const known = new WeakMap<Request, Promise<User | undefined>>()

  const signIn = async (request: Request, { login, password }: { login: string; password: string }): Promise<Headers | Refusal> => {
    const key = addressOf(login)
    if (!attempts.take(key))
      return refuse(
        'conflict',
        `口令连续输错 ${lockout.failures} 次，这个账号暂停登录，最多 ${lockout.seconds / 60} 分钟后恢复。忘记口令请联系本单位管理员。`,
      )
    try {
      const { headers } = await auth.api.signInEmail({ body: { email: key, password }, headers: request.headers, returnHeaders: true })
      attempts.forget(key)
      return cookiesOnly(headers)
    } catch {
      // The same words whether the account or the password is wrong: nobody learns which accounts exist.
      return refuse('invalid', '用户名或口令不对，请检查后重试。', { fields: { password: '用户名或口令不对' } })
    }
  }

  return {
    signIn,
    /** Signs in as somebody of the demo world by login name; throws outside demo mode. */
    async signInAs(request: Request, login: string): Promise<Headers | Refusal> {
      if (!config.demo) throw new Error('signInAs exists in demo mode only')
      const { headers, response } = await auth.api.signInWithoutPassword({
        body: { email: addressOf(login) },
        headers: request.headers,
        returnHeaders: true,
      })
      return response.found ? cookiesOnly(headers) : refuse('missing', `没有演示身份“${login}”。请从演示页面选一个。`)
    },
    /** Creates an account; the caller has checked who may. Returns its user id. */
    async createAccount(login: string, name: string, password: string): Promise<string> {
      const { user } = await auth.api.signUpEmail({ body: { email: addressOf(login), name, password } })
      return user.id
    },
    /** The signed-in person of a request, looked up once. */
    sessionUser(request: Request): Promise<User | undefined> {
      const found =
        known.get(request) ??
        auth.api.getSession({ headers: request.headers }).then((s) => (s ? { id: s.user.id, name: s.user.name } : undefined))
      known.set(request, found)
      return found
    },
    async signOut(request: Request): Promise<Headers> {
      const { headers } = await auth.api.signOut({ headers: request.headers, returnHeaders: true })
      return cookiesOnly(headers)
    },
    /** Every live session of the person, so that a stolen one can be ended from another device. */
    async listSessions(request: Request): Promise<SessionRow[]> {
      const current = (await auth.api.getSession({ headers: request.headers }))?.session.token
      const rows = await auth.api.listSessions({ headers: request.headers })
      return rows.map((s) => ({
        token: s.token,
        createdAt: new Date(s.createdAt).toISOString(),
        expiresAt: new Date(s.expiresAt).toISOString(),
        ipAddress: s.ipAddress ?? null,
        userAgent: s.userAgent ?? null,
        current: s.token === current,
      }))
    },
    revokeSession: (request: Request, token: string) => auth.api.revokeSession({ body: { token }, headers: request.headers }),
  }
}

function cookiesOnly(headers: Headers): Headers {
  const cookies = new Headers()
  for (const cookie of headers.getSetCookie()) cookies.append('set-cookie', cookie)
  return cookies
}
