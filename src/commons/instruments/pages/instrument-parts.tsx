/** Parts of an instrument's page: the rule of mandatory verification, results on record. */
import { Link } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { RadioField, TextField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge, type Tone } from '../../../web/ui/marks.tsx'
import { checkKinds, conclusions, confirmations, type Conclusion } from '../model.ts'
import type { InstrumentView } from './instrument-view.server.ts'
import styles from './instruments.module.css'

export type Failed = { refusal: Refusal; values: Record<string, string> } | undefined

const verdicts = { yes: '是', no: '否', unknown: '待判定' } as const

interface MandatoryProps {
  view: InstrumentView
  editable: boolean
  failed: Failed
}

/** The answer, why, under which article; where the catalogue leaves it open, a person settles it with the basis. */
export function MandatoryCard({ view: { row, mandatory }, editable, failed }: MandatoryProps) {
  const { verdict, reason, citations, toVerify, ask, confirmed } = mandatory
  const open = verdict === 'unknown' || toVerify || confirmed !== null
  return (
    <section className="card" aria-labelledby="mandatory">
      <h2 id="mandatory" className="row">
        是否强制检定：{verdicts[verdict]}
        {toVerify && <Badge tone="warn">待核实</Badge>}
      </h2>
      <p>{reason}。</p>
      <p className="soft">依据：{citations.join('；')}</p>
      {confirmed && (
        <p className="soft">
          {confirmed.byName}于 {confirmed.on} 确认。
        </p>
      )}
      {ask && editable && (
        <p>
          <Link to={`/me/instruments/${row.id}/edit`}>{ask === 'use' ? '填写用途' : '选择种类'}</Link>，就能判断。
        </p>
      )}
      {toVerify && <p className="soft">目录里的这一行还没有与原文核对，确认之前不作为收费、免费的依据；请对照检定证书或强检备案。</p>}
      {open && editable && (
        <Disclosure summary={confirmed ? '确认错了，改正' : '有证书或强检备案，由我确认'} open={failed !== undefined}>
          <FormPage>
            <input type="hidden" name="intent" value="mandatory" />
            <input type="hidden" name="version" value={row.version} />
            <RadioField
              name="verdict"
              label="这件器具"
              required
              defaultValue={failed?.values.verdict}
              error={failed?.refusal.fields?.verdict}
              options={[
                { value: 'yes', label: '属于强制检定' },
                { value: 'no', label: '不属于强制检定' },
              ]}
            />
            <TextField
              name="basis"
              label="依据"
              required
              maxLength={200}
              defaultValue={failed?.values.basis}
              error={failed?.refusal.fields?.basis}
              help="如“强检备案编号 …”“检定证书 … 注明强制检定”。会留在记录里。"
            />
            <Submit label="确认" busyLabel="正在保存" />
          </FormPage>
        </Disclosure>
      )}
    </section>
  )
}

const tones: Record<Conclusion, Tone> = { pass: 'good', fail: 'bad', none: 'neutral' }

interface HistoryProps {
  /** Of the instrument. */
  id: string
  history: InstrumentView['history']
  brought: string | undefined
  editable: boolean
  failed: Failed
}

/** A wrong record is struck out with its reason, never taken away. */
export function History({ id, history, brought, editable, failed }: HistoryProps) {
  if (history.length === 0) return <p>{brought ? `入账时带来的最近一次：${brought}。` : '还没有记录。'}</p>
  return (
    <ol className={styles.history}>
      {history.map((check) => (
        <li key={check.id}>
          <div className="row">
            <strong>
              {check.voided ? <s>{check.doneOn}</s> : check.doneOn} {checkKinds[check.kind]}
            </strong>
            {check.voided ? <Badge>已作废</Badge> : <Badge tone={tones[check.conclusion]}>{conclusions[check.conclusion]}</Badge>}
            {!check.voided && check.confirmation && (
              <Badge tone={check.confirmation === 'fit' ? 'good' : check.confirmation === 'limited' ? 'warn' : 'bad'}>
                计量确认：{confirmations[check.confirmation]}
              </Badge>
            )}
            {check.validUntil && <span className="soft">有效期至 {check.validUntil}</span>}
          </div>
          <p className="soft">
            {[check.institution, check.certificateNo && `证书 ${check.certificateNo}`, check.fee, check.asFound, `${check.by}录入`]
              .filter(Boolean)
              .join('，')}
          </p>
          {check.confirmationBasis && <p>确认的依据：{check.confirmationBasis}</p>}
          {check.note && <p>{check.note}</p>}
          {(check.file || (editable && !check.voided)) && (
            <p className="row">
              {editable && !check.voided && check.kind === 'calibration' && (
                <Link to={`/me/instruments/${id}/checks/${check.id}/confirm`} className={check.confirmation ? undefined : 'button'}>
                  {check.confirmation ? '重新作计量确认' : '作计量确认'}
                </Link>
              )}
              {check.file && <a href={`/files/${check.file}`}>下载证书文件</a>}
              {editable && !check.voided && (
                <Link to={`/me/instruments/${id}/checks/${check.id}/file`}>{check.file ? '换一份证书文件' : '存入证书文件'}</Link>
              )}
            </p>
          )}
          {check.voided ? (
            <p>作废的理由：{check.voidReason}</p>
          ) : (
            editable && (
              <Disclosure summary="录错了，作废" open={failed?.values.check === check.id}>
                <FormPage>
                  <input type="hidden" name="intent" value="void" />
                  <input type="hidden" name="check" value={check.id} />
                  <TextField
                    name="reason"
                    label="为什么作废"
                    required
                    maxLength={200}
                    error={failed?.values.check === check.id ? failed.refusal.fields?.reason : undefined}
                  />
                  <Submit label="作废这条记录" danger />
                </FormPage>
              </Disclosure>
            )
          )}
        </li>
      ))}
    </ol>
  )
}
