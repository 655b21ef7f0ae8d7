import { Form, redirect } from 'react-router'
import { personNumber } from '../../commons/people/index.ts'
import { ctxKey } from '../../platform/context.server.ts'
import { shellKey } from '../../web/shell.ts'
import { Notice } from '../../web/ui/feedback.tsx'
import { When } from '../../web/ui/marks.tsx'
import { Page } from '../../web/ui/page.tsx'
import { LinkTabs } from '../../web/ui/tabs.tsx'
import { environmentKey } from '../environment.server.ts'
import type { Route } from './+types/sessions.ts'

export const meta = () => [{ title: '登录的设备 · 衡企' }]

export async function loader({ request, context }: Route.LoaderArgs) {
  if (!context.get(shellKey).personName) throw redirect('/sign-in?to=/me/sessions')
  const { id } = context.get(ctxKey).actor
  return { sessions: await context.get(environmentKey).sessions.listSessions(request), number: id ? personNumber(id) : null }
}

/** The list carries only one's own sessions, so only one's own can be ended. */
export async function action({ request, context }: Route.ActionArgs) {
  const { sessions } = context.get(environmentKey)
  const started = String((await request.formData()).get('started') ?? '')
  const session = (await sessions.listSessions(request)).find((s) => s.createdAt === started)
  if (session) await sessions.revokeSession(request, session.token)
  return redirect('/me/sessions')
}

export default function SessionsPage({ loaderData: { sessions, number } }: Route.ComponentProps) {
  return (
    <Page title="登录的设备" lead="不认识的设备，请点“退出这台设备”，再请管理员重设口令。">
      <LinkTabs
        label="我的账号"
        tabs={[
          { to: '/me/sessions', label: '登录的设备', current: true },
          { to: '/me/data', label: '个人信息', current: false },
        ]}
      />
      {number && (
        <p>
          您的个人编号：<strong>{number}</strong>
          <span className="soft">。单位要授权给您时，把它和姓名告诉对方。</span>
        </p>
      )}
      {sessions.length > 5 && (
        <Notice tone="warn" title={`有 ${sessions.length} 处登录`}>
          请逐条核对。
        </Notice>
      )}
      <ul>
        {sessions.map((session) => (
          <li key={session.createdAt}>
            <p>
              <strong>{session.userAgent ?? '未知设备'}</strong>
              {session.current && '（就是这台）'}
              <br />
              <When at={session.createdAt} /> 登录{session.ipAddress && `，地址 ${session.ipAddress}`}
            </p>
            {!session.current && (
              <Form method="post">
                <button type="submit" name="started" value={session.createdAt}>
                  退出这台设备
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </Page>
  )
}
