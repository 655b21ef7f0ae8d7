/** Reads digital calibration certificates 3.x of anybody, strictly and without their schemas. Whether they are genuine, `verify.server.ts` says. */
import type { Document, Element } from '@xmldom/xmldom'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import type { DigitalCertificate, DigitalParty, DigitalStatement, Identification } from './model.ts'
import { namespaces } from './model.ts'
import { readResults } from './read-results.ts'
import { Unreadable, all, named, only, optional, rich, valueOf } from './reading.ts'
import { descendants, elements, malformed, parseXml } from './tree.ts'

/** Editions whose words this reader knows. */
export const readVersions = ['3.1.1', '3.1.2', '3.2.0', '3.2.1', '3.3.0'] as const

/** The certificate, or a sentence that says what is wrong with the file. */
export function readDcc(xml: string): DigitalCertificate | Refusal {
  const document = parseXml(xml)
  return isRefusal(document) ? document : readDocument(document)
}

export function readDocument(document: Document): DigitalCertificate | Refusal {
  try {
    const root = document.documentElement!
    checkNames(root)
    return certificate(root)
  } catch (error) {
    if (error instanceof Unreadable) return malformed(error.message)
    throw error
  }
}

/** Only DCC and D-SI below the root; what a signature holds is its own. */
function checkNames(root: Element): void {
  if (root.namespaceURI !== namespaces.dcc || root.localName !== 'digitalCalibrationCertificate')
    throw new Unreadable('根元素不是 DCC 的 digitalCalibrationCertificate，可能是别的格式')
  const version = root.getAttribute('schemaVersion') ?? ''
  if (!(readVersions as readonly string[]).includes(version))
    throw new Unreadable(`版本是“${version.slice(0, 20)}”，目前能读 ${readVersions.join('、')}`)
  for (const part of elements(root)) {
    if (part.namespaceURI === namespaces.ds && part.localName === 'Signature') continue
    if (part.namespaceURI !== namespaces.dcc) throw new Unreadable(`含有别的格式的内容（${part.nodeName.slice(0, 60)}）`)
    if (part.localName === 'comment') continue
    for (const each of descendants(part))
      if (each.namespaceURI !== namespaces.dcc && each.namespaceURI !== namespaces.si && !withinXml(each, root))
        throw new Unreadable(`含有别的格式的内容（${each.nodeName.slice(0, 60)}）`)
  }
}

/** `dcc:xml` and `dcc:mathml` are where the schema allows others. */
function withinXml(element: Element, root: Element): boolean {
  for (let at = element.parentNode as Element | null; at && at !== root; at = at.parentNode as Element | null)
    if (at.namespaceURI === namespaces.dcc && (at.localName === 'xml' || at.localName === 'mathml')) return true
  return false
}

function certificate(root: Element): DigitalCertificate {
  const administrative = only(root, 'dcc:administrativeData')
  const core = only(administrative, 'dcc:coreData')
  const measurements = all(only(root, 'dcc:measurementResults'), 'dcc:measurementResult')
  if (measurements.length === 0) throw new Unreadable('没有测量结果')
  const replaced = optional(core, 'dcc:reportAmendedSubstituted')
  const statements = optional(administrative, 'dcc:statements')
  return {
    version: root.getAttribute('schemaVersion')!,
    identifier: valueOf(only(core, 'dcc:uniqueIdentifier')),
    country: valueOf(only(core, 'dcc:countryCodeISO3166_1')),
    ...(replaced && { replaces: valueOf(only(replaced, 'dcc:replacedUniqueIdentifier')) }),
    ...dates(core),
    place: valueOf(only(core, 'dcc:performanceLocation')),
    laboratory: party(only(only(administrative, 'dcc:calibrationLaboratory'), 'dcc:contact')),
    customer: party(only(administrative, 'dcc:customer')),
    item: itemOf(administrative),
    persons: all(only(administrative, 'dcc:respPersons'), 'dcc:respPerson').map(person),
    statements: statements ? all(statements, 'dcc:statement').map(statement) : [],
    methods: parts(measurements, 'dcc:usedMethods', 'dcc:usedMethod').map((each) => ({
      name: named(only(each, 'dcc:name')),
      norms: all(each, 'dcc:norm').map(valueOf),
    })),
    equipment: parts(measurements, 'dcc:measuringEquipments', 'dcc:measuringEquipment').map((each) => ({
      name: named(only(each, 'dcc:name')),
      about: rich(optional(each, 'dcc:description')),
      identifications: identifications(each),
    })),
    ...readResults(measurements),
  }
}

