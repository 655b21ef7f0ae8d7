import { redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { changeInstrument } from '../change.server.ts'
import { ownKinds } from '../own-kinds.server.ts'
import { findInstrument, historyOf } from '../queries.server.ts'
import { formChoices } from './form-choices.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { InstrumentForm } from './instrument-form.tsx'
import { readTexts, textsOf } from './instrument-input.ts'
import type { Route } from './+types/edit.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `修改 ${loaderData?.code ?? '器具'} · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const row = await findInstrument(ctx, params.id)
  if (!row) throw missing('这件器具')
  const [choices, scope, history] = await Promise.all([formChoices(ctx), missingScope(ctx, 'ledger'), historyOf(ctx, row.id)])
  const { id, code, name, version } = row
  return {
    id,
    code,
    name,
    version,
    texts: textsOf(row, row.own_kind_name),
    // Once results are recorded one by one, they are what the last one is told from.
    recorded: history.length > 0,
    choices,
    readOnly: scope?.reason,
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const { texts, input } = readTexts(form, await ownKinds(ctx))
  const answer = await changeInstrument(ctx, params.id, input, Number(form.get('version')))
  return isRefusal(answer) ? refused(answer, { texts }) : redirect(`/me/instruments/${params.id}?saved=changed`)
}

export default function EditInstrument({
  loaderData: { id, code, name, version, texts, recorded, choices, readOnly },
}: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const page = `/me/instruments/${id}`
  return (
    <Page
      title={`修改 ${code} ${name}`}
      lead={recorded ? '检定、校准的结果不在这里改：在器具页逐次录入，录错的作废。' : '改完保存；状态要在器具页办理。'}
      back={{ to: page, label: `${code} ${name}` }}
    >
      {readOnly ? (
        <Notice tone="warn" title="您现在不能修改">
          {readOnly}。
        </Notice>
      ) : (
        <InstrumentForm
          texts={result?.values.texts ?? texts}
          refusal={result?.refusal}
          choices={choices}
          version={version}
          lastCheck={!recorded}
          cancel={page}
        />
      )}
    </Page>
  )
}
