import { redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { eraseMyself, whyNotErase } from '../personal/commands.server.ts'
import { deletedAtOnce, endedAtOnce, stays } from '../personal/rules.ts'
import { selfOr } from './my-data.server.ts'
import type { Route } from './+types/my-data-erase.ts'

export const meta = () => [{ title: '删除我的账号 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const { id, name } = await selfOr(ctx, url)
  return { name, whyNot: (await whyNotErase(ctx, id)) ?? null }
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const name = String(form.get('name') ?? '')
  const sure = form.get('sure') === 'on'
  const done = sure
    ? await eraseMyself(context.get(ctxKey), { name })
    : refuse('invalid', '请确认您知道删除后不能恢复', { fields: { sure: '请勾选' } })
  return isRefusal(done) ? refused(done, { name, sure: sure ? 'on' : '' }) : redirect('/sign-in?erased=1')
}

export default function EraseMyself({ loaderData: { name, whyNot } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const errors = result?.refusal.fields ?? {}
  return (
    <Page
      title="删除我的账号和个人信息"
      lead="《个人信息保护法》第四十七条。删除立即生效，不能恢复。"
      back={{ to: '/me/data', label: '我的个人信息' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <section>
        <h2>立即删除</h2>
        <ul>
          {deletedAtOnce.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <h2>立即终止</h2>
        <ul>
          {endedAtOnce.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <h2>依法保留</h2>
        <ul>
          {stays.map(({ what, why }) => (
            <li key={what}>
              {what}
              <br />
              <span className="soft">{why}。</span>
            </li>
          ))}
        </ul>
      </section>
      {whyNot ? (
        <Notice tone="warn" title="现在还不能删除">
          {whyNot}。
        </Notice>
      ) : (
        <FormPage>
          <p>
            删除前可以先 <a href="/me/data.json">导出一份</a>。
          </p>
          <TextField
            name="name"
            label="请输入您的姓名，以确认是本人"
            required
            autoComplete="off"
            help={`平台登记的姓名是“${name}”`}
            defaultValue={result?.values.name}
            error={errors.name}
          />
          <CheckboxField
            name="sure"
            label="我知道删除后不能恢复，单位的事要由别人接着办"
            required
            defaultChecked={result?.values.sure === 'on'}
            error={errors.sure}
          />
          <Submit label="永久删除" busyLabel="正在删除" danger />
        </FormPage>
      )}
    </Page>
  )
}
