/** The lists of the editor: clauses, benefits, questions; each item with its own buttons. */
import { CheckboxField, NumberField, SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import type { BenefitForm, ClauseForm, QuestionForm } from '../form/content-form.ts'
import { benefitKinds, capPeriods } from '../model.ts'
import styles from './editor.module.css'
import { EditButton, RuleNode } from './rule-builder.tsx'

type Errors = Readonly<Record<string, string>>

const Tools = ({ path, about }: { path: string; about: string }) => (
  <div className={styles.row}>
    <EditButton edit="up" path={path} label="上移" about={about} />
    <EditButton edit="down" path={path} label="下移" about={about} />
    <EditButton edit="remove" path={path} label="删除" about={about} />
  </div>
)

export const Clauses = ({ clauses, problems }: { clauses: readonly ClauseForm[]; problems: Errors }) => (
  <div className={styles.section} id="at-clauses" tabIndex={-1}>
    {clauses.map((clause, i) => (
      <fieldset key={clause.id || i} className={styles.item} id={`at-clauses.${i}`} tabIndex={-1}>
        <legend>条款 {i + 1}</legend>
        <input type="hidden" name={`clauses.${i}.id`} value={clause.id} />
        <TextField
          name={`clauses.${i}.article`}
          label="条款号"
          help="如 第二条、二、（三）；原文看不到的留空，显示为“条款号待核实”"
          defaultValue={clause.article}
        />
        <TextArea
          name={`clauses.${i}.text`}
          label="内容"
          required
          defaultValue={clause.text}
          error={problems[`clauses.${i}.text`]}
          rows={3}
        />
        <CheckboxField name={`clauses.${i}.quoted`} label="是原文（不勾选表示转述）" defaultChecked={clause.quoted === 'on'} />
        <Tools path={`clauses.${i}`} about={`条款 ${i + 1}`} />
      </fieldset>
    ))}
    <div>
      <EditButton edit="add" path="clauses" label="添加条款" />
    </div>
  </div>
)

export const Benefits = ({
  benefits,
  clauses,
  problems,
}: {
  benefits: readonly BenefitForm[]
  clauses: readonly ClauseForm[]
  problems: Errors
}) => (
  <div className={styles.section}>
    {benefits.map((benefit, i) => (
      <BenefitItem key={i} benefit={benefit} i={i} clauses={clauses} problems={problems} />
    ))}
    <div>
      <EditButton edit="add" path="benefits" label="添加一项" />
    </div>
  </div>
)

function BenefitItem({
  benefit,
  i,
  clauses,
  problems,
}: {
  benefit: BenefitForm
  i: number
  clauses: readonly ClauseForm[]
  problems: Errors
}) {
  const path = `benefits.${i}`
  const field = (name: Exclude<keyof BenefitForm, 'rule'>) => ({
    name: `${path}.${name}`,
    defaultValue: benefit[name],
    error: problems[`${path}.${name}`],
  })
  return (
    <fieldset className={styles.item} id={`at-${path}`} tabIndex={-1}>
      <legend>第 {i + 1} 项</legend>
      <div className={styles.columns}>
        <SelectField
          {...field('kind')}
          label="给什么"
          required
          empty="请选择……"
          options={Object.entries(benefitKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField {...field('appliesTo')} label="用于什么" required help="如 非强制检定收费" />
        <SelectField
          {...field('src')}
          label="依据"
          required
          empty="请选择条款……"
          options={clauses.map(({ id, article, text }) => ({ value: id, label: `${article || '条款号待核实'}：${text.slice(0, 18)}` }))}
        />
      </div>
      <TextArea {...field('detail')} label="一句话说明" required rows={2} />
      <div className={styles.columns}>
        <NumberField {...field('rate')} label="减收比例" suffix="%" help="减半填 50，全免填 100；原文没有写的留空" />
        <NumberField {...field('cap')} label="最高金额" suffix="元" />
        <SelectField
          {...field('capPer')}
          label="最高金额按什么算"
          empty="来源没有写明（按每家企业每年）"
          options={Object.entries(capPeriods).map(([value, label]) => ({ value, label }))}
        />
        <NumberField {...field('promisedDays')} label="承诺时限" suffix="工作日" />
        <NumberField {...field('statutoryDays')} label="法定时限" suffix="工作日" />
        <NumberField {...field('deferDays')} label="缓收" suffix="日" />
        <NumberField {...field('extendMonths')} label="延长有效期" suffix="个月" />
      </div>
      {benefit.rule ? (
        <RuleNode node={benefit.rule} path={`${path}.rule`} title={`第 ${i + 1} 项的条件`} />
      ) : (
        <div>
          <EditButton edit="own-rule" path={path} label="为这一项另设条件" about={`第 ${i + 1} 项`} />
        </div>
      )}
      <Tools path={path} about={`第 ${i + 1} 项`} />
    </fieldset>
  )
}

export const Questions = ({ questions }: { questions: readonly QuestionForm[] }) => (
  <div className={styles.section}>
    {questions.map(({ q, a }, i) => (
      <fieldset key={i} className={styles.item} id={`at-questions.${i}`} tabIndex={-1}>
        <legend>问答 {i + 1}</legend>
        <TextField name={`questions.${i}.q`} label="问" required defaultValue={q} />
        <TextArea name={`questions.${i}.a`} label="答" required defaultValue={a} rows={2} />
        <Tools path={`questions.${i}`} about={`问答 ${i + 1}`} />
      </fieldset>
    ))}
    <div>
      <EditButton edit="add" path="questions" label="添加问答" />
    </div>
  </div>
)
