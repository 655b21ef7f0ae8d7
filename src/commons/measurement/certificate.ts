/** From a finished record to what its certificate says. Pure. */
import { parseAccuracy } from '../../core/quantities/accuracy.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { CertificateDraft, ConformityDecision, Inspection, ResultTable } from '../certificates/index.ts'
import type { Order, OrderLine } from '../orders/index.ts'
import type { Evaluation, FrozenStandard, MeasurementRecord } from './model.ts'
import { numberOf, sayModel } from './names.ts'
import { sayQuality } from './standards/model.ts'
import type { Norm, Template } from './template.ts'
import type { RecordedService } from './templates/index.ts'

export interface Certified {
  record: MeasurementRecord & { results: Evaluation; standard: FrozenStandard }
  template: Template
  norm: Norm
  service: RecordedService
  line: OrderLine
  order: Order
  institution: CertificateDraft['institution']
  approver: string
}

/** Nothing is added that is not in the record. */
export function certificateOf({ record, template, norm, service, line, order, institution, approver }: Certified): CertificateDraft {
  const { results, entered, standard } = record
  const verifies = service === 'verification'
  const failed = line.conclusion === 'fail'
  const grade = verifies && !failed ? gradeOf(line.accuracy) : undefined
  return {
    kind: verifies ? (failed ? 'verification-failure' : 'verification') : 'calibration',
    institution,
    client: { name: order.org_name },
    item: {
      name: line.name,
      ...(line.model && { model: line.model }),
      ...(line.serial && { serial: line.serial }),
      code: line.code,
      ...(line.able && { range: line.able }),
      ...(line.accuracy && { accuracy: line.accuracy }),
    },
    dates: {
      ...(line.received_at && { received: receivedOn(line.received_at, entered.doneOn) }),
      performedFrom: entered.doneOn,
      performed: entered.doneOn,
      ...(verifies && !failed && line.valid_until && { validUntil: line.valid_until }),
    },
    place:
      order.mode === 'on-site'
        ? { where: 'customer', address: order.address ?? order.org_name }
        : { where: 'laboratory', address: institution.address },
    conditions: template.ambient.flatMap(({ name, label, unit }) => {
      const value = numberOf(entered.conditions[name])
      return value === undefined ? [] : [{ name: label, value: String(value), unit }]
    }),
    methods: [{ number: norm.number, title: norm.title }],
    standards: [
      {
        name: standard.name,
        serial: standard.serial,
        range: standard.range,
        uncertainty: sayQuality(standard),
        certificate: standard.certificate,
        validUntil: standard.validUntil,
      },
    ],
    inspections: inspectionsOf(template, record, verifies),
    tables: [tableOf(template, results, verifies)],
    uncertainty: uncertaintyOf(template, results),
    ...(verifies && decisionOf(results)),
    ...(grade && { grade }),
    people: { tester: record.tester_name, ...(record.checker_name && { checker: record.checker_name }), approver },
    remarks: [
      ...(norm.followed ? [`本次${verifies ? '检定' : '校准'}参照 ${norm.number} 的方法进行。`] : []),
      ...(entered.limitSource.trim() ? [`最大允许误差依据：${entered.limitSource.trim()}`] : []),
      ...(verifies && entered.judging === 'regulation'
        ? [`符合性判定不计测量不确定度，由检测员${record.tester_name}选定、核验员${record.checker_name ?? ''}同意。`]
        : []),
    ],
  }
}

/** 准予作 1.6 级使用; a permissible error in mm is no grade. */
function gradeOf(accuracy: string | null): string | undefined {
  const read = accuracy ? parseAccuracy(accuracy) : undefined
  return read && !isRefusal(read) && read.class !== undefined ? accuracy! : undefined
}

/** A day in China; never after the measurement, which the order already holds. */
const receivedOn = (instant: string, doneOn: string): string => {
  const day = new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10)
  return day < doneOn ? day : doneOn
}

function inspectionsOf(template: Template, { entered, results }: Certified['record'], verifies: boolean): Inspection[] {
  if (!verifies) return []
  const seen = template.seen.map(({ name, label }): Inspection => ({
    title: label,
    finding: entered.seen[name] === 'bad' ? '不符合要求' : '符合要求',
    verdict: entered.seen[name] === 'bad' ? 'fail' : 'pass',
  }))
  const checks = results.checks.map(({ label, valueText, limitText, verdict }): Inspection => ({
    title: label,
    finding: `最大 ${valueText}，允许不大于 ${limitText}`,
    verdict: verdict === 'fail' ? 'fail' : 'pass',
  }))
  return [...seen, ...checks]
}

function tableOf(template: Template, { points, unit }: Evaluation, verifies: boolean): ResultTable {
  return {
    title: '示值误差',
    quantity: '示值误差',
    unit,
    coverage: '0.95',
    rows: points.map(({ label, at, reference, indication, errorText, UText, kText, limit, verdict }) => ({
      ...(label && { label }),
      nominal: String(numberOf(at) ?? 0),
      ...(reference !== '0' &&
        reference !== String(numberOf(at)) &&
        template.reference !== 'x' &&
        template.reference !== '0' && { reference }),
      ...(template.error !== 'y' && { indication }),
      error: errorText,
      ...(Number(UText) > 0 && { U: UText, k: Number(kText) >= 1 ? trimmed(kText) : '2' }),
      ...(verifies && limit && { lower: `-${plain(limit.value)}`, upper: plain(limit.value) }),
      ...(verifies && { verdict: verdict === 'pass' ? ('pass' as const) : ('fail' as const) }),
    })),
  }
}

const trimmed = (text: string): string => text.replace(/\.?0+$/, '')
const plain = (x: number): string => trimmedDecimal(x.toFixed(12))
const trimmedDecimal = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

function uncertaintyOf(template: Template, { points }: Evaluation): string {
  const [first] = points
  const parts = first ? first.lines.map(({ label, type }) => `${label}（${type}类）`).join('、') : ''
  return `按 JJF 1059.1 评定，测量模型 E = ${sayModel(template.budget.model)}，分量：${parts}。包含概率 0.95。`
}

/** The row that is nearest to a wrong acceptance speaks for the document. */
function decisionOf(results: Evaluation): { conformity: ConformityDecision } | undefined {
  const [worst] = results.points.filter(({ UText }) => Number(UText) > 0).toSorted((a, b) => (b.falseAccept ?? 0) - (a.falseAccept ?? 0))
  if (!worst) return undefined
  return {
    conformity: {
      rule: results.rule,
      guardBand: plain(worst.guardBand),
      unit: results.unit,
      U: worst.UText,
      k: Number(worst.kText) >= 1 ? trimmed(worst.kText) : '2',
      falseAccept: atMost(worst.falseAccept),
    },
  }
}

/** Rounded up to three places: what is stated as a bound must be one, and a small risk is none that is zero. Nothing accepted: 0. */
const atMost = (p: number | null): string => (p === null ? '0' : Math.min(0.999, Math.max(0.001, Math.ceil(p * 1000) / 1000)).toFixed(3))
