/**
 * The rotation planner: what may go out without leaving a production point (使用点) with nothing to measure with, which spare stands in,
 * and where none does. 市监计量发〔2022〕51号 四: instruments are rotated so that lines do not stop. Pure.
 */
import { atLeastAsAccurate, type Accuracy } from '../../../core/quantities/accuracy.ts'
import { contains, type Range } from '../../../core/quantities/quantity.ts'

export interface Piece {
  id: string
  code: string
  name: string
  /** Kind of the catalogue, own kind or, where neither is known, the name: only the same replaces the same. */
  sort: string
  ranges: readonly Range[]
  accuracy: Accuracy | null
  place: string | null
  point: string | null
  state: string
  validUntil: string | null
}

export type Cover =
  /** No point depends on it. */
  | { verdict: 'free'; why: string }
  | { verdict: 'covered'; spare: string; why: string }
  /** A spare is there, but its range or accuracy is not known: no promise. */
  | { verdict: 'unknown'; spare: string; why: string }
  | { verdict: 'gap'; why: string }

/** Why a spare may not stand in for a piece; nothing when it may, `?` before what is only not known. */
export function misfit(spare: Piece, piece: Piece, backOn: string): string | undefined {
  if (spare.validUntil !== null && spare.validUntil < backOn) return `${spare.code} 的有效期只到 ${spare.validUntil}`
  const able = piece.ranges.map((range) => spare.ranges.map((own) => contains(own, range)))
  if (able.some((each) => spare.ranges.length > 0 && each.every((fits) => fits === false))) return `${spare.code} 的量程不够`
  const accurate = spare.accuracy && piece.accuracy ? atLeastAsAccurate(spare.accuracy, piece.accuracy) : undefined
  if (accurate === false) return `${spare.code} 的准确度不够`
  if (spare.validUntil === null) return `?${spare.code} 的有效期不明`
  if (piece.ranges.length === 0 || able.some((each) => !each.includes(true))) return `?${spare.code} 或它自己的量程不明，不能确定够用`
  return accurate === undefined && piece.accuracy ? `?${spare.code} 的准确度不能比较` : undefined
}

const works = (piece: Piece): boolean => piece.state === 'in-use' || piece.state === 'limited'

/** Pieces of one sort at one point: the point needs one of them, or a spare. */
const groupKey = (piece: Piece): string => JSON.stringify([piece.place, piece.point, piece.sort])

/** For each wanted piece: may it go, and who stands in. Spares are given out so that as many points as possible are covered. */
export function rotation(pieces: readonly Piece[], wanted: ReadonlySet<string>, backOn: string): Map<string, Cover> {
  const covers = new Map<string, Cover>()
  const going = pieces.filter((piece) => wanted.has(piece.id))
  for (const piece of going) if (!works(piece)) covers.set(piece.id, { verdict: 'free', why: '现在没有在用，不影响生产' })
  const groups = Map.groupBy(going.filter(works), groupKey)
  const spares = pieces.filter((piece) => piece.state === 'stored' && !wanted.has(piece.id))
  const needy: { members: Piece[]; fits: number[]; perhaps: number[]; why: string[] }[] = []
  for (const members of groups.values()) {
    const [first] = members
    const free = freeReason(first!, pieces, wanted)
    if (free) for (const each of members) covers.set(each.id, { verdict: 'free', why: free })
    if (free) continue
    const same = spares.flatMap((spare, i) => (spare.sort === first!.sort ? [{ i, reason: misfit(spare, first!, backOn) }] : []))
    needy.push({
      members,
      fits: same.filter(({ reason }) => reason === undefined).map(({ i }) => i),
      perhaps: same.filter(({ reason }) => reason?.startsWith('?')).map(({ i }) => i),
      why: same.flatMap(({ reason }) => (reason ? reason.replace(/^\?/, '') : [])),
    })
  }
  const sure = match(needy.map(({ fits }) => fits))
  const used = new Set(sure.filter((i) => i !== undefined))
  const unsure = match(needy.map(({ perhaps }, n) => (sure[n] === undefined ? perhaps.filter((i) => !used.has(i)) : [])))
  for (const [n, { members, why }] of needy.entries())
    for (const each of members) covers.set(each.id, coverOf(each, spares, sure[n], unsure[n], why))
  return covers
}

function freeReason(first: Piece, pieces: readonly Piece[], wanted: ReadonlySet<string>): string | undefined {
  if (first.point === null) return '没有登记使用点，不影响生产'
  const stays = pieces.find((piece) => works(piece) && !wanted.has(piece.id) && groupKey(piece) === groupKey(first))
  return stays && `${first.point}还有 ${stays.code} 可用`
}

function coverOf(
  piece: Piece,
  spares: readonly Piece[],
  sure: number | undefined,
  unsure: number | undefined,
  why: readonly string[],
): Cover {
  if (sure !== undefined) return { verdict: 'covered', spare: spares[sure]!.id, why: `由备用的 ${spares[sure]!.code} 顶上` }
  if (unsure !== undefined)
    return { verdict: 'unknown', spare: spares[unsure]!.id, why: why.find((each) => each.includes(spares[unsure]!.code)) ?? '' }
  const reasons = why.length > 0 ? `备用的都不行：${why.slice(0, 3).join('；')}` : '没有同种的备用器具，或都已安排给别处'
  return { verdict: 'gap', why: `送走后${piece.point}没有可用的，${reasons}` }
}

/** Maximum matching of each left node to one of its right nodes (augmenting paths); the result does not depend on chance. */
export function match(edges: readonly (readonly number[])[]): (number | undefined)[] {
  const owner = new Map<number, number>()
  const take = (left: number, tried: Set<number>): boolean => {
    for (const right of edges[left]!) {
      if (tried.has(right)) continue
      tried.add(right)
      const held = owner.get(right)
      if (held === undefined || take(held, tried)) {
        owner.set(right, left)
        return true
      }
    }
    return false
  }
  for (const left of edges.keys()) take(left, new Set())
  const result: (number | undefined)[] = edges.map(() => undefined)
  for (const [right, left] of owner) result[left] = right
  return result
}

export interface Plan {
  /** Batches one after the other: the next goes when the one before is back. */
  batches: string[][]
  /** What no batch can take without leaving its point with nothing, and why. */
  rest: { id: string; why: string }[]
}

/** Splits what is wanted into batches that leave no point uncovered: what is free or covered goes; of several at one point one stays for the next batch. */
export function plan(pieces: readonly Piece[], wanted: readonly string[], backOn: string): Plan {
  const batches: string[][] = []
  let left = [...wanted]
  let why = new Map<string, Cover>()
  while (left.length > 0) {
    let batch = [...left]
    // Whoever would leave a gap stays behind; that may free the others of its point.
    for (;;) {
      why = rotation(pieces, new Set(batch), backOn)
      const gaps = batch.filter((id) => why.get(id)?.verdict === 'gap')
      if (gaps.length === 0) break
      const point = pieces.find(({ id }) => id === gaps[0])!
      const stays = gaps.find((id) => groupKey(pieces.find((each) => each.id === id)!) === groupKey(point))!
      batch = batch.filter((id) => id !== stays)
    }
    if (batch.length === 0) break
    batches.push(batch)
    left = left.filter((id) => !batch.includes(id))
  }
  const alone = rotation(pieces, new Set(left), backOn)
  return { batches, rest: left.map((id) => ({ id, why: (alone.get(id) as { why: string } | undefined)?.why ?? '' })) }
}
