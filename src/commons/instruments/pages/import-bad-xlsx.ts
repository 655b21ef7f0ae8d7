import { ctxKey } from '../../../platform/context.server.ts'
import { download } from '../../../platform/sheet-writer.server.ts'
import { findImport } from '../import/queries.server.ts'
import { badRowsExcel } from '../import/sheet.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import type { Route } from './+types/import-bad-xlsx.ts'

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const row = await findImport(ctx, params.id)
  if (!row?.columns.layout) throw missing('这次导入')
  return download(await badRowsExcel(ctx, row), `有问题的行-${row.file_name.replace(/\.\w+$/, '')}`, 'xlsx')
}
