/** Steps through a certificate's elements by their prefixed names, whatever prefixes the file uses. */
import type { Element } from '@xmldom/xmldom'
import { namespaces } from './model.ts'
import { elements } from './tree.ts'

/** Why a file cannot be read; the message is the part of a sentence. Never leaves this folder. */
export class Unreadable extends Error {}

const split = (name: string) => name.split(':') as ['dcc' | 'si', string]

export function all(parent: Element, name: string): Element[] {
  const [prefix, local] = split(name)
  return [...elements(parent)].filter((each) => each.localName === local && each.namespaceURI === namespaces[prefix])
}

/** At most one: a second one would be read by others instead. */
export function optional(parent: Element, name: string): Element | undefined {
  const [first, ...more] = all(parent, name)
  if (more.length > 0) throw new Unreadable(`${parent.localName} 里有 ${more.length + 1} 个 ${name}`)
  return first
}

export function only(parent: Element, name: string): Element {
  const found = optional(parent, name)
  if (!found) throw new Unreadable(`${parent.localName} 里缺少 ${name}`)
  return found
}

/** The text of an element without elements in it. */
export function valueOf(element: Element): string {
  if (!elements(element).next().done) throw new Unreadable(`${element.localName} 里不应再有元素`)
  return (element.textContent ?? '').trim()
}

/** The content in the first of the languages that there is; without one of them, the first content. */
export function named(element: Element, languages: readonly string[] = ['zh', 'en', '']): string {
  const contents = all(element, 'dcc:content')
  const found = languages.flatMap((lang) => contents.find((each) => (each.getAttribute('lang') ?? '') === lang) ?? [])[0]
  const chosen = found ?? (languages.length > 1 ? contents[0] : undefined)
  return chosen ? valueOf(chosen) : ''
}

/** All contents in one language: the Chinese ones, else the English ones, else those of the first. */
export function rich(element: Element | undefined): string[] {
  if (!element) return []
  const contents = all(element, 'dcc:content')
  const langs = contents.map((each) => each.getAttribute('lang') ?? '')
  const lang = ['zh', 'en'].find((each) => langs.includes(each)) ?? langs[0]
  return contents.filter((_, i) => langs[i] === lang).map(valueOf)
}

const decimal = /^[-+]?((\d*\.\d+)|(\d+\.\d*)|(\d+\.?))([Ee][-+]?\d+)?$/

/** A number as it stands there; `NaN` is none. */
export function decimalOf(text: string): string | null {
  if (text === 'NaN') return null
  if (!decimal.test(text)) throw new Unreadable(`“${text.slice(0, 20)}”不是数`)
  return text
}

export const listOf = (element: Element): string[] =>
  valueOf(element)
    .split(/[\t\n\r ]+/)
    .filter(Boolean)
