/** Send-outs for programs: the same planner and steps as the pages. */
import { z } from 'zod'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { lengths } from '../model.ts'
import { cancelSendOut, planSendOut, sendBatch, takeBack } from './commands.server.ts'
import { sendOutStates, type SendOut, type SendOutState } from './model.ts'
import { findSendOut, listSendOuts } from './queries.server.ts'

const tag = '送检'
const readers = ['enterprise', 'regulator', 'admin'] as const
const states = Object.keys(sendOutStates) as [SendOutState, ...SendOutState[]]
const day = z.string('请填写日期，如 2026-11-23').refine(isIsoDate, '请填写日期，如 2026-11-23')
const ids = z.array(z.uuid('器具标识不正确')).max(1000, '一次最多 1000 件')
const params = z.object({ id: z.uuid('送检单标识不正确') })

const summary = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.enum(states),
  institution: z.string(),
  site: z.string().nullable(),
  sendOn: z.string(),
  backOn: z.string(),
})
const whole = summary.extend({
  lines: z.array(
    z.object({
      instrumentId: z.uuid(),
      code: z.string(),
      substituteId: z.uuid().nullable(),
      gapReason: z.string().nullable(),
      returnedAt: z.string().nullable(),
    }),
  ),
})

const toSummary = ({ id, number, state, institution, site, send_on, back_on }: SendOut) => ({
  id,
  number,
  state,
  institution,
  site,
  sendOn: send_on,
  backOn: back_on,
})

const shown = async (ctx: Ctx, id: string) => {
  const found = await findSendOut(ctx, id)
  if (!found) return refuse('missing', '没有这张送检单，或不归您看。')
  return {
    ...toSummary(found.row),
    lines: found.lines.map((line) => ({
      instrumentId: line.instrument_id,
      code: line.code,
      substituteId: line.substitute_id,
      gapReason: line.gap_reason,
      returnedAt: line.returned_at,
    })),
  }
}
const shownAfter = async (ctx: Ctx, row: SendOut | Refusal) => (isRefusal(row) ? row : shown(ctx, row.id))

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/send-outs',
    summary: '送检单：企业看自己的，监管人员看本辖区的',
    tag,
    by: readers,
    query: z.object({
      state: z.enum(states, '没有这个状态').optional(),
      page: z.coerce.number('页码须是数字').int().min(1).default(1),
    }),
    answer: z.object({ items: z.array(summary), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listSendOuts(ctx, { page: query.page, ...(query.state && { states: [query.state] }) })
      return { items: rows.map(toSummary), total }
    },
  }),
  operation({
    method: 'get',
    path: '/send-outs/{id}',
    summary: '一张送检单：每件由谁顶替，或为什么没有顶替也要送',
    tag,
    by: readers,
    params,
    answer: whole,
    refusals: ['missing'],
    run: (ctx, { params: { id } }) => shown(ctx, id),
  }),
  operation({
    method: 'post',
    path: '/send-outs',
    summary: '排一张送检单；会让使用点没有器具可用的，要写明理由',
    tag,
    by: ['enterprise'],
    body: z.strictObject({
      ids: ids.min(1, '请选择要送的器具'),
      institution: z.string().trim().min(1, '请填写机构').max(lengths.maker),
      site: z.string().trim().max(lengths.maker).optional(),
      sendOn: day,
      backOn: day,
      note: z.string().trim().max(lengths.note).optional(),
      gapReasons: z.record(z.uuid(), z.string().trim().max(lengths.note)).optional(),
    }),
    answer: whole,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { body }) => shownAfter(ctx, await planSendOut(ctx, body)),
  }),
  operation({
    method: 'post',
    path: '/send-outs/{id}/send',
    summary: '送出：单上的器具都转为送检中，仍在台账',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({ useSpares: z.boolean().default(false) }),
    answer: whole,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params: { id }, body }) => shownAfter(ctx, await sendBatch(ctx, id, body.useSpares)),
  }),
  operation({
    method: 'post',
    path: '/send-outs/{id}/take-back',
    summary: '取回一部分或全部；全部取回后自动结单',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({ ids: ids.min(1, '请选择取回的器具') }),
    answer: whole,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params: { id }, body }) => shownAfter(ctx, await takeBack(ctx, id, body.ids)),
  }),
  operation({
    method: 'post',
    path: '/send-outs/{id}/cancel',
    summary: '取消还没有送出的送检单',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({ opinion: z.string().trim().max(lengths.note).default('') }),
    answer: whole,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params: { id }, body }) => shownAfter(ctx, await cancelSendOut(ctx, id, body.opinion)),
  }),
]
