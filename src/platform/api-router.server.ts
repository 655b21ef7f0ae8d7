/** Serves operations: parses, checks the role, runs the same query or command as the pages, maps refusals once. */
import { Hono, type Context } from 'hono'
import type { ZodType } from 'zod'
import { roles } from '../core/access.ts'
import { isRefusal, refuse, type Refusal } from '../core/refusal.ts'
import type { Operation } from './api.server.ts'
import { toJson, type Ctx } from './db.server.ts'
import { problem } from './http.server.ts'

/** Largest JSON body: a policy with all its clauses is some 20 kB. */
const maxBody = 1_000_000

export const apiRouter = (operations: readonly Operation[], contextOf: (c: Context) => Promise<Ctx>): Hono => {
  const app = new Hono()
  for (const op of operations) {
    app.on(op.method.toUpperCase(), op.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const answer = await answerOf(op, c, await contextOf(c))
      if (isRefusal(answer)) return problem(c, answer)
      return answer instanceof Response ? answer : json(answer)
    })
  }
  app.all('*', (c) => problem(c, refuse('missing', `没有这个接口：${c.req.method} ${c.req.path}。可用的接口见 /api/docs。`)))
  return app
}

async function answerOf(op: Operation, c: Context, ctx: Ctx): Promise<unknown> {
  if (op.by !== 'public' && !op.by.includes(ctx.actor.role)) {
    const who = op.by.map((role) => roles[role]).join('、')
    if (ctx.actor.lapsed) return refuse('forbidden', `${ctx.actor.lapsed}。`, { code: 'SEAT_LAPSED' })
    return ctx.actor.role === 'visitor'
      ? refuse('forbidden', `“${op.summary}”需要先登录（${who}）。`, { code: 'SIGN_IN_REQUIRED' })
      : refuse('forbidden', `“${op.summary}”由${who}办理，您当前的身份是${roles[ctx.actor.role]}。`)
  }
  const body = op.body ? await bodyOf(c) : undefined
  if (isRefusal(body)) return body
  const input = {
    params: parse(op.params, c.req.param(), '路径'),
    query: parse(op.query, c.req.query(), '查询参数'),
    body: op.body ? parse(op.body, body, '请求体') : undefined,
  }
  const bad = Object.values(input).find(isRefusal)
  return bad ?? op.run(ctx, input as never)
}

async function bodyOf(c: Context): Promise<unknown> {
  const text = await c.req.text()
  if (text.length > maxBody) return refuse('invalid', `请求体太大：最多 ${maxBody / 1e6} MB，请拆分后再提交。`)
  if (!/^application\/(\w+\+)?json\b/.test(c.req.header('content-type') ?? ''))
    return refuse('invalid', '请求体须为 JSON，请把 Content-Type 设为 application/json。')
  try {
    return JSON.parse(text)
  } catch {
    return refuse('invalid', '请求体不是合法的 JSON，请检查括号和引号。')
  }
}

/** The parsed value, or a refusal that names each field. */
export const parse = (schema: ZodType | undefined, value: unknown, where: string): unknown | Refusal => {
  if (!schema) return value
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields = Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.') || where, issue.message]))
  return refuse(
    'invalid',
    `${where}有 ${result.error.issues.length} 处不符合要求：${Object.entries(fields)
      .map(([k, v]) => `${k}（${v}）`)
      .slice(0, 5)
      .join('；')}`,
    { fields },
  )
}

export const json = (value: unknown, status = 200): Response =>
  new Response(toJson(value), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
