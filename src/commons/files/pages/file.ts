import { Readable } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { redirect } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { hasTag } from '../../../platform/http.server.ts'
import { fileTypes } from '../model.ts'
import { findFile, readChunks } from '../queries.server.ts'
import type { Route } from './+types/file.ts'

/**
 * A file as it was brought. Never shown as a page of ours: saved, not opened; not guessed at; and without scripts or an origin
 * should it be opened after all. A picture in a page of ours is not touched by that.
 */
export async function loader({ params, request, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role === 'visitor' && !ctx.actor.lapsed) throw redirect(`/sign-in?to=${encodeURIComponent(url.pathname)}`)
  const file = await findFile(ctx, params.id)
  if (!file) throw new Response('没有这个文件，或不归您看。', { status: 404 })
  const etag = `"${file.sha256}"`
  const headers = {
    etag,
    'cache-control': 'private, no-cache',
    'content-type': fileTypes[file.type].media,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'content-security-policy': `default-src 'none'; sandbox`,
    'x-content-type-options': 'nosniff',
  }
  if (hasTag(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  return new Response(createReadableStreamFromReadable(Readable.from(readChunks(ctx, file.id))), {
    headers: { ...headers, 'content-length': String(file.bytes) },
  })
}
