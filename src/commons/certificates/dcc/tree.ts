/** XML from strangers, read strictly: no document type, no entities of its own, neither large nor deep. */
import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import { refuse, type Refusal } from '../../../core/refusal.ts'

/** A certificate with pictures in it stays below; what is larger is none. */
export const limits = { characters: 5_000_000, depth: 64 } as const

export const malformed = (why: string): Refusal =>
  refuse('invalid', `这不是能读的数字校准证书（DCC）：${why}。请向出具机构索取原始的 XML 文件。`, { code: 'DCC_MALFORMED' })

/** The document, or why not. */
export function parseXml(xml: string): Document | Refusal {
  if (xml.length > limits.characters) return malformed('文件太大')
  // OWASP: entities and external definitions make a small file huge, or fetch others.
  if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(xml)) return malformed('含有文档类型定义（DOCTYPE），可能被用于攻击，不读取')
  if (deeper(xml)) return malformed('层次太深')
  try {
    const document = new DOMParser({
      // Its warnings are about what is no XML either: attributes without quotation marks.
      onError: (_level, message) => {
        throw new Error(message)
      },
    }).parseFromString(xml, 'text/xml')
    return document.documentElement ? document : malformed('没有内容')
  } catch {
    return malformed('XML 不完整或有错误')
  }
}

/** Counts tags before anything is built of them. Comments and CDATA may only make it count too much. */
function deeper(xml: string): boolean {
  let depth = 0
  for (const [tag] of xml.matchAll(/<(?:\/[^<>]*|[^!?/<][^<>]*)>/g)) {
    if (tag.startsWith('</')) depth--
    else if (!tag.endsWith('/>')) depth++
    if (depth > limits.depth) return true
  }
  return false
}

export function* elements(parent: Document | Element): Generator<Element> {
  for (let node = parent.firstChild; node; node = node.nextSibling) if (node.nodeType === 1) yield node as Element
}

/** Every element below, parents first. */
export function* descendants(parent: Element): Generator<Element> {
  for (const each of elements(parent)) {
    yield each
    yield* descendants(each)
  }
}
