/** What an institution says of itself for its orders: whose it is, its crews, where samples go, when fees are due. */
import { refuse, isRefusal, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { sql } from 'kysely'
import type { Affiliation } from './model.ts'
import { ownInstitution } from './prices/lists.server.ts'
import './tables.server.ts'

export interface InstitutionForm {
  crews: readonly string[]
  sampleAddress?: string | undefined
  bankAccount?: string | undefined
  paymentDays: number
}

const save = async (
  tx: Ctx,
  own: { province: string; id: string; region: string },
  form: InstitutionForm & { affiliation?: Affiliation; authorisation?: string },
) => {
  const columns = {
    crews: [...form.crews],
    sample_address: form.sampleAddress?.trim() || null,
    bank_account: form.bankAccount?.trim() || null,
    payment_days: form.paymentDays,
    ...(form.affiliation && { affiliation: form.affiliation }),
    ...(form.authorisation && { authorisation: form.authorisation }),
  }
  await tx.db
    .insertInto('institution_settings')
    .values({ province: own.province, institution_id: own.id, region: own.region, affiliation: null, authorisation: null, ...columns })
    .onConflict((oc) =>
      oc.columns(['province', 'institution_id']).doUpdateSet({ ...columns, version: sql`institution_settings.version + 1` }),
    )
    .execute()
  await announce(tx, {
    subject: 'institution-settings',
    subjectId: own.id,
    action: 'changed',
    province: own.province,
    region: own.region,
    orgId: own.id,
    detail: columns,
  })
}

/** By the desk itself; whose it is (rules of relief may ask) is registered by the platform. */
export const saveInstitution = (ctx: Ctx, form: InstitutionForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const own = ownInstitution(tx)
    if (isRefusal(own)) return own
    const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
    if (!Number.isInteger(form.paymentDays) || form.paymentDays < 1 || form.paymentDays > 365)
      return wrong('paymentDays', '付款期限须是 1 至 365 天')
    if (form.crews.length > 50 || form.crews.some((crew) => crew.length === 0 || crew.length > 20))
      return wrong('crews', '每行一个小组，每个最多 20 个字，最多 50 个')
    if (new Set(form.crews).size < form.crews.length) return wrong('crews', '小组名称重复')
    await save(tx, own, form)
    return { id: own.id }
  })

/** Registered by the platform with the institution. */
export const registerInstitution = (
  ctx: Ctx,
  own: { province: string; id: string; region: string },
  form: InstitutionForm & { affiliation: Affiliation; authorisation?: string },
) =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'admin') return refuse('forbidden', '机构隶属由平台登记。')
    await save(tx, own, form)
    return { id: own.id }
  })
