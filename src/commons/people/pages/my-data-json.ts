import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { toJson } from '../../../platform/db.server.ts'
import { purposes } from '../personal/model.ts'
import { ownData } from '../personal/queries.server.ts'
import { stays } from '../personal/rules.ts'
import { selfOr } from './my-data.server.ts'
import type { Route } from './+types/my-data-json.ts'

/** 《个人信息保护法》第四十五条: a copy that other programs can read. Nobody keeps it on the way. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const data = await ownData(ctx, await selfOr(ctx, url))
  const body = {
    exportedAt: ctx.now,
    ...data,
    consents: data.consents.map((each) => ({ ...each, label: purposes[each.purpose].label })),
    messages: { n: 0, note: '平台的消息发给单位，不按个人保存' },
    keptByLaw: stays,
  }
  return new Response(toJson(body), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="hengqi-my-data-${shanghaiDate(ctx.now)}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
