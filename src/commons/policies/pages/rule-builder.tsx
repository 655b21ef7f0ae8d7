/** A rule as rows of a form. Its shape is changed by buttons that post; the sentence beside each row is what will be decided by. */
import { createContext, useContext, type ReactNode } from 'react'
import { conditions, findCondition, groups, type Condition, type Lookup, type Shape } from '../form/conditions.ts'
import type { ClauseForm } from '../form/content-form.ts'
import type { NodeForm } from '../form/rule-form.ts'
import type { Sayings } from '../form/sayings.ts'
import styles from './editor.module.css'

export interface Surroundings {
  sayings: Sayings
  problems: Readonly<Record<string, string>>
  clauses: readonly ClauseForm[]
}
const Around = createContext<Surroundings>({ sayings: {}, problems: {}, clauses: [] })
export const RuleSurroundings = Around.Provider

/** `path`: the name of the node's fields. `removable`: the outermost rule of a policy is not. */
export function RuleNode({ node, path, title, removable = true }: { node: NodeForm; path: string; title: string; removable?: boolean }) {
  const { sayings, problems } = useContext(Around)
  const shape = findCondition(node.what)?.shape
  const said = sayings[path]
  return (
    <fieldset className={`${styles.node} ${shape?.as === 'group' ? styles.group : ''}`} id={`at-${path}`} tabIndex={-1}>
      <legend>{title}</legend>
      {shape?.as !== 'group' && <p className={said ? styles.said : styles.unsaid}>{said ?? '（尚未填完）'}</p>}
      <div className={styles.row}>
        <WhatSelect name={`${path}.what`} value={node.what} />
        {node.what === 'atLeast' && <Box name={`${path}.n`} label="至少几项" value={node.n} narrow />}
        {shape && <Inputs shape={shape} node={node} path={path} />}
        <SourceSelect name={`${path}.src`} value={node.src} />
      </div>
      {Object.keys(problems)
        .filter((field) => field.startsWith(`${path}.`) && /^(what|n|any|all|low|high|src)$/.test(field.slice(path.length + 1)))
        .map((field) => (
          <p key={field} className={styles.problem} id={`field-${field}`}>
            {problems[field]}
          </p>
        ))}
      {node.of.map((part, i) => (
        <RuleNode key={i} node={part} path={`${path}.${i}`} title={`${title}之 ${i + 1}`} />
      ))}
      <div className={styles.row}>
        {(shape?.as === 'group' || !removable) && (
          <>
            <EditButton edit="add" path={path} label="添加条件" about={title} />
            <EditButton edit="group" path={path} label="添加一组条件" about={title} />
          </>
        )}
        {removable && (
          <>
            <EditButton edit="up" path={path} label="上移" about={title} />
            <EditButton edit="down" path={path} label="下移" about={title} />
            <EditButton edit="remove" path={path} label="删除" about={title} />
          </>
        )}
      </div>
    </fieldset>
  )
}

/** Posts the whole form; the anchor brings a reader without scripts back to the place. */
export function EditButton({ edit, path, label, about }: { edit: string; path: string; label: string; about?: string }) {
  const parent = edit === 'remove' ? path.split('.').slice(0, -1).join('.') : path
  return (
    <button
      type="submit"
      className="button"
      name="do"
      value={`${edit}:${path}`}
      formAction={`#at-${parent}`}
      formNoValidate
      aria-label={about && `${label}（${about}）`}
    >
      {label}
    </button>
  )
}

const byGroup = Map.groupBy([...groups, ...conditions], ({ group }) => group)

function WhatSelect({ name, value }: { name: string; value: string }) {
  const options = (list: readonly Condition[]): ReactNode =>
    list.map(({ what, label }) => (
      <option key={what} value={what}>
        {label}
      </option>
    ))
  return (
    <>
      <label>
        条件
        <select name={name} defaultValue={value} data-reshapes>
          <option value="">请选择……</option>
          {[...byGroup].map(([group, list]) => (
            <optgroup key={group} label={group}>
              {options(list)}
            </optgroup>
          ))}
        </select>
      </label>
      <button
        type="submit"
        className="button"
        name="do"
        value={`refresh:${name.slice(0, -'.what'.length)}`}
        formAction={`#at-${name.slice(0, -'.what'.length)}`}
        formNoValidate
      >
        换成所选条件
      </button>
    </>
  )
}

