/** Certificates for programs: the public check, and what an institution does with what it issued. */
import { z } from 'zod'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { operation, type Operation } from '../../platform/api.server.ts'
import { withdrawCertificate } from './change.server.ts'
import { checkFile, checkNumber, checkToken, mayCheck, mayCheckFile, type CheckAnswer } from './check.server.ts'
import { certificateKinds } from './content.ts'
import { certificateStates, verdictsOfCheck, type Certificate } from './model.ts'
import { findCertificate, listCertificates } from './queries.server.ts'

const tag = '证书'
const keys = <T extends object>(words: T) => Object.keys(words) as [keyof T & string, ...(keyof T & string)[]]
const readersRoles = ['enterprise', 'counter', 'tester', 'approver', 'regulator', 'admin'] as const

const checked = z.object({
  verdict: z.enum(keys(verdictsOfCheck)),
  words: z.string(),
  reason: z.string(),
  demo: z.boolean(),
  signature: z.array(z.string()),
  paper: z.array(z.object({ label: z.string(), value: z.string() })),
})

const tooMany = () =>
  new Response(JSON.stringify({ type: 'about:blank', title: '请求太频繁', status: 429, detail: '核对得太频繁，请一分钟后再试。' }), {
    status: 429,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '60' },
  })

const shown = ({ verdict, reason, signature = [], paper = [], demo = false }: CheckAnswer) => ({
  verdict,
  words: verdictsOfCheck[verdict],
  reason,
  demo,
  signature,
  paper,
})

const row = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: z.enum(keys(certificateKinds)),
  state: z.enum(keys(certificateStates)),
  client: z.string(),
  item: z.string(),
  serial: z.string().nullable(),
  issuedOn: z.string(),
  validUntil: z.string().nullable(),
  version: z.number().int(),
})

const shownRow = (each: Certificate) => ({
  id: each.id,
  number: each.number,
  kind: each.kind,
  state: each.state,
  client: each.client_name,
  item: each.item_name,
  serial: each.item_serial,
  issuedOn: each.issued_on,
  validUntil: each.valid_until,
  version: each.version,
})

const checks: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/certificate-checks',
    summary: '按证书编号和校验码核对证书',
    tag,
    by: 'public',
    query: z.object({ number: z.string().min(1, '请填写证书编号').max(40), code: z.string().min(1, '请填写校验码').max(20) }),
    answer: checked,
    run: async (ctx, { query }) => {
      const answer = await checkNumber(ctx, query.number, query.code)
      return mayCheck(query.number, answer) ? shown(answer) : tooMany()
    },
  }),
  operation({
    method: 'get',
    path: '/certificate-checks/{token}',
    summary: '按二维码核对证书',
    tag,
    by: 'public',
    params: z.object({ token: z.string().min(1).max(60) }),
    answer: checked,
    refusals: ['missing'],
    run: async (ctx, { params: { token } }) => {
      const answer = await checkToken(ctx, token)
      if (!mayCheck(token, answer ?? { verdict: 'unknown', reason: '' })) return tooMany()
      return answer ? shown(answer) : refuse('missing', '没有这份证书，请核对网址，或按证书编号和校验码核对。')
    },
  }),
  operation({
    method: 'post',
    path: '/certificate-checks',
    summary: '按文件核对证书：PDF 或 XML，内容以 Base64 提交',
    tag,
    by: 'public',
    body: z.strictObject({ file: z.base64('须是 Base64').min(8, '文件是空的').max(900_000, '文件太大，请用网页核对') }),
    answer: checked,
    run: async (ctx, { body }) => (mayCheckFile() ? shown(await checkFile(ctx, Buffer.from(body.file, 'base64'))) : tooMany()),
  }),
]

export const operations: readonly Operation[] = [
  ...checks,
  operation({
    method: 'get',
    path: '/certificates',
    summary: '证书：企业看自己的，机构看出具的，监管人员看本辖区的',
    tag,
    by: readersRoles,
    query: z.object({
      q: z.string().max(60).optional(),
      state: z.enum(keys(certificateStates), '没有这个状态').optional(),
      page: z.coerce.number('页码须是数字').int().min(1).max(100_000).default(1),
    }),
    answer: z.object({ items: z.array(row), total: z.number().int() }),
    run: async (ctx, { query: { q, state, page } }) => {
      const { rows, total } = await listCertificates(ctx, { page, ...(q && { q }), ...(state && { state }) })
      return { items: rows.map(shownRow), total }
    },
  }),
  operation({
    method: 'get',
    path: '/certificates/{id}',
    summary: '一份证书写明的全部内容',
    tag,
    by: readersRoles,
    params: z.object({ id: z.uuid('标识不正确') }),
    answer: row.extend({ content: z.record(z.string(), z.unknown()), digest: z.string(), pdfSha256: z.string(), xmlSha256: z.string() }),
    refusals: ['missing'],
    run: async (ctx, { params: { id } }) => {
      const found = await findCertificate(ctx, id)
      if (!found) return refuse('missing', '没有这份证书，或不归您看。')
      return { ...shownRow(found), content: found.content, digest: found.digest, pdfSha256: found.pdf_sha256, xmlSha256: found.xml_sha256 }
    },
  }),
  operation({
    method: 'post',
    path: '/certificates/{id}/steps',
    summary: '申请撤销、不撤销、撤销；申请和撤销不能是同一个人',
    tag,
    by: ['approver'],
    params: z.object({ id: z.uuid('标识不正确') }),
    body: z.strictObject({
      step: z.enum(['ask-withdrawal', 'keep', 'withdraw'], '没有这一步'),
      version: z.number().int(),
      opinion: z.string().trim().max(300).default(''),
    }),
    answer: row,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: async (ctx, { params: { id }, body }) => {
      const answer = await withdrawCertificate(ctx, id, body)
      return isRefusal(answer) ? answer : shownRow(answer)
    },
  }),
]
