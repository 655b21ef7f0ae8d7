/** Certificates from elsewhere for programs: bring one, see what became of it, record it, set it aside. */
import { z } from 'zod'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { checkKinds, conclusions } from '../../instruments/index.ts'
import { incomingStates, standings, type IncomingCertificate } from './model.ts'
import { findIncoming, listIncoming } from './queries.server.ts'
import { receiveCertificate } from './receive.server.ts'
import { recordIncoming, setAside } from './record.server.ts'

const tag = '证书'
const keys = <T extends object>(words: T) => Object.keys(words) as [keyof T & string, ...(keyof T & string)[]]
const readersRoles = ['enterprise', 'regulator', 'admin'] as const
const params = z.object({ id: z.uuid('标识不正确') })

const answer = z.object({
  id: z.uuid(),
  state: z.enum(keys(incomingStates)),
  standing: z.enum(keys(standings)),
  signer: z.string().nullable(),
  name: z.string(),
  sha256: z.string(),
  number: z.string().nullable(),
  reading: z.record(z.string(), z.unknown()).nullable(),
  instrumentId: z.uuid().nullable(),
  checkId: z.uuid().nullable(),
  reason: z.string().nullable(),
  version: z.number().int(),
})

const shown = (row: IncomingCertificate) => ({
  id: row.id,
  state: row.state,
  standing: row.standing,
  signer: row.signer,
  name: row.name,
  sha256: row.sha256,
  number: row.number,
  reading: row.reading,
  instrumentId: row.instrument_id,
  checkId: row.check_id,
  reason: row.reason,
  version: row.version,
})

const day = z.iso.date('日期写成 2026-11-24 这样')
const typed = z.strictObject({
  kind: z.enum(keys(checkKinds), '请选择检定、校准或期间核查'),
  doneOn: day,
  validUntil: day.optional(),
  institution: z.string().trim().max(80).optional(),
  certificateNo: z.string().trim().max(60).optional(),
  conclusion: z.enum(keys(conclusions), '请选择结论'),
})

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/incoming-certificates',
    summary: '上传的证书：企业看自己的，监管人员看本辖区的',
    tag,
    by: readersRoles,
    query: z.object({
      state: z.enum(keys(incomingStates), '没有这个状态').optional(),
      page: z.coerce.number('页码须是数字').int().min(1).max(100_000).default(1),
    }),
    answer: z.object({ items: z.array(answer), total: z.number().int() }),
    run: async (ctx, { query }) => {
      const { rows, total } = await listIncoming(ctx, query)
      return { items: rows.map(shown), total }
    },
  }),
  operation({
    method: 'get',
    path: '/incoming-certificates/{id}',
    summary: '一份上传的证书：读到什么、记到了哪里',
    tag,
    by: readersRoles,
    params,
    answer,
    refusals: ['missing'],
    run: async (ctx, { params: { id } }) => {
      const row = await findIncoming(ctx, id)
      return row ? shown(row) : refuse('missing', '没有这份上传的证书，或不归您管。')
    },
  }),
  operation({
    method: 'post',
    path: '/incoming-certificates',
    summary: '上传证书：数字证书（XML）核实后自动记入台账，PDF 等人填写；内容以 Base64 提交',
    tag,
    by: ['enterprise'],
    body: z.strictObject({
      name: z.string().trim().min(1, '请写文件名').max(200),
      file: z.base64('须是 Base64').min(8, '文件是空的').max(900_000, '文件太大，请用网页上传'),
      instrumentId: z.uuid('器具标识不正确').optional(),
    }),
    answer: answer.extend({ again: z.boolean() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { body: { name, file, instrumentId } }) => {
      const received = await receiveCertificate(ctx, { name, bytes: Buffer.from(file, 'base64'), instrumentId })
      return isRefusal(received) ? received : { ...shown(received.row), again: received.again }
    },
  }),
  operation({
    method: 'post',
    path: '/incoming-certificates/{id}/record',
    summary: '把核对过的证书记入台账',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({
      instrumentId: z.uuid('器具标识不正确'),
      version: z.number('缺少版本号').int(),
      confirmed: z.boolean().default(false),
      typed: typed.optional(),
    }),
    answer,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const row = await recordIncoming(ctx, id, body)
      return isRefusal(row) ? row : shown(row)
    },
  }),
  operation({
    method: 'post',
    path: '/incoming-certificates/{id}/set-aside',
    summary: '传错了的证书不用',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({ version: z.number('缺少版本号').int(), reason: z.string().trim().min(1, '请写明为什么不用').max(300) }),
    answer,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const row = await setAside(ctx, id, body)
      return isRefusal(row) ? row : shown(row)
    },
  }),
]
