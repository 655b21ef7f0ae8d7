/** 录入检定、校准结果: what the certificate says, word for word. */
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField, NumberField, RadioField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { checkKinds, conclusions, lengths } from '../model.ts'
import styles from './instruments.module.css'

interface CheckFormProps {
  institutions: readonly string[]
  months: number | null
  failed?: { refusal: Refusal; values: Record<string, string> } | undefined
}

const optionsOf = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

export function CheckForm({ institutions, months, failed }: CheckFormProps) {
  const errors = failed?.refusal.fields ?? {}
  const typed = failed?.values ?? {}
  const field = (name: string) => ({ name, defaultValue: typed[name], error: errors[name] })
  const found = ['foundError', 'foundUncertainty', 'foundLimit', 'foundUnit', 'fee', 'note']
  return (
    <FormPage>
      <input type="hidden" name="intent" value="check" />
      <ErrorSummary refusal={failed?.refusal} />
      <RadioField {...field('kind')} label="做的是什么" options={optionsOf(checkKinds)} required />
      <div className={styles.pair}>
        <DateField {...field('doneOn')} label="日期" required />
        <DateField
          {...field('validUntil')}
          label="有效期至"
          help={months ? `照证书写；不填按 ${months} 个月推算。` : '照证书写；没有写周期，不填就没有到期提醒。'}
        />
      </div>
      <div className={styles.pair}>
        <TextField {...field('institution')} label="机构" list="check-institutions" maxLength={lengths.maker} />
        <TextField {...field('certificateNo')} label="证书编号" maxLength={lengths.serial} />
      </div>
      <RadioField
        {...field('conclusion')}
        label="结论"
        options={optionsOf(conclusions)}
        required
        help="检定证书为合格，检定结果通知书为不合格；校准证书不作结论，录入以后再作计量确认。"
      />
      <Disclosure summary="调整前误差、费用、备注" open={found.some((name) => typed[name] || errors[name])}>
        <div className="form">
          <p className="soft">调整前的最大误差，攒够几次就能看出间隔该长还是该短。</p>
          <div className={styles.pair}>
            <NumberField {...field('foundError')} label="调整前最大误差" />
            <NumberField {...field('foundLimit')} label="允许误差（±）" />
          </div>
          <div className={styles.pair}>
            <NumberField {...field('foundUncertainty')} label="扩展不确定度" />
            <TextField {...field('foundUnit')} label="单位" />
          </div>
          <NumberField {...field('fee')} label="费用" suffix="元" />
          <TextArea {...field('note')} label="备注" rows={2} maxLength={lengths.note} />
        </div>
      </Disclosure>
      <Submit label="录入结果" busyLabel="正在保存" />
      <datalist id="check-institutions">
        {institutions.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </FormPage>
  )
}