function SourceSelect({ name, value }: { name: string; value: string }) {
  const { clauses } = useContext(Around)
  return (
    <label>
      依据
      <select name={name} defaultValue={value}>
        <option value="">（同上一级或未注明）</option>
        {clauses.map(({ id, article, text }) => (
          <option key={id} value={id}>
            {article || '条款号待核实'}：{text.slice(0, 18)}
          </option>
        ))}
        {value !== '' && !clauses.some(({ id }) => id === value) && <option value={value}>（条款已删除）</option>}
      </select>
    </label>
  )
}

function Box({
  name,
  label,
  value,
  list,
  type = 'text',
  narrow,
}: {
  name: string
  label: string
  value: string
  list?: string
  type?: 'text' | 'date'
  narrow?: boolean
}) {
  return (
    <label>
      {label}
      <input type={type} name={name} defaultValue={value} list={list} size={narrow ? 8 : undefined} />
    </label>
  )
}

function Inputs({ shape, node, path }: { shape: Shape; node: NodeForm; path: string }) {
  switch (shape.as) {
    case 'names':
      return <Names name={`${path}.any`} values={node.any} lookup={shape.lookup} one={shape.one} />
    case 'choices':
      return (
        <>
          <Ticks name={`${path}.any`} label={shape.all ? '有下列之一' : '为下列之一'} values={shape.values} chosen={node.any} />
          {shape.all && (
            <details open={node.all.length > 0}>
              <summary>要求同时具有几项</summary>
              <Ticks name={`${path}.all`} label="同时具有" values={shape.values} chosen={node.all} />
            </details>
          )}
        </>
      )
    case 'names-or-all':
      return (
        <>
          <Names name={`${path}.any`} values={node.any} lookup={shape.lookup} label="列入下列之一" />
          <Names name={`${path}.all`} values={node.all} lookup={shape.lookup} label="同时列入" />
        </>
      )
    case 'bounds':
      return <Bounds path={path} node={node} unit={shape.unit} />
    case 'months':
      return <Bounds path={path} node={node} unit="个月" />
    case 'days':
      return (
        <>
          <Box name={`${path}.low`} label="从（含）" value={node.low} type="date" />
          <Box name={`${path}.high`} label="至（含）" value={node.high} type="date" />
        </>
      )
    case 'count':
      return (
        <>
          <Names name={`${path}.any`} values={node.any} lookup={shape.lookup} label="器具（合计）" />
          <Box name={`${path}.low`} label="不少于（件）" value={node.low} narrow />
        </>
      )
    case 'nothing':
    case 'group':
      return null
  }
}

const Bounds = ({ path, node, unit }: { path: string; node: NodeForm; unit: string }) => (
  <>
    <Box name={`${path}.low`} label={`不少于（${unit}）`} value={node.low} narrow />
    <Box name={`${path}.high`} label={`少于（${unit}）`} value={node.high} narrow />
  </>
)

/** One input for each name and one more; more appear with the next post. */
const Names = ({
  name,
  values,
  lookup,
  one,
  label = '名称',
}: {
  name: string
  values: readonly string[]
  lookup: Lookup
  one?: boolean
  label?: string
}) => (
  <>
    {[...values, ...(one && values.length > 0 ? [] : [''])].map((value, i) => (
      <Box key={i} name={name} label={i === 0 ? label : '或'} value={value} list={`list-${lookup}`} />
    ))}
  </>
)

const Ticks = ({
  name,
  label,
  values,
  chosen,
}: {
  name: string
  label: string
  values: Readonly<Record<string, string>>
  chosen: readonly string[]
}) => (
  <fieldset className={styles.ticks}>
    <legend>{label}</legend>
    {Object.entries(values).map(([value, word]) => (
      <span key={value} className="check">
        <input type="checkbox" id={`${name}-${value}`} name={name} value={value} defaultChecked={chosen.includes(value)} />
        <label htmlFor={`${name}-${value}`}>{word}</label>
      </span>
    ))}
  </fieldset>
)
