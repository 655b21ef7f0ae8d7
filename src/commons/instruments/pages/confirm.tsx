import { redirect, useActionData } from 'react-router'
import { formatAccuracy } from '../../../core/quantities/accuracy.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { NumberField, RadioField, SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missingScope } from '../../people/index.server.ts'
import { prepareConfirmation } from '../confirmation/commands.server.ts'
import { needSources, ruleNames, rules } from '../confirmation/model.ts'
import { startOf } from '../confirmation/prefill.ts'
import { confirmationOf, resultToConfirm } from '../confirmation/queries.server.ts'
import { readPrepare } from '../confirmation/read-form.ts'
import type { Route } from './+types/confirm.ts'
import styles from './instruments.module.css'

export const meta = () => [{ title: '计量确认 · 器具台账 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const result = await resultToConfirm(ctx, params.check)
  if (!result || result.instrument_id !== params.id) throw missing('这条校准记录')
  const [known, scope] = [await confirmationOf(ctx, result.id), await missingScope(ctx, 'ledger')]
  const { id, code, name, accuracy, ranges, kind, done_on: on, institution, certificate_no: number, voided_at, file_id: file } = result
  return {
    result: { id, code, name, kind, on, institution, number, file, voided: voided_at !== null },
    accuracy: accuracy && formatAccuracy(accuracy),
    ranges: formatRanges(ranges),
    start: startOf(result, known),
    draft: known?.state === 'draft' ? { id: known.id, version: known.version } : undefined,
    /** Read from the certificate itself, not typed. */
    fromCertificate: result.results !== null && known === undefined,
    readOnly: scope?.reason,
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const form = readPrepare(values)
  const done = isRefusal(form) ? form : await prepareConfirmation(ctx, params.check, form)
  return isRefusal(done) ? refused(done, values) : redirect(`/me/confirmations/${done.id}`)
}

const optionsOf = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

export default function Confirm({ loaderData }: Route.ComponentProps) {
  const { result, accuracy, ranges, start, draft, fromCertificate, readOnly } = loaderData
  const failed = useActionData<typeof action>()
  const errors = failed?.refusal.fields ?? {}
  const typed: Record<string, string | undefined> = failed?.values ?? start
  const field = (name: string) => ({ name, defaultValue: typed[name], error: errors[name] })
  return (
    <Page
      title="计量确认"
      lead={`${result.code} ${result.name}：把证书上的误差和不确定度，与使用要求比一比，看能不能用。`}
      back={{ to: `/me/instruments/${start.instrument}`, label: `${result.code} ${result.name}` }}
      width="narrow"
    >
      <Facts
        items={[
          { label: '证书', value: [result.on, result.institution, result.number].filter(Boolean).join('，') },
          ...(ranges ? [{ label: '测量范围', value: ranges }] : []),
          ...(accuracy ? [{ label: '器具准确度', value: accuracy }] : []),
          ...(result.file ? [{ label: '证书文件', value: <a href={`/files/${result.file}`}>打开对照</a> }] : []),
        ]}
      />
      {result.kind !== 'calibration' && (
        <Notice tone="info" title="这条记录不用作计量确认">
          检定由检定机构给出结论；计量确认是对校准结果作的（GB/T 19022）。
        </Notice>
      )}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能填写">
          {readOnly}。
        </Notice>
      )}
      {fromCertificate && (
        <Notice tone="good" title="数据已从证书读入">
          校准点、误差和不确定度来自数字证书，请核对；您只需要填写使用要求。
        </Notice>
      )}
      {!readOnly && !result.voided && result.kind === 'calibration' && (
        <FormPage>
          <ErrorSummary refusal={failed?.refusal} />
          {draft && <input type="hidden" name="version" value={draft.version} />}
          <h2>一、使用要求：误差最多允许多少</h2>
          <RadioField
            {...field('needKind')}
            label="怎么算"
            required
            options={[
              { value: 'absolute', label: '固定值，如 ±0.05 mm' },
              { value: 'reading', label: '读数的百分比，如 ±1%' },
              { value: 'span', label: '量程的百分比，如 ±1.6% FS' },
            ]}
          />
          <div className={styles.pair}>
            <NumberField {...field('limit')} label="允许误差 ±" required help="固定值按下面误差的单位；百分比只写数字。" />
            <NumberField {...field('span')} label="量程" help="只有按量程的百分比才填。" />
          </div>
          <SelectField
            {...field('needSource')}
            label="依据"
            required
            options={optionsOf(needSources)}
            help="按公差定的，一般取公差的三分之一到十分之一作为器具的允许误差。"
          />
          <TextField {...field('needNote')} label="说明" maxLength={200} placeholder="如：图纸 A-102 孔径公差 ±0.15 mm，取 1/3" />
          <h2>二、证书上的数据</h2>
          <div className={styles.pair}>
            <TextField {...field('atUnit')} label="校准值的单位" required placeholder="mm" />
            <TextField {...field('unit')} label="误差和不确定度的单位" required placeholder="mm" />
            <NumberField {...field('k')} label="包含因子 k" required />
          </div>
          <TextArea
            {...field('points')}
            label="校准点"
            required
            rows={8}
            help="每行一点：校准值、误差、扩展不确定度 U，用空格隔开；可以从表格里直接粘贴。"
            placeholder={'0 0.00 0.01\n50 0.01 0.01\n100 -0.02 0.01'}
          />
          <RadioField
            {...field('asFound')}
            label="这些数据是"
            required
            options={[
              { value: 'yes', label: '送去时的状态（没有调整过，或调整前）' },
              { value: 'no', label: '调整、修理以后的' },
            ]}
          />
          <Disclosure summary={`判断的规则：${ruleNames[(typed.rule as keyof typeof ruleNames) ?? 'jjf1094']}`} open={Boolean(errors.rule)}>
            <RadioField {...field('rule')} label="规则" required options={optionsOf(rules)} />
          </Disclosure>
          <Submit label="看结论" busyLabel="正在计算" />
        </FormPage>
      )}
    </Page>
  )
}
