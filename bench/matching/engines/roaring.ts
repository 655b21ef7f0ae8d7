/** Roaring bitmaps: two for each distinct condition, joined by the rule. Three-valued. */
import { evaluateLeaf } from '../../../src/core/eligibility/evaluate.ts'
import { NO, YES, type Leaf, type Rule } from '../../../src/core/eligibility/rule.ts'
import { factOfLeaf, keyOf } from '../../../src/matching/truths.ts'
import type { BenchEngine } from '../engine.ts'
import { fold, type Pair } from '../fold.ts'
import { absent, loadPeer } from '../optional.ts'
import { byPlace } from '../sorted.ts'

const name = 'roaring-wasm'
interface Bitmap {
  readonly size: number
  readonly isEmpty: boolean
  clone(): Bitmap
  andInPlace(other: Bitmap): unknown
  orInPlace(other: Bitmap): unknown
  runOptimize(): boolean
  shrinkToFit(): number
  toUint32Array(): Uint32Array
  getSerializationSizeInBytes(format: string): number
  dispose(): boolean
}
interface Roaring {
  RoaringBitmap32: {
    new (values?: Uint32Array): Bitmap
    fromRange(from: number, to: number): Bitmap
    andNot(a: Bitmap, b: Bitmap): Bitmap
  }
  roaringLibraryInitialize?: () => Promise<void>
}

/** A fact of all rows: number of the value of each row, and the distinct values. */
interface Column {
  numbers: Uint32Array
  values: unknown[]
}

/** A bitmap that belongs to the question may be written and is thrown away; one of a condition stays. */
interface Part {
  bitmap: Bitmap
  own: boolean
}

export const roaring: BenchEngine = {
  name: 'roaring bitmaps',
  values: 3,
  how: 'CRoaring in WebAssembly (the native package needs a download after installing). Rows sorted by place and industry; two run-optimised bitmaps for each distinct condition, made when first asked and kept: warm figures have no scan in them.',
  package: name,
  most: { rows: 1_000_000, reverse: 300, forward: 0 },
  async prepare(world) {
    const peer = await loadPeer<Roaring>(name)
    if (!peer) return absent(name)
    await peer.roaringLibraryInitialize?.()
    const { RoaringBitmap32 } = peer
    const { policies, setting } = world
    const rows = byPlace(world)
    const keys = Uint32Array.from(rows, ({ key }) => key)
    const columns = new Map<string, Column>()
    const columnOf = (fact: keyof (typeof rows)[number]['facts']): Column => {
      let column = columns.get(fact)
      if (!column) {
        const known = new Map<unknown, number>()
        const values: unknown[] = []
        const numbers = Uint32Array.from(rows, ({ facts }) => {
          const value = facts[fact]
          const key = typeof value === 'object' ? JSON.stringify(value) : value
          if (!known.has(key)) known.set(key, values.push(value) - 1)
          return known.get(key)!
        })
        columns.set(fact, (column = { numbers, values }))
      }
      return column
    }
    const all = RoaringBitmap32.fromRange(0, rows.length)
    const none = new RoaringBitmap32()
    const conditions = new Map<string, Pair<Bitmap>>()
    const gather = (truths: Uint8Array, numbers: Uint32Array, least: number): Bitmap => {
      const found = new Uint32Array(numbers.length)
      let n = 0
      for (let row = 0; row < numbers.length; row++) if (truths[numbers[row]!]! >= least) found[n++] = row
      const bitmap = new RoaringBitmap32(found.subarray(0, n))
      bitmap.runOptimize()
      bitmap.shrinkToFit()
      return bitmap
    }
    const condition = (leaf: Leaf): Pair<Bitmap> => {
      const key = keyOf(leaf)
      let pair = conditions.get(key)
      if (!pair) {
        const fact = factOfLeaf(leaf)
        const { numbers, values } = columnOf(fact)
        const truths = Uint8Array.from(values, (value) => evaluateLeaf(leaf, { [fact]: value }, setting))
        pair = { yes: gather(truths, numbers, YES), maybe: gather(truths, numbers, NO + 1) }
        conditions.set(key, pair)
      }
      return pair
    }
    const free = ({ bitmap, own }: Part): void => void (own && bitmap.dispose())
    const join = (parts: Part[], empty: Bitmap, how: 'andInPlace' | 'orInPlace'): Part => {
      const [first = { bitmap: empty, own: false }, ...rest] = parts
      if (rest.length === 0) return first
      const bitmap = first.own ? first.bitmap : first.bitmap.clone()
      for (const part of rest) {
        if (how === 'orInPlace' || !bitmap.isEmpty) bitmap[how](part.bitmap)
        free(part)
      }
      return { bitmap, own: true }
    }
    const answer = (rule: Rule): Pair<Part> =>
      fold<Part>(rule, {
        leaf(leaf) {
          const { yes, maybe } = condition(leaf)
          return { yes: { bitmap: yes, own: false }, maybe: { bitmap: maybe, own: false } }
        },
        all: (parts) => join(parts, all, 'andInPlace'),
        any: (parts) => join(parts, none, 'orInPlace'),
        not(part) {
          const bitmap = RoaringBitmap32.andNot(all, part.bitmap)
          free(part)
          return { bitmap, own: true }
        },
      })
    const asked = <T>(policy: number, read: (bitmap: Bitmap) => T): Pair<T> => {
      const { yes, maybe } = answer(policies[policy]!)
      const result = { yes: read(yes.bitmap), maybe: read(maybe.bitmap) }
      free(yes)
      free(maybe)
      return result
    }
    const bytesOf = (bitmap: Bitmap): number => bitmap.getSerializationSizeInBytes('portable')
    return {
      reverse(policy) {
        const { yes, maybe } = asked(policy, (bitmap) => bitmap.size)
        return { eligible: yes, possible: maybe }
      },
      keys(policy) {
        const { yes, maybe } = asked(policy, (bitmap) => bitmap.toUint32Array().map((row) => keys[row]!))
        return { eligible: yes, possible: maybe }
      },
      notes: () => ({
        'conditions kept': conditions.size,
        'bytes of their bitmaps': [...conditions.values()].reduce((sum, { yes, maybe }) => sum + bytesOf(yes) + bytesOf(maybe), 0),
      }),
    }
  },
}
