import { Link, redirect } from 'react-router'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { ctxKey } from '../../platform/context.server.ts'
import { shellKey } from '../../web/shell.ts'
import { DueClock } from '../../web/ui/clock.tsx'
import { Empty, Notice } from '../../web/ui/feedback.tsx'
import { Page } from '../../web/ui/page.tsx'
import { desk } from '../parts.server.ts'
import type { Route } from './+types/desk.ts'
import styles from './desk.module.css'

export const meta = () => [{ title: '我的工作台 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const shell = context.get(shellKey)
  if (!shell.personName) throw redirect('/sign-in?to=/desk')
  return {
    items: await desk(ctx),
    today: shanghaiDate(ctx.now),
    name: shell.personName,
    org: ctx.actor.org_name,
    seated: ctx.actor.role !== 'visitor',
    seats: shell.seats,
  }
}

export default function Desk({ loaderData: { items, today, name, org, seated, seats } }: Route.ComponentProps) {
  if (!seated)
    return (
      <Page title="还没有可用的身份" lead={`${name}，您的账号已登录，但现在没有有效的授权。`}>
        <Notice tone="warn" title={seats.length ? '授权已到期' : '没有授权'}>
          {seats.length
            ? seats.map((s) => <p key={s.membershipId}>{`${s.label}，可以续期的人：${s.renewers}`}</p>)
            : '请联系本单位的管理员为您授权。'}
        </Notice>
      </Page>
    )
  return (
    <Page
      title="待我办理"
      lead={items.length ? `${org}有 ${items.length} 件事等您处理，最早到期的排在前面。` : `${org}现在没有等您处理的事。`}
    >
      {items.length === 0 ? (
        <Empty title="没有待办" hint="有事需要您处理时，会出现在这里。" />
      ) : (
        <ul className={styles.items}>
          {items.map((item) => (
            <li key={`${item.kind}${item.id}`}>
              <div>
                <span className={styles.kind}>{item.kind}</span>
                <strong>{item.title}</strong>
                {item.dueOn && <DueClock dueOn={item.dueOn} now={today} provisional={item.provisional} />}
              </div>
              <Link to={item.to}>{item.action}</Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
