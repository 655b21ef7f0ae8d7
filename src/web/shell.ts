/** What a layout needs from the assembly. `web` never imports a measure: menus and desks are handed over in the request context. */
import { createContext } from 'react-router'
import type { Actor } from '../core/access.ts'

export interface MenuItem {
  to: string
  label: string
  /** Group heading in the side navigation. */
  group: string
}

/** One line of a desk: what waits for me, with its clock and one main action. */
export interface DeskItem {
  id: string
  title: string
  /** Where the work is done. */
  to: string
  action: string
  /** 政策申请, 政策审核 … */
  kind: string
  /** `YYYY-MM-DD` by which it is due, and whether the calendar of that year is still provisional. */
  dueOn?: string
  provisional?: boolean
  overdue?: boolean
  since: string
}

/** What a week or a month comes to, above the list of what waits: a few numbers that open to their records, and one action. */
export interface DeskCard {
  title: string
  lead?: string
  figures: { label: string; value: string; unit?: string; to: string }[]
  action?: { label: string; to: string }
}

export interface Seat {
  membershipId: string
  label: string
  /** Who can renew it, in words; empty while it has not expired. */
  renewers: string
  current: boolean
}

export interface Shell {
  actor: Actor
  personName: string | null
  seats: Seat[]
  menu: MenuItem[]
  unread: number
  demo: boolean
  /** 适老 mode and colour scheme, from cookies, so that the first paint is right without scripts. */
  elder: boolean
  scheme: 'light' | 'dark' | 'auto'
}

export const shellKey = createContext<Shell>()
