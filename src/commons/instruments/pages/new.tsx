import { redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { registerInstrument } from '../register.server.ts'
import { ownKinds } from '../own-kinds.server.ts'
import { formChoices } from './form-choices.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { InstrumentForm } from './instrument-form.tsx'
import { readTexts, type FormTexts } from './instrument-input.ts'
import type { Route } from './+types/new.ts'

export const meta = () => [{ title: '登记器具 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const [choices, scope] = await Promise.all([formChoices(ctx), missingScope(ctx, 'ledger')])
  return { choices, readOnly: scope?.reason }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { texts, input } = readTexts(await request.formData(), await ownKinds(ctx))
  const answer = await registerInstrument(ctx, input)
  return isRefusal(answer) ? refused(answer, { texts }) : redirect(`/me/instruments/${answer.id}?saved=registered`)
}

const start: FormTexts = {}

export default function NewInstrument({ loaderData: { choices, readOnly } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title="登记器具"
      lead="只有名称必填，别的可以以后补。写得越全，到期提醒和强制检定的判断越准。"
      back={{ to: '/me/instruments', label: '器具台账' }}
    >
      {readOnly ? (
        <Notice tone="warn" title="您现在不能登记">
          {readOnly}。
        </Notice>
      ) : (
        <InstrumentForm
          texts={result?.values.texts ?? start}
          refusal={result?.refusal}
          choices={choices}
          lastCheck
          cancel="/me/instruments"
        />
      )}
    </Page>
  )
}
