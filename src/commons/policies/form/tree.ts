/** A posted form as a tree: `rule.0.codes` is the field `codes` of the first part of `rule`. Lists are children with numbers for names. */

export interface Tree {
  /** Every value posted under this name, in order. */
  values: readonly string[]
  children: ReadonlyMap<string, Tree>
}

const empty: Tree = { values: [], children: new Map() }
/** A form of a policy has a few hundred fields; these bound what a stranger can make the server build. */
const limits = { fields: 5_000, depth: 40 }

interface Growing {
  values: string[]
  children: Map<string, Growing>
}

export function readTree(entries: Iterable<readonly [string, unknown]>): Tree {
  const root: Growing = { values: [], children: new Map() }
  let fields = 0
  for (const [name, value] of entries) {
    const path = name.split('.')
    if (typeof value !== 'string' || path.length > limits.depth || ++fields > limits.fields) continue
    let at = root
    for (const key of path) {
      const next = at.children.get(key) ?? { values: [], children: new Map() }
      at.children.set(key, next)
      at = next
    }
    // Browsers send line ends as CR LF.
    at.values.push(value.replaceAll('\r\n', '\n'))
  }
  return root
}

export const child = (tree: Tree, key: string): Tree => tree.children.get(key) ?? empty
export const has = (tree: Tree, key: string): boolean => tree.children.has(key)

/** The field's text without the spaces around it; `''` where it was not posted. */
export const text = (tree: Tree, key: string): string => (child(tree, key).values[0] ?? '').trim()

/** Every text posted under the name that is not blank. */
export const texts = (tree: Tree, key: string): string[] =>
  child(tree, key)
    .values.map((value) => value.trim())
    .filter((value) => value !== '')

/** The lines of a text area that are not blank. */
export const lines = (tree: Tree, key: string): string[] =>
  text(tree, key)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Parts of a list, by their numbers. */
export const parts = (tree: Tree, key: string): Tree[] => numbered(child(tree, key))

/** Children whose names are numbers, in order: the parts of a rule are its own children. */
export const numbered = (tree: Tree): Tree[] =>
  [...tree.children]
    .filter(([key]) => /^\d{1,4}$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, part]) => part)
