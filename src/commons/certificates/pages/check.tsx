import { Form, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { FileField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { fileIn, readForm } from '../../files/index.server.ts'
import { checkFile, checkNumber, mayCheck, mayCheckFile } from '../check.server.ts'
import { checkBytes } from '../model.ts'
import { Answer } from './answer.tsx'
import styles from './answer.module.css'
import type { Route } from './+types/check.ts'

export const meta = () => [
  { title: '核对证书 · 衡企' },
  { name: 'description', content: '按编号和校验码、二维码或文件，核对检定证书、检定结果通知书、校准证书的真伪。' },
]

export const headers = () => ({ 'cache-control': 'no-store' })

const tooOften = () => new Response('核对得太频繁，请一分钟后再试。', { status: 429 })

export async function loader({ context, url }: Route.LoaderArgs) {
  const number = (url.searchParams.get('number') ?? '').trim().slice(0, 40)
  const code = (url.searchParams.get('code') ?? '').trim().slice(0, 20)
  const missing = { ...(!number && { number: '请填写证书编号' }), ...(!code && { code: '请填写校验码' }) }
  const asked = url.searchParams.has('number') || url.searchParams.has('code')
  if (!asked || !number || !code) return { number, code, answer: undefined, missing: asked ? missing : {} }
  const answer = await checkNumber(context.get(ctxKey), number, code)
  if (!mayCheck(number, answer)) throw tooOften()
  return { number, code, answer, missing: {} }
}

export async function action({ request, context }: Route.ActionArgs) {
  if (!mayCheckFile()) throw tooOften()
  const form = await readForm(request, checkBytes)
  if (isRefusal(form)) return refused(form)
  const file = fileIn(form, 'file')
  if (!file || file.size === 0) return refused(refuse('invalid', '请选择证书文件（PDF 或 XML）。', { fields: { file: '请选择证书文件' } }))
  if (file.size > checkBytes) return refused(refuse('invalid', '文件超过 5 MB，不是证书原件。', { fields: { file: '文件超过 5 MB' } }))
  return { answer: await checkFile(context.get(ctxKey), new Uint8Array(await file.arrayBuffer())), name: file.name }
}

export default function Check({ loaderData: { number, code, answer, missing } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const refusal = result && 'refusal' in result ? result.refusal : undefined
  const found = result && 'answer' in result ? result : undefined
  const fields: Record<string, string> = missing
  const said = found?.answer ?? answer
  return (
    <Page title="核对证书" lead="检定证书、检定结果通知书、校准证书是不是真的、有没有改动、还能不能用。不用登录。">
      <ErrorSummary refusal={refusal} />
      {found && <h2>{found.name}</h2>}
      {said && <Answer answer={said} />}
      <div className={styles.ways}>
        <section aria-labelledby="by-number">
          <h2 id="by-number">按编号</h2>
          <Form method="get" action="/check" className="form" noValidate>
            <TextField
              name="number"
              label="证书编号"
              required
              defaultValue={number}
              maxLength={40}
              placeholder="JD2026-000001"
              {...(fields.number && { error: fields.number })}
            />
            <TextField
              name="code"
              label="校验码"
              required
              defaultValue={code}
              maxLength={20}
              help="在首页二维码下方"
              {...(fields.code && { error: fields.code })}
            />
            <Submit label="核对" busyLabel="正在核对" />
          </Form>
        </section>
        <section aria-labelledby="by-file">
          <h2 id="by-file">按文件</h2>
          <Form method="post" action="/check" encType="multipart/form-data" className="form" noValidate>
            <FileField
              name="file"
              label="证书文件（PDF 或 XML）"
              required
              accept=".pdf,.xml,application/pdf,application/xml"
              help="选择或拖到这里；文件只用于核对，不保存。改动一个字节也能发现"
              {...(refusal?.fields?.file && { error: refusal.fields.file })}
            />
            <Submit label="核对文件" busyLabel="正在核对" plain />
          </Form>
        </section>
      </div>
    </Page>
  )
}
