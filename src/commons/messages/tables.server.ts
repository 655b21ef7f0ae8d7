/** The table of messages, and how a row reads. */
import type { Message } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    messages: MessageRow
  }
}

export interface MessageRow {
  province: string
  id: string
  org_id: string
  region: string
  role: string
  template: string
  subject: string
  subject_id: string
  title: string
  body: string
  action_label: string
  action_url: string
  number: string | null
  channel: string
  dedupe: string
  created_at: string
  delivered_at: string | null
  opened_at: string | null
  acted_at: string | null
  dismissed_at: string | null
  dismiss_reason: string | null
}

export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  province: row.province,
  orgId: row.org_id,
  region: row.region,
  template: row.template,
  subject: row.subject,
  subjectId: row.subject_id,
  title: row.title,
  body: row.body,
  actionLabel: row.action_label,
  actionUrl: row.action_url,
  number: row.number,
  createdAt: row.created_at,
  deliveredAt: row.delivered_at,
  openedAt: row.opened_at,
  actedAt: row.acted_at,
  dismissedAt: row.dismissed_at,
  dismissReason: row.dismiss_reason,
})
