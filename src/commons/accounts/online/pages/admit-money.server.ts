/** Who may open these pages: the enterprise within its delegation, or the finance desk; nobody where it is not configured. */
import type { Ctx } from '../../../../platform/db.server.ts'
import { admit, missing } from '../../../../web/admit.server.ts'
import { missingScope } from '../../../people/index.server.ts'
import { onlineIsOn } from '../gateway.server.ts'

export async function admitOnline(ctx: Ctx, url: URL, admitted: readonly ('enterprise' | 'finance')[]): Promise<void> {
  admit(ctx, url, admitted)
  const beyond = await missingScope(ctx, 'money')
  if (beyond) throw new Response(beyond.reason, { status: 403 })
  if (!onlineIsOn()) throw missing('这一页：平台没有开通微信支付')
}
