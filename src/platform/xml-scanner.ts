/**
 * Walks through XML that arrives in pieces: what a workbook is made of, and no more (no namespaces, no definitions of entities).
 * A document type is refused, because definitions make a small file huge for whoever reads it.
 */

export interface XmlListener {
  /** `name` without its prefix; `attributes` as written, for `attribute`. */
  open: (name: string, attributes: string) => void
  close: (name: string) => void
  /** Decoded; long texts come in several parts. */
  text: (text: string) => void
}

/** Longest tag or run of text that is held back because its end has not arrived. */
const longest = 1_000_000

/** Takes pieces of text in order; `end` says that there are no more. Throws on what is no XML. */
export function scanner(listener: XmlListener): { write: (piece: string) => void; end: () => void } {
  let rest = ''
  const walk = (text: string): string => {
    let at = 0
    for (;;) {
      const tag = text.indexOf('<', at)
      // An entity may be cut: what follows the last & waits.
      if (tag < 0) {
        const cut = text.indexOf('&', Math.max(at, text.length - 12))
        const stop = cut < 0 ? text.length : cut
        if (stop > at) listener.text(decodeXml(text.slice(at, stop)))
        return text.slice(stop)
      }
      if (tag > at) listener.text(decodeXml(text.slice(at, tag)))
      const next = step(text, tag, listener)
      if (next === undefined) return text.slice(tag)
      at = next
    }
  }
  return {
    write(piece) {
      rest = walk(rest === '' ? piece : rest + piece)
      if (rest.length > longest) throw new Error('标记或文字太长')
    },
    end() {
      if (rest.trim() !== '') throw new Error('内容不完整')
    },
  }
}

/** One tag at `at`; gives where it ends, or nothing when its end has not arrived. */
function step(text: string, at: number, listener: XmlListener): number | undefined {
  const second = text[at + 1]
  if (second === undefined) return undefined
  if (second === '?') return after(text, '?>', at)
  if (second === '!') return declaration(text, at, listener)
  const end = endOfTag(text, at)
  if (end === undefined) return undefined
  if (second === '/') {
    listener.close(bare(text.slice(at + 2, end).trim()))
    return end + 1
  }
  const empty = text[end - 1] === '/'
  const inside = text.slice(at + 1, empty ? end - 1 : end)
  const space = inside.search(/\s/)
  const name = bare(space < 0 ? inside : inside.slice(0, space))
  listener.open(name, space < 0 ? '' : inside.slice(space))
  if (empty) listener.close(name)
  return end + 1
}

function declaration(text: string, at: number, listener: XmlListener): number | undefined {
  if (text.length - at < 9) return undefined
  if (text.startsWith('<!--', at)) return after(text, '-->', at)
  if (!text.startsWith('<![CDATA[', at)) throw new Error('含有文档类型定义')
  const end = after(text, ']]>', at)
  if (end !== undefined) listener.text(text.slice(at + 9, end - 3))
  return end
}

const after = (text: string, mark: string, at: number): number | undefined => {
  const end = text.indexOf(mark, at)
  return end < 0 ? undefined : end + mark.length
}

/** A `>` within quotes does not end a tag. */
function endOfTag(text: string, at: number): number | undefined {
  let end = text.indexOf('>', at)
  for (let quote = text.indexOf('"', at); quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) {
    const close = text.indexOf('"', quote + 1)
    if (close < 0) return undefined
    if (close > end) end = text.indexOf('>', close)
    quote = close
  }
  return end < 0 ? undefined : end
}

const bare = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The value of an attribute in what `open` was given. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(name); at >= 0; at = attributes.indexOf(name, at + 1)) {
    const before = attributes[at - 1]
    if (before !== ' ' && before !== '\n' && before !== '\t' && before !== '\r') continue
    const [, , value] = /^\s*=\s*(["'])([^]*?)\1/.exec(attributes.slice(at + name.length)) ?? []
    if (value !== undefined) return decodeXml(value)
  }
  return undefined
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export const decodeXml = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return named[name] ?? whole
        const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      })
    : text
