/** A decision in words for the owner of the instrument, with its numbers. */
import type { Decision, DecisionRule, Verdict } from './decide.ts'
import { roundAt, roundUncertainty } from './rounding.ts'

export const verdictNames: Readonly<Record<Verdict, string>> = {
  pass: '合格',
  'conditional-pass': '有条件合格',
  'conditional-fail': '有条件不合格',
  fail: '不合格',
  undetermined: '待定',
}

/** The rule as it is agreed with the customer and printed in the certificate. */
export function sayRule(rule: DecisionRule): string {
  if (rule.kind === 'simple') return '简单接受：测得值在允许范围内即合格，不计不确定度（ILAC-G8 4.2.1）'
  if (rule.kind === 'regulation')
    return `按检定规程评定，不计测量不确定度：${rule.number} 已规定方法、标准器和环境条件，各点示值误差不超过最大允许误差即合格（JJF 1094-2002 5.3.1，款号待核实）`
  if (rule.kind === 'verification') return '检定：U 不大于最大允许误差的 1/3 时不计 U，否则两侧各留出 U（JJF 1094 5.3.1）'
  const band = `${rule.guard.times === 1 ? '' : `${rule.guard.times} `}${rule.guard.of}`
  if (rule.kind === 'guarded-acceptance') return `保守接受：允许范围两端各收窄保护带 w = ${band}，在其中才合格（ILAC-G8 4.2.2）`
  if (rule.kind === 'guarded-rejection') return `保守拒绝：超出允许范围再加保护带 w = ${band} 才不合格（JCGM 106 8.3.3）`
  return `四种结论：距界限不到保护带 w = ${band} 的为“有条件”（ILAC-G8 4.2.3）`
}

/** A probability that nobody reads as certainty: `不到 0.1 %`, `2.3 %`, `超过 99.9 %`. */
export function sayProbability(p: number): string {
  if (p < 0.001) return p < 1e-6 ? '不到百万分之一' : '不到 0.1 %'
  if (p > 0.999) return '超过 99.9 %'
  return `${roundAt(p * 100, p < 0.1 || p > 0.9 ? -1 : 0)} %`
}

/**
 * `测得误差 0.8 kPa，允许 −1.6 kPa 至 1.6 kPa，U = 0.2 kPa（k = 2）。结论：合格。真值其实超出允许范围的可能性不到 0.1 %。`
 * `what` is the name of the judged quantity.
 */
export function sayDecision(decision: Decision, { unit = '', what = '测得值' }: { unit?: string; what?: string } = {}): string {
  const behind = unit === '' ? '' : ` ${unit}`
  const { text: U, place } = decision.U > 0 ? roundUncertainty(decision.U) : { text: '0', place: undefined }
  // Close to a limit two digits of U are too coarse to show on which side the value lies.
  const padded = (x: number) =>
    place !== undefined && x === Number(roundAt(x, place)) ? roundAt(x, place) : String(Number(x.toPrecision(14)))
  const number = (x: number) => padded(x).replace('-', '−')
  const { lower, upper } = decision.limits
  const allowed =
    lower === undefined
      ? `不大于 ${number(upper!)}${behind}`
      : upper === undefined
        ? `不小于 ${number(lower)}${behind}`
        : `${number(lower)}${behind} 至 ${number(upper)}${behind}`
  const head = `${what} ${number(decision.value)}${behind}，允许${lower !== undefined && upper !== undefined ? ' ' : ''}${allowed}，U = ${U}${behind}（k = ${Number(decision.k.toFixed(2))}）。`
  const without = decision.rule.kind === 'regulation' ? `按 ${decision.rule.number} 评定，不计 U；` : ''
  return `${head}结论：${verdictNames[decision.verdict]}。${without}${because(decision, (x) => `${number(Number(x.toPrecision(12)))}${behind}`)}`
}

function because(decision: Decision, number: (x: number) => string): string {
  const { verdict, rule, guardBand: w, outside } = decision
  const risk = sayProbability(outside)
  const risks = `真值其实超出允许范围的可能性${outside < 0.001 || outside > 0.999 ? '' : '约 '}${risk}`
  if (verdict === 'undetermined')
    return `离界限不到 U = ${number(w)}，这样的不确定度分不清合格与否；请用不确定度更小的方法重新测量（JJF 1094 5.3.1）。${risks}。`
  if (verdict === 'conditional-pass') return `在允许范围内，但离界限不到保护带 ${number(w)}；${risks}。`
  if (verdict === 'conditional-fail') return `超出了允许范围，但没有超过保护带 ${number(w)}；${sayWithin(outside)}。`
  if (verdict === 'fail') {
    if (outside >= 0.5) return `${sayWithin(outside)}。`
    return `测得值在允许范围内，但离界限不到保护带 ${number(w)}，按约定的规则不判合格；${sayWithin(outside)}。`
  }
  if (rule.kind === 'guarded-rejection' && outside > 0.5)
    return `测得值超出了允许范围，但没有超过保护带 ${number(w)}，按约定的规则不判不合格；${risks}。`
  return `${risks}。`
}

const sayWithin = (outside: number): string => {
  const inside = 1 - outside
  return `真值其实在允许范围内的可能性${inside < 0.001 || inside > 0.999 ? '' : '约 '}${sayProbability(inside)}`
}
