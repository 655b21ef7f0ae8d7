/** What an operator can put right; anything else is a bug and keeps its trace. Codes: Node's, and PostgreSQL appendix A. */
export function sayDatabaseError(error: unknown): string | undefined {
  const { code } = error as { code?: string }
  if (code === undefined) return undefined
  if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH', 'ECONNRESET'].includes(code))
    return `连不上数据库（${code}），请核对 DATABASE_URL 里的地址和端口，并确认数据库已启动。`
  if (['28P01', '28000'].includes(code)) return `数据库拒绝了用户名或密码（${code}），请核对 DATABASE_URL。`
  if (code === '3D000') return '没有 DATABASE_URL 指明的数据库，请先建好这个库。'
  if (code === '42P01') return '数据库还没有建表，请先运行 hengqi migrate。'
  return undefined
}
