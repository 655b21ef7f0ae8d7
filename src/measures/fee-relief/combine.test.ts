/** 减免怎么取：手算的二十笔，财务人员能逐行核对；并与逐一试遍的笨办法处处相同。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fen, parseYuan, plainYuan, type Fen } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import { combine, optionsOf, type Offer } from './combine.ts'

const yuan = (text: string): Fen => {
  const amount = parseYuan(text)
  if (isRefusal(amount)) throw new Error(amount.reason)
  return amount
}
/** 减半 50；和 乙 可同享：50+乙。 */
const offer = (text: string, n: number): Offer => {
  const [, slug = '', rate = '', others = ''] = /^(\S)(\d+(?:\.\d+)?)(\+\S+)?$/.exec(text) ?? []
  if (!slug) throw new Error(`line ${n}: ${text}`)
  return { slug, rateBp: Math.round(Number(rate) * 100), ...(others && { combinesWith: others.slice(1).split('') }) }
}

/** 每行：说明｜各行“费用 政策…”｜封顶｜各行应付｜合计减免。 */
const table: [about: string, lines: string[], caps: Record<string, string>, pays: string[], relief: string][] = [
  ['没有政策', ['100'], {}, ['100.00'], '0.00'],
  ['减半', ['800 甲50'], {}, ['400.00'], '400.00'],
  ['全免', ['800 甲100'], {}, ['0.00'], '800.00'],
  ['七折付', ['99.99 甲30'], {}, ['69.99'], '30.00'],
  ['半分进一：0.01 元减半', ['0.01 甲50'], {}, ['0.00'], '0.01'],
  ['半分进一：33.33 元减半', ['33.33 甲50'], {}, ['16.66'], '16.67'],
  ['不到半分舍去：0.33 元减 1%', ['0.33 甲1'], {}, ['0.33'], '0.00'],
  ['两项不叠加，取高的', ['200 甲30 乙50'], {}, ['100.00'], '100.00'],
  ['一项说可叠加，另一项没说：不叠加', ['200 甲30+乙 乙50'], {}, ['100.00'], '100.00'],
  ['互相写明可叠加：在余额上再减', ['200 甲30+乙 乙50+甲'], {}, ['70.00'], '130.00'],
  ['叠加也只进位一次', ['0.99 甲50+乙 乙50+甲'], {}, ['0.25'], '0.74'],
  ['叠加不过全免', ['80 甲100+乙 乙50+甲'], {}, ['0.00'], '80.00'],
  ['三行各减各的，逐行进位', ['33.33 甲50', '33.33 甲50', '33.34 甲50'], {}, ['16.66', '16.66', '16.67'], '50.01'],
  ['有的行不减', ['120 甲50', '60'], {}, ['60.00', '60.00'], '60.00'],
  ['封顶：两行按比例分', ['300 甲50', '100 甲50'], { 甲: '100' }, ['225.00', '75.00'], '100.00'],
  ['封顶分不尽：余数大的先得', ['100 甲50', '100 甲50', '100 甲50'], { 甲: '100' }, ['66.66', '66.67', '66.67'], '100.00'],
  ['封顶用完，另一行改用低一点的政策', ['200 甲50 乙40', '200 甲50 乙40'], { 甲: '100' }, ['100.00', '120.00'], '180.00'],
  ['封顶是零：等于没有', ['200 甲50 乙20'], { 甲: '0' }, ['160.00'], '40.00'],
  ['大的一行用封顶的，小的用不封顶的', ['1000 甲50 乙40', '100 甲50 乙40'], { 甲: '500' }, ['500.00', '60.00'], '540.00'],
  [
    '两项都封顶，拆开用',
    ['200 甲50 乙50', '200 甲50 乙50', '200 甲50 乙50'],
    { 甲: '100', 乙: '150' },
    ['100.00', '125.00', '125.00'],
    '250.00',
  ],
]

