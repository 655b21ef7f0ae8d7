/** The measured part of a certificate: conditions, and values with units and uncertainties, in the forms that D-SI has for real numbers. */
import type { Element } from '@xmldom/xmldom'
import type { DigitalCertificate, DigitalResult, DigitalSeries } from './model.ts'
import { Unreadable, all, decimalOf, listOf, named, only, optional, rich, valueOf } from './reading.ts'

export const readResults = (measurements: readonly Element[]): Pick<DigitalCertificate, 'conditions' | 'results'> => ({
  conditions: measurements.flatMap(conditions),
  results: measurements.flatMap((measurement) => all(only(measurement, 'dcc:results'), 'dcc:result').map(result)),
})

function conditions(measurement: Element): DigitalCertificate['conditions'] {
  const list = optional(measurement, 'dcc:influenceConditions')
  return (list ? all(list, 'dcc:influenceCondition') : []).flatMap((each) =>
    all(only(each, 'dcc:data'), 'dcc:quantity').flatMap((quantity) => {
      const found = numbers(quantity)
      const value = found?.values[0]
      return found && value ? [{ name: named(only(each, 'dcc:name')), value, unit: found.unit }] : []
    }),
  )
}

function result(each: Element): DigitalResult {
  const data = only(each, 'dcc:data')
  const name = named(only(each, 'dcc:name'))
  const [quantity] = rich(optional(each, 'dcc:description'))
  const quantities = [...all(data, 'dcc:quantity'), ...all(data, 'dcc:list').flatMap(quantitiesIn)]
  const said = quantities.map((found) => optional(found, 'dcc:noQuantity')).find(Boolean)
  const labels = quantities.find((found) => found.getAttribute('refType') === 'hengqi_label')
  const text = said
    ? rich(said).join('\n')
    : all(data, 'dcc:text')
        .flatMap((found) => rich(found))
        .join('\n')
  const conformity = said && judged(said.parentNode as Element)?.[0]
  return {
    name,
    ...(quantity !== undefined && { quantity }),
    ...(labels && { labels: listOf(only(labels, 'dcc:charsXMLList')).map((label) => label.replaceAll('\u00a0', ' ')) }),
    series: quantities.flatMap((found) => seriesOf(found) ?? []),
    ...(text && { text }),
    ...(conformity && { conformity }),
  }
}

const quantitiesIn = (list: Element): Element[] => [...all(list, 'dcc:quantity'), ...all(list, 'dcc:list').flatMap(quantitiesIn)]

function seriesOf(quantity: Element): DigitalSeries | undefined {
  const found = numbers(quantity)
  if (!found) return undefined
  const refType = quantity.getAttribute('refType')
  const name = optional(quantity, 'dcc:name')
  const conformity = judged(quantity)
  const nonSI = metaData(quantity, 'dcc:nonSIUnit')
  return {
    ...(refType && { refType }),
    ...(name && { name: named(name) }),
    unit: found.unit,
    ...(nonSI && { nonSI: valueOf(nonSI) }),
    values: found.values,
    ...(found.U && { U: found.U, k: found.k, coverage: found.coverage }),
    ...(conformity && { conformity: spread(conformity, found.values.length) }),
  }
}

function metaData(quantity: Element, name: string): Element | undefined {
  const list = optional(quantity, 'dcc:measurementMetaData')
  return list && all(list, 'dcc:metaData').flatMap((each) => all(each, name))[0]
}

const verdicts = new Set(['pass', 'fail', 'conditionalPass', 'conditionalFail', 'noPass', 'noFail'])

function judged(quantity: Element): string[] | undefined {
  const list = metaData(quantity, 'dcc:conformityXMLList') ?? metaData(quantity, 'dcc:conformity')
  if (!list) return undefined
  const found = listOf(list)
  const strange = found.find((each) => !verdicts.has(each))
  if (strange !== undefined) throw new Unreadable(`不认识的判定“${strange.slice(0, 20)}”`)
  return found
}

type Numbers = Pick<DigitalSeries, 'unit' | 'values' | 'U' | 'k' | 'coverage'>

/** `si:real`, `si:realListXMLList`, or the first of a `si:hybrid`, whose others say the same in other units. */
function numbers(quantity: Element): Numbers | undefined {
  const hybrid = optional(quantity, 'si:hybrid')
  const holder = hybrid ?? quantity
  const list = all(holder, 'si:realListXMLList')[0]
  if (list) return fromList(list)
  const real = all(holder, 'si:real')[0]
  return real && fromReal(real)
}

function fromReal(real: Element): Numbers {
  const unit = valueOf(only(real, 'si:unit'))
  const values = [decimalOf(valueOf(only(real, 'si:value')))]
  const spec = optional(real, 'si:expandedUnc') ?? nested(real, 'si:measurementUncertaintyUnivariate', 'si:expandedMU')
  if (!spec) return { unit, values }
  const U = optional(spec, 'si:uncertainty') ?? only(spec, 'si:valueExpandedMU')
  return {
    unit,
    values,
    U: [decimalOf(valueOf(U))],
    k: [decimalOf(valueOf(only(spec, 'si:coverageFactor')))],
    coverage: [decimalOf(valueOf(only(spec, 'si:coverageProbability')))],
  }
}

function fromList(list: Element): Numbers {
  const values = listOf(only(list, 'si:valueXMLList')).map(decimalOf)
  const units = [...new Set(listOf(only(list, 'si:unitXMLList')))]
  if (units.length !== 1) throw new Unreadable('一列数值有几个单位，目前不能读')
  const spec = optional(list, 'si:expandedUncXMLList') ?? nested(list, 'si:measurementUncertaintyUnivariateXMLList', 'si:expandedMUXMLList')
  const numbersIn = (element: Element) => spread(listOf(element).map(decimalOf), values.length)
  return {
    unit: units[0]!,
    values,
    ...(spec && {
      U: numbersIn(optional(spec, 'si:uncertaintyXMLList') ?? only(spec, 'si:valueExpandedMUXMLList')),
      k: numbersIn(only(spec, 'si:coverageFactorXMLList')),
      coverage: numbersIn(only(spec, 'si:coverageProbabilityXMLList')),
    }),
  }
}

const nested = (parent: Element, outer: string, inner: string): Element | undefined => {
  const found = optional(parent, outer)
  return found && optional(found, inner)
}

/** One for all, or one for each (D-SI); anything else cannot be told apart. */
function spread<T>(list: readonly T[], length: number): T[] {
  if (list.length === length) return [...list]
  if (list.length !== 1) throw new Unreadable(`有 ${length} 个数值，却有 ${list.length} 个不确定度或判定`)
  return Array.from({ length }, () => list[0]!)
}
