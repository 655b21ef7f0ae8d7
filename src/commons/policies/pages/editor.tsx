/** The editor of a version: six parts of one plain form. Scripts only refresh the sentences while one types. */
import { useEffect, useRef, type ReactNode } from 'react'
import { Form, useFetcher } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField, DateField, SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import type { Lookup } from '../form/conditions.ts'
import { cardFields, confidences, forces, levels, topics, type Card } from '../model.ts'
import { sections, type Section } from '../sections.ts'
import { Benefits, Clauses, Questions } from './editor-lists.tsx'
import styles from './editor.module.css'
import type { EditorView } from './editing.server.ts'
import { EditButton, RuleNode, RuleSurroundings } from './rule-builder.tsx'

interface EditorProps {
  view: EditorView
  refusal: Refusal | undefined
  options: Readonly<Record<Lookup, readonly string[]>>
  /** The address cannot be changed once the policy has one. */
  slugFixed: boolean
  review?: string
}

const choices = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }))

const Part = ({ id, lead, children }: { id: Section; lead?: string; children: ReactNode }) => (
  <section className={styles.section} id={`part-${id}`} aria-labelledby={`title-${id}`}>
    <h2 id={`title-${id}`}>{sections[id]}</h2>
    {lead && <p className="soft">{lead}</p>}
    {children}
  </section>
)

