/** Two reviews of a refused relief: one waits at the finance desk, one that it declined waits at the authority. */
import { findOrder } from '../commons/orders/index.server.ts'
import { askReview, takeReviewStep } from '../measures/fee-relief/index.server.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'

/** What was refused for want of a fact that the enterprise has not reported yet. */
export async function tellReviews(as: (login: string) => Ctx, [waiting, appealed]: readonly [string, string]): Promise<void> {
  const firm = as('demo-enterprise')
  const ask = async (orderId: string) => {
    const [line] = (await findOrder(firm, orderId))!.lines
    const refused = line!.relief!.refused.find(({ slug }) => slug === 'demo-zj-calibration-half')
    if (!refused) throw new Error('演示委托单里没有校准费减半被拒绝的')
    return must(await askReview(firm, { orderId, lineId: line!.id, slug: refused.slug, note: '人数这两天补填' })).id
  }
  await ask(waiting)
  const id = await ask(appealed)
  must(
    await takeReviewStep(as('demo-finance'), id, {
      step: 'decline',
      version: 1,
      reason: 'facts-missing',
      article: '示例办法 第二条',
      opinion: '从业人员数还没有填，判断不了是不是小型企业；补填以后可以再看。',
    }),
  )
  must(await takeReviewStep(firm, id, { step: 'appeal', version: 2, opinion: '单位规模一直没变，请主管部门看看。' }))
}

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
