import { Readable } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { platform } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { fileTypes } from '../../files/index.ts'
import { findFile, readChunks } from '../../files/index.server.ts'
import { findCertificate } from '../queries.server.ts'
import type { Route } from './+types/document.ts'

/** The bytes as they were issued, for whoever may see the certificate. Whether anything is owed is not looked at: 欠费不欠服务. */
export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, url.pathname.startsWith('/me/') ? ['enterprise'] : ['counter', 'tester', 'approver', 'regulator', 'admin'])
  const found = await findCertificate(ctx, params.id)
  const type = params.type === 'pdf' || params.type === 'xml' ? params.type : undefined
  if (!found || !type) throw missing('这份证书')
  // The file stands in the enterprise's name; the certificate says who may read it.
  const asPlatform = { ...ctx, actor: platform }
  const file = await findFile(asPlatform, type === 'pdf' ? found.pdf_file_id : found.xml_file_id)
  if (!file) throw missing('这份证书')
  return new Response(createReadableStreamFromReadable(Readable.from(readChunks(asPlatform, file.id))), {
    headers: {
      'content-type': fileTypes[type].media,
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-security-policy': `default-src 'none'; sandbox`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    },
  })
}
