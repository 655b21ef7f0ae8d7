import { Form, redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { FileField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { accept, sayBytes } from '../../files/index.ts'
import { fileIn, readForm } from '../../files/index.server.ts'
import { missingScope } from '../../people/index.server.ts'
import { startImport } from '../import/commands.server.ts'
import { importLimits } from '../import/model.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/import-new.ts'

export const meta = () => [{ title: '导入 Excel · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  return { readOnly: (await missingScope(ctx, 'ledger'))?.reason }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await readForm(request, importLimits.bytes)
  if (isRefusal(form)) return refused(form)
  const file = fileIn(form, 'file')
  if (!file) return refused(refuse('invalid', '还没有选择文件。', { fields: { file: '请选择一个 .xlsx 或 CSV 文件' } }))
  const started = await startImport(ctx, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  if (isRefusal(started)) return refused(started)
  return redirect(`/me/instruments/imports/${started.id}${started.again ? '?again=1' : ''}`)
}

export default function NewImport({ loaderData: { readOnly } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title="导入 Excel"
      lead="自己的台账直接上传就行，不用改格式：表头自动认，先看预览，确认后才登记。"
      back={{ to: '/me/instruments/imports', label: '导入记录' }}
      width="narrow"
    >
      {readOnly ? (
        <Notice tone="warn" title="您现在不能导入">
          {readOnly}。
        </Notice>
      ) : (
        <Form method="post" encType="multipart/form-data" className="form" noValidate>
          <ErrorSummary refusal={result?.refusal} />
          <FileField
            name="file"
            label="台账文件"
            required
            accept={accept(['xlsx', 'csv'])}
            error={result?.refusal.fields?.file}
            help={`Excel（.xlsx）或 CSV，不超过 ${sayBytes(importLimits.bytes)}；只读第一张表。旧版 .xls 请先另存为 .xlsx。`}
          />
          <Submit label="上传并预览" busyLabel="正在上传" />
        </Form>
      )}
      <section className="stack" aria-labelledby="how">
        <h2 id="how">会怎么处理</h2>
        <ul>
          <li>有编号的按编号认，没有编号的按制造单位、型号和出厂编号认；同一张表传两次，不会多登记一件。</li>
          <li>台账里已有的，只更新有变化的内容；空着的格子不会清掉台账里的内容，状态也不会改。</li>
          <li>有问题的行逐行说明，可以在网页上改，也可以下载下来改好再传；其余的行不受影响。</li>
          <li>
            没有台账的，用模板填：
            <a href="/me/instruments/template.xlsx">下载模板</a>
            （带下拉选项和两行示例）。
          </li>
        </ul>
      </section>
    </Page>
  )
}
