/** Words and types of payments by WeChat. */

export const onlineStates = { created: '待付款', paid: '已付款', refunded: '已退款', closed: '已取消', expired: '已过期' } as const
export type OnlineState = keyof typeof onlineStates
export const onlineTones = { created: 'info', paid: 'good', refunded: 'neutral', closed: 'neutral', expired: 'neutral' } as const

export const onlineRefundStates = { requested: '退款中', succeeded: '已退回', failed: '没有退成' } as const
export type OnlineRefundState = keyof typeof onlineRefundStates

/** 扫码, or inside WeChat. */
export const channels = { native: '扫码', jsapi: '小程序' } as const
export type Channel = keyof typeof channels

/** How long a code can be paid, in minutes. */
export const payableMinutes = 30

/** WeChat's out_trade_no and out_refund_no: at most 32 of these characters. The tail of a UUIDv7 is random. */
export const tradeNumber = (prefix: 'P' | 'R', day: string, id: string): string =>
  `${prefix}${day.replaceAll('-', '')}${id.replaceAll('-', '').slice(-20)}`
