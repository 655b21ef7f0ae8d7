/** The journal as a sheet for finance software: one row a line, debit and credit apart, in the order in which it was booked. */
import { fen, plainYuan } from '../../core/money.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Cell, SheetColumn } from '../../platform/sheet-writer.server.ts'
import { accounts } from './chart.ts'
import { acts } from './model.ts'
import { mine } from './queries.server.ts'

export const journalColumns: readonly SheetColumn[] = [
  '凭证号',
  '日期',
  '业务',
  '摘要',
  '科目',
  '借方',
  '贷方',
  '往来单位',
  '委托单',
  '项目',
  '经办',
].map((header) => ({ header }))

const together = 500

export async function* journalRows(ctx: Ctx): AsyncGenerator<Cell[]> {
  for (let after = ''; ;) {
    const entries = await ctx.db
      .selectFrom('book_entries as e')
      .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'e.province').onRef('o.id', '=', 'e.org_id'))
      .select(['e.province', 'e.id', 'e.booked_on', 'e.act', 'e.memo', 'e.by_name', 'o.name'])
      .where(mine(ctx, 'e'))
      .$if(after !== '', (qb) => qb.where('e.id', '>', after))
      .orderBy('e.id')
      .limit(together)
      .execute()
    if (entries.length === 0) return
    const lines = await ctx.db
      .selectFrom('book_lines as l')
      .leftJoin('charges as c', (join) => join.onRef('c.province', '=', 'l.province').onRef('c.id', '=', 'l.charge_id'))
      .select(['l.entry_id', 'l.account', 'l.amount_fen', 'c.order_number', 'c.title'])
      .where(
        'l.entry_id',
        'in',
        entries.map(({ id }) => id),
      )
      .orderBy('l.entry_id')
      .orderBy('l.n')
      .execute()
    const byEntry = Map.groupBy(lines, ({ entry_id }) => entry_id)
    for (const { id, booked_on, act, memo, by_name, name } of entries)
      for (const { account, amount_fen, order_number, title } of byEntry.get(id) ?? []) {
        const amount = plainYuan(fen(amount_fen < 0n ? -amount_fen : amount_fen))
        yield [
          id.slice(-12),
          booked_on,
          acts[act],
          memo,
          accounts[account],
          amount_fen > 0n ? amount : null,
          amount_fen < 0n ? amount : null,
          name,
          order_number,
          title,
          by_name,
        ]
      }
    if (entries.length < together) return
    after = entries.at(-1)!.id
  }
}
