import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { missingScope } from '../../people/index.server.ts'
import { correctedFields, correctedDraft } from '../correct.ts'
import { amendCertificate, withdrawCertificate } from '../change.server.ts'
import { certificateKinds } from '../content.ts'
import { certificateStates, certificateTones } from '../model.ts'
import { registerIssued } from '../incoming/receive.server.ts'
import { doubtOf } from '../keys/model.ts'
import { keyOfCertificate } from '../keys/queries.server.ts'
import { findCertificate } from '../queries.server.ts'
import { conclusionLabels, conclusionOf } from '../wording.ts'
import { workflow } from '../workflow.ts'
import type { Route } from './+types/certificate.ts'

export const meta = () => [{ title: '证书 · 衡企' }]

const desks = ['counter', 'tester', 'approver', 'regulator', 'admin'] as const

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : desks)
  const row = await findCertificate(ctx, params.id)
  if (!row) throw missing('这份证书')
  const { content } = row
  const key = await keyOfCertificate(ctx, row)
  const steps = choices(workflow, row, ctx.actor, ctx.now)
  return {
    own,
    id: row.id,
    base: own ? '/me/certificates' : '/certificates',
    title: `${certificateKinds[row.kind]} ${row.number}`,
    lead: `${content.institution.name}，${content.client.name}`,
    state: row.state,
    version: row.version,
    doubt: key && doubtOf(key, row.issued_at),
    checkPath: `/check/${row.token}`,
    replaces: row.replaces,
    replacedBy: row.replaced_by,
    reason: row.reason && { text: row.reason, by: row.asked_by_name ?? row.changed_by_name ?? '' },
    issued: { by: row.issued_by_name, at: row.issued_at },
    facts: [
      { label: '计量器具', value: [content.item.name, content.item.model].filter(Boolean).join(' ') },
      { label: '出厂编号', value: content.item.serial ?? '—' },
      { label: '器具编号', value: content.item.code ?? '—' },
      { label: '完成日期', value: content.dates.performed },
      { label: '有效期至', value: content.dates.validUntil ?? '—' },
      { label: conclusionLabels[row.kind], value: conclusionOf(content) },
      { label: '校验码', value: row.code },
      { label: '内容摘要', value: row.digest.replace(/.{8}(?=.)/g, '$& ') },
    ],
    steps: steps.filter(({ name }) => name !== 'amend'),
    /** Of an order: the order takes all its results at once. */
    order: own ? row.order_id : null,
    mayRegister: own && !row.order_id && (row.state === 'issued' || row.state === 'withdrawing') && !(await missingScope(ctx, 'ledger')),
    mayAmend: steps.some(({ name }) => name === 'amend'),
    fields: correctedFields(content),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, url.pathname.startsWith('/me/') ? ['enterprise'] : ['approver'])
  const row = await findCertificate(ctx, params.id)
  if (!row) throw missing('这份证书')
  const values = Object.fromEntries([...(await request.formData())].map(([key, value]) => [key, String(value)]))
  if (values.step === 'register') {
    const answer = await registerIssued(ctx, row)
    return isRefusal(answer)
      ? refused(answer, values)
      : redirect(`/me/certificates/incoming/${answer.row.id}?came=${answer.again ? 'again' : 'now'}`)
  }
  const version = Number(values.version)
  const opinion = (values.opinion ?? '').slice(0, 300)
  switch (values.step) {
    case 'amend': {
      const answer = await amendCertificate(ctx, row.id, {
        version,
        reason: opinion,
        draft: correctedDraft(row.content, values, ctx.actor.name),
      })
      return isRefusal(answer) ? refused(answer, values) : redirect(`/certificates/${answer.id}`)
    }
    case 'ask-withdrawal':
    case 'keep':
    case 'withdraw': {
      const answer = await withdrawCertificate(ctx, row.id, { step: values.step, version, opinion })
      return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
    }
    default:
      return refused(refuse('invalid', '没有这一步。'), values)
  }
}

export default function CertificatePage({ loaderData: page }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const typed: Record<string, string> = result?.values ?? {}
  return (
    <Page
      title={page.title}
      lead={page.lead}
      state={{ label: certificateStates[page.state], tone: certificateTones[page.state] }}
      back={{ to: page.base, label: page.own ? '我的证书' : '证书' }}
      width="narrow"
      actions={
        <>
          <a href={`${page.base}/${page.id}/document/pdf`} className="button primary" download>
            下载 PDF
          </a>{' '}
          <a href={`${page.base}/${page.id}/document/xml`} className="button" download>
            下载数字证书（XML）
          </a>
        </>
      }
    >
      <ErrorSummary refusal={result?.refusal} />
      {page.doubt && (
        <Notice tone="bad" title="签名密钥已吊销">
          {page.doubt}。
        </Notice>
      )}
      <Facts
        items={[
          ...page.facts,
          {
            label: '签发',
            value: (
              <>
                {page.issued.by}，<When at={page.issued.at} />
              </>
            ),
          },
          { label: '公开核对', value: <Link to={page.checkPath}>打开核对页</Link> },
          ...(page.reason ? [{ label: '原因', value: `${page.reason.text}（${page.reason.by}）` }] : []),
          ...(page.replaces ? [{ label: '代替', value: <Link to={`${page.base}/${page.replaces}`}>看原来的证书</Link> }] : []),
          ...(page.replacedBy ? [{ label: '已被代替', value: <Link to={`${page.base}/${page.replacedBy}`}>看新的证书</Link> }] : []),
        ]}
      />
      {page.order && (
        <p>
          <Link to={`/me/orders/${page.order}`} className="button">
            到委托单记入台账
          </Link>
        </p>
      )}
      {page.mayRegister && (
        <Form method="post">
          <input type="hidden" name="step" value="register" />
          <Submit label="记入台账" busyLabel="正在保存" plain />
        </Form>
      )}
      {page.mayAmend && (
        <details className="disclosure" open={typed.step === 'amend'}>
          <summary>出更正证书……</summary>
          <p>{workflow.steps.amend.confirm}测量数据有误的请重新检测出证。</p>
          <Form method="post" className="form" noValidate>
            <input type="hidden" name="step" value="amend" />
            <input type="hidden" name="version" value={page.version} />
            {page.fields.map(({ name, label, value, required }) => (
              <TextField key={name} name={name} label={label} required={required} defaultValue={typed[name] ?? value} maxLength={120} />
            ))}
            <TextArea name="opinion" label="更正原因" required rows={2} defaultValue={typed.step === 'amend' ? typed.opinion : ''} />
            <Submit label="确认出更正证书" busyLabel="正在签发" />
          </Form>
        </details>
      )}
      {!page.own && <Steps choices={page.steps} version={page.version} />}
    </Page>
  )
}
