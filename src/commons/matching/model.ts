/** Where an answer about many enterprises came from, and the counters of it. */

/** `engine`: columns in memory; `sql`: the same question to the database; `profiles`: every profile read. */
export type Source = { kind: 'engine' } | { kind: 'sql' | 'profiles'; why: string }

export const saySource = (source: Source): string => {
  if (source.kind === 'engine') return '由内存中的匹配引擎得出'
  return `${source.kind === 'sql' ? '由数据库查询得出' : '逐家读取企业信息得出'}（${source.why}）`
}

/** Of this process, since it started. */
export interface Counters {
  answers: Record<Source['kind'], number>
  /** Decisions of the engine looked at again by the evaluator. */
  checks: number
  mismatches: number
  /** Questions and changes at which the engine broke. */
  failures: number
}
