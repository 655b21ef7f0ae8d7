/** Confirmations and traces for programs: the same commands as the pages. */
import { z } from 'zod'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { confirmations } from '../model.ts'
import { addUse, judgeUse, takeTraceStep } from '../traces/commands.server.ts'
import { judgements, lengths, traceStates, type Judgement, type TraceState } from '../traces/model.ts'
import { findTrace, listTraces, usesOf, type TraceRow } from '../traces/queries.server.ts'
import { judgeForm, useForm } from '../traces/schema.ts'
import { prepareConfirmation, signConfirmation } from './commands.server.ts'
import { confirmationStates, pointVerdicts, rules } from './model.ts'
import { findConfirmation } from './queries.server.ts'
import { needBody, prepareBody, resultsBody, signBody } from './schema.ts'

const tag = '计量确认'
const readers = ['enterprise', 'regulator', 'admin'] as const
const keys = <T extends string>(record: Record<T, unknown>) => Object.keys(record) as [T, ...T[]]
const idParams = z.object({ id: z.uuid('标识不正确') })

const confirmationAnswer = z.object({
  id: z.uuid(),
  instrumentId: z.uuid(),
  checkId: z.uuid(),
  state: z.enum(keys(confirmationStates)),
  need: needBody,
  results: resultsBody,
  decision: z.object({
    rule: z.enum(keys(rules)),
    verdict: z.enum(keys(confirmations)),
    points: z.array(
      z.object({
        at: z.string(),
        error: z.string(),
        expanded: z.string(),
        limit: z.string(),
        guard: z.string(),
        verdict: z.enum(keys(pointVerdicts)),
        beyond: z.number(),
      }),
    ),
    sentences: z.array(z.string()),
  }),
  verdict: z.enum(keys(confirmations)).nullable(),
  rangeNote: z.string().nullable(),
  signedBy: z.string().nullable(),
  signedAt: z.string().nullable(),
  version: z.number().int(),
})

const shown = async (ctx: Parameters<typeof findConfirmation>[0], id: string) => {
  const row = await findConfirmation(ctx, id)
  if (!row) return refuse('missing', '没有这份计量确认，或不归您管。')
  const { rule, verdict, points, sentences } = row.decision
  return {
    id: row.id,
    instrumentId: row.instrument_id,
    checkId: row.check_id,
    state: row.state,
    need: row.need,
    results: row.results,
    decision: {
      rule,
      verdict,
      sentences,
      points: points.map(({ at, error, expanded, limit, guard, verdict: each, beyond }) => ({
        at,
        error,
        expanded,
        limit,
        guard,
        verdict: each,
        beyond,
      })),
    },
    verdict: row.verdict,
    rangeNote: row.range_note,
    signedBy: row.signed_by_name,
    signedAt: row.signed_at,
    version: row.version,
  }
}

const traceAnswer = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.enum(keys(traceStates)),
  instrumentId: z.uuid(),
  found: z.string(),
  goodOn: z.string().nullable(),
  foundOn: z.string(),
  dueOn: z.string(),
  uses: z.number().int(),
  unjudged: z.number().int(),
  conclusion: z.string().nullable(),
  version: z.number().int(),
})

const toTrace = (row: TraceRow) => ({
  id: row.id,
  number: row.number,
  state: row.state,
  instrumentId: row.instrument_id,
  found: row.found,
  goodOn: row.good_on,
  foundOn: row.found_on,
  dueOn: row.due_on,
  uses: row.uses,
  unjudged: row.unjudged,
  conclusion: row.conclusion,
  version: row.version,
})

const useAnswer = z.object({
  n: z.number().int(),
  what: z.string(),
  usedFrom: z.string().nullable(),
  usedTo: z.string().nullable(),
  judgement: z.enum(keys<Judgement>(judgements)).nullable(),
  evidence: z.string().nullable(),
})

const traced = async (ctx: Parameters<typeof findTrace>[0], done: Awaited<ReturnType<typeof addUse>>) =>
  isRefusal(done) ? done : toTrace((await findTrace(ctx, done.id))!)

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/instrument-checks/{id}/confirmation',
    summary: '填写使用要求和证书数据，得出可以确认的结论',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: prepareBody,
    answer: confirmationAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => {
      const done = await prepareConfirmation(ctx, params.id, body)
      return isRefusal(done) ? done : shown(ctx, done.id)
    },
  }),
  operation({
    method: 'get',
    path: '/confirmations/{id}',
    summary: '一份计量确认',
    tag,
    by: readers,
    params: idParams,
    answer: confirmationAnswer,
    refusals: ['missing'],
    run: (ctx, { params }) => shown(ctx, params.id),
  }),
  operation({
    method: 'post',
    path: '/confirmations/{id}/sign',
    summary: '对计量确认签字，器具随结论转为在用、限用或停用',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: signBody,
    answer: confirmationAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => {
      const done = await signConfirmation(ctx, params.id, body)
      return isRefusal(done) ? done : shown(ctx, done.id)
    },
  }),
  operation({
    method: 'get',
    path: '/traces',
    summary: '超差后的追溯评价',
    tag,
    by: readers,
    query: z.object({
      state: z.enum(keys<TraceState>(traceStates)).optional(),
      page: z.coerce.number().int().min(1).max(10_000).default(1),
    }),
    answer: z.object({ items: z.array(traceAnswer), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listTraces(ctx, { ...query, pageSize: 50 })
      return { items: rows.map(toTrace), total }
    },
  }),
  operation({
    method: 'get',
    path: '/traces/{id}',
    summary: '一份追溯评价和它的各项',
    tag,
    by: readers,
    params: idParams,
    answer: traceAnswer.extend({ items: z.array(useAnswer) }),
    refusals: ['missing'],
    run: async (ctx, { params }) => {
      const row = await findTrace(ctx, params.id)
      if (!row) return refuse('missing', '没有这份追溯评价，或不归您管。')
      const items = (await usesOf(ctx, row)).map(({ n, what, used_from, used_to, judgement, evidence }) => ({
        n,
        what,
        usedFrom: used_from,
        usedTo: used_to,
        judgement,
        evidence,
      }))
      return { ...toTrace(row), items }
    },
  }),
  operation({
    method: 'post',
    path: '/traces/{id}/uses',
    summary: '补充一项用它测过的',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: useForm,
    answer: traceAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => traced(ctx, await addUse(ctx, params.id, body)),
  }),
  operation({
    method: 'post',
    path: '/traces/{id}/judgements',
    summary: '评价一项',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: judgeForm,
    answer: traceAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => traced(ctx, await judgeUse(ctx, params.id, body)),
  }),
  operation({
    method: 'post',
    path: '/traces/{id}/steps/{step}',
    summary: '签字结案，或重新追溯',
    tag,
    by: ['enterprise'],
    params: idParams.extend({ step: z.enum(['sign', 'reopen'], '没有这一步') }),
    body: z.object({ opinion: z.string().trim().max(lengths.conclusion).default(''), version: z.number('缺少版本号').int() }),
    answer: traceAnswer,
    refusals: ['conflict', 'forbidden', 'missing'],
    run: async (ctx, { params, body }) => {
      const done = await takeTraceStep(ctx, params.id, { ...body, step: params.step })
      return isRefusal(done) ? done : toTrace(done)
    },
  }),
]
