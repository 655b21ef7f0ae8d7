/**
 * Which of the reliefs that hold for the lines of an order are taken: the lawful combination that takes off most. Pure; amounts in 分.
 *
 * - On one line one policy takes effect alone, unless both of two name each other as combinable: nothing is added up silently.
 * - Combined policies act one after another, each on what the one before left; the line is rounded half up once, at its end.
 * - A cap bounds what a policy takes off in the whole order. Where it binds, its amount is shared over its lines by largest remainder,
 *   and a line may do better with another policy: the choice is made over all lines together.
 */
import { fen, split, subtract, zero, type Fen } from '../../core/money.ts'

export interface Offer {
  slug: string
  /** Part of the fee, in ten-thousandths. */
  rateBp: number
  /** Policies that this one says it may be combined with; it counts only where they say so too. */
  combinesWith?: readonly string[]
}

export interface PricedLine {
  id: string
  fee: Fen
  /** What applies to this line by itself (measure 一's decision). 强制检定 costs nothing by law and is not among the lines. */
  offers: readonly Offer[]
}

export interface LineRelief {
  id: string
  fee: Fen
  taken: readonly { slug: string; amount: Fen }[]
  relief: Fen
  toPay: Fen
}

export interface Combination {
  /** In the order given. */
  lines: readonly LineRelief[]
  relief: Fen
  /** Policies whose cap was reached: what they would have taken off, and what they could. */
  capped: readonly { slug: string; wanted: Fen; cap: Fen }[]
  /** False where the search was broken off: the result is lawful, but a better one was not ruled out. */
  proven: boolean
}

/** A lawful choice for one line. */
interface Option {
  taken: readonly { slug: string; amount: Fen }[]
  total: bigint
}

const whole = 10_000n
/** Combinations looked at before giving up on proof. */
const mostSteps = 200_000

export function combine(lines: readonly PricedLine[], caps: ReadonlyMap<string, Fen> = new Map()): Combination {
  const options = lines.map(optionsOf)
  const best = options.map(([first]) => first!)
  const { choice, proven } = withinCaps(best, caps) ? { choice: best, proven: true } : search(lines, options, caps)
  return settle(lines, choice, caps, proven)
}

/** Every lawful choice for a line, the one that takes off most first; then the one with fewer policies; nothing at all last. */
export function optionsOf({ fee, offers }: Pick<PricedLine, 'fee' | 'offers'>): Option[] {
  const usable = offers.filter(({ rateBp }) => rateBp > 0).toSorted((a, b) => b.rateBp - a.rateBp || a.slug.localeCompare(b.slug))
  return lawfulSets(usable)
    .map((set) => sequence(fee, set))
    .toSorted((a, b) => (a.total === b.total ? a.taken.length - b.taken.length : a.total > b.total ? -1 : 1))
}

/** Sets in which all name each other; each alone; none. */
function lawfulSets(offers: readonly Offer[]): Offer[][] {
  const sets: Offer[][] = [[]]
  for (const offer of offers) sets.push(...sets.filter((set) => set.every((other) => agree(offer, other))).map((set) => [...set, offer]))
  return sets
}
const agree = (a: Offer, b: Offer): boolean => a.combinesWith?.includes(b.slug) === true && b.combinesWith?.includes(a.slug) === true

/** One after another on what is left, exactly; rounded once; shared among the policies by largest remainder. */
function sequence(fee: Fen, set: readonly Offer[]): Option {
  let left = 1n
  const parts = set.map(({ rateBp }, i) => {
    const rate = BigInt(rateBp) > whole ? whole : BigInt(rateBp)
    const part = left * rate * whole ** BigInt(set.length - 1 - i)
    left *= whole - rate
    return part
  })
  const scale = whole ** BigInt(set.length)
  const total = (fee * (scale - left) * 2n + scale) / (2n * scale)
  if (total === 0n) return { taken: [], total: 0n }
  const amounts = split(fen(total), parts)
  return { taken: set.map(({ slug }, i) => ({ slug, amount: amounts[i]! })).filter(({ amount }) => amount > 0n), total }
}

function wantedBy(choice: readonly Option[]): Map<string, bigint> {
  const wanted = new Map<string, bigint>()
  for (const { taken } of choice) for (const { slug, amount } of taken) wanted.set(slug, (wanted.get(slug) ?? 0n) + amount)
  return wanted
}

