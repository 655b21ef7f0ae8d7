/** Two reviews of a refused relief: one waits at the finance desk, one that it declined waits at the authority. */
import { findOrder } from '../commons/orders/index.server.ts'
import { askReview, takeReviewStep } from '../measures/fee-relief/index.server.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'

/** Both orders were accepted before the 承诺书 was signed, which it is by now. */
export async function tellReviews(as: (login: string) => Ctx, [waiting, appealed]: readonly [string, string]): Promise<void> {
  const firm = as('demo-enterprise')
  const ask = async (orderId: string) => {
    const [line] = (await findOrder(firm, orderId))!.lines
    const refused = line!.relief!.refused.find(({ code }) => code === 'PLEDGE_MISSING')
    if (!refused) throw new Error('演示委托单里没有因为缺承诺书而没减的')
    return must(await askReview(firm, { orderId, lineId: line!.id, slug: refused.slug, note: '承诺书已经补签' })).id
  }
  await ask(waiting)
  const id = await ask(appealed)
  must(
    await takeReviewStep(as('demo-finance'), id, {
      step: 'decline',
      version: 1,
      reason: 'pledge',
      article: '示例办法 第二条',
      opinion: '受理那天还没有承诺书，按受理时的情况不减。',
    }),
  )
  must(await takeReviewStep(firm, id, { step: 'appeal', version: 2, opinion: '符合条件的事实一直没变，只是承诺书签得晚。' }))
}

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
