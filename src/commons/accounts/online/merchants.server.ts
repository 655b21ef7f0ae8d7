/** The merchant of an institution at WeChat Pay, entered by its finance desk. Keys go in and never come out again. */
import { createPrivateKey } from 'node:crypto'
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { seal } from '../../../platform/sealed.server.ts'
import { publicKeyOf } from '../../../platform/wechat-pay.server.ts'
import { ownBook } from '../slips.server.ts'
import { aboutKey, onlineIsOn } from './gateway.server.ts'
import './tables.server.ts'

export interface MerchantForm {
  mchid: string
  appid: string
  serialNo: string
  /** Left empty: the ones that are there stay. */
  privateKey: string
  apiV3Key: string
  platformKeyId: string
  platformKey: string
  enabled: boolean
  version: number
}

const rsa = (make: () => { asymmetricKeyType?: string | undefined }): boolean => {
  try {
    return make().asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

function faults(form: MerchantForm, fresh: boolean): Record<string, string> {
  const wrong: [string, boolean, string][] = [
    ['mchid', /^\d{8,16}$/.test(form.mchid), '请填写商户号（8 至 16 位数字）'],
    ['appid', /^wx[0-9a-z]{16}$/.test(form.appid), '请填写与商户号绑定的 AppID（wx 开头，18 位）'],
    ['serialNo', /^[0-9A-F]{16,64}$/.test(form.serialNo), '请填写商户 API 证书的序列号'],
    [
      'privateKey',
      form.privateKey ? rsa(() => createPrivateKey(form.privateKey)) : !fresh,
      '请粘贴 apiclient_key.pem 的全部内容（RSA 私钥）',
    ],
    ['apiV3Key', form.apiV3Key ? /^[\x21-\x7e]{32}$/.test(form.apiV3Key) : !fresh, 'APIv3 密钥须是 32 个字符'],
    [
      'platformKeyId',
      /^(PUB_KEY_ID_\d+|[0-9A-F]{16,64})$/.test(form.platformKeyId),
      '请填写微信支付公钥 ID（PUB_KEY_ID_…）或平台证书序列号',
    ],
    ['platformKey', rsa(() => publicKeyOf(form.platformKey)), '请粘贴微信支付公钥或平台证书（PEM）的全部内容'],
  ]
  return Object.fromEntries(wrong.filter(([, good]) => !good).map(([field, , reason]) => [field, reason]))
}

/** New keys replace the old ones at once; a stale form is refused. */
export const saveMerchant = (ctx: Ctx, form: MerchantForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    if (!onlineIsOn()) return refuse('conflict', '平台没有开通微信支付，请联系平台管理员。', { code: 'ONLINE_OFF' })
    const known = await tx.db
      .selectFrom('online_merchants')
      .select('version')
      .where('province', '=', book.province)
      .where('institution_id', '=', book.id)
      .forUpdate()
      .executeTakeFirst()
    if ((known?.version ?? 0) !== form.version) return refuse('conflict', '商户资料刚被别人改过，请核对后再保存。', { code: 'STALE' })
    const fields = faults(form, !known)
    if (Object.keys(fields).length > 0) return refuse('invalid', `${Object.values(fields).join('；')}。`, { fields })
    const columns = {
      mchid: form.mchid,
      appid: form.appid,
      serial_no: form.serialNo,
      platform_key_id: form.platformKeyId,
      platform_key: form.platformKey,
      enabled: form.enabled,
      changed_by: tx.actor.id,
      changed_by_name: tx.actor.name,
      changed_at: tx.now,
    }
    const keys = {
      ...(form.privateKey && { private_key_sealed: seal(form.privateKey, aboutKey(book.id, 'private-key')) }),
      ...(form.apiV3Key && { api_v3_key_sealed: seal(form.apiV3Key, aboutKey(book.id, 'api-v3-key')) }),
    }
    if (known)
      await tx.db
        .updateTable('online_merchants')
        .set({ ...columns, ...keys, version: sql`version + 1` })
        .where('province', '=', book.province)
        .where('institution_id', '=', book.id)
        .execute()
    else
      await tx.db
        .insertInto('online_merchants')
        .values({
          province: book.province,
          institution_id: book.id,
          region: book.region,
          ...columns,
          private_key_sealed: keys.private_key_sealed!,
          api_v3_key_sealed: keys.api_v3_key_sealed!,
        })
        .execute()
    await announce(tx, {
      subject: 'online-merchant',
      subjectId: book.id,
      action: 'changed',
      province: book.province,
      region: book.region,
      orgId: book.id,
      detail: { mchid: form.mchid, enabled: form.enabled, keys: Object.keys(keys) },
    })
    return { id: book.id }
  })

/** What the finance desk may see of its own merchant: never a secret. */
export async function findMerchant(ctx: Ctx) {
  const book = ownBook(ctx)
  if (isRefusal(book)) return undefined
  return ctx.db
    .selectFrom('online_merchants')
    .select(['mchid', 'appid', 'serial_no', 'platform_key_id', 'platform_key', 'enabled', 'changed_by_name', 'changed_at', 'version'])
    .where('province', '=', book.province)
    .where('institution_id', '=', book.id)
    .executeTakeFirst()
}
