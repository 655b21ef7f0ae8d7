import { data, Link, redirect, useActionData, useSearchParams } from 'react-router'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { ctxKey } from '../../platform/context.server.ts'
import { refused } from '../../web/refused.server.ts'
import { Notice } from '../../web/ui/feedback.tsx'
import { ErrorSummary, FormPage, Submit } from '../../web/ui/form.tsx'
import { TextField } from '../../web/ui/fields.tsx'
import { Page } from '../../web/ui/page.tsx'
import { environmentKey } from '../environment.server.ts'
import { safeReturn } from '../safe-return.ts'
import type { Route } from './+types/sign-in.ts'

export const meta = () => [
  { title: '登录 · 衡企' },
  { name: 'description', content: '企业、计量技术机构和监管部门登录衡企：看现在适用的政策、管器具台账、办检定校准。' },
]

export function loader({ context }: Route.LoaderArgs) {
  // Sent here by a page that needs a seat: the desk says why there is none, and who can help.
  if (context.get(ctxKey).actor.lapsed) throw redirect('/desk')
  return data({ demo: context.get(environmentKey).config.demo })
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const login = String(form.get('login') ?? '').trim()
  const password = String(form.get('password') ?? '')
  if (!login || !password)
    return refused(
      refuse('invalid', '请填写用户名和口令', {
        fields: { ...(!login && { login: '请填写用户名' }), ...(!password && { password: '请填写口令' }) },
      }),
      { login },
    )
  const answer = await context.get(environmentKey).sessions.signIn(request, { login, password })
  if (isRefusal(answer)) return refused(answer, { login })
  return redirect(safeReturn(form.get('to')), { headers: answer })
}

export default function SignIn({ loaderData }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const [query] = useSearchParams()
  const refusal = result?.refusal
  return (
    <Page title="登录" lead="企业、机构和监管人员用各自的账号登录。" width="narrow">
      {query.has('erased') && (
        <Notice tone="good" title="您的账号已删除" live>
          手机号、邮箱、口令、同意和所有登录都已删除，授权和代办已终止；依法须保存的记录上仍有您的姓名。
        </Notice>
      )}
      <FormPage>
        <ErrorSummary refusal={refusal} />
        <input type="hidden" name="to" value={query.get('to') ?? ''} />
        <TextField
          name="login"
          label="用户名"
          autoComplete="username"
          required
          defaultValue={result?.values.login}
          error={refusal?.fields?.login}
        />
        <TextField
          name="password"
          label="口令"
          type="password"
          autoComplete="current-password"
          required
          error={refusal?.fields?.password}
        />
        <Submit label="登录" busyLabel="正在登录" />
      </FormPage>
      {loaderData.demo && (
        <p>
          这是演示环境，可以 <Link to="/demo">选一个身份，一键进入</Link>。
        </p>
      )}
    </Page>
  )
}
