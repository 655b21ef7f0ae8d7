import { Form, redirect } from 'react-router'
import { visitor, type Role } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { people } from '../../demo/world.ts'
import { Page } from '../../web/ui/page.tsx'
import { environmentKey } from '../environment.server.ts'
import { menu } from '../parts.server.ts'
import { safeReturn } from '../safe-return.ts'
import type { Route } from './+types/demo.ts'
import styles from './demo.module.css'

export const meta = () => [
  { title: '演示身份 · 衡企' },
  { name: 'description', content: '以企业、机构窗口、检测员、财务或监管人员的身份走一走，数据均为虚构。' },
]

const nothingHere = () => new Response('没有这个页面', { status: 404 })

/** Exists in demo mode only: a production start has no such page. */
export function loader({ context }: Route.LoaderArgs) {
  if (!context.get(environmentKey).config.demo) throw nothingHere()
  // Whoever has nothing to do yet is not offered: their desk would stay empty.
  const offered = people.filter(({ role }) => menu({ ...visitor, role }).length > 0)
  const groups = Map.groupBy(offered, ({ role }) => bodyOf(role))
  return {
    groups: [...groups].map(([body, list]) => ({
      body,
      people: list.map(({ login, name, about }) => ({ login, name, about })),
    })),
  }
}

const bodyOf = (role: Role): string =>
  role === 'enterprise' ? '企业' : role === 'regulator' ? '监管部门' : role === 'admin' ? '平台' : '计量技术机构'

export async function action({ request, context }: Route.ActionArgs) {
  const { config, sessions } = context.get(environmentKey)
  if (!config.demo) throw nothingHere()
  const form = await request.formData()
  const login = String(form.get('login') ?? '')
  if (!people.some((person) => person.login === login)) throw nothingHere()
  const headers = await sessions.signInAs(request, login)
  if (isRefusal(headers)) throw new Response(headers.reason, { status: 409 })
  return redirect(safeReturn(form.get('to')), { headers })
}

export default function Demo({ loaderData }: Route.ComponentProps) {
  return (
    <Page title="选一个演示身份" lead="点一下就进入，不用口令。数据均为虚构，可以放心操作。">
      <Form method="post">
        {loaderData.groups.map(({ body, people }) => (
          <section key={body} aria-label={body} className={styles.body}>
            <h2>{body}</h2>
            <ul className={styles.people}>
              {people.map((person) => (
                <li key={person.login}>
                  <button type="submit" name="login" value={person.login} className={styles.person}>
                    <strong>{person.name}</strong>
                    <small>{person.about}</small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </Form>
    </Page>
  )
}
