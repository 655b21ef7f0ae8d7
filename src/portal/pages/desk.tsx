import { Link, redirect } from 'react-router'
import { askForRenewal } from '../../commons/people/index.server.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal } from '../../core/refusal.ts'
import { ctxKey } from '../../platform/context.server.ts'
import { refused } from '../../web/refused.server.ts'
import { shellKey, type DeskCard } from '../../web/shell.ts'
import { DueClock } from '../../web/ui/clock.tsx'
import { Empty, Stat } from '../../web/ui/feedback.tsx'
import { Page } from '../../web/ui/page.tsx'
import { cards, desk } from '../parts.server.ts'
import { Unseated } from './unseated.tsx'
import { unseatedView } from './unseated.server.ts'
import type { Route } from './+types/desk.ts'
import styles from './desk.module.css'

export const meta = () => [{ title: '我的工作台 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const shell = context.get(shellKey)
  if (!shell.personName) throw redirect('/sign-in?to=/desk')
  return {
    items: await desk(ctx),
    cards: await cards(ctx),
    today: shanghaiDate(ctx.now),
    name: shell.personName,
    org: ctx.actor.agent ? `您代 ${ctx.actor.org_name} 办理：` : ctx.actor.org_name,
    // Signed in, but with no seat to act from.
    unseated: ctx.actor.role === 'visitor' ? await unseatedView(ctx, shell.seats) : undefined,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const answer = await askForRenewal(context.get(ctxKey), String((await request.formData()).get('membershipId') ?? ''))
  return isRefusal(answer) ? refused(answer) : redirect('/desk')
}

export default function Desk({ loaderData: { items, cards, today, name, org, unseated } }: Route.ComponentProps) {
  if (unseated) return <Unseated name={name} {...unseated} />
  return (
    <Page
      title="待我办理"
      lead={items.length ? `${org}有 ${items.length} 件事等您处理，最早到期的排在前面。` : `${org}现在没有等您处理的事。`}
    >
      {cards.map((card) => (
        <WeekCard key={card.title} card={card} />
      ))}
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

const WeekCard = ({ card: { title, lead, figures, action } }: { card: DeskCard }) => (
  <section className={styles.card} aria-labelledby={`card-${title}`}>
    <h2 id={`card-${title}`}>{title}</h2>
    {lead && <p>{lead}</p>}
    <div className="stats">
      {figures.map((figure) => (
        <Stat key={figure.label} {...figure} />
      ))}
    </div>
    {action && (
      <Link to={action.to} className="button primary">
        {action.label}
      </Link>
    )}
  </section>
)
