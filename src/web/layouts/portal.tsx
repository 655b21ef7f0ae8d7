import { Link, NavLink, Outlet, useRouteLoaderData } from 'react-router'
import type { Shell } from '../shell.ts'
import { DemoBanner, Foot, Progress } from './common.tsx'

export default function Portal() {
  const shell = useRouteLoaderData<{ shell: Shell }>('root')!.shell
  return (
    <div className="shell">
      <a className="skip" href="#main">
        跳到正文
      </a>
      <Progress />
      <DemoBanner shell={shell} />
      <header className="top">
        <div>
          <Link to="/" className="wordmark">
            衡企 <small>中小企业计量服务公共平台</small>
          </Link>
          <nav aria-label="主导航">
            <NavLink to="/policies">政策库</NavLink>
            <NavLink to="/check">核对证书</NavLink>
            <NavLink to="/api/docs">接口</NavLink>
            {shell.personName ? <NavLink to="/desk">我的工作台</NavLink> : <NavLink to="/sign-in">登录</NavLink>}
          </nav>
        </div>
      </header>
      <main id="main" className="portal-main" tabIndex={-1}>
        <Outlet />
      </main>
      <Foot shell={shell} />
    </div>
  )
}
