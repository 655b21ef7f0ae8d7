/** What the sign-in holds about a person, for that person; and its end. The tables are better-auth's (`sessions.server.ts`). */
import { sql } from 'kysely'
import type { Ctx } from './db.server.ts'

export interface Account {
  /** As it is typed at the sign-in. */
  login: string
  createdAt: string
  sessions: { startedAt: string; expiresAt: string; ipAddress: string | null; userAgent: string | null }[]
}

/** A login name is kept as an address that can receive no mail (RFC 2606). */
const loginOf = (email: string) => email.replace(/@login\.invalid$/, '')

export async function findAccount({ db, now }: Ctx, userId: string): Promise<Account | undefined> {
  const { rows } = await sql<{ email: string; created_at: string }>`select email, created_at from auth_user where id = ${userId}`.execute(
    db,
  )
  if (!rows[0]) return undefined
  const sessions = await sql<Account['sessions'][number]>`
    select created_at as "startedAt", expires_at as "expiresAt", ip_address as "ipAddress", user_agent as "userAgent"
    from auth_session where user_id = ${userId} and expires_at > ${now}::timestamptz order by created_at`.execute(db)
  return { login: loginOf(rows[0].email), createdAt: rows[0].created_at, sessions: sessions.rows }
}

export const renameAccount = ({ db, now }: Ctx, userId: string, name: string) =>
  sql`update auth_user set name = ${name}, updated_at = ${now} where id = ${userId}`.execute(db)

/** Every session, the password and the account itself: nobody can sign in with it again, and whoever is signed in is no more. */
export async function eraseAccount({ db }: Ctx, userId: string): Promise<void> {
  await sql`delete from auth_verification where identifier in (select email from auth_user where id = ${userId}) or value = ${userId}`.execute(
    db,
  )
  await sql`delete from auth_session where user_id = ${userId}`.execute(db)
  await sql`delete from auth_account where user_id = ${userId}`.execute(db)
  await sql`delete from auth_user where id = ${userId}`.execute(db)
}
