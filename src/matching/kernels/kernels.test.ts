import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildKernels } from '../../../scripts/build-kernels.ts'
import { Arena } from '../arena.ts'
import type { Kernels } from './kernels.ts'
import { plainKernels } from './plain.ts'

const arena = new Arena('simd')
const plain = plainKernels(arena)
const room = 80
/** Blocks for 80 words of rows, with room for a column of 32-bit numbers; each begins at a word that is no multiple of four words. */
const [column, second, a, b, c, d, t, p, table] = Array.from({ length: 9 }, () => arena.alloc(room * 128 + 64) + 4) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]
const blocks = [a, b, c, d, t, p]

const words = fc.array(fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1, -2_147_483_648, 2_147_483_647)), {
  minLength: room,
  maxLength: room,
})
const count = fc.integer({ min: 0, max: 70 })

/** Runs a kernel on the same memory twice and compares every block, also behind the last word. */
function agree(fill: () => void, run: (kernels: Kernels) => unknown): void {
  const look = (kernels: Kernels): unknown => {
    fill()
    for (const at of [t, p]) arena.u32.fill(0xabcd_ef01, at >>> 2, (at >>> 2) + room)
    const result = run(kernels)
    return [result, ...blocks.map((at) => [...arena.u32.subarray(at >>> 2, (at >>> 2) + room)])]
  }
  const simd = look(arena.kernels)
  expect(simd).toEqual(look(plain))
}
const put = (at: number, list: readonly number[]): void => list.forEach((word, i) => (arena.i32[(at >>> 2) + i] = word))

