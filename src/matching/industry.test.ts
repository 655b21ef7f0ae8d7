import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markRuns, regionsIn, type Ranges } from './industry.ts'

/** Industries of the regions in order, the last list for rows without a region; 0 is none. */
const regions = fc.array(fc.array(fc.nat({ max: 12 }), { maxLength: 90 }), { minLength: 1, maxLength: 8 })
const rangesOf = (wanted: readonly boolean[]): Ranges => {
  const ranges: [number, number][] = []
  wanted.forEach((yes, id) => {
    if (yes && wanted[id - 1] && ranges.length > 0) ranges.at(-1)![1] = id
    else if (yes) ranges.push([id, id])
  })
  return ranges
}

describe('按行的顺序回答行业条件', () => {
  it('任意起点、任意地区大小：与逐行查看逐位相同，范围之外一位不动', () => {
    fc.assert(
      fc.property(
        regions,
        fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }),
        fc.nat({ max: 10 }),
        fc.nat({ max: 700 }),
        fc.constantFrom(Uint8Array, Uint16Array, Uint32Array),
        (lists, wanted, firstWord, length, kind) => {
          // None stands last, as `assemble` sorts them.
          const sorted = lists.map((list) => list.toSorted((a, b) => (a || 99) - (b || 99)))
          const cells = kind.from(sorted.flat())
          const base = cells.length
          const starts = sorted.map((_, i) => sorted.slice(0, i).flat().length)
          const regionStart = Uint32Array.from([starts.at(-1)!, ...starts])
          const from = firstWord * 32
          const to = Math.min(from + length, Math.ceil(base / 32) * 32)
          fc.pre(from < base && from < to)
          const u32 = new Uint32Array(40)
          markRuns({ cells, regionStart, base }, rangesOf(wanted), from, to, u32, 8)
          const expected = new Uint32Array(40)
          for (let row = from; row < Math.min(to, base); row++)
            if (wanted[cells[row]!]) expected[2 + ((row - from) >>> 5)]! |= 1 << ((row - from) & 31)
          expect(u32).toEqual(expected)
          const seen = sorted.filter((list, i) => list.length > 0 && starts[i]! < to && starts[i]! + list.length > from).length
          expect(regionsIn(regionStart, from, to)).toBeGreaterThanOrEqual(seen)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
