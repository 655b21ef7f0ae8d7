/** Chinese search without a dictionary: overlapping pairs of characters into a `simple` tsvector. */

const runs = /[\p{Script=Han}]+|[a-z0-9]+(?:[.-][a-z0-9]+)*/gu

/** What goes into `to_tsvector('simple', …)`: `校准费用` → `校准 准费 费用 校 准 费 用`. */
export const searchText = (text: string): string => tokens(text, true).join(' ')

/** What goes into `to_tsquery('simple', …)`; every word must be there, the last Latin one may be unfinished. Empty: no condition. */
export const searchQuery = (query: string): string =>
  tokens(query, false)
    .map((token) => (/^[a-z0-9]/.test(token) ? `'${token}':*` : `'${token}'`))
    .join(' & ')

function tokens(text: string, index: boolean): string[] {
  const found = text.normalize('NFKC').toLowerCase().match(runs) ?? []
  return found.flatMap((run) => {
    if (!/\p{Script=Han}/u.test(run)) return [run]
    const characters = [...run]
    const pairs = characters.slice(1).map((c, i) => characters[i]! + c)
    // Single characters are in the index so that a query of one character finds something.
    if (index) return [...pairs, ...characters]
    return pairs.length > 0 ? pairs : characters
  })
}
