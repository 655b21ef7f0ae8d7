/** Whole questions to `match_rows`, ready to be sent: text and parameters. */
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { provincesOf } from './provinces.ts'
import { ruleSql } from './rule-sql.ts'

export interface Statement {
  text: string
  parameters: readonly unknown[]
}

/** Which enterprises are asked about, by where they are registered; all if absent. */
export interface Within {
  /** A place and all below it: the beginning of its code. */
  regionPrefix?: string | undefined
  /** Exactly these codes. */
  regions?: readonly string[] | undefined
  /** The table lies by province on several machines. On one the condition would only lead the planner astray: it takes place and province for independent. */
  byProvince?: boolean | undefined
}

/** One row `{ eligible, possible }`, as texts of whole numbers or bigints, whatever the driver makes of a count. */
export function countStatement(rule: Rule, setting: Setting, within: Within = {}): Statement {
  const { eligible, possible, parameters } = ruleSql(rule, setting)
  return statement(
    `select count(*) filter (where asked.eligible) as eligible, count(*) as possible
      from (select (${eligible}) as eligible from match_rows where ${possible}${registered(rule, setting, within, parameters)}${inside(within, parameters)}) as asked`,
    parameters,
  )
}

/** Which answer a page of rows is about. */
export type Wanted = 'eligible' | 'unknown' | 'ineligible' | 'possible'

/** Rows `{ org_id }` in the order of their ids, after one of them; of another rule `except`, those that it has as eligible are left out. */
export function pageStatement(
  rule: Rule,
  setting: Setting,
  {
    wanted,
    limit,
    after,
    except,
    ...within
  }: Within & { wanted: Wanted; limit: number; after?: string | undefined; except?: Rule | undefined },
): Statement {
  const sql = ruleSql(rule, setting)
  const { parameters } = sql
  const bind = (value: unknown) => `$${parameters.push(value)}`
  const conditions: Record<Wanted, string> = {
    eligible: sql.eligible,
    possible: sql.possible,
    unknown: `${sql.possible} and (${sql.eligible}) is not true`,
    ineligible: `(${sql.possible}) is not true`,
  }
  const others = except ? ` and (${ruleSql(except, setting, parameters).eligible}) is not true` : ''
  // Who certainly does not satisfy it may be anywhere.
  const there = wanted === 'ineligible' ? '' : registered(rule, setting, within, parameters)
  const from = after === undefined ? '' : ` and org_id > ${bind(after)}::uuid`
  return statement(
    `select org_id from match_rows where (${conditions[wanted]})${others}${from}${there}${inside(within, parameters)} order by org_id limit ${bind(limit)}::int`,
    parameters,
  )
}

const registered = (rule: Rule, setting: Setting, { byProvince }: Within, parameters: unknown[]): string => {
  const provinces = byProvince ? provincesOf(rule, setting) : undefined
  return provinces === undefined ? '' : ` and province = any($${parameters.push(provinces)}::text[])`
}

const inside = ({ regionPrefix = '', regions }: Within, parameters: unknown[]): string => {
  const bind = (value: unknown) => `$${parameters.push(value)}`
  return [
    ...(regionPrefix === '' ? [] : [` and region like ${bind(`${regionPrefix}%`)}::text`]),
    // Named for a distributed table as well: rows of a province lie together.
    ...(regionPrefix.length < 2 ? [] : [` and province = ${bind(regionPrefix.slice(0, 2))}::text`]),
    ...(regions === undefined ? [] : [` and region = any(${bind(regions)}::text[])`]),
  ].join('')
}

/** A server refuses a parameter that the text does not mention: those are left out and the others numbered anew. */
export function statement(text: string, parameters: readonly unknown[]): Statement {
  const used: unknown[] = []
  const numbers = new Map<string, number>()
  const renumbered = text.replace(/\$(\d+)/g, (_, number: string) => {
    if (!numbers.has(number)) numbers.set(number, used.push(parameters[Number(number) - 1]))
    return `$${numbers.get(number)}`
  })
  return { text: renumbered, parameters: used }
}
