/** Results that are typed in, for services that no template serves. Where one does, the bench is the only way. */
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { recordResult, type Result } from '../orders/index.server.ts'
import { benchOf } from './records.server.ts'

export const recordTyped = (ctx: Ctx, lineId: string, form: Result & { certificateNo: string }): Promise<{ orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const bench = await benchOf(tx, lineId)
    if (!isRefusal(bench))
      return refuse('conflict', `${bench.template.title}有测量记录模板（${bench.norm.number}），结果由记录得出，请到检测台填写。`, {
        code: 'USE_RECORD',
      })
    return bench.code === 'NO_TEMPLATE' ? recordResult(tx, lineId, form) : bench
  })
