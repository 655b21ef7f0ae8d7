/** The record while it is written: a plain form; scripts reckon while one types, save by themselves and move from reading to reading. */
import { useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { Form } from 'react-router'
import { getUnit } from '../../../core/quantities/units.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, DateField, NumberField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import type { BenchView } from '../bench.server.ts'
import { fieldNames, readEntered } from '../entered.ts'
import { evaluateRecord } from '../evaluate.ts'
import { judgings, seenWords, type Entered } from '../model.ts'
import type { Simulated } from '../monte-carlo.server.ts'
import { standardProblem } from '../standards/fit.ts'
import { sayQuality, sayRange } from '../standards/model.ts'
import { isRegulation } from '../template.ts'
import { templateById } from '../templates/index.ts'
import styles from './bench.module.css'
import { Budgets } from './budgets.tsx'
import { History } from './history.tsx'
import { Readings } from './readings.tsx'
import { SaveState } from './save-state.tsx'
import { useSaving } from './use-saving.ts'
import { useSimulation } from './use-simulation.ts'

interface BenchFormProps {
  view: BenchView
  /** What was posted and refused. */
  typed: Entered | undefined
  simulated: Simulated | undefined
}

export function BenchForm({ view, typed, simulated }: BenchFormProps) {
  const template = templateById(view.templateId)!
  const form = useRef<HTMLFormElement>(null)
  const start = typed ?? view.entered
  const [entered, setEntered] = useState<Entered>(start)
  const read = () => {
    const data = new FormData(form.current!)
    return readEntered(template, (name) => (data.has(name) ? String(data.get(name)) : undefined))
  }
  const saving = useSaving({ lineId: view.lineId, version: view.version, form, read, onRestored: setEntered })
  const simulating = useSimulation(view.lineId)
  const { service, unit } = view
  const row = view.standards.find(({ id }) => id === entered.standardId)
  const standard = view.chosen.find(({ id }) => id === entered.standardId) ?? null
  const evaluation = useMemo(
    () => evaluateRecord({ template, service, entered, unit, standard }),
    [template, service, entered, unit, standard],
  )
  const unfit =
    row && entered.doneOn ? standardProblem(row, { template, entered, unit, points: evaluation.points, on: entered.doneOn }) : undefined
  const change = () => {
    const now = read()
    setEntered(now)
    saving.touched(now)
  }
  // Long work is watched where it was asked for; everything else is a step of the record.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { submitter } = event.nativeEvent as SubmitEvent
    const [, n] = /^simulate:(\d+)$/.exec((submitter as HTMLButtonElement | null)?.value ?? '') ?? []
    if (n === undefined) return saving.submit(event)
    event.preventDefault()
    simulating.start(Number(n), new FormData(form.current!, submitter))
  }
  return (
    <Form method="post" ref={form} className={styles.bench} noValidate onInput={change} onKeyDown={moveOn} onSubmit={submit}>
      <input type="hidden" name="version" value={saving.version} />
      {/* Enter without scripts saves, and nothing else. */}
      <button type="submit" name="intent" value="save" className="hidden" aria-hidden tabIndex={-1} />
      <SaveState saving={saving} />
      <section aria-labelledby="conditions">
        <h2 id="conditions">条件和标准器</h2>
        <div className={styles.fields}>
          <DateField name="doneOn" label="检测日期" required defaultValue={start.doneOn} />
          {service === 'verification' && (
            <DateField name="validUntil" label="有效期至" defaultValue={start.validUntil} help="不合格的不给" />
          )}
          {template.ambient.map(({ name, label, unit: code, low, high }) => (
            <NumberField
              key={name}
              name={fieldNames.condition(name)}
              label={label}
              required
              suffix={getUnit(code).symbol}
              defaultValue={start.conditions[name]}
              help={`${low}～${high}（待核实）`}
            />
          ))}
          <div className={styles.wide}>
            <SelectField
              name="standardId"
              label={`标准器：${template.standard.label}`}
              required
              empty={view.standards.length > 0 ? '请选择' : '还没有登记标准器'}
              defaultValue={start.standardId}
              options={view.standards.map((each) => ({
                value: each.id,
                label: `${each.name} ${each.serial}，${sayRange(each)}，${sayQuality(each)}，${each.valid_until} 到期`,
              }))}
            />
          </div>
        </div>
        {unfit && <Notice tone="bad" title={unfit.reason} live />}
      </section>
      <section aria-labelledby="parameters">
        <h2 id="parameters">参数</h2>
        <div className={styles.fields}>
          {template.parameters.map(({ name, label, unit: code, help }) => (
            <NumberField
              key={name}
              name={fieldNames.parameter(name)}
              label={label}
              required
              suffix={code && getUnit(code === 'instrument' ? unit : code).symbol}
              help={help}
              defaultValue={start.parameters[name]}
            />
          ))}
        </div>
        <Submit name="intent" value="repoint" label="按参数重新取点" busyLabel="正在取点" plain />
      </section>
      <Readings template={template} start={start} evaluation={evaluation} service={service} unit={unit} />
      <Submit name="intent" value="add-point" label="加一个点" busyLabel="正在加" plain />
      {service === 'verification' && (
        <section aria-labelledby="seen">
          <h2 id="seen">外观和其他项目</h2>
          <div className={styles.fields}>
            {template.seen.map(({ name, label }) => (
              <SelectField
                key={name}
                name={fieldNames.seen(name)}
                label={label}
                required
                empty="请判定"
                defaultValue={start.seen[name]}
                options={Object.entries(seenWords).map(([value, said]) => ({ value, label: said }))}
              />
            ))}
          </div>
        </section>
      )}
      <section aria-labelledby="verify">
        <h2 id="verify">
          核对依据 <Badge tone="warn">待核实</Badge>
        </h2>
        <CheckboxField
          name="verified"
          label="已对照现行规程核对"
          required
          defaultChecked={start.verified}
          help={`最大允许误差（${template.limit.clause}）、附加项目的限值和不确定度分量是凭记忆编入模板的，没有核对过原文；不勾选不能下结论。`}
        />
        {service === 'verification' && (
          <TextField
            name="limitSource"
            label="改动最大允许误差的出处"
            maxLength={120}
            defaultValue={start.limitSource}
            help="在读数表里改了“允许”才填，如 JJG 52-2013 第 5.2 条"
          />
        )}
        {service === 'verification' && template.verification && isRegulation(template.verification) && (
          <SelectField
            name="judging"
            label="判定规则"
            required
            defaultValue={start.judging ?? 'third'}
            help={`不计测量不确定度的，方法、标准器和环境条件须都符合 ${template.verification.number}；核验员须同意，U 和误判的可能性照样写进证书（JJF 1094-2002 5.3.1，款号待核实）。`}
            options={Object.entries(judgings).map(([value, label]) => ({ value, label }))}
          />
        )}
      </section>
      <Budgets evaluation={evaluation} unit={unit} simulated={simulated} simulating={simulating} />
      <History earlier={view.history} unit={unit} now={{ on: entered.doneOn, results: evaluation }} />
      <Open problems={evaluation.problems} warnings={evaluation.warnings} conclusion={evaluation.conclusion} />
      <div className={styles.buttons}>
        <Submit name="intent" value="complete" label="完成，提交审核" busyLabel="正在提交" />
        <Submit name="intent" value="save" label="保存" busyLabel="正在保存" plain />
      </div>
    </Form>
  )
}

