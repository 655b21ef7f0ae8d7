/** Writes a certificate as DCC 3.3.0 with D-SI units (https://ptb.de/dcc, https://ptb.de/si). */
import type { CertificateContent } from '../content.ts'
import { element, text, type Piece } from './element.ts'
import {
  digitalOf,
  namespaces,
  writtenVersion,
  type DigitalCertificate,
  type DigitalParty,
  type DigitalResult,
  type DigitalSeries,
  type DigitalStatement,
  type Identification,
} from './model.ts'

/** The edition of this writer, as the file names its software. */
const release = '1'

/** The document without a signature; UTF-8. */
export const writeDcc = (content: CertificateContent): string => writeDigital(digitalOf(content))

/** As `writeDcc`, from the digital form. */
export function writeDigital(digital: DigitalCertificate): string {
  const root = element(
    'dcc:digitalCalibrationCertificate',
    { 'xmlns:dcc': namespaces.dcc, 'xmlns:si': namespaces.si, schemaVersion: writtenVersion },
    administrative(digital),
    measured(digital),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`
}

const content = (value: string, lang?: string) => text('dcc:content', value, { lang })
/** `textType`: a name in one or two languages. */
const named = (tag: string, zh: string | undefined, en?: string): Piece =>
  zh === undefined ? undefined : element(tag, {}, content(zh, 'zh'), en !== undefined && content(en, 'en'))
/** `richContentType`. */
const rich = (tag: string, texts: readonly string[]): Piece =>
  texts.length === 0
    ? undefined
    : element(
        tag,
        {},
        texts.map((each) => content(each, 'zh')),
      )

const administrative = (digital: DigitalCertificate) =>
  element(
    'dcc:administrativeData',
    {},
    element(
      'dcc:dccSoftware',
      {},
      element('dcc:software', {}, named('dcc:name', '衡企', 'Hengqi'), text('dcc:release', release), text('dcc:type', 'application')),
    ),
    core(digital),
    element('dcc:items', {}, itemOf(digital)),
    element('dcc:calibrationLaboratory', {}, party('dcc:contact', digital.laboratory), text('dcc:cryptElectronicSignature', 'true')),
    element('dcc:respPersons', {}, digital.persons.map(person)),
    party('dcc:customer', digital.customer),
    element('dcc:statements', {}, digital.statements.map(statement)),
  )

const core = (digital: DigitalCertificate) =>
  element(
    'dcc:coreData',
    {},
    text('dcc:countryCodeISO3166_1', digital.country),
    text('dcc:usedLangCodeISO639_1', 'zh'),
    digital.item.nameEn !== undefined && text('dcc:usedLangCodeISO639_1', 'en'),
    text('dcc:mandatoryLangCodeISO639_1', 'zh'),
    text('dcc:uniqueIdentifier', digital.identifier),
    text('dcc:receiptDate', digital.received),
    text('dcc:beginPerformanceDate', digital.performedFrom),
    text('dcc:endPerformanceDate', digital.performed),
    text('dcc:performanceLocation', digital.place),
    text('dcc:issueDate', digital.issued),
    digital.replaces !== undefined &&
      element(
        'dcc:reportAmendedSubstituted',
        {},
        text('dcc:typeOfChange', 'substituted'),
        text('dcc:replacedUniqueIdentifier', digital.replaces),
      ),
  )

const identifications = (list: readonly Identification[]): Piece =>
  list.length > 0 &&
  element(
    'dcc:identifications',
    {},
    list.map(({ issuer, value, name }) =>
      element('dcc:identification', {}, text('dcc:issuer', issuer), text('dcc:value', value), named('dcc:name', name)),
    ),
  )

const itemOf = ({ item }: DigitalCertificate) =>
  element(
    'dcc:item',
    {},
    named('dcc:name', item.name, item.nameEn),
    rich('dcc:description', item.about),
    item.maker !== undefined && element('dcc:manufacturer', {}, named('dcc:name', item.maker)),
    text('dcc:model', item.model),
    identifications(item.identifications),
  )

/** The address as one text: Chinese addresses have no street number of their own field. */
const party = (tag: string, { name, address, phone }: DigitalParty) =>
  element(
    tag,
    {},
    named('dcc:name', name),
    text('dcc:phone', phone),
    element('dcc:location', {}, text('dcc:countryCode', 'CN'), address !== undefined && element('dcc:further', {}, content(address, 'zh'))),
  )

const person = ({ name, role, main }: DigitalCertificate['persons'][number]) =>
  element(
    'dcc:respPerson',
    {},
    element('dcc:person', {}, named('dcc:name', name)),
    text('dcc:role', role),
    text('dcc:mainSigner', String(main)),
  )

const statement = ({ refType, texts, norms = [], date, conformity }: DigitalStatement) =>
  element(
    'dcc:statement',
    { refType },
    norms.map((norm) => text('dcc:norm', norm)),
    rich('dcc:declaration', texts),
    text('dcc:date', date),
    text('dcc:conformity', conformity),
  )

const measured = (digital: DigitalCertificate) =>
  element(
    'dcc:measurementResults',
    {},
    element(
      'dcc:measurementResult',
      {},
      named('dcc:name', '测量结果', 'Measurement results'),
      element(
        'dcc:usedMethods',
        {},
        digital.methods.map(({ name, norms }) =>
          element(
            'dcc:usedMethod',
            {},
            named('dcc:name', name),
            norms.map((norm) => text('dcc:norm', norm)),
          ),
        ),
      ),
      element(
        'dcc:measuringEquipments',
        {},
        digital.equipment.map((each) =>
          element(
            'dcc:measuringEquipment',
            {},
            named('dcc:name', each.name),
            rich('dcc:description', each.about),
            identifications(each.identifications),
          ),
        ),
      ),
      digital.conditions.length > 0 && element('dcc:influenceConditions', {}, digital.conditions.map(condition)),
      element('dcc:results', {}, digital.results.map(result)),
    ),
  )

const condition = ({ name, value, unit }: DigitalCertificate['conditions'][number]) =>
  element(
    'dcc:influenceCondition',
    {},
    named('dcc:name', name),
    element(
      'dcc:data',
      {},
      element('dcc:quantity', {}, named('dcc:name', name), element('si:real', {}, text('si:value', value), text('si:unit', unit))),
    ),
  )

function result(each: DigitalResult): string {
  const head = named('dcc:name', each.name)
  if (each.text !== undefined)
    return element(
      'dcc:result',
      {},
      head,
      element('dcc:data', {}, element('dcc:quantity', {}, rich('dcc:noQuantity', [each.text]), metaData({ conformity: each.conformity }))),
    )
  return element(
    'dcc:result',
    {},
    head,
    each.quantity !== undefined && rich('dcc:description', [each.quantity]),
    element('dcc:data', {}, element('dcc:list', {}, each.labels && labels(each.labels), each.series.map(series))),
  )
}

/** A list in XML is cut at spaces: those inside a label travel as no-break spaces. */
const labels = (list: readonly string[]) =>
  element(
    'dcc:quantity',
    { refType: 'hengqi_label' },
    named('dcc:name', '测点'),
    text('dcc:charsXMLList', list.map((label) => label.replaceAll(' ', '\u00a0')).join(' ')),
  )

const joined = (values: readonly (string | null)[]) => values.map((value) => value ?? 'NaN').join(' ')

const series = (each: DigitalSeries) =>
  element(
    'dcc:quantity',
    { refType: each.refType },
    named('dcc:name', each.name),
    element(
      'si:realListXMLList',
      {},
      text('si:valueXMLList', joined(each.values)),
      text('si:unitXMLList', each.unit),
      each.U !== undefined &&
        element(
          'si:measurementUncertaintyUnivariateXMLList',
          {},
          element(
            'si:expandedMUXMLList',
            {},
            text('si:valueExpandedMUXMLList', joined(each.U)),
            text('si:coverageFactorXMLList', joined(each.k ?? [])),
            text('si:coverageProbabilityXMLList', joined(each.coverage ?? [])),
          ),
        ),
    ),
    metaData({ conformityList: each.conformity, nonSI: each.nonSI }),
  )

interface Meta {
  conformity?: string | undefined
  conformityList?: readonly string[] | undefined
  nonSI?: string | undefined
}

const metaData = ({ conformity, conformityList, nonSI }: Meta): Piece => {
  const judged = conformity !== undefined || conformityList !== undefined
  return (
    (judged || nonSI !== undefined) &&
    element(
      'dcc:measurementMetaData',
      {},
      judged &&
        element(
          'dcc:metaData',
          { refType: 'basic_conformity' },
          text('dcc:conformity', conformity),
          text('dcc:conformityXMLList', conformityList?.join(' ')),
        ),
      nonSI !== undefined && element('dcc:metaData', {}, text('dcc:nonSIUnit', nonSI)),
    )
  )
}
