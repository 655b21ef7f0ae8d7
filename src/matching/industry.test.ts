import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../core/eligibility/facts.ts'
import { Gathering } from './gather.ts'
import { bytesOf, divisionsOf, makeRuns, markRuns, regionsBetween } from './industry.ts'
import { assemble, type Layout } from './layout.ts'
import { rangesOf } from './truths.ts'

const regions = ['110101', '110102', '330106', '330110', '440305', '']
const industries = ['C', 'C1', 'C13', 'C1310', 'C1311', 'C14', 'C1410', 'D', 'D44', 'A01', { oneOf: ['C13', 'D'] }]
const rows = fc.array(fc.record({ region: fc.nat({ max: 5 }), industry: fc.nat({ max: industries.length }) }), {
  minLength: 700,
  maxLength: 900,
})

function layoutOf(drawn: readonly { region: number; industry: number }[]): Layout {
  const gathering = new Gathering()
  drawn.forEach(({ region, industry }, key) =>
    gathering.add({ key, facts: { ...(regions[region] && { region: regions[region] }), industry: industries[industry] } as Facts }),
  )
  return assemble(gathering.finish(), 'simd')
}

describe('按行的顺序回答行业条件', () => {
  it('任意起点、任意的几种行业：与逐行查看逐位相同，范围之外一位不动', () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.constantFrom(0, 1, 2), { minLength: industries.length + 1, maxLength: industries.length + 1 }),
        fc.nat({ max: 10 }),
        fc.nat({ max: 700 }),
        (drawn, wanted, firstWord, length) => {
          const layout = layoutOf(drawn)
          const { arena, base, regionStart } = layout
          const column = layout.columns.industry!
          if (column.shape !== 'dictionary' || column.bytes !== 1) throw new TypeError('few industries are a byte each')
          const truths = Uint8Array.from(column.dictionary.entries, (_, id) => wanted[id]!)
          const { yes, unknown } = rangesOf(truths)
          const divisions = divisionsOf(layout)!
          const runs = makeRuns(arena, divisions, yes, unknown)
          const [from, to] = [firstWord * 32, Math.min(firstWord * 32 + length, base)]
          fc.pre(from < to)
          const [t, p] = [arena.alloc(256), arena.alloc(256)]
          const words = ((to + 31) >>> 5) - firstWord
          for (const at of [t, p]) arena.u32.fill(7, (at >>> 2) + words, (at >>> 2) + 64)
          markRuns(layout, divisions, runs, regionsBetween(regionStart, from, to), { from, to }, t, p)
          const expected = [2, 1].map((least) => {
            const bits = new Uint32Array(64).fill(7, words)
            for (let row = from; row < to; row++)
              if (truths[arena.u8[column.at + row]!]! >= least) bits[(row - from) >>> 5]! |= 1 << ((row - from) & 31)
            return bits
          })
          expect([t, p].map((at) => arena.u32.slice(at >>> 2, (at >>> 2) + 64))).toEqual(expected)
          expect(bytesOf(runs)).toBeGreaterThanOrEqual((yes.length + unknown.length) * 16)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('表会比省下的还大时不做', () => {
    const layout = layoutOf(Array.from({ length: 60 }, (_, i) => ({ region: i % 6, industry: i % 11 })))
    expect(divisionsOf(layout)).toBeUndefined()
  })
})
