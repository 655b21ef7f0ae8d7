/** The tables of payments by WeChat. */
import type { Generated } from 'kysely'
import type { Channel, OnlineRefundState, OnlineState } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    online_merchants: MerchantRow
    online_payments: OnlinePaymentRow
    online_refunds: OnlineRefundRow
    online_troubles: TroubleRow
  }
}

export interface MerchantRow {
  province: string
  institution_id: string
  region: string
  mchid: string
  appid: string
  serial_no: string
  private_key_sealed: string
  api_v3_key_sealed: string
  platform_key_id: string
  platform_key: string
  enabled: boolean
  changed_by: string
  changed_by_name: string
  changed_at: string
  version: Generated<number>
}

export interface OnlinePaymentRow {
  province: string
  id: string
  /** out_trade_no. */
  number: string
  org_id: string
  org_name: string
  region: string
  institution_id: string
  institution_province: string
  institution_region: string
  institution_name: string
  mchid: string
  channel: Channel
  amount_fen: bigint
  charge_ids: string[]
  /** code_url or prepay_id; null until WeChat has answered. */
  code: string | null
  state: OnlineState
  transaction_id: string | null
  paid_fen: bigint | null
  paid_at: string | null
  payment_id: string | null
  trouble: string | null
  created_by: string
  created_by_name: string
  created_at: string
  expires_at: string
  version: Generated<number>
}

export interface OnlineRefundRow {
  province: string
  id: string
  /** out_refund_no. */
  number: string
  online_payment_id: string
  org_id: string
  region: string
  institution_id: string
  amount_fen: bigint
  reason: string
  state: OnlineRefundState
  refund_id: string | null
  trouble: string | null
  entry_id: string
  created_by: string
  created_by_name: string
  created_at: string
  settled_at: string | null
  version: Generated<number>
}

export interface TroubleRow {
  province: string
  id: string
  institution_id: string
  region: string
  source: string
  said: string
  detail: unknown
  at: string
  settled_at: string | null
  settled_by_name: string | null
  settled_how: string | null
}