describe('手算的二十笔', () => {
  it.each(table)('%s', (_, texts, caps, pays, relief) => {
    const lines = texts.map((text, n) => {
      const [fee = '', ...offers] = text.split(' ')
      return { id: String(n), fee: yuan(fee), offers: offers.map((each) => offer(each, n)) }
    })
    const answer = combine(lines, new Map(Object.entries(caps).map(([slug, cap]) => [slug, yuan(cap)])))
    // Which of two equal lines bears the odd fen is settled by their order.
    expect(answer.lines.map(({ toPay }) => plainYuan(toPay)).toSorted()).toEqual(pays.toSorted())
    expect(plainYuan(answer.relief)).toBe(relief)
    expect(answer.proven).toBe(true)
  })
  it('是二十笔', () => expect(table).toHaveLength(20))
})

const slugs = ['甲', '乙', '丙'] as const
const anyOffers = fc.uniqueArray(
  fc.record({
    slug: fc.constantFrom(...slugs),
    rateBp: fc.constantFrom(0, 1, 333, 2_500, 5_000, 6_667, 10_000),
    combinesWith: fc.subarray([...slugs]),
  }),
  { selector: ({ slug }) => slug, maxLength: 3 },
)
const anyLines = fc.array(fc.record({ fee: fc.integer({ min: 1, max: 5_000 }), offers: anyOffers }), { minLength: 1, maxLength: 5 })
const anyCaps = fc.dictionary(fc.constantFrom(...slugs), fc.integer({ min: 0, max: 4_000 }))
const toLines = (drawn: { fee: number; offers: Offer[] }[]) => drawn.map(({ fee, offers }, n) => ({ id: String(n), fee: fen(fee), offers }))
const toCaps = (drawn: Record<string, number>) => new Map(Object.entries(drawn).map(([slug, cap]) => [slug, fen(cap)]))

it('与逐一试遍一样多；每行不超过费用，每项不超过封顶；叠加的都互相写明', () => {
  fc.assert(
    fc.property(anyLines, anyCaps, (drawnLines, drawnCaps) => {
      const [lines, caps] = [toLines(drawnLines), toCaps(drawnCaps)]
      const answer = combine(lines, caps)
      const bySlug = new Map<string, bigint>()
      for (const [i, { fee, taken, relief, toPay }] of answer.lines.entries()) {
        expect(relief + toPay).toBe(fee)
        expect(toPay >= 0n).toBe(true)
        expect(taken.reduce((sum, { amount }) => sum + amount, 0n)).toBe(relief)
        for (const { slug, amount } of taken) {
          bySlug.set(slug, (bySlug.get(slug) ?? 0n) + amount)
          const { combinesWith } = lines[i]!.offers.find((each) => each.slug === slug)!
          for (const other of taken) if (other.slug !== slug) expect(combinesWith).toContain(other.slug)
        }
      }
      for (const [slug, cap] of caps) expect((bySlug.get(slug) ?? 0n) <= cap).toBe(true)
      expect(answer.relief).toBe(slow(lines.map(optionsOf), caps))
    }),
    { numRuns: 500 },
  )
})

/** Every choice for every line, one by one. */
function slow(options: ReturnType<typeof optionsOf>[], caps: ReadonlyMap<string, Fen>, chosen: ReturnType<typeof optionsOf> = []): bigint {
  const [first, ...rest] = options
  if (first) return first.reduce((best, option) => ((value) => (value > best ? value : best))(slow(rest, caps, [...chosen, option])), 0n)
  const wanted = new Map<string, bigint>()
  for (const { taken } of chosen) for (const { slug, amount } of taken) wanted.set(slug, (wanted.get(slug) ?? 0n) + amount)
  return [...wanted].reduce(
    (sum, [slug, amount]) => ((cap) => sum + (cap !== undefined && cap < amount ? cap : amount))(caps.get(slug)),
    0n,
  )
}

it('六百行、三项封顶的大单也给得出，给不出证明时明说', () => {
  const offers = slugs.map((slug, n) => ({ slug, rateBp: 5_000 - n * 700 }))
  const lines = Array.from({ length: 600 }, (_, n) => ({ id: String(n), fee: fen(1_000 + ((n * 7_919) % 5_000)), offers }))
  const answer = combine(lines, toCaps({ 甲: 200_000, 乙: 150_000 }))
  expect(answer.lines).toHaveLength(600)
  // Two caps are used up, and the rest goes to the third.
  expect(answer.relief > 350_000n).toBe(true)
  expect(typeof answer.proven).toBe('boolean')
})
