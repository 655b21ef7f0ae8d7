/** Messages for everybody: words and types. Safe for the browser. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export * from './model.ts'

export const menu = (actor: Actor): MenuItem[] => {
  if (actor.role === 'enterprise') return [{ to: '/me/messages', label: '消息', group: '本单位' }]
  return actor.role === 'regulator' || actor.role === 'admin' ? [{ to: '/messages/log', label: '消息记录', group: '企业' }] : []
}
