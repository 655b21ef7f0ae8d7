/** Who gets what of the room that there is: first come, first served, and what does not fit waits. Pure; amounts in 分. */

export interface Waiting {
  id: string
  /** Every budget that it needs room in. */
  budgets: readonly string[]
  /** Still to be served. */
  amount: bigint
}

export interface Served {
  /** By entry; those that get nothing are absent. */
  served: ReadonlyMap<string, bigint>
  left: ReadonlyMap<string, bigint>
}

/**
 * Serves in the order given; an entry takes what fits in all its budgets, also a part. One that gets nothing blocks nobody whose
 * budgets have room: nobody is overtaken in a budget that has room for him. A budget that is not named has no room.
 */
export function serveInOrder(rooms: ReadonlyMap<string, bigint>, queue: readonly Waiting[]): Served {
  const left = new Map(rooms)
  const served = new Map<string, bigint>()
  for (const { id, budgets, amount } of queue) {
    const part = least(amount, roomIn(left, budgets))
    if (part <= 0n) continue
    served.set(id, part)
    for (const budget of budgets) left.set(budget, left.get(budget)! - part)
  }
  return { served, left }
}

/** What fits in all of them; a budget that is not there has no room. */
export const roomIn = (left: ReadonlyMap<string, bigint>, budgets: readonly string[]): bigint =>
  budgets.reduce<bigint>((room, budget) => least(room, left.get(budget) ?? 0n), 1n << 62n)

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

export interface Took {
  slug: string
  amount: bigint
}

export interface Shortfall {
  /** What waits, by policy. */
  queued: readonly Took[]
  /** Policies that gave way to another one, which has room and gives at once. */
  replaced: readonly string[]
}

/**
 * One line: what the law gives (`lawful`, as if budgets had room) against what there is room for (`fitting`). The difference waits under
 * the policies that ran short. Where another policy took the place of one, nothing waits: the two may not be enjoyed together, and
 * serving later would add them up.
 */
export function shortfall(lawful: readonly Took[], fitting: readonly Took[], budgeted: ReadonlySet<string>): Shortfall {
  const has = new Map(fitting.map(({ slug, amount }) => [slug, amount]))
  const wanted = new Set(lawful.map(({ slug }) => slug))
  const short = lawful.filter(({ slug, amount }) => budgeted.has(slug) && amount > (has.get(slug) ?? 0n))
  if (fitting.some(({ slug }) => !wanted.has(slug))) return { queued: [], replaced: short.map(({ slug }) => slug) }
  const sum = (taken: readonly Took[]) => taken.reduce((total, { amount }) => total + amount, 0n)
  let gap = sum(lawful) - sum(fitting)
  const queued: Took[] = []
  for (const { slug, amount } of short) {
    const part = least(amount - (has.get(slug) ?? 0n), gap)
    if (part <= 0n) continue
    queued.push({ slug, amount: part })
    gap -= part
  }
  return { queued, replaced: [] }
}
