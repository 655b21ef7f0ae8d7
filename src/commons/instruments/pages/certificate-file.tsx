import { Form, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { FileField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { accept, sayBytes, sayTypes } from '../../files/index.ts'
import { fileIn, findFile, readForm } from '../../files/index.server.ts'
import { attachFile, findResult } from '../audit-pack/attach.server.ts'
import { certificateFile } from '../audit-pack/model.ts'
import { checkKinds, conclusions } from '../model.ts'
import type { Route } from './+types/certificate-file.ts'
import { admit, missing } from '../../../web/admit.server.ts'

export const meta = () => [{ title: '证书文件 · 器具台账 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const result = await findResult(ctx, params.check)
  if (!result || result.instrument_id !== params.id) throw missing('这条检定、校准记录')
  const [file, scope] = [result.file_id ? await findFile(ctx, result.file_id) : undefined, await missingScope(ctx, 'ledger')]
  const { instrument_id: id, code, name, kind, done_on: on, conclusion, institution, certificate_no: number, voided_at: voided } = result
  return {
    result: { id, code, name, kind, on, conclusion, institution, number, voided: voided !== null },
    file: file && { id: file.id, name: file.name, bytes: sayBytes(file.bytes), sha256: file.sha256 },
    readOnly: scope?.reason,
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await readForm(request, certificateFile.bytes)
  if (isRefusal(form)) return refused(form)
  const file = fileIn(form, 'file')
  // An empty file is refused with the sentence of all files.
  const bytes = file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
  const stored = await attachFile(ctx, params.check, { name: file?.name ?? '', bytes })
  return isRefusal(stored) ? refused(stored) : redirect(`/me/instruments/${params.id}`)
}

export default function CertificateFile({ loaderData: { result, file, readOnly } }: Route.ComponentProps) {
  const failed = useActionData<typeof action>()
  const { id, code, name, kind, on, conclusion, institution, number, voided } = result
  return (
    <Page
      title="证书文件"
      lead={`${code} ${name}，${on} ${checkKinds[kind]}`}
      back={{ to: `/me/instruments/${id}`, label: `${code} ${name}` }}
      width="narrow"
    >
      <Facts
        items={[
          { label: '结论', value: conclusions[conclusion] },
          { label: '机构', value: institution ?? '—' },
          { label: '证书编号', value: number ?? '—' },
          {
            label: '现在的文件',
            value: file ? (
              <>
                <a href={`/files/${file.id}`}>{file.name}</a> <span className="soft">{file.bytes}</span>
              </>
            ) : (
              '还没有'
            ),
          },
        ]}
      />
      {voided && (
        <Notice tone="warn" title="这条记录已经作废">
          不能再上传证书；请录入正确的结果后上传。
        </Notice>
      )}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能上传">
          {readOnly}。
        </Notice>
      )}
      {!voided && !readOnly && (
        <Form method="post" encType="multipart/form-data" className="form" noValidate>
          <ErrorSummary refusal={failed?.refusal} />
          <FileField
            name="file"
            label={file ? '换成' : '选择文件'}
            required
            accept={accept(certificateFile.types)}
            help={`${sayTypes(certificateFile.types)}，不超过 ${sayBytes(certificateFile.bytes)}。${file ? '换下的文件仍然留在记录里。' : ''}`}
            error={failed?.refusal.fields?.file}
          />
          <Submit label="上传" busyLabel="正在上传" />
        </Form>
      )}
    </Page>
  )
}
