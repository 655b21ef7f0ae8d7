/** Words and types: what was told to whom. One message has one action and one number. */
export interface Message {
  id: string
  province: string
  orgId: string
  region: string
  template: string
  subject: string
  subjectId: string
  title: string
  body: string
  actionLabel: string
  actionUrl: string
  number: string | null
  createdAt: string
  deliveredAt: string | null
  openedAt: string | null
  actedAt: string | null
  dismissedAt: string | null
  dismissReason: string | null
}

export const messageStates = { unread: '未读', opened: '已读', acted: '已办', dismissed: '不再提醒' } as const
export type MessageState = keyof typeof messageStates

export const stateOf = (message: Pick<Message, 'openedAt' | 'actedAt' | 'dismissedAt'>): MessageState =>
  message.actedAt ? 'acted' : message.dismissedAt ? 'dismissed' : message.openedAt ? 'opened' : 'unread'

/** Why a reader does not want to hear more of it; the reasons are counted, so that senders learn. */
export const dismissReasons = {
  'not-relevant': '与本企业无关',
  'already-known': '已经知道',
  later: '以后再说',
  'too-many': '消息太多',
} as const

/** Subjects that only the enterprise itself reads: what it owes is neither its agents' business nor an authority's. */
export const ownOnly: readonly string[] = ['deferral', 'relief-queue', 'relief-flag']

/** What a sender says. `dedupe` makes a repeated sending one message. */
export interface Sending {
  province: string
  orgId: string
  region: string
  role: string
  template: string
  subject: string
  subjectId: string
  title: string
  body: string
  actionLabel: string
  actionUrl: string
  number?: string | null | undefined
  dedupe: string
}

/** How far a message went, by the next level of places. */
export interface Awareness {
  region: string
  name: string
  delivered: number
  opened: number
  acted: number
}
