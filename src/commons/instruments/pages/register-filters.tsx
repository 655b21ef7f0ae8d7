/** The first line of the register, and what narrows it. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Filters, FilterSearch, FilterSelect, FilterText } from '../../../web/ui/filters.tsx'
import type { TableQuery } from '../../../web/ui/table-query.ts'
import { instrumentStates } from '../model.ts'
import type { RegisterProblems } from '../register-query.ts'
import styles from './instruments.module.css'

interface CountsProps {
  held: number
  counts: readonly { label: string; n: number; query: string; strong?: boolean }[]
  base: string
}

/** Every number opens the list of what it counts. */
export const Counts = ({ held, counts, base }: CountsProps) => (
  <>
    <Link to={base}>在册 {held}</Link> 件
    {counts.map(({ label, n, query, strong }, i) => (
      <span key={label}>
        {i === 0 ? '：' : '，'}
        <Link to={`${base}${query}`} className={strong ? styles.strong : undefined}>
          {label} {n}
        </Link>
      </span>
    ))}
    。
  </>
)

interface RegisterFiltersProps {
  query: TableQuery
  problems: RegisterProblems
  choices: { places: readonly string[]; keepers: readonly string[]; kinds: readonly string[]; stages: Readonly<Record<string, string>> }
  own: boolean
  clear: ReactNode
}

const unread = (reason: string | undefined) => reason && `${reason}。没有按这一条查找。`

const asOptions = (words: readonly string[]) => words.map((value) => ({ value, label: value }))

export function RegisterFilters({ query, problems, choices, own, clear }: RegisterFiltersProps) {
  const { params } = query
  const rest = ['kind', 'mandatory', 'keeper', 'range'].filter((name) => params[name])
  return (
    <Filters
      clear={clear}
      more={{
        summary: `更多条件${rest.length > 0 ? `（已用 ${rest.length} 个）` : ''}`,
        open: rest.length > 0,
        fields: (
          <>
            <FilterText
              name="kind"
              label="种类"
              value={params.kind}
              suggestions={choices.kinds}
              placeholder="如 压力表"
              error={unread(problems.kind)}
            />
            <FilterText name="range" label="能测" value={params.range} placeholder="如 0～10 bar" error={unread(problems.range)} />
            <FilterSelect
              name="mandatory"
              label="强制检定"
              value={params.mandatory}
              options={[
                { value: 'yes', label: '是' },
                { value: 'no', label: '否' },
                { value: 'unknown', label: '待判定' },
              ]}
            />
            {own && <FilterSelect name="keeper" label="保管人" value={params.keeper} options={asOptions(choices.keepers)} />}
          </>
        ),
      }}
    >
      <FilterSearch value={query.q} placeholder="编号、名称、型号、出厂编号" />
      <FilterSelect
        name="state"
        label="状态"
        value={params.state}
        empty="在册"
        options={[
          ...Object.entries(instrumentStates).map(([value, label]) => ({ value, label })),
          { value: 'all', label: '全部（含报废、丢失）' },
        ]}
      />
      <FilterSelect
        name="stage"
        label="有效期"
        value={params.stage}
        options={Object.entries(choices.stages).map(([value, label]) => ({ value, label }))}
      />
      {own && <FilterSelect name="place" label="地点" value={params.place} options={asOptions(choices.places)} />}
    </Filters>
  )
}
