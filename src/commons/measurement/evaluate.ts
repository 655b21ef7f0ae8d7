/**
 * From what was typed to results: template + readings + standard → points with error, U and verdict, further checks, a proposed conclusion.
 * Pure, the same in the browser and on the server. All arithmetic is `core/metrology`.
 */
import { decide, type DecisionRule } from '../../core/metrology/decide.ts'
import { sayDecision, sayProbability, sayRule } from '../../core/metrology/decision-sentence.ts'
import { expand, stateResult } from '../../core/metrology/coverage.ts'
import { roundAt } from '../../core/metrology/rounding.ts'
import { getUnit } from '../../core/quantities/units.ts'
import { isRefusal } from '../../core/refusal.ts'
import { budgetOf, type Measure } from './point-budget.ts'
import type { CheckResult, Entered, Evaluation, Limit, PointResult } from './model.ts'
import { numberOf, placesOf, reckon, spanOf, type Names } from './names.ts'
import type { RecordedService } from './templates/index.ts'
import { isRegulation, type Template } from './template.ts'

export interface Question {
  template: Template
  service: RecordedService
  entered: Entered
  /** Unit of the results: a code of the table. */
  unit: string
  standard: Measure | null
}

export const coverage = 0.95

/** Without U only as a verification by a 检定规程; `openQuestions` says what else that asks. */
function ruleOf({ template, entered }: Question): DecisionRule {
  const { verification } = template
  return entered.judging === 'regulation' && verification && isRegulation(verification)
    ? { kind: 'regulation', number: verification.number }
    : { kind: 'verification' }
}

/** Always an answer: what cannot be reckoned yet is named in `problems`. */
export function evaluateRecord(question: Question): Evaluation {
  const { template, entered, unit, service } = question
  const problems: string[] = []
  const warnings: string[] = []
  const shared = sharedNames(question, problems)
  const points: PointResult[] = []
  const unread: number[] = []
  const spots: { at: string; names: Names; mpe: number | undefined }[] = []
  for (const [n, point] of entered.points.entries()) {
    if (isEmpty(point)) {
      if (point.at.trim() !== '') unread.push(n + 1)
      continue
    }
    const where = `第 ${n + 1} 点`
    const names = namesOf(template, point, shared)
    if (typeof names === 'string') {
      problems.push(`${where}：${names}`)
      continue
    }
    const limit = limitOf(template, point.limit, names)
    if (service === 'verification' && typeof limit === 'string') problems.push(`${where}：${limit}`)
    const found = reckonPoint(question, n, names, typeof limit === 'string' ? null : limit)
    if (typeof found === 'string') problems.push(`${where}：${found}`)
    else points.push(found)
    spots.push({ at: point.at, names, mpe: typeof limit === 'string' ? undefined : limit.value })
  }
  if (unread.length > 0) problems.push(`第 ${unread.join('、')} 点还没有读数；不测的点请清空点的数值`)
  if (points.length === 0 && problems.length === 0) problems.push('还没有填写读数')
  const checks = service === 'verification' ? checksOf(template, spots, unit) : []
  if (service === 'verification' && checks.length < template.checks.length && points.length > 0)
    problems.push('附加项目还算不出来，请核对读数和参数')
  problems.push(...openQuestions(question))
  const rule = ruleOf(question)
  for (const { n, wide, falseAccept } of points)
    if (wide)
      warnings.push(
        rule.kind === 'regulation'
          ? `第 ${n + 1} 点 U 大于最大允许误差的 1/3，按检定规程评定不计 U${falseAccept === null ? '' : `；误判为合格的可能性约 ${sayProbability(falseAccept)}，随证书写明`}`
          : `第 ${n + 1} 点 U 大于最大允许误差的 1/3，不能不计：两侧各留出 U 再判（JJF 1094 5.3.1）；落在其中的请换更好的标准器或增加重复次数`,
      )
  const ambient = ambientProblems(template, entered)
  // What the regulation says of the conditions is why U may be left out.
  if (rule.kind === 'regulation') problems.push(...ambient.map((said) => `${said}；按检定规程评定须符合规程的环境条件`))
  else warnings.push(...ambient.map((said) => `${said}，请等环境合格后再测，或在说明里写明`))
  return {
    unit,
    points,
    checks,
    problems,
    warnings,
    conclusion: problems.length > 0 ? null : conclude(question, points, checks),
    rule: service === 'verification' ? sayRule(rule) : '',
  }
}

