/** 轮换：不让任何使用点无表可用，或者说出是哪一个。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { match, misfit, plan, rotation, type Piece } from './rotation.ts'

const backOn = '2026-12-20'
let n = 0
const piece = (over: Partial<Piece> = {}): Piece => ({
  id: `p${++n}`,
  code: `YL-${n}`,
  name: '压力表',
  sort: 'pressure-gauge',
  ranges: [{ low: '0', high: '1.6', unit: 'MPa' }],
  accuracy: { text: '1.6级', class: '1.6' },
  place: '动力站',
  point: '1 号储气罐',
  state: 'in-use',
  validUntil: '2027-06-01',
  ...over,
})
const spare = (over: Partial<Piece> = {}) => piece({ state: 'stored', point: null, ...over })
const of = (pieces: Piece[], ...wanted: Piece[]) => rotation(pieces, new Set(wanted.map(({ id }) => id)), backOn)

describe('一件送走以后', () => {
  it('没有使用点的、同一点还有别的表的，可以送', () => {
    const [a, b, c] = [piece(), piece(), piece({ point: null })]
    expect(of([a, b, c], a, c).get(a.id)).toMatchObject({ verdict: 'free', why: expect.stringContaining(b.code) })
    expect(of([a, b, c], a, c).get(c.id)?.verdict).toBe('free')
  })

  it('同种、量程够、准确度够、有效期够的备用表顶上；单位不同也一样', () => {
    const a = piece()
    const s = spare({ ranges: [{ low: '0', high: '16', unit: 'bar' }], accuracy: { text: '1级', class: '1' } })
    expect(of([a, s], a).get(a.id)).toMatchObject({ verdict: 'covered', spare: s.id })
  })

  it.each([
    ['量程不够', { ranges: [{ low: '0', high: '1', unit: 'MPa' }] }],
    ['准确度不够', { accuracy: { text: '2.5级', class: '2.5' } }],
    ['有效期只到', { validUntil: '2026-12-01' }],
  ])('备用表%s的不算，说出使用点和原因', (words, over) => {
    const a = piece()
    const cover = of([a, spare(over)], a).get(a.id)!
    expect(cover.verdict).toBe('gap')
    expect(cover.why).toContain('1 号储气罐')
    expect(cover.why).toContain(words)
  })

  it('量程或准确度不明的备用表：说不能确定，不当作顶上', () => {
    const a = piece()
    expect(of([a, spare({ ranges: [] })], a).get(a.id)?.verdict).toBe('unknown')
    expect(of([a, spare({ accuracy: { text: '±(1%+2字)' } })], a).get(a.id)?.verdict).toBe('unknown')
  })

  it('一件备用表只顶一处；怎么分能顶得多就怎么分', () => {
    const [a, b] = [piece({ point: '甲' }), piece({ point: '乙', ranges: [{ low: '0', high: '1', unit: 'MPa' }] })]
    const [wide, narrow] = [spare(), spare({ ranges: [{ low: '0', high: '1', unit: 'MPa' }] })]
    // 乙 could take the wide one first and leave 甲 with nothing.
    const covers = of([b, a, wide, narrow], b, a)
    expect([covers.get(a.id), covers.get(b.id)]).toMatchObject([
      { verdict: 'covered', spare: wide.id },
      { verdict: 'covered', spare: narrow.id },
    ])
    expect(of([b, a, wide], b, a).get(b.id)?.verdict === 'gap' || of([b, a, wide], b, a).get(a.id)?.verdict === 'gap').toBe(true)
  })
})

describe('分批', () => {
  it('同一点两件都到期：先送一件，回来再送另一件', () => {
    const [a, b] = [piece(), piece()]
    expect(plan([a, b], [a.id, b.id], backOn)).toEqual({ batches: [[b.id], [a.id]], rest: [] })
  })

  it('单独一件又没有备用的，列出来并说明原因', () => {
    const a = piece()
    expect(plan([a], [a.id], backOn)).toMatchObject({ batches: [], rest: [{ id: a.id, why: expect.stringContaining('1 号储气罐') }] })
  })
})

const small = fc.array(
  fc.record({
    sort: fc.constantFrom('a', 'b'),
    point: fc.constantFrom('甲', '乙', null),
    state: fc.constantFrom('in-use', 'in-use', 'stored'),
    high: fc.constantFrom('1', '2'),
    wanted: fc.boolean(),
  }),
  { maxLength: 9 },
)

describe('随机的小厂', () => {
  it('每批送走后，每个使用点都还有可用的或备用顶上；每件恰在一批里，或说明送不了', () => {
    fc.assert(
      fc.property(small, (list) => {
        const pieces = list.map(({ sort, point, state, high }) => piece({ sort, point, state, ranges: [{ low: '0', high, unit: 'MPa' }] }))
        const wanted = pieces.filter((_, i) => list[i]!.wanted).map(({ id }) => id)
        const { batches, rest } = plan(pieces, wanted, backOn)
        expect([...batches.flat(), ...rest.map(({ id }) => id)].toSorted()).toEqual(wanted.toSorted())
        for (const batch of batches) expect(uncovered(pieces, new Set(batch))).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('配对的数目等于逐一试出来的最大数', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(fc.nat(4), { maxLength: 4 }), { maxLength: 6 }), (edges) => {
        const found = match(edges)
        const used = found.filter((right) => right !== undefined)
        expect(new Set(used).size).toBe(used.length)
        found.forEach((right, left) => right === undefined || expect(edges[left]).toContain(right))
        expect(used.length).toBe(most(edges, 0, new Set()))
      }),
    )
  })
})

/** Points that would have nothing, with the spares given out in the best of all ways, tried one by one. */
function uncovered(pieces: readonly Piece[], gone: ReadonlySet<string>): number {
  const working = pieces.filter(({ state, point }) => state === 'in-use' && point !== null)
  const bare = [...Map.groupBy(working, ({ place, point, sort }) => `${place}|${point}|${sort}`).values()].filter((group) =>
    group.every(({ id }) => gone.has(id)),
  )
  const spares = pieces.filter(({ state, id }) => state === 'stored' && !gone.has(id))
  const edges = bare.map((group) =>
    spares.flatMap((each, i) => (each.sort === group[0]!.sort && misfit(each, group[0]!, backOn) === undefined ? [i] : [])),
  )
  return bare.length - most(edges, 0, new Set())
}

function most(edges: readonly (readonly number[])[], at: number, taken: Set<number>): number {
  if (at === edges.length) return 0
  let best = most(edges, at + 1, taken)
  for (const right of edges[at]!)
    if (!taken.has(right)) {
      taken.add(right)
      best = Math.max(best, 1 + most(edges, at + 1, taken))
      taken.delete(right)
    }
  return best
}
