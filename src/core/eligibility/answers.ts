/**
 * Complete answers to one fact, one of each kind that a rule can tell apart: enough to find out what an answer could change.
 * For example, `employees < 20` and `employees ≥ 5` need three: 0, 5 and 20.
 */
import { addDays, isIsoDate, latestStart } from './calendar-day.ts'
import { compareCode, compareRegion, covers, regionPrefix } from './codes.ts'
import { evaluateLeaf } from './evaluate.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue, type Setting } from './facts.ts'
import { UNKNOWN, YES, type Leaf } from './rule.ts'

/** Above this many values in one set fact, or combinations in one ledger, only the telling ones are tried. */
const LIMIT = 256

type Ledger = Readonly<Record<string, number>>

/** Everything that a decision looks at. */
export interface World {
  facts: Facts
  setting: Setting
}

/** Answers that agree with what is on record (coarse code, possibilities, coarse ledger entries). */
export function answersWithin(fact: FactId, leaves: readonly Leaf[], world: World): FactValue[] {
  const recorded = world.facts[fact] ?? undefined
  const candidates = fact === 'instruments' ? ledgersWithin(leaves, recorded) : answers(fact, leaves, world)
  return distinct(fact, leaves, world, fact === 'instruments' ? candidates : candidates.filter((each) => agrees(fact, each, recorded)))
}

/** Answers of every kind, whatever is on record. */
export const answersAnew = (fact: FactId, leaves: readonly Leaf[], world: World): FactValue[] =>
  distinct(fact, leaves, world, fact === 'instruments' ? ledgersWithin(leaves, undefined) : answers(fact, leaves, world))

