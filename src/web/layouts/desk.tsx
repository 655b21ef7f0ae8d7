import { Form, Link, NavLink, Outlet, useLocation, useRouteLoaderData } from 'react-router'
import { roles } from '../../core/access.ts'
import type { Shell } from '../shell.ts'
import { seated } from '../seated.server.ts'
import { DemoBanner, Foot, Progress } from './common.tsx'

export const middleware = [seated]

export default function Desk() {
  const shell = useRouteLoaderData<{ shell: Shell }>('root')!.shell
  const { pathname } = useLocation()
  // The register's address begins those of the pages beside it; only the nearest entry is where one is.
  const here = shell.menu
    .map(({ to }) => to)
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .toSorted((a, b) => b.length - a.length)[0]
  const groups = Map.groupBy(shell.menu, (item) => item.group)
  return (
    <div className="shell wide">
      <a className="skip" href="#main">
        跳到正文
      </a>
      <Progress />
      <DemoBanner shell={shell} />
      <header className="top">
        <div>
          <Link to="/" className="wordmark">
            衡企
          </Link>
          <span className="acting">
            {shell.actor.org_name || '未选身份'}
            <small className="soft"> {shell.actor.agent ? '由您代办' : roles[shell.actor.role]}</small>
          </span>
          <nav aria-label="账号">
            {shell.seats.length > 1 && <SeatPicker shell={shell} />}
            {shell.actor.role === 'enterprise' && (
              <NavLink to="/me/messages">
                消息
                {shell.unread > 0 && (
                  <span>
                    （{shell.unread}
                    <span className="roomy"> 条未读</span>）
                  </span>
                )}
              </NavLink>
            )}
            <NavLink to="/me/sessions">{shell.personName}</NavLink>
            <Form method="post" action="/sign-out">
              <button type="submit">退出</button>
            </Form>
          </nav>
        </div>
      </header>
      <div className="desk">
        <nav className="side" aria-label="功能">
          <details>
            <summary>全部功能</summary>
            <ul>
              <li>
                <NavLink to="/desk">我的工作台</NavLink>
              </li>
            </ul>
            {[...groups].map(([group, items]) => (
              <section key={group}>
                <h2>{group}</h2>
                <ul>
                  {items.map((item) => (
                    <li key={item.to}>
                      <Link to={item.to} aria-current={item.to === here ? 'page' : undefined}>
                        {item.label}
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            <section>
              <h2>公共</h2>
              <ul>
                <li>
                  <Link to="/policies">政策库</Link>
                </li>
                <li>
                  <Link to="/check">核对证书</Link>
                </li>
              </ul>
            </section>
          </details>
        </nav>
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Foot shell={shell} />
    </div>
  )
}

function SeatPicker({ shell }: { shell: Shell }) {
  return (
    <div className="seat">
      <Form method="post" action="/seat" reloadDocument>
        <label className="hidden" htmlFor="seat">
          以哪个身份办理
        </label>
        <select id="seat" name="membershipId" defaultValue={shell.seats.find((s) => s.current)?.membershipId}>
          {shell.seats.map((seat) => (
            <option key={seat.membershipId} value={seat.membershipId}>
              {seat.label}
            </option>
          ))}
        </select>
        <button type="submit">切换</button>
      </Form>
    </div>
  )
}
