import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deltaOf, encodeRows, rowsIn } from './row-set.ts'

const containers = 3
/** Rows alone, in stretches, in whole containers and at the edges of them. */
const rows = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.nat({ max: containers * 65_536 - 1 }), fc.constant(1)) },
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom(0, 15, 16, 65_535, 65_536, 131_071, 131_072, 196_607), fc.constantFrom(1, 2, 17)) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0, 65_536), fc.constantFrom(65_536, 70_000, 500)) },
    ),
    { maxLength: 8 },
  )
  .map((spans) =>
    [...new Set(spans.flatMap(([from, length]) => Array.from({ length }, (_, i) => Math.min(from + i, containers * 65_536 - 1))))].sort(
      (a, b) => a - b,
    ),
  )

function encode(list: readonly number[]) {
  const bits = new Uint16Array(containers * 4096)
  for (const row of list) bits[row >>> 4]! |= 1 << (row & 15)
  return encodeRows(bits, [0, 1, 2])
}

describe('压缩的行集', () => {
  it('装进去什么，拿出来就是什么', () => {
    fc.assert(
      fc.property(rows, (list) => {
        // As text: comparing arrays of 65 536 numbers item by item takes a hundred times as long.
        expect(rowsIn(encode(list)).join()).toBe(list.join())
      }),
      { numRuns: 60 },
    )
  })

  it('差集就是多出来的和少掉的', () => {
    fc.assert(
      fc.property(rows, rows, (old, now) => {
        const [before, after] = [new Set(old), new Set(now)]
        const { added, removed } = deltaOf(encode(old), encode(now))
        expect(added.join()).toBe(now.filter((row) => !before.has(row)).join())
        expect(removed.join()).toBe(old.filter((row) => !after.has(row)).join())
      }),
      { numRuns: 25 },
    )
  })

  it('整段和零散的都不占地方', () => {
    expect(encode(Array.from({ length: 65_536 }, (_, i) => i)).length).toBe(6)
    expect(encode([3, 40_000]).length).toBe(6)
    expect(encode(Array.from({ length: 400 }, (_, i) => 1000 + i * 2)).length).toBeLessThan(60)
  })
})