function answers(fact: FactId, leaves: readonly Leaf[], world: World): FactValue[] {
  const recorded = possibilities(world.facts[fact])
  const { type } = catalogue[fact]
  switch (type) {
    case 'code':
      return fact === 'region' ? places([...placesIn(leaves, world.setting), ...recorded]) : codes([...codesIn(leaves), ...recorded])
    case 'enum':
      return unique([...Object.keys(catalogue[fact].values), ...(fact === 'park' ? ['none'] : []), ...valuesIn(leaves), ...recorded])
    case 'number':
      return unique([0, ...leaves.flatMap((leaf) => (leaf.op === 'range' ? [leaf.gte ?? 0, leaf.lt ?? 0] : []))]).filter(
        (each) => each >= 0,
      )
    case 'date':
      return datesIn(leaves, world, recorded)
    case 'set':
      return sets(leaves)
    case 'flag':
      return [true, false]
    case 'holdings':
      return []
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

/** The items in groups of the same key, in order. */
const alike = <T>(items: readonly T[], key: (item: T) => string): T[][] =>
  unique(items.map(key)).map((each) => items.filter((item) => key(item) === each))

/** Two answers that every leaf judges alike are one, unless a leaf still waits for something else. */
function distinct(fact: FactId, leaves: readonly Leaf[], world: World, candidates: readonly FactValue[]): FactValue[] {
  const seen = new Map<string, FactValue>()
  for (const candidate of candidates) {
    const truths = leaves.map((leaf) => evaluateLeaf(leaf, { ...world.facts, [fact]: candidate }, world.setting))
    const key = truths.join('') + (truths.includes(UNKNOWN) ? JSON.stringify(candidate) : '')
    if (!seen.has(key)) seen.set(key, candidate)
  }
  return [...seen.values()]
}

function agrees(fact: FactId, candidate: FactValue, recorded: FactValue | undefined): boolean {
  const possible = possibilities(recorded).filter((one) => catalogue[fact].type !== 'date' || isIsoDate(one))
  if (possible.length === 0 || typeof candidate !== 'string') return true
  const compare = fact === 'region' ? compareRegion : catalogue[fact].type === 'code' ? compareCode : undefined
  return possible.some((one) => (compare ? compare(candidate, one) === YES : candidate === one))
}

const possibilities = (value: FactValue | undefined): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null && 'oneOf' in value ? (value.oneOf as readonly string[]) : []
}

// —— regions, industries, kinds: one complete code under each code mentioned, apart from the finer ones mentioned

const placesIn = (leaves: readonly Leaf[], setting: Setting): string[] =>
  leaves.flatMap((leaf) => {
    if (leaf.op !== 'region' || leaf.mode === 'park') return []
    return leaf.mode === 'alliance' ? leaf.codes.flatMap((id) => setting.alliances?.[id] ?? []) : leaf.codes
  })

function places(mentioned: readonly string[]): string[] {
  const prefixes = unique(['', ...mentioned.map(regionPrefix)])
  const inside = (prefix: string): string | undefined => {
    if (prefix.length >= 6) return prefix
    const finer = prefixes.filter((other) => other.length > prefix.length)
    for (let n = 99; n > 0; n--) {
      const code = (prefix + String(n).padStart(2, '0')).padEnd(6, '9')
      if (!finer.some((other) => code.startsWith(other))) return code
    }
    return undefined
  }
  return prefixes.map(inside).filter((code) => code !== undefined)
}

const codesIn = (leaves: readonly Leaf[]): string[] =>
  leaves.flatMap((leaf) => (leaf.op === 'within' ? leaf.codes : leaf.op === 'holds' ? leaf.kinds : []))

const codes = (mentioned: readonly string[]): string[] => {
  const all = unique(mentioned)
  return ['~', ...all.map((code) => inside(code, all)).filter((code) => code !== undefined)]
}

/** `~` is in no code list: "another one below this". */
function inside(code: string, mentioned: readonly string[]): string | undefined {
  if (code < 'A' || code >= '[') return `${code}.~`
  // GB/T 4754: a letter and four digits at most.
  if (code.length >= 5) return code
  const finer = mentioned.filter((other) => other !== code && covers(code, other))
  const found = [...'9876543210']
    .map((digit) => (code + digit).padEnd(5, digit))
    .find((each) => !finer.some((other) => covers(other, each)))
  return found
}

// —— dates: one on each side of every edge

function datesIn(leaves: readonly Leaf[], { setting }: World, recorded: readonly string[]): string[] {
  const after = (day: string | undefined): string[] => (isIsoDate(day) ? [addDays(day, 1)] : [])
  const edges = leaves.flatMap((leaf) => {
    if (leaf.op === 'window') return [...(leaf.from ? [leaf.from] : []), ...after(leaf.to)]
    if (leaf.op === 'during') return [setting.events[leaf.event]?.from ?? setting.asOf, ...after(setting.events[leaf.event]?.to)]
    if (leaf.op !== 'age') return []
    return [
      ...after(latestStart(leaf.gteMonths ?? 0, setting.asOf)),
      ...(leaf.ltMonths === undefined ? [] : after(latestStart(leaf.ltMonths, setting.asOf))),
    ]
  })
  const days = unique([setting.asOf, ...edges, ...recorded.filter(isIsoDate)]).toSorted()
  return [addDays(days[0]!, -1), ...days]
}

// —— sets and ledgers

const valuesIn = (leaves: readonly Leaf[]): string[] =>
  leaves.flatMap((leaf) =>
    leaf.op === 'in'
      ? leaf.values
      : leaf.op === 'region'
        ? leaf.codes
        : leaf.op === 'has'
          ? [...(leaf.any ?? []), ...(leaf.all ?? [])]
          : [],
  )

/** Values that the same leaves mention in the same way stand for each other: of such a group none, one or all is all that matters. */
function setGroups(leaves: readonly Leaf[]): string[][] {
  const mentions = (value: string): string =>
    leaves.map((leaf) => (leaf.op === 'has' ? `${leaf.any?.includes(value)} ${leaf.all?.includes(value)}` : '')).join()
  return alike(unique(valuesIn(leaves)), mentions)
}

function sets(leaves: readonly Leaf[]): string[][] {
  const groups = setGroups(leaves)
  const choices = groups.map((group) => (group.length === 1 ? [[], group] : [[], group.slice(0, 1), group]))
  if (tooMany(choices))
    return [[], groups.flat(), ...groups, ...groups.map((group) => groups.flat().filter((value) => !group.includes(value)))]
  return choices.reduce<string[][]>((all, options) => all.flatMap((set) => options.map((option) => [...set, ...option])), [[]])
}

const tooMany = (choices: readonly (readonly unknown[])[]): boolean => choices.reduce((product, each) => product * each.length, 1) > LIMIT

/** False when a set or ledger has so many distinct combinations that only some were tried. */
export const isExhaustive = (fact: FactId, leaves: readonly Leaf[]): boolean => {
  if (catalogue[fact].type === 'set') return !tooMany(setGroups(leaves).map((group) => (group.length === 1 ? [0, 1] : [0, 1, 2])))
  return fact !== 'instruments' || !tooMany(kindsIn(leaves).map(() => countsIn(leaves)))
}

const countsIn = (leaves: readonly Leaf[]): number[] => {
  const mins = leaves.flatMap((leaf) => (leaf.op === 'holds' ? [leaf.min] : []))
  return unique([0, ...mins, ...mins.map((min) => min - 1)])
}

/** A kind under each one mentioned, apart from the finer ones; pieces that the same leaves count need only one kind between them. */
function kindsIn(leaves: readonly Leaf[], under = ''): string[] {
  const mentioned = unique(codesIn(leaves))
  const below = mentioned
    .filter((kind) => under === '' || (kind !== under && covers(under, kind)))
    .map((kind) => inside(kind, mentioned) ?? kind)
  const counted = (kind: string): string =>
    leaves.map((leaf) => leaf.op === 'holds' && leaf.kinds.some((each) => covers(each, kind))).join()
  return alike(below, counted).map(([first]) => first!)
}

/** Ledgers that the rule can tell apart: of every such kind none, just enough, or one too few. */
function ledgersWithin(leaves: readonly Leaf[], recorded: FactValue | undefined): Ledger[] {
  const counts = countsIn(leaves)
  const known = typeof recorded === 'object' && recorded !== null && !Array.isArray(recorded) && !('oneOf' in recorded)
  if (known) return combine(Object.entries(recorded as Ledger).map(([kind, count]) => settle(kind, count, leaves)))
  const few = isExhaustive('instruments', leaves) ? counts : [0, Math.max(...counts)]
  return combine(kindsIn(leaves).map((kind) => few.map((count) => ({ [kind]: count }))))
}

/** A coarse entry may turn out to be any mix of the finer kinds mentioned; what is left over is another kind below it. */
function settle(kind: string, count: number, leaves: readonly Leaf[]): Ledger[] {
  const finer = kindsIn(leaves, kind)
  if (finer.length === 0) return [{ [kind]: count }]
  const parts = unique([0, count, ...countsIn(leaves).filter((each) => each < count)])
  return combine(finer.map((each) => parts.map((part) => ({ [each]: part })))).flatMap((mix) => {
    const rest = count - Object.values(mix).reduce((sum, part) => sum + part, 0)
    return rest < 0 ? [] : [add(mix, { [`${kind}.~`]: rest })]
  })
}

const add = (a: Ledger, b: Ledger): Ledger =>
  Object.entries(b).reduce((sum, [kind, count]) => ({ ...sum, [kind]: (sum[kind] ?? 0) + count }), a)

/** Every way to take one from each list; beyond the limit only the first and the last of the remaining lists. */
const combine = (lists: readonly Ledger[][]): Ledger[] =>
  lists.reduce<Ledger[]>(
    (sums, list) => {
      const tried = sums.length * list.length <= LIMIT * 4 ? list : [list[0]!, list.at(-1)!]
      return sums.length > LIMIT * 16
        ? sums.map((sum) => add(sum, list.at(-1)!))
        : sums.flatMap((sum) => tried.map((each) => add(sum, each)))
    },
    [{}],
  )

// —— what only an operator can tell

/** Windows that an unset event may turn out to have: all days, none, or any stretch between the days that matter. */
export function eventWindows(event: string, leaves: readonly Leaf[], world: World): { from: string; to: string }[] {
  const anchors = unique(leaves.flatMap((leaf) => (leaf.op === 'during' && leaf.event === event ? [leaf.anchor] : [])))
  const days = unique([world.setting.asOf, ...anchors.flatMap((anchor) => possibilities(world.facts[anchor]).filter(isIsoDate))]).toSorted()
  const stretches = anchors.length < 2 ? [] : days.flatMap((from, i) => days.slice(i).map((to) => ({ from, to })))
  return [{ from: '0000-01-01', to: '9999-12-31' }, { from: '9999-12-31', to: '0000-01-01' }, ...stretches]
}
