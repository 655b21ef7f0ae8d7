/** 账：每一笔借贷相等；费用等于已付、减免、未付之和；怎么折腾、重放、冲销都平。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fen, zero, type Fen } from '../../core/money.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { addLines, fault, nothing, paidOf, sumOf, type Balances, type Charge, type Line } from './chart.ts'
import { cancel, oldestFirst, owed, raise, receive, refund, relieve, reverse, useAdvance, withdraw } from './postings.ts'

const yuan = (n: number) => fen(BigInt(Math.round(n * 100)))
const done = (lines: Line[] | Refusal): Line[] => {
  if (isRefusal(lines)) throw new Error(lines.reason)
  return lines
}
const code = (lines: Line[] | Refusal) => (isRefusal(lines) ? lines.code : undefined)
/** Books one act after another. */
const book = (...acts: ((now: Balances) => Line[] | Refusal)[]): Balances =>
  acts.reduce((now, act) => {
    const lines = done(act(now))
    expect(sumOf(lines)).toBe(0n)
    const next = addLines(now, lines)
    expect(fault(next)).toBeUndefined()
    return next
  }, nothing)
const charge = (now: Balances, id = 'a'): Charge => now.charges.get(id)!
const shown = (now: Balances, id = 'a') => {
  const each = charge(now, id)
  return {
    fee: each.fee,
    relief: each.relief,
    paid: paidOf(each),
    outstanding: each.outstanding,
    advance: now.advances.get('firm') ?? zero,
  }
}
const fee =
  (id: string, amount: Fen, relief: Fen = zero) =>
  () =>
    raise({ id, orgId: 'firm', fee: amount, relief })

describe('手算的几笔', () => {
  it('校准 800 元减半，分两次付：300 和 100', () => {
    const now = book(
      fee('a', yuan(800), yuan(400)),
      (now) => receive('firm', yuan(300), [{ charge: charge(now), amount: yuan(300) }]),
      (now) => receive('firm', yuan(100), [{ charge: charge(now), amount: yuan(100) }]),
    )
    expect(shown(now)).toEqual({ fee: yuan(800), relief: yuan(400), paid: yuan(400), outstanding: zero, advance: zero })
    expect(now.cash).toBe(yuan(400))
  })

  it('付清后才查到可减：多付的转预收，抵下一笔，余下的退', () => {
    const now = book(
      fee('a', yuan(800)),
      (now) => receive('firm', yuan(800), [{ charge: charge(now), amount: yuan(800) }]),
      (now) => relieve(charge(now), yuan(400)),
      fee('b', yuan(150)),
      (now) => useAdvance('firm', now.advances.get('firm')!, [{ charge: charge(now, 'b'), amount: yuan(150) }]),
      (now) => refund('firm', now.advances.get('firm')!, yuan(250)),
    )
    expect(shown(now)).toEqual({ fee: yuan(800), relief: yuan(400), paid: yuan(400), outstanding: zero, advance: zero })
    expect(shown(now, 'b')).toMatchObject({ paid: yuan(150), outstanding: zero })
    expect(now.cash).toBe(yuan(550))
  })

  it('付了一部分后补减：先冲欠的，不够才转预收', () => {
    const now = book(
      fee('a', yuan(100)),
      (now) => receive('firm', yuan(70), [{ charge: charge(now), amount: yuan(70) }]),
      (now) => relieve(charge(now), yuan(50)),
    )
    expect(shown(now)).toEqual({ fee: yuan(100), relief: yuan(50), paid: yuan(50), outstanding: zero, advance: yuan(20) })
  })

  it('撤销：费用和减免一起冲掉，已付的转预收；再撤一次不行', () => {
    const now = book(
      fee('a', yuan(800), yuan(400)),
      (now) => receive('firm', yuan(150), [{ charge: charge(now), amount: yuan(150) }]),
      (now) => cancel(charge(now)),
    )
    expect(shown(now)).toEqual({ fee: zero, relief: zero, paid: zero, outstanding: zero, advance: yuan(150) })
    expect(code(cancel(charge(now)))).toBe('CANCELLED_ALREADY')
  })

  it('一张单子付几笔：先到期的先抵，多的转预收', () => {
    const charges = [
      { ...charge(book(fee('b', yuan(30))), 'b'), dueOn: '2026-12-01' },
      { ...charge(book(fee('a', yuan(50))), 'a'), dueOn: '2026-12-31' },
      { ...charge(book(fee('c', yuan(20))), 'c'), dueOn: '2026-12-01' },
    ]
    expect(oldestFirst(yuan(60), charges).map(({ charge: { id }, amount }) => [id, amount])).toEqual([
      ['b', yuan(30)],
      ['c', yuan(20)],
      ['a', yuan(10)],
    ])
    expect(owed(charges)).toBe(yuan(100))
    expect(sumOf(done(receive('firm', yuan(120), oldestFirst(yuan(120), charges))))).toBe(0n)
  })
})

