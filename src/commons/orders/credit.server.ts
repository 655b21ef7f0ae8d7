/** More relief for a line than was decided at acceptance. The frozen decision stays as it is; the sum goes on. */
import { sql } from 'kysely'
import type { Fen } from '../../core/money.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { tellOrder } from './accept.server.ts'
import type { Order } from './model.ts'

/** In the caller's transaction, with the order locked and the credit booked; `because` names the record that it rests on. */
export async function creditLine(
  tx: Ctx,
  order: Pick<Order, 'id' | 'province' | 'region' | 'org_id' | 'number'>,
  lineId: string,
  amount: Fen,
  because: { what: string } & Record<string, unknown>,
): Promise<void> {
  await tx.db
    .updateTable('order_lines')
    // The version stays: who works on the sample is not disturbed by what it costs.
    .set({ relief_fen: sql<bigint>`relief_fen + ${amount}` })
    .where('province', '=', order.province)
    .where('id', '=', lineId)
    .execute()
  await tellOrder(tx, order, 'relief-credited', { lineId, ...because })
}

/** Before their charges, as whoever cancels a line does: the other way round two could wait for each other. */
export const lockLines = async ({ db }: Ctx, province: string, ids: readonly string[]): Promise<void> => {
  await sql`select id from order_lines where province = ${province} and id = any(${[...ids]}::uuid[]) order by id for update`.execute(db)
}
