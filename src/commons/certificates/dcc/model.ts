/** A digital calibration certificate (PTB DCC 3.x) as data: what is written from a content, and what is read from anybody's file. */
import { getUnit } from '../../../core/quantities/units.ts'
import { certificateKinds, columnsOf, type CertificateContent, type ResultColumn, type ResultTable } from '../content.ts'
import { conclusionOf, notesOf } from '../wording.ts'

export const namespaces = { dcc: 'https://ptb.de/dcc', si: 'https://ptb.de/si', ds: 'http://www.w3.org/2000/09/xmldsig#' } as const

/** The version that is written; `read.ts` says which are read. */
export const writtenVersion = '3.3.0'

export interface Identification {
  issuer: string
  value: string
  name?: string
}

export interface DigitalParty {
  name: string
  /** Address as one text. */
  address?: string
  phone?: string
}

export interface DigitalStatement {
  /** What kind of statement: `hengqi_conclusion`, `basic_conformity`. */
  refType?: string
  texts: readonly string[]
  norms?: readonly string[]
  date?: string
  conformity?: string
}

/** A series of values with one unit; `null` where a row has none. Numbers keep their digits. */
export interface DigitalSeries {
  refType?: string
  name?: string
  /** D-SI: `\mega\pascal`. */
  unit: string
  /** HRC, pH: what the one stands for. */
  nonSI?: string
  values: readonly (string | null)[]
  U?: readonly (string | null)[]
  k?: readonly (string | null)[]
  coverage?: readonly (string | null)[]
  conformity?: readonly string[]
}

export interface DigitalResult {
  name: string
  /** Of the quantity: 压力. */
  quantity?: string
  labels?: readonly string[]
  series: readonly DigitalSeries[]
  /** What is not a number: 外观符合要求. */
  text?: string
  conformity?: string
}

export interface DigitalCertificate {
  version: string
  identifier: string
  country: string
  /** Identifier of the certificate whose place it takes. */
  replaces?: string
  received?: string
  performedFrom: string
  performed: string
  issued?: string
  place: string
  laboratory: DigitalParty
  customer: DigitalParty
  item: {
    name: string
    nameEn?: string
    maker?: string
    model?: string
    about: readonly string[]
    identifications: readonly Identification[]
  }
  persons: readonly { name: string; role?: string; main: boolean }[]
  statements: readonly DigitalStatement[]
  methods: readonly { name: string; norms: readonly string[] }[]
  equipment: readonly { name: string; about: readonly string[]; identifications: readonly Identification[] }[]
  conditions: readonly { name: string; value: string; unit: string }[]
  results: readonly DigitalResult[]
}

/** The digital form of a content. Throws for a unit that D-SI has no word for: `contentProblem` refused it before. */
export function digitalOf(content: CertificateContent): DigitalCertificate {
  const { dates, institution, client, item, people } = content
  return {
    version: writtenVersion,
    identifier: content.number,
    country: 'CN',
    ...(content.replaces && { replaces: content.replaces.number }),
    ...(dates.received && { received: dates.received }),
    performedFrom: dates.performedFrom,
    performed: dates.performed,
    issued: dates.issued,
    place: content.place.where,
    laboratory: { name: institution.name, address: institution.address, ...(institution.phone && { phone: institution.phone }) },
    customer: { name: client.name, ...(client.address && { address: client.address }) },
    item: {
      name: item.name,
      ...(item.nameEn && { nameEn: item.nameEn }),
      ...(item.maker && { maker: item.maker }),
      ...(item.model && { model: item.model }),
      about: [...(item.range ? [`测量范围：${item.range}`] : []), ...(item.accuracy ? [`准确度：${item.accuracy}`] : [])],
      identifications: [
        ...(item.serial ? [{ issuer: 'manufacturer', value: item.serial, name: '出厂编号' }] : []),
        ...(item.code ? [{ issuer: 'customer', value: item.code, name: '器具编号' }] : []),
      ],
    },
    persons: [
      { name: people.approver, role: '批准', main: true },
      ...(people.checker ? [{ name: people.checker, role: '核验', main: false }] : []),
      { name: people.tester, role: content.kind === 'calibration' ? '校准' : '检定', main: false },
    ],
    statements: statementsOf(content),
    methods: content.methods.map(({ number, title }) => ({ name: title, norms: [number] })),
    equipment: content.standards.map((each) => ({
      name: each.name,
      about: [
        ...(each.range ? [`测量范围：${each.range}`] : []),
        `不确定度或准确度等级：${each.uncertainty}`,
        `有效期至：${each.validUntil}`,
      ],
      identifications: [
        ...(each.serial ? [{ issuer: 'manufacturer', value: each.serial, name: '编号' }] : []),
        { issuer: 'other', value: each.certificate, name: '证书编号' },
      ],
    })),
    conditions: content.conditions.map(({ name, value, unit }) => ({ name, value, unit: dsi(unit) })),
    results: [
      ...content.inspections.map(({ title, finding, verdict }) => ({
        name: title,
        series: [],
        text: finding,
        ...(verdict && { conformity: verdict }),
      })),
      ...content.tables.map(resultOf),
    ],
  }
}

