import { Readable } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { platform } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { findFile, readChunks } from '../../files/index.server.ts'
import { certificateReaders } from '../model.ts'
import { findOrder } from '../queries.server.ts'
import type { Route } from './+types/certificate-pdf.ts'

/** An issued certificate, for whoever may see its order. Whether anything is owed is not looked at: 欠费不欠服务. */
export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, url.pathname.startsWith('/me/') ? ['enterprise'] : [...certificateReaders])
  const line = (await findOrder(ctx, params.id))?.lines.find(({ id }) => id === params.line)
  if (!line?.approved_at || !line.file_id) throw missing('这份证书')
  // The file stands in the enterprise's name; the order says who may read it.
  const asPlatform = { ...ctx, actor: platform }
  const file = await findFile(asPlatform, line.file_id)
  if (!file) throw missing('这份证书')
  return new Response(createReadableStreamFromReadable(Readable.from(readChunks(asPlatform, file.id))), {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${line.certificate_no}.pdf`)}`,
      'content-security-policy': `default-src 'none'; sandbox`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    },
  })
}