describe('内核', () => {
  it('字节就是源码编译出来的', async () => {
    const committed = readFileSync(path.join(import.meta.dirname, 'simd-bytes.ts'), 'utf8')
    expect(await buildKernels()).toBe(committed)
  })

  it('确实用上了向量指令，否则下面是自己和自己比', () => {
    expect(arena.kernels.and).not.toBe(plain.and)
    expect(String(arena.kernels.and)).toContain('native code')
  })

  it('位图运算：两种写法逐位相同，末尾不足四个字的也一样，不多写一个字', () => {
    fc.assert(
      fc.property(words, words, words, words, count, (w, x, y, z, n) => {
        const fill = (): void => [w, x, y, z].forEach((list, i) => put(blocks[i]!, list))
        agree(fill, (k) => k.and(t, p, a, b, c, d, n))
        agree(fill, (k) => k.and(a, b, a, b, c, d, n))
        agree(fill, (k) => k.andOver(t, p, a, b, c, d, n))
        agree(fill, (k) => k.andOver(a, b, a, b, c, d, n))
        agree(fill, (k) => k.andOvers(t, p, a, b, c, d, n))
        agree(fill, (k) => k.andOvers(a, b, a, c, b, d, n))
        agree(fill, (k) => k.or(t, p, a, b, c, d, n))
        agree(fill, (k) => k.clear(t, n))
        agree(fill, (k) => k.either(t, a, b, n))
        agree(fill, (k) => k.either(a, a, b, n))
        agree(fill, (k) => k.not(t, p, a, b, n))
        agree(fill, (k) => k.not(a, b, a, b, n))
        agree(fill, (k) => k.orAnd(a, b, c, n))
        agree(fill, (k) => k.count(a, n))
        agree(fill, (k) => {
          k.andCount(a, b, c, d, n, t)
          k.andCountOver(a, b, c, d, n, t + 8)
          k.andCountOvers(a, b, c, d, n, t + 16)
          return n > 0 && k.and(t + 24, p, a, b, c, d, n - 1) + k.count(p, n - 1)
        })
        agree(fill, (k) => k.planes(a, b, n, 0b0110, 0b1101, t, p))
        agree(fill, (k) => k.planes(c, d, n, w[0]! & 15, w[1]! & 15, t, p))
      }),
      { numRuns: 150 },
    )
  })

  it('扫描列：两种写法逐位相同', () => {
    const cells = fc.uint8Array({ minLength: room * 128, maxLength: room * 128 })
    const bound = fc.oneof(fc.integer(), fc.constantFrom(-2_147_483_648, -2_147_483_647, 0, 2_147_483_647))
    const pairs = fc.array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 })), { maxLength: 6 })
    fc.assert(
      fc.property(cells, words, bound, bound, pairs, pairs, fc.integer({ min: 0, max: room }), (bytes, seeds, low, high, yes, more, n) => {
        arena.u8.set(bytes, column)
        // Few different numbers, so that ranges are hit.
        for (let i = 0; i < room * 32; i++) arena.u16[(second >>> 1) + i] = bytes[i]!
        put(
          table,
          Array.from({ length: 512 }, (_, i) => (seeds[i % room]! >>> (i & 31)) & 1),
        )
        const ranges = (): void =>
          [...yes, ...more].forEach(([first, span], i) => {
            arena.u16[(d >>> 1) + 2 * i] = first
            arena.u16[(d >>> 1) + 2 * i + 1] = Math.min(span, 255 - first)
          })
        agree(
          () => {},
          (k) => k.range32(column, n, low, high, -2_147_483_647, t, p),
        )
        agree(ranges, (k) => k.ranges8(column, n, d, yes.length, more.length, t, p))
        agree(ranges, (k) => k.ranges16(second, n, d, yes.length, more.length, t, p))
        agree(
          () => {},
          (k) => k.lookup8(column, n, table, t, p),
        )
        agree(
          () => {},
          (k) => k.lookup16(second, n, table, t, p),
        )
        for (let i = 0; i < room * 32; i++) arena.u32[(column >>> 2) + i] = bytes[i]!
        agree(
          () => {},
          (k) => k.lookup32(column, n, table, t, p),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('按地区分段的行：两种写法逐位相同，整段的和要逐行看的都是', () => {
    const sizes = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }), fc.nat({ max: 40 })), { minLength: 1, maxLength: 6 })
    const pieces = fc.array(
      fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 2 }), fc.nat({ max: 9 }), fc.oneof(fc.nat({ max: 9 }), fc.constant(-1))),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(
        sizes,
        pieces,
        fc.nat({ max: 5 }),
        fc.nat({ max: 3 }),
        fc.nat({ max: 40 }),
        words,
        (regions, list, sure, word, length, bits) => {
          const [from, to] = [word * 32, word * 32 + length]
          const stride = regions.length
          let end = 0
          const begins = regions.map((groups) => groups.map((size) => (end += size) - size))
          const numbers = [0, 1, 2]
            .flatMap((group) => begins.map((each) => each[group]!))
            .concat(
              begins.slice(1).map(([first]) => first!),
              end,
            )
          const fill = (): void => {
            put(a, bits)
            put(b, bits)
            put(table, numbers)
            put(
              c,
              list.flatMap(([group, more, least, span]) => [group, Math.min(3, group + (span === -1 ? more : 1)), least, span]),
            )
          }
          for (const bytes of [1, 2, 4] as const) {
            // Within a group cells are in order.
            for (let row = 0, size = 0; row < end; row++, size++) {
              if (numbers.includes(row)) size = 0
              const at = bytes === 1 ? arena.u8 : bytes === 2 ? arena.u16 : arena.u32
              at[column / bytes + row] = size >> 2
            }
            const many = Math.min(sure, list.length)
            agree(fill, (k) => k.runs(table, stride, stride, c, many, list.length - many, column, bytes, from, to, a, b))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('台账的三种运算：两种写法逐位相同，和数到 255 为止', () => {
    const entries = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(0, -1, 2 ** 31 - 1))),
      {
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(entries, fc.nat({ max: 255 }), fc.uint8Array({ minLength: 64, maxLength: 64 }), words, (list, min, before, bits) => {
        const first = 1_000_000 * 32
        let row = first
        // Rows are in order, and each stands in a list of one kind once.
        const rows = list.map(([step]) => (row += step) - 1).filter((at) => at < first + room * 32)
        const fill = (): void => {
          put(column, rows)
          put(second, list.map(([, count]) => count).slice(0, rows.length))
          arena.u8.fill(0, table, table + room * 32)
          arena.u8.set(before, table)
          put(a, bits)
          put(b, bits)
        }
        agree(fill, (k) => k.holders(column, second, rows.length, first, min, a, b))
        agree(fill, (k) => k.holders(column, second, rows.length, first, min, a, a))
        agree(fill, (k) => {
          k.tally(column, second, rows.length, first, table)
          k.tally(column, second, rows.length, first, table)
          k.reach(column, rows.length, first, min, table, a, b)
          return [...arena.u8.subarray(table, table + room * 32)]
        })
      }),
      { numRuns: 200 },
    )
  })
})
