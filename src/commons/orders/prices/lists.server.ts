/** Price lists of an institution: brought as a sheet, published by another person, in force from a day; an order keeps the prices it was placed with. */
import { sql } from 'kysely'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { readSheet, SheetError } from '../../../platform/sheets.server.ts'
import { storeFile } from '../../files/index.server.ts'
import { isUuid } from '../../people/index.ts'
import type { PriceItem, PriceList } from '../model.ts'
import { readPriceRows, type ReadPrices } from './sheet.ts'
import '../tables.server.ts'

/** The institution whose desk the actor sits at; price lists are kept by counter and finance. */
export function ownInstitution({ actor }: Pick<Ctx, 'actor'>): { province: string; id: string; region: string } | Refusal {
  if ((actor.role !== 'counter' && actor.role !== 'finance') || !actor.org_id)
    return refuse('forbidden', '收费目录由机构窗口和财务维护，您当前的身份不能办理。')
  return { province: actor.region.slice(0, 2), id: actor.org_id, region: actor.region }
}

export interface NewList {
  title: string
  effectiveFrom: string
  basis: string
  file: { name: string; bytes: Uint8Array }
}

export type Rejected = Refusal & { problems?: ReadPrices['problems'] }

/** Reads the sheet and keeps it as a draft; with a problem in any row nothing is kept and every row is named. */
export async function draftPriceList(ctx: Ctx, form: NewList): Promise<{ id: string } | Rejected> {
  try {
    return await draftOne(ctx, form)
  } catch (error) {
    // Two at once: one number, the index lets one through.
    if ((error as { code?: string }).code !== '23505') throw error
    return refuse('conflict', '刚有同事上传了一版，您的还没有保存；请刷新后再上传一次。', { code: 'AT_THE_SAME_TIME' })
  }
}

async function draftOne(ctx: Ctx, form: NewList): Promise<{ id: string } | Rejected> {
  const own = ownInstitution(ctx)
  if (isRefusal(own)) return own
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (!form.title.trim() || form.title.length > 80) return wrong('title', '请填写目录名称，最多 80 个字')
  if (!form.basis.trim() || form.basis.length > 200) return wrong('basis', '请填写总的收费依据：发文机关、文号')
  if (!isIsoDate(form.effectiveFrom)) return wrong('effectiveFrom', '请填写施行日期，如 2026-12-01')
  const read = await readRows(form.file)
  if (isRefusal(read)) return read
  if (read.problems.length > 0)
    return {
      ...refuse('invalid', `表里有 ${read.problems.length} 处要改，改好后再上传；现在什么都没有保存。`, { code: 'ROWS_WRONG' }),
      problems: read.problems,
    }
  return inTx(ctx, async (tx) => {
    const id = uuidv7()
    const stored = await storeFile(tx, {
      org: own,
      subject: 'price-list',
      subjectId: id,
      ...form.file,
      allow: ['xlsx', 'csv'],
      maxBytes: 5_000_000,
    })
    if (isRefusal(stored)) return stored
    const { last } = await tx.db
      .selectFrom('price_lists')
      .select((eb) => eb.fn.coalesce(eb.fn.max('number'), sql<number>`0`).as('last'))
      .where('province', '=', own.province)
      .where('institution_id', '=', own.id)
      .executeTakeFirstOrThrow()
    await insertList(
      tx,
      own,
      {
        id,
        number: last + 1,
        title: form.title.trim(),
        basis: form.basis.trim(),
        effectiveFrom: form.effectiveFrom,
        fileId: stored.id,
        fileName: form.file.name,
      },
      read,
    )
    return { id }
  })
}

interface Heading {
  id: string
  number: number
  title: string
  basis: string
  effectiveFrom: string
  fileId: string | null
  fileName: string | null
}

export async function insertList(
  tx: Ctx,
  own: { province: string; id: string; region: string },
  heading: Heading,
  read: Pick<ReadPrices, 'items' | 'extras'>,
): Promise<void> {
  await tx.db
    .insertInto('price_lists')
    .values({
      province: own.province,
      id: heading.id,
      institution_id: own.id,
      region: own.region,
      number: heading.number,
      state: 'draft',
      title: heading.title,
      effective_from: heading.effectiveFrom,
      basis: heading.basis,
      ...read.extras,
      file_id: heading.fileId,
      file_name: heading.fileName,
      created_by: tx.actor.id,
      created_by_name: tx.actor.name,
      created_at: tx.now,
      published_by: null,
      published_by_name: null,
      published_at: null,
    })
    .execute()
  for (let i = 0; i < read.items.length; i += 500)
    await tx.db
      .insertInto('price_items')
      .values(
        read.items.slice(i, i + 500).map((item) => ({ ...item, province: own.province, list_id: heading.id, institution_id: own.id })),
      )
      .execute()
  await tellList(tx, own, heading.id, 'drafted', heading.title, { items: read.items.length })
}

