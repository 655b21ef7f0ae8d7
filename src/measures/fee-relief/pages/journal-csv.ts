import { ctxKey } from '../../../platform/context.server.ts'
import { csvStream, download } from '../../../platform/sheet-writer.server.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { journalColumns, journalRows } from '../../../commons/accounts/index.server.ts'
import type { Route } from './+types/journal-csv.ts'
import { admitMoney } from './money.server.ts'

/** Every line of the book, for the institution's finance software. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  return download(csvStream(journalColumns, journalRows(ctx)), `分录-${shanghaiDate(ctx.now)}.csv`, 'csv')
}