/** Nothing has been read at this point. */
export const isEmpty = ({ readings }: Entered['points'][number]): boolean =>
  Object.values(readings).every((repeats) => repeats.every((text) => text.trim() === ''))

function sharedNames({ template, entered }: Question, problems: string[]): Names {
  const names: Record<string, number> = {}
  for (const { name, label } of template.parameters) {
    const value = numberOf(entered.parameters[name])
    if (value === undefined) problems.push(`${label}没有填写，或不是数`)
    else names[name] = value
  }
  for (const { name, label } of template.ambient) {
    const value = numberOf(entered.conditions[name])
    if (value === undefined) problems.push(`${label}没有填写，或不是数`)
    else names[name] = value
  }
  return names
}

/** The names of one point by its place in the record. */
export function pointNames(question: Question, n: number): Names | string {
  const point = question.entered.points[n]
  return point ? namesOf(question.template, point, sharedNames(question, [])) : '没有这一点'
}

/** Names and values at one point, or what is missing. */
function namesOf(template: Template, point: Entered['points'][number], shared: Names): Names | string {
  const x = numberOf(point.at)
  if (x === undefined) return '检定点不是数'
  const names: Record<string, number> = { ...shared, x }
  for (const { name, label } of template.columns) {
    const repeats = point.readings[name] ?? []
    const values = repeats.map(numberOf)
    const missing = values.findIndex((value) => value === undefined)
    if (missing >= 0 || values.length < template.repeats)
      return repeats[missing]?.trim()
        ? `${label}“${repeats[missing]}”不是数`
        : `${label}${template.repeats > 1 ? `第 ${missing < 0 ? values.length + 1 : missing + 1} 次` : ''}还没有填写`
    const { mean, range } = spanOf(values as number[])
    names[name] = mean
    names[`${name}_range`] = range
  }
  return names
}

/** The permissible error at a point, or why there is none. */
function limitOf({ limit }: Template, typed: string, names: Names): Limit | string {
  if (typed.trim() !== '') {
    const value = numberOf(typed)
    return value !== undefined && value > 0 ? { value, corrected: true } : `最大允许误差“${typed}”须是大于 0 的数`
  }
  const over = Math.abs(reckon(limit.over ?? 'x', names) ?? NaN)
  for (const { upTo, is } of limit.pieces) {
    const end = upTo === undefined ? Infinity : reckon(upTo, names)
    if (end === undefined || Number.isNaN(over)) break
    if (over <= end * (1 + 1e-12)) {
      const value = reckon(is, names)
      return value !== undefined && value > 0 ? { value, corrected: false } : '最大允许误差算不出来，请核对参数'
    }
  }
  return '模板没有这个范围的最大允许误差，请照规程填写并写明出处'
}

function reckonPoint(question: Question, n: number, names: Names, limit: Limit | null): PointResult | string {
  const { template, unit, service, entered } = question
  const point = entered.points[n]!
  const tried = template.judged.map((column) => ({ column, own: { ...names, y: names[column]! } }))
  const errors = tried.map(({ own }) => reckon(template.error, own))
  if (errors.some((error) => error === undefined)) return '误差算不出来，请核对参数'
  const worst = errors.reduce<number>((best, error, i) => (Math.abs(error!) > Math.abs(errors[best]!) ? i : best), 0)
  const { column, own } = tried[worst]!
  const budget = budgetOf({ ...question, names: own, repeats: (point.readings[column] ?? []).map((text) => numberOf(text)!) })
  if (typeof budget === 'string') return budget
  const error = errors[worst]!
  const expanded = expand(budget.budget, { kind: 'probability', p: coverage })
  const stated = stateResult(error, expanded)
  const symbol = getUnit(unit).symbol
  const decision =
    service === 'verification' && limit
      ? decide({ value: error, U: expanded.U, k: expanded.k, limits: { lower: -limit.value, upper: limit.value } }, ruleOf(question))
      : undefined
  if (decision && isRefusal(decision)) return decision.reason
  const digits = placesOf(point.readings[column] ?? [], point.at)
  return {
    n,
    at: point.at,
    label: point.label,
    column,
    indication: roundAt(reckon(template.indication, own) ?? NaN, -digits),
    reference: roundAt(reckon(template.reference, own) ?? NaN, -digits),
    error,
    errorText: stated.value,
    U: expanded.U,
    UText: stated.U,
    k: expanded.k,
    kText: roundAt(expanded.k, -2),
    why: expanded.why,
    u: budget.budget.u,
    lines: budget.lines,
    limit: service === 'verification' ? limit : null,
    verdict: decision?.verdict ?? null,
    guardBand: decision?.guardBand ?? 0,
    falseAccept: decision?.falseAccept ?? null,
    outside: decision?.outside ?? null,
    said: decision ? sayDecision(decision, { unit: symbol, what: '示值误差' }) : '',
    wide: decision?.ratio !== undefined && decision.ratio < 3 * (1 - 1e-12),
    model: template.budget.model,
  }
}

