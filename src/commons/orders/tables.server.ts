/** The tables of orders and price lists. */
import type { Generated } from 'kysely'
import type { Affiliation, Order, OrderLine, PriceItem, PriceList } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    institution_settings: Omit<InstitutionRow, 'payment_days' | 'version'> & { payment_days: Generated<number>; version: Generated<number> }
    price_lists: Omit<PriceList, 'version'> & { version: Generated<number>; file_id: string | null; published_by: string | null }
    price_items: PriceItem & { province: string; list_id: string; institution_id: string }
    orders: Omit<Order, 'version' | 'assigned'> & { version: Generated<number> }
    order_lines: Omit<OrderLine, 'version' | 'assigned'> & { version: Generated<number> }
    order_extras: ExtraRow
    order_visits: VisitRow
  }
}

export interface InstitutionRow {
  province: string
  institution_id: string
  region: string
  affiliation: Affiliation | null
  /** 计量授权证书号, registered by the platform: without one nothing can be verified (《计量法》第二十条). */
  authorisation: string | null
  crews: string[]
  sample_address: string | null
  bank_account: string | null
  /** Days after acceptance by which fees are due, where nothing is deferred. */
  payment_days: number
  version: number
}

export interface ExtraRow {
  province: string
  order_id: string
  kind: 'express' | 'visit'
  org_id: string
  institution_id: string
  fee_fen: bigint
  basis: string
}

export interface VisitRow {
  province: string
  id: string
  order_id: string
  org_id: string
  region: string
  institution_id: string
  crew: string
  during: string
  state: 'held' | 'released'
  made_by_name: string
  created_at: string
}