describe('不行的', () => {
  const now = book(fee('a', yuan(100), yuan(40)))
  const a = charge(now)
  it.each([
    ['强检 0 元不入账', raise({ id: 'x', orgId: 'firm', fee: zero, relief: zero }), 'NOTHING_TO_CHARGE'],
    ['减免超过费用', raise({ id: 'x', orgId: 'firm', fee: yuan(1), relief: yuan(2) }), 'RELIEF_EXCEEDS_FEE'],
    ['到账 0 元', receive('firm', zero, []), 'AMOUNT_NOT_POSITIVE'],
    ['抵付超过欠额', receive('firm', yuan(100), [{ charge: a, amount: yuan(61) }]), 'EXCEEDS_OUTSTANDING'],
    ['抵付超过到账', receive('firm', yuan(10), [{ charge: a, amount: yuan(20) }]), 'EXCEEDS_AMOUNT'],
    [
      '同一笔选两次',
      receive('firm', yuan(60), [
        { charge: a, amount: yuan(30) },
        { charge: a, amount: yuan(30) },
      ]),
      'CHARGE_TWICE',
    ],
    ['补减超过余额', relieve(a, yuan(61)), 'RELIEF_EXCEEDS_FEE'],
    ['撤回超过已减', withdraw(a, yuan(41)), 'EXCEEDS_RELIEF'],
    ['退没有的款', refund('firm', yuan(5), yuan(6)), 'EXCEEDS_ADVANCE'],
    ['没有选抵付哪一笔', useAdvance('firm', yuan(5), []), 'NOTHING_CHOSEN'],
  ])('%s', (_, answer, expected) => expect(code(answer)).toBe(expected))
  it('别家的费用', () => expect(receive('other', yuan(60), [{ charge: a, amount: yuan(60) }])).toMatchObject({ kind: 'missing' }))

  it('款项已经退走的到账不能直接冲销', () => {
    const paid = done(receive('firm', yuan(50), []))
    const refunded = addLines(addLines(now, paid), done(refund('firm', yuan(50), yuan(50))))
    expect(code(reverse(paid, refunded))).toBe('USED_SINCE')
    expect(fault(addLines(addLines(now, paid), done(reverse(paid, addLines(now, paid)))))).toBeUndefined()
  })
})

/** One act of a long history; numbers choose among what there is at that moment. */
const act = fc.record({
  what: fc.constantFrom('raise', 'receive', 'useAdvance', 'relieve', 'withdraw', 'cancel', 'refund', 'reverse', 'again'),
  who: fc.constantFrom('firm', 'shop'),
  amount: fc.bigInt({ min: 1n, max: 100_000n }),
  share: fc.bigInt({ min: 0n, max: 10_000n }),
  pick: fc.nat(),
})
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

/** What the act posts, as things stand. */
function lines(now: Balances, entries: readonly Line[][], { what, who, amount, share, pick }: Act): Line[] | Refusal | undefined {
  const own = [...now.charges.values()].filter(({ orgId }) => orgId === who)
  const one = own[pick % Math.max(1, own.length)]
  const advance = now.advances.get(who) ?? zero
  const dated = own.map((each) => ({ ...each, dueOn: '2026-12-01' }))
  if (what === 'raise') return raise({ id: `c${now.charges.size}`, orgId: who, fee: fen(amount), relief: fen((amount * share) / 9_000n) })
  if (what === 'receive') return receive(who, fen(amount), oldestFirst(fen(amount), dated))
  if (what === 'useAdvance') return useAdvance(who, advance, oldestFirst(advance, dated))
  if (what === 'relieve') return one && relieve(one, fen(amount))
  if (what === 'withdraw') return one && withdraw(one, fen(amount))
  if (what === 'cancel') return one && cancel(one)
  if (what === 'refund') return refund(who, advance, fen(amount))
  if (entries.length === 0) return undefined
  return reverse(entries[pick % entries.length]!, now)
}

it('很长的随机历史：每一步都平，三项之和等于费用，钱不会多也不会少，从头重放一样', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 120 }), (history) => {
      let now = nothing
      const entries: Line[][] = []
      for (const each of history) {
        // The same request twice is refused by its key in the database; here it is another one of its kind.
        const posted = lines(now, entries, each)
        if (posted === undefined || isRefusal(posted)) continue
        expect(sumOf(posted)).toBe(0n)
        now = addLines(now, posted)
        entries.push(posted)
        expect(fault(now)).toBeUndefined()
        for (const one of now.charges.values()) expect(paidOf(one) + one.relief + one.outstanding).toBe(one.fee)
        // What came in is what charges were paid with and what is held.
        const paid = [...now.charges.values()].reduce((sum, one) => sum + paidOf(one), 0n)
        const held = [...now.advances.values()].reduce((sum, advance) => sum + advance, 0n)
        expect(paid + held).toBe(now.cash)
      }
      expect(addLines(nothing, entries.flat())).toEqual(now)
      expect(addLines(nothing, entries.flat().toReversed()).cash).toBe(now.cash)
    }),
    { numRuns: 300 },
  )
})
