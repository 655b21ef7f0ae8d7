/** 周期（间隔）: how long, on whose word, what the regulation says, and the form that sets it. Posts `months`, `source`, `basis`, `version`. */
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { NumberField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { intervalSources } from '../model.ts'
import type { Failed } from './instrument-parts.tsx'
import type { InstrumentView } from './instrument-view.server.ts'

interface IntervalSectionProps {
  view: InstrumentView
  editable: boolean
  failed: Failed
}

export function IntervalSection({ view: { row, interval }, editable, failed }: IntervalSectionProps) {
  const { months, source, regulation } = interval
  const typed = failed?.values
  const errors = failed?.refusal.fields
  return (
    <section aria-labelledby="interval">
      <h2 id="interval">周期（间隔）</h2>
      <p>
        {months ? `${months} 个月${source ? `，依据：${source}` : ''}。` : '还没有写周期。'}{' '}
        {regulation && (
          <span className="soft">
            {regulation.regulation}一般不超过 {regulation.months} 个月{regulation.firm ? '' : '（待核实，以证书为准）'}。
          </span>
        )}{' '}
        {regulation && months && months > regulation.months && <Badge tone="warn">比规程长，请核对</Badge>}
      </p>
      {editable && (
        <Disclosure summary="调整周期" open={failed !== undefined}>
          <FormPage>
            <input type="hidden" name="intent" value="interval" />
            <input type="hidden" name="version" value={row.version} />
            <ErrorSummary refusal={failed?.refusal} />
            <NumberField
              name="months"
              label="新的周期"
              suffix="个月"
              required
              defaultValue={typed?.months ?? months}
              error={errors?.months}
              help="有效期会按最近一次的日期重新推算。"
            />
            <SelectField
              name="source"
              label="依据"
              required
              defaultValue={typed?.source ?? 'own'}
              options={own.map((value) => ({ value, label: intervalSources[value] }))}
            />
            <TextField name="basis" label="说明" maxLength={200} defaultValue={typed?.basis} error={errors?.basis} />
            <Submit label="保存周期" busyLabel="正在保存" />
          </FormPage>
        </Disclosure>
      )}
    </section>
  )
}

/** What a person may name; the advice names itself. */
const own = ['regulation', 'certificate', 'own'] as const satisfies readonly (keyof typeof intervalSources)[]
