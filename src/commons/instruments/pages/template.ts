import { ctxKey } from '../../../platform/context.server.ts'
import { download } from '../../../platform/sheet-writer.server.ts'
import { templateSheet } from '../import/sheet.server.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/template.ts'

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  return download(await templateSheet(ctx), '器具台账导入模板', 'xlsx')
}
