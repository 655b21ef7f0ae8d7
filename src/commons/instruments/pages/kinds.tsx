import { Form, redirect, useActionData } from 'react-router'
import { kindName } from '../../../core/instrument-kinds.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, NumberField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { changeSettings, ownKinds, removeOwnKind, saveOwnKind, settingsOf } from '../own-kinds.server.ts'
import { catalogueKinds } from './form-choices.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { readKindForm, readSettings } from './kind-input.ts'
import type { Route } from './+types/kinds.ts'

export const meta = () => [{ title: '种类与设置 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const [kinds, settings, scope] = await Promise.all([ownKinds(ctx), settingsOf(ctx), missingScope(ctx, 'ledger')])
  return {
    kinds: kinds.map((kind) => ({ ...kind, parentName: kind.parent && kindName(kind.parent) })),
    catalogue: catalogueKinds,
    settings,
    readOnly: scope?.reason,
    saved: url.searchParams.get('saved'),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const values = Object.fromEntries([...form].map(([name, value]) => [name, String(value)])) as Record<string, string>
  const answer = await take(ctx, values)
  return isRefusal(answer) ? refused(answer, values) : redirect(`${url.pathname}?saved=${values.intent}`)
}

async function take(ctx: Parameters<typeof saveOwnKind>[0], values: Record<string, string>): Promise<object | Refusal> {
  if (values.intent === 'settings') {
    const settings = readSettings(values)
    return isRefusal(settings) ? settings : changeSettings(ctx, settings)
  }
  if (values.intent === 'remove') return removeOwnKind(ctx, values.id ?? '')
  const kind = readKindForm(values)
  return isRefusal(kind) ? kind : saveOwnKind(ctx, kind)
}

const saidOf: Record<string, string> = { settings: '设置已保存', remove: '种类已删除', save: '种类已保存' }

export default function Kinds({ loaderData: { kinds, catalogue, settings, readOnly, saved } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const failed = (intent: string, id = '') =>
    result && result.values.intent === intent && (result.values.id ?? '') === id ? result : undefined
  return (
    <Page
      title="种类与设置"
      lead="目录里没有的种类，在这里起个名字；它靠近目录里的哪一种，就按哪一种判断强制检定。"
      back={{ to: '/me/instruments', label: '器具台账' }}
    >
      {saved && saidOf[saved] && !result && <Notice tone="good" title={saidOf[saved]} live />}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能修改">
          {readOnly}。
        </Notice>
      )}
      <ErrorSummary refusal={result?.refusal} />
      <section className="stack" aria-labelledby="kinds">
        <h2 id="kinds">本单位的种类</h2>
        {kinds.length === 0 && (
          <Empty title="还没有自定的种类" hint={`常用的 ${catalogue.length} 种已经在目录里，登记时直接写名称就行。`} />
        )}
        {kinds.map((kind) => (
          <article key={kind.id} className="card">
            <h3>{kind.name}</h3>
            <p>
              {kind.parentName ? `按“${kind.parentName}”判断` : '不在目录内'}，
              {kind.interval_months ? `周期 ${kind.interval_months} 个月` : '没有写周期'}，{kind.used} 件器具
            </p>
            {!readOnly && (
              <>
                <Disclosure summary="修改" open={failed('save', kind.id) !== undefined}>
                  <KindForm kind={kind} failed={failed('save', kind.id)} />
                </Disclosure>
                {kind.used === 0 ? (
                  <Form method="post">
                    <input type="hidden" name="id" value={kind.id} />
                    <Submit label={`删除“${kind.name}”`} danger name="intent" value="remove" />
                  </Form>
                ) : (
                  <p className="soft">有器具用着，不能删除。</p>
                )}
              </>
            )}
          </article>
        ))}
        {!readOnly && (
          <Disclosure summary="新增一种" open={failed('save') !== undefined}>
            <KindForm failed={failed('save')} />
          </Disclosure>
        )}
      </section>
      <datalist id="catalogue">
        {catalogue.map(({ name, said }) => (
          <option key={name} value={name} label={said} />
        ))}
      </datalist>
      {!readOnly && (
        <section aria-labelledby="settings">
          <h2 id="settings">提醒</h2>
          <FormPage>
            <input type="hidden" name="intent" value="settings" />
            <NumberField
              name="turnaround"
              label="送检一般多少个工作日能取回"
              suffix="个工作日"
              required
              defaultValue={failed('settings')?.values.turnaround ?? settings.turnaroundWorkdays}
              error={failed('settings')?.refusal.fields?.turnaround}
              help="按它倒推最晚哪天送出，才能在到期前取回。"
            />
            <CheckboxField name="reminders" label="快到期时在消息里提醒" defaultChecked={settings.reminders} required />
            <Submit label="保存设置" busyLabel="正在保存" />
          </FormPage>
        </section>
      )}
    </Page>
  )
}

interface KindFormProps {
  kind?: { id: string; name: string; parentName: string | null; interval_months: number | null; version: number }
  failed: { refusal: Refusal; values: Record<string, string> } | undefined
}

function KindForm({ kind, failed }: KindFormProps) {
  const typed = failed?.values
  const errors = failed?.refusal.fields
  return (
    <FormPage>
      <input type="hidden" name="intent" value="save" />
      {kind && <input type="hidden" name="id" value={kind.id} />}
      {kind && <input type="hidden" name="version" value={kind.version} />}
      <TextField name="name" label="名称" required maxLength={60} defaultValue={typed?.name ?? kind?.name} error={errors?.name} />
      <TextField
        name="parent"
        label="靠近目录里的哪一种"
        list="catalogue"
        defaultValue={typed?.parent ?? kind?.parentName}
        error={errors?.parent}
        help="没有相近的不填；用于贸易结算、安全防护等用途时，是否强制检定就要您自己确认。"
      />
      <NumberField
        name="months"
        label="周期（间隔）"
        suffix="个月"
        defaultValue={typed?.months ?? kind?.interval_months}
        error={errors?.months}
      />
      <Submit label={kind ? '保存' : '新增'} busyLabel="正在保存" />
    </FormPage>
  )
}
