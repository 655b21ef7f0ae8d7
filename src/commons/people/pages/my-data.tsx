import { Form, Link, redirect, useActionData, useSearchParams } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge, Day, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { LinkTabs } from '../../../web/ui/tabs.tsx'
import { agencyStates } from '../agencies/model.ts'
import { membershipStates } from '../model.ts'
import { correctMyself, setConsent } from '../personal/commands.server.ts'
import { purposes, subjectName } from '../personal/model.ts'
import { maskEmail, maskPhone } from '../personal/rules.ts'
import { selfOr } from './my-data.server.ts'
import { ownData } from '../personal/queries.server.ts'
import type { Route } from './+types/my-data.ts'

export const meta = () => [{ title: '我的个人信息 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const { person, account, activity, ...data } = await ownData(ctx, await selfOr(ctx, url))
  const { phone, email, id: _, ...rest } = person
  return {
    ...data,
    // The page never carries the numbers themselves: they are in the export only.
    person: { ...rest, phone: phone ? maskPhone(phone) : null, email: email ? maskEmail(email) : null },
    account: account && { login: account.login, createdAt: account.createdAt, devices: account.sessions.length },
    done: bySubject(activity),
  }
}

/** How often each kind of thing was done, whatever the step. */
const bySubject = (activity: readonly { subject: string; n: number }[]) =>
  [...Map.groupBy(activity, ({ subject }) => subjectName(subject))].map(([what, list]) => ({
    what,
    n: list.reduce((sum, { n }) => sum + n, 0),
  }))

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const field = (name: string) => String(form.get(name) ?? '').trim()
  const contact = (name: 'phone' | 'email') => (form.has(`remove-${name}`) ? null : field(name) || undefined)
  const values = { name: field('name'), phone: field('phone'), email: field('email') }
  switch (form.get('intent')) {
    case 'correct': {
      const given = { name: values.name, phone: contact('phone'), email: contact('email'), version: Number(form.get('version')) }
      const done = await correctMyself(ctx, given)
      return isRefusal(done) ? refused(done, values) : redirect('/me/data?saved=1')
    }
    case 'give':
    case 'withdraw': {
      const done = await setConsent(ctx, field('purpose'), form.get('intent') === 'give')
      return isRefusal(done) ? refused(done, values) : redirect('/me/data#consents')
    }
    default:
      return refused(refuse('missing', '没有这一步'), values)
  }
}

export default function MyData({ loaderData }: Route.ComponentProps) {
  const { person, account, memberships, agencies, consents, done } = loaderData
  const result = useActionData<typeof action>()
  const [query] = useSearchParams()
  return (
    <Page title="我的个人信息" lead="平台上关于您的信息都在这里，可以导出、更正、撤回同意和删除。">
      <LinkTabs
        label="我的账号"
        tabs={[
          { to: '/me/sessions', label: '登录的设备', current: false },
          { to: '/me/data', label: '个人信息', current: true },
        ]}
      />
      <ErrorSummary refusal={result?.refusal} />
      {query.has('saved') && !result && <Notice tone="good" title="已更正" live />}
      <Facts
        items={[
          { label: '姓名', value: person.name },
          { label: '个人编号', value: person.number },
          { label: '用户名', value: account?.login ?? '没有账号' },
          { label: '手机号', value: person.phone ?? '没有填写' },
          { label: '电子邮箱', value: person.email ?? '没有填写' },
          { label: '登记时间', value: <When at={person.registeredAt} /> },
          { label: '登录的设备', value: account ? `${account.devices} 处` : '没有' },
          { label: '消息', value: '平台的消息发给单位，不按个人保存' },
        ]}
      />
      <p>
        <a href="/me/data.json" download className="button">
          导出全部（JSON）
        </a>{' '}
        <span className="soft">含完整的手机号和邮箱，请妥善保管（《个人信息保护法》第四十五条）</span>
      </p>
      <Correct person={person} result={result} />
      <Consents consents={consents} />
      <h2>授权和代办</h2>
      {memberships.length + agencies.length === 0 && <p className="soft">没有。</p>}
      <ul>
        {memberships.map((each, i) => (
          <li key={`m${i}`}>
            {each.org}：{each.duty}，可办{each.scope.join('、') || '无'}，<Day date={each.startsOn} /> 至{' '}
            {each.endsOn ? <Day date={each.endsOn} /> : '终止为止'}，{membershipStates[each.state]}
          </li>
        ))}
        {agencies.map((each, i) => (
          <li key={`a${i}`}>
            {each.side === 'agent' ? `您代 ${each.org} 办理` : `您同意${each.agent}代 ${each.org} 办理`}：{each.scope.join('、')}，
            <Day date={each.startsOn} /> 至 <Day date={each.endsOn} />，{agencyStates[each.state]}
          </li>
        ))}
      </ul>
      <h2>您办过的事</h2>
      {done.length === 0 ? <p className="soft">还没有记录。</p> : <p>{done.map(({ what, n }) => `${what} ${n} 次`).join('，')}。</p>}
      <h2>删除</h2>
      <p>
        <Link to="/me/data/erase">删除我的账号和个人信息……</Link>
      </p>
    </Page>
  )
}

type Data = Route.ComponentProps['loaderData']

function Correct({ person, result }: { person: Data['person']; result: ReturnType<typeof useActionData<typeof action>> }) {
  const errors = result?.refusal.fields ?? {}
  const values = result?.values
  return (
    <details className="disclosure" open={Object.keys(errors).length > 0}>
      <summary>更正姓名、手机号、邮箱</summary>
      <FormPage>
        <input type="hidden" name="version" value={person.version} />
        <TextField
          name="name"
          label="姓名"
          required
          maxLength={50}
          autoComplete="name"
          help="更正会留下记录；已经形成的记录仍是当时的姓名"
          defaultValue={values?.name ?? person.name}
          error={errors.name}
        />
        <TextField
          name="phone"
          label="手机号"
          maxLength={20}
          autoComplete="tel"
          help={person.phone ? `现在是 ${person.phone}，不改就留空` : '加密保存；只在您同意时给别人看'}
          defaultValue={values?.phone}
          error={errors.phone}
        />
        {person.phone && <CheckboxField name="remove-phone" label="删除手机号" />}
        <TextField
          name="email"
          label="电子邮箱"
          type="email"
          maxLength={200}
          autoComplete="email"
          help={person.email ? `现在是 ${person.email}，不改就留空` : '加密保存；只在您同意时给别人看'}
          defaultValue={values?.email}
          error={errors.email}
        />
        {person.email && <CheckboxField name="remove-email" label="删除电子邮箱" />}
        <Submit label="保存" busyLabel="正在保存" name="intent" value="correct" />
      </FormPage>
    </details>
  )
}

const Consents = ({ consents }: { consents: Data['consents'] }) => (
  <>
    <h2 id="consents">同意和撤回</h2>
    {consents.map((each) => (
      <article key={each.purpose} className="card">
        <div className="row">
          <h3>{purposes[each.purpose].label}</h3>
          <Badge tone={each.given ? 'good' : 'neutral'}>{each.given ? '已同意' : '未同意'}</Badge>
        </div>
        <p>{each.wording}</p>
        {each.changedAt && (
          <p className="soft">
            {each.given ? '同意于' : '撤回于'} <When at={each.changedAt} />
          </p>
        )}
        <Form method="post">
          <input type="hidden" name="purpose" value={each.purpose} />
          <Submit label={each.given ? '撤回' : '同意'} name="intent" value={each.given ? 'withdraw' : 'give'} plain />
        </Form>
      </article>
    ))}
  </>
)
