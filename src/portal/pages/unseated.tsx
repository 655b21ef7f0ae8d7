/** The desk of somebody whose delegation has ended: who can renew it, one click to ask them, and the number for a new one. */
import { Form, useActionData } from 'react-router'
import type { Refusal } from '../../core/refusal.ts'
import { Notice } from '../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../web/ui/form.tsx'
import { When } from '../../web/ui/marks.tsx'
import { Page } from '../../web/ui/page.tsx'
import type { UnseatedView } from './unseated.server.ts'

export function Unseated({ name, reason, number, expired, others }: UnseatedView & { name: string }) {
  const refusal = useActionData<{ refusal: Refusal }>()?.refusal
  return (
    <Page title={others.length ? '这个身份已不能使用' : '还没有可用的身份'} lead={`${name}，您的账号已登录，但现在不能办理业务。`}>
      <ErrorSummary refusal={refusal} />
      <Notice tone="warn" title={expired.length ? '授权已到期' : '没有有效的授权'}>
        <p>{reason}。</p>
      </Notice>
      {expired.map((each) => (
        <article key={each.id} className="card">
          <h2>
            {each.orgName} · {each.duty}
          </h2>
          {!reason.includes(each.orgName) && (
            <p>
              已于 {each.endsOn} 到期，可以续期的人：{each.renewers}
            </p>
          )}
          {each.askedAt ? (
            <p>
              已于 <When at={each.askedAt} /> 告诉他们，续期后刷新本页即可继续办理。
            </p>
          ) : (
            <Form method="post" action="/desk">
              <input type="hidden" name="membershipId" value={each.id} />
              <Submit label="请他们续期" busyLabel="正在告知" />
            </Form>
          )}
        </article>
      ))}
      {others.length > 0 && (
        <section>
          <h2>您还可以换一个身份</h2>
          {others.map((seat) => (
            <Form key={seat.membershipId} method="post" action="/seat" reloadDocument>
              <input type="hidden" name="membershipId" value={seat.membershipId} />
              <Submit label={`以“${seat.label}”的身份办理`} plain />
            </Form>
          ))}
        </section>
      )}
      {number && (
        <p>
          您的个人编号：<strong>{number}</strong>
          <span className="soft">。要新的授权时，把它和姓名告诉本单位的法定代表人或管理员。</span>
        </p>
      )}
    </Page>
  )
}
