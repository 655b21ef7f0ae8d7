/** Kinds that an enterprise names itself, and its settings. */
import { sql } from 'kysely'
import { findKind } from '../../core/instrument-kinds.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { findOrganisation, missingScope } from '../people/index.server.ts'
import { isId } from './queries.server.ts'
import type { LedgerOwner } from './model.ts'
import { readers } from './workflow.ts'
import './tables.server.ts'

/** The enterprise whose ledger the actor keeps. */
export async function ownOrg(ctx: Ctx): Promise<LedgerOwner | Refusal> {
  const org = ctx.actor.role === 'enterprise' && ctx.actor.org_id ? await findOrganisation(ctx, ctx.actor.org_id) : undefined
  return org ?? refuse('forbidden', '台账由企业自己登记和维护，请以企业身份登录。')
}

/** The same, for somebody who may write in it. */
export async function ownLedger(ctx: Ctx): Promise<LedgerOwner | Refusal> {
  const org = await ownOrg(ctx)
  return isRefusal(org) ? org : ((await missingScope(ctx, 'ledger')) ?? org)
}

export interface OwnKind {
  id: string
  name: string
  /** Code of the catalogue that it stands under; null: none fits. */
  parent: string | null
  interval_months: number | null
  version: number
  /** Instruments of this kind. */
  used: number
}

export async function ownKinds(ctx: Ctx): Promise<OwnKind[]> {
  const rows = await ctx.db
    .selectFrom('instrument_own_kinds as k')
    .select(['k.id', 'k.name', 'k.parent', 'k.interval_months', 'k.version'])
    .select(sql<bigint>`(select count(*) from instruments i where i.province = k.province and i.own_kind = k.id)`.as('used'))
    .where(visible(ctx.actor, readers, { table: 'k' }))
    .orderBy('k.name')
    .execute()
  return rows.map((row) => ({ ...row, used: Number(row.used) }))
}

export interface Parents {
  (ownKind: string): string | null
  knows: (ownKind: string) => boolean
}

/** Under which kind of the catalogue each own kind of the enterprise stands. */
export async function parents({ db }: Ctx, org: LedgerOwner): Promise<Parents> {
  const rows = await db
    .selectFrom('instrument_own_kinds')
    .select(['id', 'parent'])
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .execute()
  const known = new Map(rows.map(({ id, parent }) => [id, parent]))
  return Object.assign((id: string) => known.get(id) ?? null, { knows: (id: string) => known.has(id) })
}

export interface OwnKindForm {
  id?: string | undefined
  name: string
  parent?: string | undefined
  intervalMonths?: number | undefined
  version?: number | undefined
}

/** Adds one, or renames one and files it under another kind; instruments follow at their next change. */
export const saveOwnKind = (ctx: Ctx, form: OwnKindForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    if (form.parent && !findKind(form.parent))
      return refuse('invalid', '目录里没有这个种类，请重新选择。', { fields: { parent: '目录里没有这个种类' } })
    const same = await tx.db
      .selectFrom('instrument_own_kinds')
      .select('id')
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('name', '=', form.name)
      .executeTakeFirst()
    if (same && same.id !== form.id) return refuse('conflict', `已经有自定种类“${form.name}”。`, { fields: { name: '已经有这个名称' } })
    const columns = { name: form.name, parent: form.parent ?? null, interval_months: form.intervalMonths ?? null }
    const id = form.id ?? uuidv7()
    if (form.id) {
      const changed = await tx.db
        .updateTable('instrument_own_kinds')
        .set({ ...columns, version: sql`version + 1` })
        .where('province', '=', org.province)
        .where('org_id', '=', org.id)
        .where('id', '=', form.id)
        .where('version', '=', form.version ?? 0)
        .returning('id')
        .executeTakeFirst()
      if (!changed) return refuse('conflict', '这个自定种类刚被别人改过，请核对后再保存。')
    } else
      await tx.db
        .insertInto('instrument_own_kinds')
        .values({ province: org.province, id, org_id: org.id, region: org.region, created_at: tx.now, ...columns })
        .execute()
    await announce(tx, {
      subject: 'instrument-kind',
      subjectId: id,
      action: form.id ? 'changed' : 'added',
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: form.name,
      detail: columns,
    })
    return { id }
  })

export const removeOwnKind = (ctx: Ctx, id: string): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const kind = isId(id) ? (await ownKinds(tx)).find((each) => each.id === id) : undefined
    if (!kind) return refuse('missing', '没有这个自定种类。')
    if (kind.used > 0) return refuse('conflict', `还有 ${kind.used} 件器具属于“${kind.name}”，请先改为别的种类再删除。`)
    await tx.db
      .deleteFrom('instrument_own_kinds')
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('id', '=', id)
      .execute()
    await announce(tx, {
      subject: 'instrument-kind',
      subjectId: id,
      action: 'removed',
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: kind.name,
    })
    return { id }
  })

export interface LedgerSettings {
  turnaroundWorkdays: number
  reminders: boolean
}

/** How long a laboratory usually keeps it, and whether to be reminded; what stands until somebody says otherwise. */
export async function settingsOf(ctx: Ctx, orgId = ctx.actor.org_id): Promise<LedgerSettings> {
  const row = await ctx.db
    .selectFrom('ledger_settings')
    .select(['turnaround_workdays', 'reminders'])
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return { turnaroundWorkdays: row?.turnaround_workdays ?? 20, reminders: row?.reminders ?? true }
}

export const changeSettings = (ctx: Ctx, form: LedgerSettings): Promise<LedgerSettings | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const columns = { turnaround_workdays: form.turnaroundWorkdays, reminders: form.reminders }
    await tx.db
      .insertInto('ledger_settings')
      .values({ province: org.province, org_id: org.id, ...columns })
      .onConflict((oc) => oc.columns(['province', 'org_id']).doUpdateSet(columns))
      .execute()
    await announce(tx, {
      subject: 'ledger-settings',
      subjectId: org.id,
      action: 'changed',
      province: org.province,
      region: org.region,
      orgId: org.id,
      detail: form,
    })
    return form
  })