export function Editor({ view, refusal, options, slugFixed, review }: EditorProps) {
  const { form, versionId, version, stamp, at } = view
  const { latest, refresh } = useLatest(stamp)
  const problems = refusal?.fields ?? {}
  const sayings = latest?.sayings ?? view.sayings
  useEffect(() => {
    if (at) document.getElementById(`at-${at}`)?.focus()
  }, [at, stamp])
  const field = (name: Exclude<keyof typeof form, 'card' | 'clauses' | 'rule' | 'benefits' | 'questions'>) => ({
    name,
    defaultValue: form[name],
    error: problems[name],
  })
  return (
    <RuleSurroundings value={{ sayings, problems, clauses: form.clauses }}>
      <nav aria-label="各部分" className={styles.row}>
        {(Object.keys(sections) as Section[]).map((id) => (
          <a key={id} href={`#part-${id}`}>
            {sections[id]}
          </a>
        ))}
      </nav>
      <ErrorSummary refusal={refusal} />
      {refusal?.code === 'STALE' && (
        <Notice tone="warn" title="再次保存，将以本页内容为准">
          要看别人改了什么，请在新窗口打开本页核对。
        </Notice>
      )}
      {/* A new key makes the inputs show what the server says. */}
      <Form method="post" key={stamp} className={styles.editor} preventScrollReset noValidate onChange={refresh}>
        {/* Enter in a text field presses the first button: it must not save or delete anything. */}
        <button type="submit" name="do" value="refresh:" className="hidden" aria-hidden tabIndex={-1} />
        <input type="hidden" name="versionId" value={versionId ?? ''} />
        <input type="hidden" name="version" value={version ?? ''} />
        {/* Fields that other tools fill in and this page only carries along. */}
        {(['regionName', 'sourceKind', 'sourceTrust', 'sourceRead', 'sourceRef'] as const).map((name) => (
          <input key={name} type="hidden" name={name} value={form[name]} />
        ))}
        <Part id="basics">
          <TextField {...field('title')} label="标题" required maxLength={200} />
          <div className={styles.columns}>
            <TextField {...field('docNumber')} label="文号" />
            <TextField {...field('issuer')} label="发文机关" required />
            <SelectField {...field('level')} label="层级" required options={choices(levels)} />
            <TextField {...field('region')} label="适用地区" list="list-region" help="地区名称；地点待核实的留空" />
            <DateField {...field('publishedOn')} label="发布日期" />
            <DateField {...field('effectiveFrom')} label="开始日期" help="原文没有写明的留空" />
            <DateField {...field('effectiveTo')} label="截止日期（含）" />
            <SelectField {...field('topic')} label="主题" required options={choices(topics)} />
            <SelectField {...field('force')} label="效力" required options={choices(forces)} />
            <SelectField {...field('confidence')} label="来源可信度" required options={choices(confidences)} />
            <TextField {...field('sourceUrl')} label="原文网址" />
            <DateField {...field('sourceDate')} label="原文日期" />
            {slugFixed ? (
              <input type="hidden" name="slug" value={form.slug} />
            ) : (
              <TextField {...field('slug')} label="网址标识" help="小写字母、数字和连字符，如 zj-2026-fee；留空自动编号" />
            )}
            <TextField {...field('successor')} label="接替它的政策（网址标识）" />
          </div>
          <CheckboxField name="historical" label="历史文件，仅供查阅" defaultChecked={form.historical === 'on'} />
          <TextArea {...field('overrides')} label="优先于哪些政策" help="每行一个网址标识；同一事项两者都适用时，只用这一份" rows={2} />
          <TextArea
            {...field('combinesWith')}
            label="可以和哪些政策同享"
            help="每行一个网址标识；对方也写明可与这一份同享时，才在余额上接着减，否则取减得多的一份"
            rows={2}
          />
          <TextArea {...field('notes')} label="核实说明" help="还没有核实的地方，以及怎样理解原文" rows={3} />
        </Part>
        <Part id="clauses" lead="先录条款，下面每个条件和每项优惠都要指明依据哪一条。">
          <Clauses clauses={form.clauses} problems={problems} />
        </Part>
        <Part id="rule" lead="谁符合。没有填报的信息显示为“待补充”，不会当作不符合。">
          <p className={styles.whole} role="status">
            <strong>连起来读：</strong>
            {sayings.rule ?? '（还有条件没有填完）'}
          </p>
          <RuleNode node={form.rule} path="rule" title="适用条件" removable={false} />
        </Part>
        <Part id="benefits" lead="给企业什么。范围比适用条件更窄的，为这一项另设条件。">
          <Benefits benefits={form.benefits} clauses={form.clauses} problems={problems} />
          <CheckboxField
            name="requiresApplication"
            label="须申请（申报、报备）后才能享受"
            defaultChecked={form.requiresApplication === 'on'}
          />
          <TextArea {...field('steps')} label="办理步骤" help="每行一步" />
          <TextArea {...field('documents')} label="所需材料" help="每行一项；以后不必再交的，在末尾写“（首次提交后免交）”" rows={3} />
        </Part>
        <Part id="card" lead="六项缺一不能发布。用企业能懂的话写。">
          {(Object.keys(cardFields) as (keyof Card)[]).map((key) => (
            <TextArea
              key={key}
              name={`card.${key}`}
              label={cardFields[key]}
              defaultValue={form.card[key]}
              error={problems[`card.${key}`]}
              required
              rows={2}
            />
          ))}
        </Part>
        <Part id="interpretation" lead="用自己的话解释，与原文雷同过多的不能发布。">
          <Questions questions={form.questions} />
          <TextArea {...field('example')} label="算例" required help="用虚构的企业和数字" />
          <TextArea {...field('notFor')} label="不适用于" required help="每行一种情形" rows={3} />
        </Part>
        <div className={styles.bar}>
          <Submit name="do" value="save" label="保存草稿" busyLabel="正在保存" />
          <EditButton edit="refresh" path="" label="刷新说明" />
          {review && <a href={review}>去检查、试算和提交审核</a>}
        </div>
        {(Object.keys(options) as Lookup[]).map((lookup) => (
          <datalist key={lookup} id={`list-${lookup}`}>
            {options[lookup].map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        ))}
      </Form>
    </RuleSurroundings>
  )
}

/** The same post as the button “刷新说明”, half a second after the last change. */
function useLatest(stamp: string) {
  const fetcher = useFetcher<{ values?: { view?: EditorView } }>({ key: `sayings-${stamp}` })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const refresh = (event: { currentTarget: HTMLFormElement; target: EventTarget }) => {
    const form = event.currentTarget
    const target = event.target as HTMLElement
    clearTimeout(timer.current)
    // Another kind of condition needs other inputs: press its own button.
    if (target.dataset.reshapes !== undefined)
      return target.closest('fieldset')?.querySelector<HTMLButtonElement>('button[value^="refresh:"]')?.click()
    timer.current = setTimeout(() => {
      const body = new FormData(form)
      body.set('do', 'refresh:')
      void fetcher.submit(body, { method: 'post' })
    }, 500)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return { latest: fetcher.data?.values?.view, refresh }
}
