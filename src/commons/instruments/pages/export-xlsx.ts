import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { download } from '../../../platform/sheet-writer.server.ts'
import { registerExcel } from '../import/sheet.server.ts'
import { exportQuery } from './export-query.server.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/export-xlsx.ts'

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  return download(registerExcel(ctx, exportQuery(url)), `器具台账-${shanghaiDate(ctx.now)}`, 'xlsx')
}
