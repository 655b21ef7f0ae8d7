import { createReadableStreamFromReadable } from '@react-router/node'
import { Readable } from 'node:stream'
import { ctxKey, publicUrlKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { findOrder } from '../queries.server.ts'
import { drawReceipt } from '../receipt.server.ts'
import type { Route } from './+types/receipt-pdf.ts'

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter'])
  const found = await findOrder(ctx, params.id)
  if (!found?.order.accepted_at) throw missing('这张样品接收单')
  const pdf = drawReceipt(found, { publicUrl: context.get(publicUrlKey), now: ctx.now })
  return new Response(createReadableStreamFromReadable(Readable.from(pdf as unknown as AsyncIterable<Uint8Array>)), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(`样品接收单-${found.order.number}.pdf`)}`,
      'cache-control': 'private, no-store',
    },
  })
}
