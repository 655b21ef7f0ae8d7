/** Where orders are found, by who is asking. */
import type { Actor } from '../../core/access.ts'
import type { MenuItem } from '../../web/shell.ts'

export const orderMenu = ({ role }: Actor): MenuItem[] => {
  if (role === 'enterprise')
    return [
      { to: '/me/orders/new', label: '委托检定校准', group: '检定校准' },
      { to: '/me/orders', label: '我的委托', group: '检定校准' },
    ]
  const orders = { to: '/orders', label: '委托单', group: '检定校准' }
  const prices = { to: '/prices', label: '收费目录', group: '机构' }
  if (role === 'counter') return [orders, { to: '/visits', label: '上门安排', group: '检定校准' }, prices]
  if (role === 'tester') return [{ to: '/bench', label: '待检清单', group: '检定校准' }, orders]
  if (role === 'approver') return [{ to: '/review', label: '待审核', group: '检定校准' }, orders]
  if (role === 'finance') return [orders, prices]
  return role === 'regulator' || role === 'admin' ? [{ to: '/orders', label: '委托单', group: '企业' }] : []
}
