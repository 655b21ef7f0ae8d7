import { Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, DateField, RadioField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { checkKinds, conclusions } from '../../instruments/index.ts'
import { incomingStates, incomingTones } from '../incoming/model.ts'
import { findIncoming } from '../incoming/queries.server.ts'
import { actOn, incomingView } from './incoming-view.server.ts'
import type { Route } from './+types/incoming.ts'

export const meta = () => [{ title: '上传的证书 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const row = await findIncoming(ctx, params.id)
  if (!row) throw missing('这份上传的证书')
  return { ...(await incomingView(ctx, row)), came: url.searchParams.get('came') }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const done = await actOn(ctx, params.id, values)
  return isRefusal(done) ? refused(done, values) : redirect(`${url.pathname}?came=now`)
}

type View = Route.ComponentProps['loaderData']

export default function Incoming({ loaderData: view }: Route.ComponentProps) {
  const failed = useActionData<typeof action>()
  const { row, instrument, notes } = view
  const waiting = row.state === 'waiting' && !view.readOnly
  return (
    <Page
      title={row.title}
      state={{ label: incomingStates[row.state], tone: incomingTones[row.state] }}
      lead={instrument?.title}
      back={{ to: '/me/certificates/incoming', label: '上传的证书' }}
      width="narrow"
    >
      {row.state === 'recorded' && <Recorded view={view} />}
      {row.state === 'waiting' && row.reason && (
        <Notice
          tone={row.standing === 'unverified' || row.standing === 'expired' ? 'warn' : 'info'}
          title={view.came === 'again' ? '这个文件以前传过，还没有记入台账' : '还没有记入台账'}
          live
        >
          {row.reason}。
        </Notice>
      )}
      {row.state === 'set-aside' && (
        <Notice tone="info" title="没有使用">
          {row.reason}
        </Notice>
      )}
      {view.readOnly && (
        <Notice tone="info" title="您可以查看，不能办理">
          {view.readOnly}。
        </Notice>
      )}
      <Facts
        items={[
          ...view.facts,
          { label: '核实', value: view.standing },
          ...(view.judged ? [{ label: '核实的时刻', value: `${view.judged}（上传时）；签名证书以后到期或吊销，这里不再重判` }] : []),
          { label: '文件', value: row.file ? <a href={`/files/${row.file}`}>{row.name}</a> : row.name },
        ]}
      />
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Points view={view} />
      {waiting && <RecordForm view={view} failed={failed?.values.intent === 'set-aside' ? undefined : failed} />}
      {waiting && (
        <Disclosure summary="传错了，不用这一份" open={failed?.values.intent === 'set-aside'}>
          <FormPage>
            <input type="hidden" name="intent" value="set-aside" />
            <input type="hidden" name="version" value={row.version} />
            <TextField
              name="reason"
              label="为什么不用"
              required
              maxLength={300}
              error={failed?.values.intent === 'set-aside' ? failed.refusal.reason : undefined}
            />
            <Submit label="不用" danger />
          </FormPage>
        </Disclosure>
      )}
    </Page>
  )
}

function Recorded({ view: { row, instrument, calibration, came } }: { view: View }) {
  return (
    <Notice tone="good" title={came === 'again' ? '这个文件以前传过，已经记入台账' : '已记入台账'} live>
      <span className="row">
        {instrument && <Link to={`/me/instruments/${instrument.id}`}>看 {instrument.title}</Link>}
        {instrument && calibration && (
          <Link to={`/me/instruments/${instrument.id}/checks/${row.check}/confirm`} className="button primary">
            作计量确认
          </Link>
        )}
      </span>
    </Notice>
  )
}

const shortTable = 12

function Points({ view: { points, k } }: { view: View }) {
  if (points.length === 0) return null
  const table = (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="证书上的数据">
      <table className="dense">
        <caption>读到的数据（k={k}）</caption>
        <thead>
          <tr>
            <th scope="col" className="end">
              校准值
            </th>
            <th scope="col" className="end">
              误差
            </th>
            <th scope="col" className="end">
              扩展不确定度 U
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map((point, i) => (
            <tr key={i}>
              <th scope="row" className="end">
                {point.at}
              </th>
              <td className="end">{point.error}</td>
              <td className="end">{point.expanded}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
  // A long one would push the form out of sight on a telephone.
  return points.length > shortTable ? <Disclosure summary={`读到的数据（${points.length} 点）`}>{table}</Disclosure> : table
}

type Failed = { refusal: { reason: string; fields?: Record<string, string> }; values: Record<string, string> } | undefined

const optionsOf = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

/** Which instrument; for a PDF what it says; and that somebody compared, unless a known institution signed it. */
function RecordForm({ view: { row, instrument, candidates }, failed }: { view: View; failed: Failed }) {
  const errors = failed?.refusal.fields ?? {}
  const typed = failed?.values ?? {}
  const field = (name: string) => ({ name, defaultValue: typed[name], error: errors[name] })
  const paper = row.standing === 'paper'
  return (
    <FormPage>
      <ErrorSummary refusal={failed?.refusal as never} />
      <input type="hidden" name="intent" value={paper ? 'paper' : 'record'} />
      <input type="hidden" name="version" value={row.version} />
      <TextField
        {...field('code')}
        defaultValue={typed.code ?? instrument?.code ?? (candidates.length === 1 ? candidates[0]!.code : '')}
        label="器具编号"
        required
        list="incoming-candidates"
        help="这份证书是台账里的哪一件"
      />
      <datalist id="incoming-candidates">
        {candidates.map(({ code, label }) => (
          <option key={code} value={code} label={label} />
        ))}
      </datalist>
      {candidates.length > 1 && (
        <ul className="soft">
          {candidates.map(({ code, label }) => (
            <li key={code}>
              {code}：{label}
            </li>
          ))}
        </ul>
      )}
      {paper && (
        <>
          <RadioField {...field('kind')} label="做的是什么" options={optionsOf(checkKinds)} required />
          <DateField {...field('doneOn')} label="完成日期" required />
          <DateField {...field('validUntil')} label="有效期至" help="照证书写；没有写的不填，按周期推算。" />
          <TextField {...field('institution')} label="机构" maxLength={80} />
          <TextField {...field('certificateNo')} label="证书编号" maxLength={60} />
          <RadioField
            {...field('conclusion')}
            label="结论"
            options={optionsOf(conclusions)}
            required
            help="检定证书为合格，检定结果通知书为不合格；校准证书不作结论，录入以后再作计量确认。"
          />
        </>
      )}
      {row.standing !== 'verified' && (
        <CheckboxField
          name="confirmed"
          label={paper ? '我已与证书逐项核对，填写无误' : '我已向机构或对照纸质证书核对过以上数据'}
          required
          error={errors.confirmed}
          defaultChecked={typed.confirmed === 'on'}
        />
      )}
      <Submit label="记入台账" busyLabel="正在保存" />
    </FormPage>
  )
}
