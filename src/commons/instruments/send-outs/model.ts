/** Words and types of send-outs 送检单. */
import type { Protected } from '../../../core/access.ts'

export const sendOutStates = { planned: '待送', sent: '送检中', closed: '已取回', cancelled: '已取消' } as const
export type SendOutState = keyof typeof sendOutStates

export const sendOutTones = { planned: 'warn', sent: 'info', closed: 'good', cancelled: 'neutral' } as const satisfies Record<
  SendOutState,
  string
>

export interface SendOut extends Protected {
  province: string
  id: string
  number: string
  state: SendOutState
  institution: string
  site: string | null
  send_on: string
  back_on: string
  note: string | null
  planned_by: string
  planned_by_name: string
  created_at: string
  sent_at: string | null
  closed_at: string | null
  version: number
}

export interface SendOutItem {
  instrument_id: string
  substitute_id: string | null
  /** Why it goes although its point is left without: typed by whoever decides it. */
  gap_reason: string | null
  open: boolean
  returned_at: string | null
}
