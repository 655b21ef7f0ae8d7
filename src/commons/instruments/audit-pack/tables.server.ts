/** The tables of the pack, row by row. */
import { sql } from 'kysely'
import { sayActor } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { sayInstant } from '../../../core/say-instant.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import type { Cell, SheetColumn } from '../../../platform/sheet-writer.server.ts'
import { fieldLabels } from '../draft.ts'
import { checkKinds, conclusions, confirmations, instrumentStates } from '../model.ts'
import { eachInstrument, type InstrumentQuery } from '../queries.server.ts'
import { eventWords } from '../workflow.ts'
import type { Period } from './model.ts'
import { isOverdue, survey, type Result, type Surveyed } from './survey.server.ts'

export interface PackTable {
  columns: SheetColumn[]
  rows: AsyncGenerator<Cell[]>
}

const columns = (headers: string): SheetColumn[] => headers.split(' ').map((header) => ({ header }))

/** 02: every result, voided ones with their reason. `seen` is told of each instrument, `fileOf` names the certificate's file. */
export function resultsTable(
  ctx: Ctx,
  query: InstrumentQuery,
  told: { seen: (each: Surveyed) => void; fileOf: (each: Surveyed, result: Result) => string | null },
): PackTable {
  return {
    columns: columns(
      '器具编号 名称 类别 日期 有效期至 检定、校准机构 证书编号 结论 示值误差 不确定度 允许误差 单位 证书文件 录入人 录入时间 作废时间 作废原因',
    ),
    rows: eachResult(ctx, query, told.seen, (each, result) => [
      each.instrument.code,
      each.instrument.name,
      checkKinds[result.kind],
      result.done_on,
      result.valid_until,
      result.institution,
      result.certificate_no,
      conclusions[result.conclusion],
      result.as_found?.error ?? null,
      result.as_found?.uncertainty ?? null,
      result.as_found?.limit ?? null,
      result.as_found?.unit ?? null,
      told.fileOf(each, result),
      result.recorded_by_name,
      sayInstant(result.created_at),
      result.voided_at && sayInstant(result.voided_at),
      result.void_reason,
    ]),
  }
}

/** 03: whether it fits the use, and on what that rests (GB/T 19022). */
export const confirmationsTable = (ctx: Ctx, query: InstrumentQuery): PackTable => ({
  columns: columns('器具编号 名称 日期 证书编号 计量确认 依据 录入人 作废原因'),
  rows: eachResult(
    ctx,
    query,
    () => {},
    ({ instrument }, result) =>
      result.confirmation && [
        instrument.code,
        instrument.name,
        result.done_on,
        result.certificate_no,
        confirmations[result.confirmation],
        result.confirmation_basis,
        result.recorded_by_name,
        result.void_reason,
      ],
  ),
})

async function* eachResult(
  ctx: Ctx,
  query: InstrumentQuery,
  seen: (each: Surveyed) => void,
  row: (each: Surveyed, result: Result) => Cell[] | null,
): AsyncGenerator<Cell[]> {
  for await (const batch of survey(ctx, query))
    for (const each of batch) {
      seen(each)
      for (const result of each.results) {
        const cells = row(each, result)
        if (cells) yield cells
      }
    }
}

/** 04: what an auditor looks for first. */
export const overdueTable = (ctx: Ctx, query: InstrumentQuery): PackTable => ({
  columns: columns('器具编号 名称 状态 有效期至 超期天数 强制检定 地点 保管人'),
  rows: overdueRows(ctx, query),
})

async function* overdueRows(ctx: Ctx, query: InstrumentQuery): AsyncGenerator<Cell[]> {
  const today = shanghaiDate(ctx.now)
  for await (const batch of eachInstrument(ctx, query))
    for (const each of batch) {
      const overdue = isOverdue(each, today)
      if (!overdue && each.state !== 'sent') continue
      const days = overdue ? Math.round((Date.parse(today) - Date.parse(each.valid_until!)) / 86_400_000) : null
      const mandatory = { yes: '是', no: '否', unknown: '待判定' }[each.mandatory]
      yield [each.code, each.name, instrumentStates[each.state], each.valid_until, days, mandatory, each.place, each.keeper]
    }
}

/** 05: what happened to each instrument in the period, from the chain of events. */
export const changesTable = (ctx: Ctx, query: InstrumentQuery, period: Period): PackTable => ({
  columns: columns('时间 器具 事项 办理人 内容 事件号'),
  rows: changeRows(ctx, query, period),
})

async function* changeRows(ctx: Ctx, query: InstrumentQuery, { from, to }: Period): AsyncGenerator<Cell[]> {
  for await (const batch of eachInstrument(ctx, query)) {
    const events = await ctx.db
      .selectFrom('events')
      .selectAll()
      .where('subject', '=', 'instrument')
      .where(
        'subject_id',
        'in',
        batch.map(({ id }) => id),
      )
      .where(sql<boolean>`(at at time zone 'Asia/Shanghai')::date between ${from}::date and ${to}::date`)
      .orderBy('seq')
      .execute()
    for (const event of events)
      yield [
        sayInstant(event.at),
        event.title,
        eventWords[event.action] ?? event.action,
        sayActor(event),
        sayDetail(event),
        String(event.seq),
      ]
  }
}

function sayDetail({ detail }: EventRow): string {
  const { before, after, opinion, reason, number } = (detail ?? {}) as Record<string, unknown>
  const said = [opinion, reason, number].filter((text) => typeof text === 'string')
  if (isRecord(before) && isRecord(after))
    said.push(
      ...Object.keys(after).map((key) => {
        const label = Object.hasOwn(fieldLabels, key) ? fieldLabels[key as keyof typeof fieldLabels] : key
        return `${label}：${String(before[key] ?? '空')} → ${String(after[key] ?? '空')}`
      }),
    )
  return said.join('；')
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