const withinCaps = (choice: readonly Option[], caps: ReadonlyMap<string, Fen>): boolean =>
  [...wantedBy(choice)].every(([slug, wanted]) => wanted <= (caps.get(slug) ?? wanted))

/** Depth first over the lines that a capped policy could touch; equal lines are told apart by order only, and what cannot win is cut. */
function search(lines: readonly PricedLine[], options: readonly Option[][], caps: ReadonlyMap<string, Fen>) {
  const choice = options.map(([first]) => first!)
  const touched = lines
    .map((line, at) => ({ at, sign: JSON.stringify([line.fee.toString(), line.offers]) }))
    .filter(({ at }) => options[at]!.some(({ taken }) => taken.some(({ slug }) => caps.has(slug))))
    .toSorted((a, b) => Number(choice[b.at]!.total - choice[a.at]!.total) || a.sign.localeCompare(b.sign))
  /** Most that the lines from here on could add. */
  const most = [...touched.map(() => 0n), 0n]
  for (let i = touched.length - 1; i >= 0; i--) most[i] = most[i + 1]! + choice[touched[i]!.at]!.total

  const used = new Map<string, bigint>()
  const gainOf = ({ taken }: Option): bigint =>
    taken.reduce((sum, { slug, amount }) => {
      const room = caps.has(slug) ? max(caps.get(slug)! - (used.get(slug) ?? 0n), 0n) : amount
      return sum + (amount < room ? amount : room)
    }, 0n)
  const use = ({ taken }: Option, sign: 1n | -1n) => {
    for (const { slug, amount } of taken) used.set(slug, (used.get(slug) ?? 0n) + sign * amount)
  }

  // Line by line, what takes off most of what is left: good at once, and what the search then has to beat.
  let found = { value: 0n, picks: touched.map(() => 0) }
  for (const [i, { at }] of touched.entries()) {
    const gains = options[at]!.map(gainOf)
    const pick = gains.reduce((best, gain, n) => (gain > gains[best]! ? n : best), 0)
    found.picks[i] = pick
    found.value += gains[pick]!
    use(options[at]![pick]!, 1n)
  }
  used.clear()

  const picks: number[] = []
  let steps = 0
  const walk = (i: number, value: bigint): void => {
    if (value + most[i]! <= found.value || steps++ > mostSteps) return
    if (i === touched.length) {
      found = { value, picks: [...picks] }
      return
    }
    const { at, sign } = touched[i]!
    const from = i > 0 && touched[i - 1]!.sign === sign ? picks[i - 1]! : 0
    for (let n = from; n < options[at]!.length; n++) {
      const option = options[at]![n]!
      const gain = gainOf(option)
      use(option, 1n)
      picks.push(n)
      walk(i + 1, value + gain)
      picks.pop()
      use(option, -1n)
    }
  }
  walk(0, 0n)
  for (const [i, { at }] of touched.entries()) choice[at] = options[at]![found.picks[i]!]!
  return { choice, proven: steps <= mostSteps }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

function settle(lines: readonly PricedLine[], choice: readonly Option[], caps: ReadonlyMap<string, Fen>, proven: boolean): Combination {
  const capped = [...wantedBy(choice)].flatMap(([slug, wanted]) => {
    const cap = caps.get(slug)
    return cap !== undefined && wanted > cap ? [{ slug, wanted: fen(wanted), cap }] : []
  })
  const shares = new Map(
    capped.map(({ slug, cap }) => {
      const at = choice.flatMap(({ taken }, i) => taken.filter((each) => each.slug === slug).map(({ amount }) => ({ i, amount })))
      const parts = split(
        cap,
        at.map(({ amount }) => amount),
      )
      return [slug, new Map(at.map(({ i }, n) => [i, parts[n]!]))] as const
    }),
  )
  const settled = lines.map(({ id, fee }, i): LineRelief => {
    const taken = choice[i]!.taken.map(({ slug, amount }) => ({ slug, amount: shares.get(slug)?.get(i) ?? amount })).filter(
      ({ amount }) => amount > 0n,
    )
    const relief = taken.reduce<Fen>((sum, { amount }) => fen(sum + amount), zero)
    return { id, fee, taken, relief, toPay: subtract(fee, relief) }
  })
  return { lines: settled, relief: settled.reduce<Fen>((sum, { relief }) => fen(sum + relief), zero), capped, proven }
}
