/** The words of a model: numbers, names, signs. Full-width and typographic signs that people paste are read as what they mean. */

export interface Token {
  kind: 'number' | 'name' | 'sign' | 'end'
  text: string
  /** Index of its first character in the text, from 0. */
  at: number
}

const signs: Readonly<Record<string, string>> = {
  '×': '*',
  '·': '*',
  '⋅': '*',
  '∗': '*',
  '＊': '*',
  '÷': '/',
  '／': '/',
  '−': '-',
  '–': '-',
  '－': '-',
  '＋': '+',
  '（': '(',
  '）': ')',
  '[': '(',
  ']': ')',
  '，': ',',
  '＾': '^',
}
const plainSigns = '+-*/^(),'

// `5E-6` is a number; `5e` would be 5 times e, which is not written without a sign.
const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const namePattern = /[\p{L}_][\p{L}\p{M}\p{N}_'′₀-₉⁰¹²³⁴-⁹]*/uy

/** Every token in order, or the first character that belongs to none. `**` is `^`. */
export function tokens(text: string): { list: Token[] } | { wrong: string; at: number } {
  const list: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    const number = match(numberPattern)
    const name = number === undefined ? match(namePattern) : undefined
    const sign = text.startsWith('**', at) ? '^' : plainSigns.includes(character) ? character : signs[character]
    const taken = number ?? name ?? (sign === '^' && character === '*' ? '**' : character)
    if (number !== undefined) list.push({ kind: 'number', text: number, at })
    else if (name !== undefined) list.push({ kind: 'name', text: name, at })
    else if (sign !== undefined) list.push({ kind: 'sign', text: sign, at })
    else if (!/\s/u.test(character)) return { wrong: character, at }
    at += taken.length
  }
  return { list }
}
