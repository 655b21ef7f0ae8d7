import { createReadableStreamFromReadable } from '@react-router/node'
import { redirect } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { periodOf } from '../audit-pack/model.ts'
import { makePack } from '../audit-pack/pack.server.ts'
import { sayScope } from '../audit-pack/scope.ts'
import { readRegister } from '../register-query.ts'
import type { Route } from './+types/audit-pack-zip.ts'
import { admit } from '../../../web/admit.server.ts'

/** Making a pack is on record, so a link that is only followed does not do it. */
export const loader = ({ url }: Route.LoaderArgs) => redirect(`/me/instruments/audit-pack${url.search}`)

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = new URLSearchParams([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const { asked } = readRegister(form)
  const period = periodOf(form.get('from'), form.get('to'), shanghaiDate(ctx.now))
  const zip = await makePack(ctx, { query: asked, scope: sayScope(asked), period })
  if (isRefusal(zip)) throw new Response(zip.reason, { status: 403 })
  const name = encodeURIComponent(`审核包-${ctx.actor.org_name}-${shanghaiDate(ctx.now)}.zip`)
  return new Response(createReadableStreamFromReadable(zip), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'cache-control': 'private, no-store',
    },
  })
}
