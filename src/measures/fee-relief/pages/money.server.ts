/** Who may look at money: the enterprise within its delegation, and the finance desk; at reviews also the authority. An agent never does. */
import { missingScope } from '../../../commons/people/index.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { admit } from '../../../web/admit.server.ts'

export async function admitMoney(ctx: Ctx, url: URL, admitted: readonly ('enterprise' | 'finance')[]): Promise<void> {
  admit(ctx, url, admitted)
  const beyond = await missingScope(ctx, 'money')
  if (beyond) throw new Response(beyond.reason, { status: 403 })
}

/** Whether it is the enterprise's own page, after admitting. */
export async function admitReviews(ctx: Ctx, url: URL): Promise<boolean> {
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['finance', 'regulator', 'admin'])
  const beyond = await missingScope(ctx, 'money')
  if (beyond) throw new Response(beyond.reason, { status: 403 })
  return own
}