/** The worst point of each further check. */
function checksOf(
  template: Template,
  spots: readonly { at: string; names: Names; mpe: number | undefined }[],
  unit: string,
): CheckResult[] {
  return template.checks.flatMap(({ name, label, clause, value, limit }) => {
    let worst: CheckResult | undefined
    for (const { at, names, mpe } of spots) {
      if (mpe === undefined) continue
      const found = reckon(value, names)
      const allowed = reckon(limit, { ...names, mpe })
      if (found === undefined || allowed === undefined) continue
      if (worst && found / allowed <= worst.value / worst.limit) continue
      const pass = found <= allowed * (1 + 1e-12)
      const said = (x: number) => `${Number(x.toPrecision(6))} ${getUnit(unit).symbol}`
      worst = {
        name,
        label,
        clause,
        at,
        value: found,
        valueText: said(found),
        limit: allowed,
        limitText: said(allowed),
        verdict: pass ? 'pass' : 'fail',
      }
    }
    return worst ? [worst] : []
  })
}

/** What a person has to say before anything can be concluded. */
function openQuestions({ template, entered, service, standard }: Question): string[] {
  const open: string[] = []
  if (!standard) open.push(`还没有选标准器（${template.standard.label}）`)
  const fromMemory = [template.limit.trust, template.budget.trust, ...template.checks.map(({ trust }) => trust)].includes('model-knowledge')
  if (fromMemory && !entered.verified) open.push('最大允许误差和不确定度评定待核实：请对照现行规程核对后勾选“已对照现行规程核对”')
  if (entered.judging === 'regulation') {
    const { verification } = template
    if (service !== 'verification') open.push('校准不判定合格与否，不能按检定规程评定；请改回通常的判定规则')
    else if (!verification || !isRegulation(verification)) open.push('这个模板没有检定规程，不能按检定规程评定；请改回通常的判定规则')
    else if (!entered.verified) open.push(`按检定规程评定，须先对照现行的 ${verification.number} 核对，并勾选“已对照现行规程核对”`)
  }
  if (entered.points.some(({ limit }) => limit.trim() !== '') && !entered.limitSource.trim())
    open.push('改了最大允许误差，请写明出处（规程号和条款）')
  if (service === 'verification') for (const { name, label } of template.seen) if (!entered.seen[name]) open.push(`“${label}”还没有判定`)
  return open
}

function ambientProblems(template: Template, entered: Entered): string[] {
  return template.ambient.flatMap(({ name, label, low, high, unit }) => {
    const value = numberOf(entered.conditions[name])
    return value !== undefined && (value < low || value > high)
      ? [`${label} ${value} ${getUnit(unit).symbol} 超出 ${low}～${high} ${getUnit(unit).symbol}（待核实）`]
      : []
  })
}

function conclude(
  { service, entered, template }: Question,
  points: readonly PointResult[],
  checks: readonly CheckResult[],
): Evaluation['conclusion'] {
  if (service === 'calibration') return 'none'
  const bad =
    points.some(({ verdict }) => verdict === 'fail') ||
    checks.some(({ verdict }) => verdict === 'fail') ||
    template.seen.some(({ name }) => entered.seen[name] === 'bad')
  if (bad) return 'fail'
  return points.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'undetermined'
}
