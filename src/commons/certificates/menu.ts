/** Where certificates are found, by who is asking. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export const certificateMenu = ({ role }: Actor): MenuItem[] => {
  if (role === 'enterprise') return [{ to: '/me/certificates', label: '我的证书', group: '检定校准' }]
  if (role === 'counter' || role === 'tester' || role === 'approver') return [{ to: '/certificates', label: '证书', group: '检定校准' }]
  return role === 'regulator' || role === 'admin' ? [{ to: '/certificates', label: '证书', group: '企业' }] : []
}
