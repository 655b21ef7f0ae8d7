/** The way to WeChat Pay: open only where the platform is configured so and the institution has its merchant. */
import { unseal } from '../../../platform/sealed.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { wechatPay, type Merchant, type WechatPay } from '../../../platform/wechat-pay.server.ts'
import type { Institution } from '../model.ts'
import type { MerchantRow } from './tables.server.ts'
import './tables.server.ts'

let way: { url: string; publicUrl: string; now: () => string } | undefined

/** Set once, when the platform is put together; without an address nothing of it is shown anywhere. */
export function payingOnline(config: { wechatPayUrl: string | undefined; publicUrl: string; now: () => string }): void {
  way = config.wechatPayUrl === undefined ? undefined : { url: config.wechatPayUrl, publicUrl: config.publicUrl, now: config.now }
}

export const onlineIsOn = (): boolean => way !== undefined

export interface Gateway {
  institution: Institution
  merchant: Merchant
  wechat: WechatPay
  notifyUrl: string
}

export const aboutKey = (institutionId: string, column: 'private-key' | 'api-v3-key') => `online-merchant:${institutionId}:${column}`

/** Nothing where it is off, has no merchant, or the keys do not open under this SECRET. `closing`: also one that takes no new payments. */
export async function findGateway(ctx: Ctx, institutionId: string, { closing = false } = {}): Promise<Gateway | undefined> {
  if (!way) return undefined
  const row = await ctx.db.selectFrom('online_merchants').selectAll().where('institution_id', '=', institutionId).executeTakeFirst()
  const merchant = row && (row.enabled || closing) ? keysOf(row) : undefined
  if (!row || !merchant) return undefined
  return {
    institution: { province: row.province, id: row.institution_id, region: row.region },
    merchant,
    wechat: wechatPay(way.url, merchant, way.now),
    notifyUrl: `${way.publicUrl}/api/pay/wechat/notify/${row.institution_id}`,
  }
}

function keysOf(row: Omit<MerchantRow, 'version'>): Merchant | undefined {
  const privateKey = unseal(row.private_key_sealed, aboutKey(row.institution_id, 'private-key'))
  const apiV3Key = unseal(row.api_v3_key_sealed, aboutKey(row.institution_id, 'api-v3-key'))
  if (privateKey === undefined || apiV3Key === undefined) return undefined
  return {
    mchid: row.mchid,
    appid: row.appid,
    serialNo: row.serial_no,
    privateKey,
    apiV3Key,
    platformKeyId: row.platform_key_id,
    platformKey: row.platform_key,
  }
}

/** Institutions where one can pay by WeChat now, of those given. */
export async function payableAt(ctx: Ctx, institutionIds: readonly string[]): Promise<Set<string>> {
  if (!way || institutionIds.length === 0) return new Set()
  const rows = await ctx.db
    .selectFrom('online_merchants')
    .select('institution_id')
    .where('institution_id', 'in', [...new Set(institutionIds)])
    .where('enabled', '=', true)
    .execute()
  return new Set(rows.map(({ institution_id }) => institution_id))
}