const parts = (measurements: readonly Element[], list: string, each: string): Element[] =>
  measurements.flatMap((measurement) => all(measurement, list).flatMap((found) => all(found, each)))

const day = (element: Element): string => {
  const value = valueOf(element)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value))) throw new Unreadable(`日期“${value.slice(0, 20)}”不对`)
  return value
}

function dates(core: Element): Pick<DigitalCertificate, 'received' | 'performedFrom' | 'performed' | 'issued'> {
  const received = optional(core, 'dcc:receiptDate')
  const issued = optional(core, 'dcc:issueDate')
  return {
    ...(received && { received: day(received) }),
    performedFrom: day(only(core, 'dcc:beginPerformanceDate')),
    performed: day(only(core, 'dcc:endPerformanceDate')),
    ...(issued && { issued: day(issued) }),
  }
}

/** What kinds of places there are in an address, in the order in which they are read out. */
const places = ['state', 'city', 'postCode', 'postOfficeBox', 'street', 'streetNo'] as const

function party(contact: Element): DigitalParty {
  const location = optional(contact, 'dcc:location')
  const phone = optional(contact, 'dcc:phone')
  const address = location
    ? [
        ...places.flatMap((name) => all(location, `dcc:${name}`).map(valueOf)),
        ...all(location, 'dcc:further').flatMap((each) => rich(each)),
      ].join(' ')
    : ''
  return { name: named(only(contact, 'dcc:name')), ...(address && { address }), ...(phone && { phone: valueOf(phone) }) }
}

function itemOf(administrative: Element): DigitalCertificate['item'] {
  const [item, ...others] = all(only(administrative, 'dcc:items'), 'dcc:item')
  if (!item) throw new Unreadable('没有写明是哪一件器具')
  const maker = optional(item, 'dcc:manufacturer')
  const model = optional(item, 'dcc:model')
  const name = only(item, 'dcc:name')
  const english = named(name, ['en'])
  return {
    name: named(name),
    ...(english && english !== named(name) && { nameEn: english }),
    ...(maker && { maker: named(only(maker, 'dcc:name')) }),
    ...(model && { model: valueOf(model) }),
    about: [...rich(optional(item, 'dcc:description')), ...(others.length > 0 ? [`另有 ${others.length} 件`] : [])],
    identifications: identifications(item),
  }
}

function identifications(owner: Element): Identification[] {
  const list = optional(owner, 'dcc:identifications')
  if (!list) return []
  return all(list, 'dcc:identification').map((each) => {
    const name = optional(each, 'dcc:name')
    return { issuer: valueOf(only(each, 'dcc:issuer')), value: valueOf(only(each, 'dcc:value')), ...(name && { name: named(name) }) }
  })
}

function person(each: Element): DigitalCertificate['persons'][number] {
  const role = optional(each, 'dcc:role')
  const main = optional(each, 'dcc:mainSigner')
  return {
    name: named(only(only(each, 'dcc:person'), 'dcc:name')),
    ...(role && { role: valueOf(role) }),
    main: main !== undefined && ['true', '1'].includes(valueOf(main)),
  }
}

function statement(each: Element): DigitalStatement {
  const norms = all(each, 'dcc:norm').map(valueOf)
  const date = optional(each, 'dcc:date')
  const conformity = optional(each, 'dcc:conformity')
  const refType = each.getAttribute('refType')
  return {
    ...(refType && { refType }),
    texts: rich(optional(each, 'dcc:declaration')),
    ...(norms.length > 0 && { norms }),
    ...(date && { date: day(date) }),
    ...(conformity && { conformity: valueOf(conformity) }),
  }
}
