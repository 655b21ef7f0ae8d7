import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { FileField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { filesIn, readForm } from '../../files/index.server.ts'
import { accept, sayBytes } from '../../files/index.ts'
import { findInstrument } from '../../instruments/index.server.ts'
import { missingScope } from '../../people/index.server.ts'
import { incomingFile, incomingStates } from '../incoming/model.ts'
import { receiveCertificate } from '../incoming/receive.server.ts'
import type { Route } from './+types/incoming-new.ts'

export const meta = () => [{ title: '上传证书 · 器具台账 · 衡企' }]

/** Several at once, each a scan of some pages. */
const together = 3 * incomingFile.bytes

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const instrument = params.id ? await findInstrument(ctx, params.id) : undefined
  if (params.id && !instrument) throw missing('这件器具')
  return {
    instrument: instrument && { id: instrument.id, title: `${instrument.code} ${instrument.name}` },
    readOnly: (await missingScope(ctx, 'ledger'))?.reason,
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await readForm(request, together)
  if (isRefusal(form)) return refused(form)
  const files = filesIn(form, 'file')
  if (files.length === 0) return refused(refuse('invalid', '请选择证书文件。', { fields: { file: '请选择证书文件（PDF 或 XML）' } }))
  if (files.length > incomingFile.atOnce) {
    const reason = `一次最多 ${incomingFile.atOnce} 个文件，现在选了 ${files.length} 个，请分几次上传`
    return refused(refuse('invalid', `${reason}。`, { fields: { file: reason } }))
  }
  const came = []
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const answer = await receiveCertificate(ctx, { name: file.name, bytes, ...(params.id && { instrumentId: params.id }) })
    if (files.length === 1) {
      if (isRefusal(answer)) return refused(answer)
      return redirect(`/me/certificates/incoming/${answer.row.id}?came=${answer.again ? 'again' : 'now'}`)
    }
    came.push(
      isRefusal(answer)
        ? { name: file.name, said: answer.reason, bad: true }
        : {
            name: file.name,
            said: `${answer.again ? '以前传过，' : ''}${incomingStates[answer.row.state]}${answer.row.reason ? `：${answer.row.reason}` : ''}`,
            id: answer.row.id,
          },
    )
  }
  return { came }
}

export default function IncomingNew({ loaderData: { instrument, readOnly } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const refusal = result && 'refusal' in result ? result.refusal : undefined
  return (
    <Page
      title="上传证书"
      lead={`${instrument ? `${instrument.title}：` : ''}机构发来的检定、校准证书。数字证书核实签名后自动记入台账；PDF 由您填写结果。`}
      back={
        instrument
          ? { to: `/me/instruments/${instrument.id}`, label: instrument.title }
          : { to: '/me/certificates/incoming', label: '上传的证书' }
      }
      width="narrow"
    >
      {result && 'came' in result && (
        <Notice tone="info" title={`收到 ${result.came.length} 个文件`} live>
          <ul>
            {result.came.map((each, i) => (
              <li key={i}>
                {'id' in each && each.id ? (
                  <Link to={`/me/certificates/incoming/${each.id}`}>{each.name}</Link>
                ) : (
                  <strong>{each.name}</strong>
                )}
                {'bad' in each ? '：没有收下。' : '：'}
                {each.said}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {readOnly ? (
        <Notice tone="info" title="您可以查看，不能上传">
          {readOnly}。
        </Notice>
      ) : (
        <Form method="post" encType="multipart/form-data" className="form" noValidate>
          <ErrorSummary refusal={refusal} />
          <FileField
            name="file"
            label="证书文件（XML 或 PDF）"
            required
            multiple={!instrument}
            accept={accept(incomingFile.types)}
            help={`${instrument ? '' : `一次可以选几个，最多 ${incomingFile.atOnce} 个；`}每个不超过 ${sayBytes(incomingFile.bytes)}。改动过、已撤销或签名不对的不收，并说明原因。`}
            error={refusal?.fields?.file}
          />
          <Submit label="上传" busyLabel="正在核实" />
        </Form>
      )}
    </Page>
  )
}
