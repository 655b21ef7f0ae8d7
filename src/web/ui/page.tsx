import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Badge, type Tone } from './marks.tsx'

interface PageProps {
  title: string
  /** What to do here, in one sentence. */
  lead?: ReactNode
  state?: { label: string; tone?: Tone }
  actions?: ReactNode
  back?: { to: string; label: string }
  width?: 'narrow' | 'wide'
  children?: ReactNode
}

/** One page, one question: the first line says what this is, the second what to do next. */
export function Page({ title, lead, state, actions, back, width = 'wide', children }: PageProps) {
  return (
    <div className={`page ${width}`}>
      <header className="page-head">
        {back && (
          <Link to={back.to} className="no-print">
            ← {back.label}
          </Link>
        )}
        <div className="page-title">
          <div>
            <h1>{title}</h1>
            {state && <Badge tone={state.tone}>{state.label}</Badge>}
          </div>
          {actions && <div className="no-print">{actions}</div>}
        </div>
        {lead && <p className="lead">{lead}</p>}
      </header>
      {children}
    </div>
  )
}