const conclusionWords = { pass: '合格', fail: '不合格', none: '校准不作结论', undetermined: '待定：不能下结论' } as const

function Open({ problems, warnings, conclusion }: Pick<ReturnType<typeof evaluateRecord>, 'problems' | 'warnings' | 'conclusion'>) {
  return (
    <section aria-labelledby="conclusion" aria-live="polite">
      <h2 id="conclusion">结论</h2>
      {conclusion ? (
        <Notice
          tone={conclusion === 'fail' ? 'bad' : conclusion === 'undetermined' ? 'warn' : 'good'}
          title={conclusionWords[conclusion]}
        />
      ) : (
        <Notice tone="info" title="还不能完成">
          <ul>
            {[...new Set(problems)].map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
    </section>
  )
}

/** Enter goes to the next reading; up and down to the same reading of the point before and after. */
function moveOn(event: KeyboardEvent<HTMLFormElement>) {
  const input = event.target
  if (!(input instanceof HTMLInputElement) || event.nativeEvent.isComposing) return
  if (event.key === 'Enter' && input.type === 'text') {
    const all = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[data-reading]')]
    const next = input.dataset.reading === undefined ? undefined : all[all.indexOf(input) + 1]
    event.preventDefault()
    next?.focus()
    next?.select()
  }
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && input.dataset.reading !== undefined) {
    const [point, place] = input.dataset.reading.split('/')
    const to = Number(point) + (event.key === 'ArrowDown' ? 1 : -1)
    const next = event.currentTarget.querySelector<HTMLInputElement>(`input[data-reading="${to}/${place}"]`)
    if (!next) return
    event.preventDefault()
    next.focus()
    next.select()
  }
}