const tellList = (tx: Ctx, own: { province: string; id: string; region: string }, id: string, action: string, title: string, detail = {}) =>
  announce(tx, { subject: 'price-list', subjectId: id, action, province: own.province, region: own.region, orgId: own.id, title, detail })

async function readRows(file: NewList['file']): Promise<ReadPrices | Refusal> {
  const rows = []
  try {
    for await (const row of readSheet(Buffer.from(file.bytes), file.name)) {
      rows.push(row)
      if (rows.length > 5_001) return refuse('invalid', '一份收费目录最多 5,000 项，请分成几份。', { fields: { file: '最多 5,000 项' } })
    }
  } catch (error) {
    if (error instanceof SheetError) return refuse('invalid', error.message, { fields: { file: error.message } })
    throw error
  }
  return readPriceRows(rows)
}

/** Two pairs of eyes: whoever brought it does not publish it. Prices in force are told to nobody before they are published. */
export const publishPriceList = (ctx: Ctx, id: string): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const own = ownInstitution(tx)
    if (isRefusal(own)) return own
    const list = await findPriceList(tx, id)
    if (!list || list.list.institution_id !== own.id) return refuse('missing', '没有这份收费目录，或不归您管。')
    const { list: row } = list
    if (row.state === 'published') return refuse('conflict', '这份收费目录已经公布，不用再办；要改价请上传新的一版。')
    if (row.created_by === tx.actor.id)
      return refuse('conflict', '上传和公布不能是同一个人，请由另一位同事核对后公布。', { code: 'FOUR_EYES' })
    if (row.effective_from < shanghaiDate(tx.now))
      return refuse('conflict', `施行日期 ${row.effective_from} 已经过去；价格不能倒签，请改施行日期后重新上传。`, { code: 'BACKDATED' })
    await publish(tx, own, row)
    return { id }
  })

export async function publish(
  tx: Ctx,
  own: { province: string; id: string; region: string },
  row: Pick<PriceList, 'id' | 'title' | 'number'>,
) {
  await tx.db
    .updateTable('price_lists')
    .set({
      state: 'published',
      published_by: tx.actor.id,
      published_by_name: tx.actor.name,
      published_at: tx.now,
      version: sql`version + 1`,
    })
    .where('province', '=', own.province)
    .where('id', '=', row.id)
    .execute()
  await tellList(tx, own, row.id, 'published', row.title, { number: row.number })
}

const lists = ({ db }: Pick<Ctx, 'db'>) => db.selectFrom('price_lists as p').selectAll('p')

/** Everybody may read what is published; the institution its drafts too. */
export async function findPriceList(
  ctx: Ctx,
  id: string,
): Promise<{ list: PriceList; items: PriceItem[]; institution: string } | undefined> {
  if (!isUuid(id)) return undefined
  const row = await lists(ctx)
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'p.province').onRef('o.id', '=', 'p.institution_id'))
    .select('o.name as institution')
    .where('p.id', '=', id)
    .executeTakeFirst()
  if (!row || (row.state === 'draft' && row.institution_id !== ctx.actor.org_id)) return undefined
  const items = await ctx.db
    .selectFrom('price_items')
    .selectAll()
    .where('province', '=', row.province)
    .where('list_id', '=', id)
    .orderBy('n')
    .execute()
  return { list: row as PriceList, items, institution: row.institution }
}

export const listPriceLists = async (ctx: Ctx): Promise<(PriceList & { items: number })[]> => {
  const own = ownInstitution(ctx)
  if (isRefusal(own)) return []
  const rows = await lists(ctx)
    .select(sql<bigint>`(select count(*) from price_items i where i.province = p.province and i.list_id = p.id)`.as('items'))
    .where('p.province', '=', own.province)
    .where('p.institution_id', '=', own.id)
    .orderBy('p.number', 'desc')
    .execute()
  return rows.map((row) => ({ ...(row as PriceList), items: Number(row.items) }))
}

/** The list in force at an institution on a day: the last published one that has begun. */
export async function listInForce(
  ctx: Pick<Ctx, 'db'>,
  institutionId: string,
  on: string,
): Promise<{ list: PriceList; items: PriceItem[] } | undefined> {
  const row = isUuid(institutionId)
    ? await lists(ctx)
        .where('p.institution_id', '=', institutionId)
        .where('p.state', '=', 'published')
        .where('p.effective_from', '<=', on)
        .orderBy('p.effective_from', 'desc')
        .orderBy('p.number', 'desc')
        .limit(1)
        .executeTakeFirst()
    : undefined
  if (!row) return undefined
  const items = await ctx.db
    .selectFrom('price_items')
    .selectAll()
    .where('province', '=', row.province)
    .where('list_id', '=', row.id)
    .orderBy('n')
    .execute()
  return { list: row as PriceList, items }
}
