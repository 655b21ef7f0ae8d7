/** Behind the sign-in, every page but one's own account needs a seat in force; whoever lost theirs is told why, and who can help. */
import { redirect, type MiddlewareFunction } from 'react-router'
import { ctxKey } from '../platform/context.server.ts'

const ownAccount = /^\/(desk|me\/sessions|me\/data(\/.*|\.json)?)$/

export const seated: MiddlewareFunction<Response> = ({ request, context, url }) => {
  const { lapsed } = context.get(ctxKey).actor
  if (!lapsed || ownAccount.test(url.pathname)) return
  // What was typed is not done from another seat, and not lost without a word.
  if (request.method !== 'GET') throw new Response(`${lapsed}。您刚才提交的内容没有保存；恢复后请回到上一页重新提交。`, { status: 403 })
  throw redirect('/desk')
}
