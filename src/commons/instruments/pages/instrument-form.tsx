/** One form for registering and for changing an instrument. Everything but the name may be left for later. */
import { Link } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField, NumberField, RadioField, SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { checkKinds, conclusions, instrumentStates, lengths, openingStates, type uses } from '../model.ts'
import type { DraftField } from '../draft.ts'
import type { FormTexts } from './instrument-input.ts'
import styles from './instruments.module.css'

/** What has been used before, and the kinds that are known: offered while typing, never required. */
export interface FormChoices {
  places: readonly string[]
  points: readonly string[]
  keepers: readonly string[]
  institutions: readonly string[]
  kinds: readonly { name: string; said?: string }[]
  /** The words that refusals use for the fields. Handed over: the file that has them brings the whole catalogue. */
  labels: Readonly<Record<DraftField, string>>
}

const useExamples = {
  trade: '贸易结算：按它的读数收付款，如地磅、电子计价秤、结算用水表电表',
  safety: '安全防护：锅炉、压力容器上的压力表，可燃气体报警器',
  medical: '医疗卫生：体温计、血压计、医用辐射源',
  environment: '环境监测：噪声、烟尘、水质监测用的仪器',
  'top-standard': '企业最高计量标准：用来检定、校准本企业其他器具的最高一级',
  other: '其他：工艺控制、质量检验、研发，如车间的卡尺、试验台上的压力表',
} as const satisfies Record<keyof typeof uses, string>

interface InstrumentFormProps {
  texts: FormTexts
  refusal?: Refusal | undefined
  choices: FormChoices
  /** The version that was looked at; absent: a new one. */
  version?: number
  /** The last result can be entered here, as long as none is recorded on its own. */
  lastCheck: boolean
  cancel: string
}

export function InstrumentForm({ texts, refusal, choices, version, lastCheck, cancel }: InstrumentFormProps) {
  const fields = refusal?.fields ?? {}
  const field = fieldOf(texts, choices, fields)
  const fresh = version === undefined
  return (
    <FormPage>
      <ErrorSummary refusal={refusal} />
      {!fresh && <input type="hidden" name="version" value={version} />}
      <Group title="是什么">
        <TextField {...field('name')} required />
        <TextField
          {...field('kind')}
          list="kinds"
          help={
            <>
              写名称或俗称，如“压力表”“地磅”。目录里没有的，可先<Link to="/me/instruments/kinds">登记本单位的种类</Link>。
            </>
          }
        />
        <div className={styles.pair}>
          <TextField {...field('model')} />
          <TextField {...field('serial')} />
        </div>
        <TextField {...field('maker')} />
        <TextField {...field('code')} help={fresh ? '本单位自己的编号；不填就接着上一个往下编。' : undefined} />
      </Group>
      <Group title="能测什么">
        <TextField {...field('range')} help="带单位写，如 0～1.6MPa、(0～150)mm、-40～60℃、≤3t；几段用“、”隔开。" />
        <TextField {...field('accuracy')} help="如 1.6级、Ⅲ级、±0.02mm、±0.5%FS。证书上的 U=… 是不确定度，不填在这里。" />
      </Group>
      <Group title="在哪里，谁管，做什么用">
        <div className={styles.pair}>
          <TextField {...field('place')} list="places" />
          <TextField {...field('keeper')} list="keepers" />
        </div>
        <TextField {...field('point')} list="points" help="它守着哪个工位，如“1号锅炉”“装配3线”。排送检时避免一个工位全停。" />
        <RadioField
          {...field('use')}
          options={Object.entries(useExamples).map(([value, label]) => ({ value, label }))}
          help="是不是强制检定，由种类和用途判断（《计量法》第九条），不用勾选，保存后会写明理由。不清楚的先不选。"
        />
        <TextField {...field('useDetail')} help="如“1号锅炉出口”“原料进厂过磅”。" />
      </Group>
      <Group title="检定、校准">
        <NumberField {...field('intervalMonths')} suffix="个月" help="规程或本单位规定的，如 12。证书写了有效期的，以证书为准。" />
        {lastCheck && <LastCheck field={field} />}
        {fresh && (
          <SelectField {...field('state', 'in-use')} options={openingStates.map((value) => ({ value, label: instrumentStates[value] }))} />
        )}
      </Group>
      <Disclosure summary="购置日期、备注" open={Boolean(fields.boughtOn || fields.note || texts.boughtOn || texts.note)}>
        <div className="form">
          <DateField {...field('boughtOn')} />
          <TextArea {...field('note')} rows={3} />
        </div>
      </Disclosure>
      <div className="row">
        <Submit label={fresh ? '登记入账' : '保存'} busyLabel="正在保存" />
        <Link to={cancel}>不保存，返回</Link>
      </div>
      <Lists choices={choices} />
    </FormPage>
  )
}

const fieldOf =
  (texts: FormTexts, { labels }: FormChoices, errors: Readonly<Record<string, string>>) =>
  (name: DraftField, start?: string) => ({
    name,
    label: labels[name],
    defaultValue: texts[name] ?? start,
    error: errors[name],
    maxLength: longest[name],
  })

const longest: Partial<Record<DraftField, number>> = { ...lengths, useDetail: lengths.use_detail }

const Group = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <section className={styles.group}>
    <h2>{title}</h2>
    {children}
  </section>
)

/** The last result comes along with a ledger that existed before; later ones are recorded one by one. */
function LastCheck({ field }: { field: ReturnType<typeof fieldOf> }) {
  return (
    <>
      <div className={styles.pair}>
        <DateField {...field('lastDoneOn')} />
        <DateField {...field('validUntil')} help="照证书写；不填就按日期和周期推算。" />
      </div>
      <div className={styles.pair}>
        <SelectField {...field('lastKind')} empty="没有做过" options={optionsOf(checkKinds)} />
        <SelectField {...field('lastConclusion')} empty="不清楚" options={optionsOf(conclusions)} />
      </div>
      <div className={styles.pair}>
        <TextField {...field('lastInstitution')} list="institutions" />
        <TextField {...field('lastCertificateNo')} />
      </div>
      <NumberField {...field('lastFee')} suffix="元" />
    </>
  )
}

const optionsOf = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

const Lists = ({ choices }: { choices: FormChoices }) => (
  <>
    <datalist id="kinds">
      {choices.kinds.map(({ name, said }) => (
        <option key={name} value={name} label={said} />
      ))}
    </datalist>
    {(['places', 'points', 'keepers', 'institutions'] as const).map((id) => (
      <datalist key={id} id={id}>
        {choices[id].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    ))}
  </>
)
