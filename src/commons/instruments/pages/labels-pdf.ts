import type { Readable } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { redirect } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey, publicUrlKey } from '../../../platform/context.server.ts'
import { drawLabels } from '../labels/draw.server.ts'
import { isLabelFormat, labelFormats, startOn } from '../labels/formats.ts'
import { labelsFor } from '../labels/labels.server.ts'
import { readRegister } from '../register-query.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/labels-pdf.ts'

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const name = url.searchParams.get('format')
  const format = labelFormats[isLabelFormat(name) ? name : 'a4-24']
  const labels = await labelsFor(ctx, readRegister(url.searchParams).asked)
  if (labels.length === 0) throw redirect(`/me/instruments/labels${url.search}`)
  const start = startOn(format, url.searchParams.get('start'))
  const pdf = drawLabels(labels, { format, start, publicUrl: context.get(publicUrlKey), now: ctx.now })
  const file = encodeURIComponent(`器具标签-${shanghaiDate(ctx.now)}-${labels.length}张.pdf`)
  return new Response(createReadableStreamFromReadable(pdf as unknown as Readable), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename*=UTF-8''${file}`,
      'cache-control': 'private, no-store',
    },
  })
}