function statementsOf(content: CertificateContent): DigitalStatement[] {
  const { kind, dates, institution, conformity, replaces } = content
  const say = (refType: string, texts: readonly string[], more: Omit<DigitalStatement, 'refType' | 'texts'> = {}) => ({
    refType,
    texts,
    ...more,
  })
  return [
    say('hengqi_kind', [certificateKinds[kind]]),
    ...(content.demo ? [say('hengqi_demo', ['演示·无效'])] : []),
    ...(institution.authorisation ? [say('hengqi_authorisation', [institution.authorisation])] : []),
    say('hengqi_place', [content.place.address]),
    say(
      'hengqi_conclusion',
      [conclusionOf(content)],
      kind === 'calibration' ? {} : { conformity: kind === 'verification' ? 'pass' : 'fail' },
    ),
    ...(dates.validUntil ? [say('hengqi_validUntil', [], { date: dates.validUntil })] : []),
    ...(content.uncertainty ? [say('hengqi_uncertainty', [content.uncertainty])] : []),
    ...(conformity
      ? [
          say('hengqi_decision', [
            conformity.rule,
            `保护带：${conformity.guardBand} ${conformity.unit}`,
            `U：${conformity.U} ${conformity.unit}，k：${conformity.k}`,
            `误判为合格的概率：${conformity.falseAccept}`,
          ]),
        ]
      : []),
    ...(replaces ? [say('hengqi_amendment', [replaces.reason])] : []),
    ...notesOf(content).map((note) => say('hengqi_note', [note])),
  ]
}

/** The words that others know for our columns (good practice of PTB). */
const refTypes: Record<Exclude<ResultColumn, 'U' | 'k'>, string> = {
  nominal: 'basic_nominalValue',
  reference: 'basic_referenceValue',
  indication: 'basic_measuredValue',
  error: 'basic_measurementError',
  lower: 'basic_acceptanceLimitLower',
  upper: 'basic_acceptanceLimitUpper',
}
const columnWords = {
  nominal: '标称值',
  reference: '参考值',
  indication: '示值',
  error: '误差',
  lower: '允许下限',
  upper: '允许上限',
} as const

function resultOf(table: ResultTable): DigitalResult {
  const { rows, coverage } = table
  const columns = columnsOf(table).filter((column) => column !== 'U' && column !== 'k')
  // U belongs to the error, or to what was measured where no error is given.
  const carrier = (['error', 'indication', 'reference', 'nominal'] as const).find((column) => columns.includes(column))
  const uncertain = rows.some(({ U }) => U !== undefined)
  const judged = rows.every(({ verdict }) => verdict !== undefined)
  const unit = dsi(table.unit)
  return {
    name: table.title,
    quantity: table.quantity,
    // A list in XML is cut at spaces, so that those inside a label are not told from each other.
    ...(rows.some(({ label }) => label !== undefined) && { labels: rows.map(({ label }) => (label ?? '—').replaceAll('\u00a0', ' ')) }),
    series: columns.map((column) => ({
      refType: refTypes[column],
      name: columnWords[column],
      unit,
      ...(unit === '\\one' && table.unit !== '1' && { nonSI: table.unit }),
      values: rows.map((row) => row[column] ?? null),
      ...(column === carrier &&
        uncertain && {
          U: rows.map(({ U }) => U ?? null),
          k: rows.map(({ k }) => k ?? null),
          coverage: rows.map(({ U }) => (U === undefined ? null : coverage!)),
        }),
      ...(column === carrier && judged && { conformity: rows.map(({ verdict }) => verdict!) }),
    })),
  }
}

function dsi(code: string): string {
  const unit = getUnit(code)
  if (!unit.dsi) throw new RangeError(`no D-SI for ${code}`)
  return unit.dsi
}
