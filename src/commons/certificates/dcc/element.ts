/** XML as text, element by element: prefixes as given, no comments, attributes and children in the order written. */

export type Piece = string | undefined | false | readonly Piece[]

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' }
const escape = (text: string) => text.replace(/[&<>"\r]/g, (c) => escaped[c]!)

const flat = (piece: Piece): string => (typeof piece === 'string' ? piece : piece ? piece.map(flat).join('') : '')

/** `<name a="…">…</name>`; children are already XML, text goes through `text`. */
export const element = (name: string, attributes: Record<string, string | undefined>, ...children: Piece[]): string =>
  `<${name}${Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(value!)}"`)
    .join('')}>${flat(children)}</${name}>`

/** An element with nothing but a text in it, or nothing where there is none. */
export const text = (name: string, value: string | undefined, attributes: Record<string, string | undefined> = {}): Piece =>
  value === undefined ? undefined : element(name, attributes, escape(value))
