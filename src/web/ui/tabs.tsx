import { Link } from 'react-router'

/** Tabs that are links: the choice is in the URL. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly { to: string; label: string; current: boolean }[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} aria-current={tab.current ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
