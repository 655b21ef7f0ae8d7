/** The relief of a whole order: measure 一's decision for each line, the lawful combination over all, and for everything else the reason. Pure. */
import { decideLineAmong, type LineDecision, type LivePolicy } from '../../commons/policies/index.ts'
import type { LineReliefRecord, RefusedRelief, ServiceKind } from '../../commons/orders/index.ts'
import { facts as catalogue, type FactId, type Facts, type Setting } from '../../core/eligibility/facts.ts'
import { sayBlocker, type Names } from '../../core/eligibility/sentence.ts'
import { isLeafTrace, type Trace } from '../../core/eligibility/trace.ts'
import { fen, zero, type Fen } from '../../core/money.ts'
import { shortfall, type Shortfall, type Took } from './budgets/fit.ts'
import { combine, type Offer, type PricedLine } from './combine.ts'
import { refusalWords, type RefusalCode } from './model.ts'

export interface ReliefLine {
  id: string
  service: ServiceKind
  kind: string | null
  use: string | null
  fee: Fen
}

export interface ReliefQuestion {
  policies: readonly LivePolicy[]
  /** Of the enterprise, with its size. */
  facts: Facts
  affiliation: string | null
  lines: readonly ReliefLine[]
  setting: Setting
  /** 承诺书 on record: without one nothing that rests on what was reported takes effect. */
  pledge: 'standing' | 'missing' | 'broken'
  /** Slugs of policies whose application was granted. */
  granted: ReadonlySet<string>
  /** What a yearly cap has left, by slug; absent: untouched. */
  usedThisYear: ReadonlyMap<string, Fen>
  /** What other lines of the same order, that are not asked about, have of a cap over the order, by slug. */
  usedInOrder?: ReadonlyMap<string, Fen>
  /** What budgets have left for this enterprise, by slug; absent: no budget. */
  rooms?: ReadonlyMap<string, Fen>
  names: Names
}

export interface OrderRelief {
  /** `queued`: what the law gives and no budget has room for, by policy. */
  lines: ReadonlyMap<string, { relief: Fen; record: LineReliefRecord | null; taken: readonly Took[]; queued: readonly Took[] }>
  relief: Fen
  /** What each policy takes off in this order, by slug, with what waits for room. */
  bySlug: ReadonlyMap<string, Fen>
  /** Without the pledge this much would be taken off more. */
  withPledge: Fen
  proven: boolean
}

/** Policies that could take money off a fee at all. */
export const feePolicies = (policies: readonly LivePolicy[]): LivePolicy[] =>
  policies.filter(({ content }) =>
    content.benefits.some(({ kind, rateBp }) => (kind === 'reduce' || kind === 'waive') && rateBp !== undefined),
  )

export function orderRelief(question: ReliefQuestion): OrderRelief {
  const decided = decideAll(question)
  const signed = settle(question, decided, 'standing')
  return question.pledge === 'standing' ? signed : { ...settle(question, decided, question.pledge), withPledge: signed.relief }
}

interface DecidedLine {
  line: ReliefLine
  /** Those that would take something off, by slug, with what stands in the way. */
  offers: { policy: LivePolicy; decision: LineDecision; needs: 'nothing' | 'application' | 'more' }[]
  others: RefusedRelief[]
}

function decideAll({ policies, facts, affiliation, lines, setting, granted, names }: ReliefQuestion): DecidedLine[] {
  const bySlug = new Map(policies.map((policy) => [policy.slug, policy]))
  const contents = policies.map(({ content }) => content)
  return lines.map((line) => {
    // 强制检定 costs nothing by law: nothing is decided, so that nothing is ever counted as saved.
    if (line.fee === 0n) return { line, offers: [], others: [] }
    const all: Facts = {
      ...facts,
      serviceKind: line.service,
      acceptedOn: setting.asOf,
      ...(line.kind && { instrumentKind: line.kind }),
      ...(line.use && { use: line.use }),
      ...(affiliation && { affiliation }),
    }
    const { holding, unknown, not } = decideLineAmong(contents, all, setting)
    const offers = holding.flatMap((decision) => {
      const policy = bySlug.get(decision.slug)!
      const needs =
        decision.force === 'guidance' ? 'more' : decision.force === 'apply' || granted.has(decision.slug) ? 'nothing' : 'application'
      return decision.rateBp > 0 ? [{ policy, decision, needs } as const] : []
    })
    return {
      line,
      offers,
      others: [
        ...unknown.map((decision) => because(bySlug.get(decision.slug)!, 'FACTS_MISSING', sayMissing(decision))),
        ...not.filter(near).map((decision) => because(bySlug.get(decision.slug)!, decision.reasonCode!, sayNot(decision, names))),
      ],
    }
  })
}

/** A policy of another place, or of the past, is none of this order's business. */
const near = ({ reasonCode }: LineDecision): boolean => reasonCode !== 'REGION_NOT_COVERED' && reasonCode !== 'NOT_IN_FORCE'

const because = ({ slug, content }: LivePolicy, code: string, why: string): RefusedRelief => ({ slug, title: content.title, code, why })

const sayMissing = ({ decision }: LineDecision): string => {
  const asked = decision.ask.map((fact) => `“${catalogue[fact].label}”`)
  return asked.length > 0 ? `还不知道${asked.join('、')}，补充以后才能判断` : '要等主管部门录入文件所说的日期或名单才能判断'
}
const sayNot = ({ decision }: LineDecision, names: Names): string =>
  decision.blockers.map((leaf) => sayBlocker(leaf, names)).join('；') || '不符合条件'

function settle(question: ReliefQuestion, decided: readonly DecidedLine[], pledge: ReliefQuestion['pledge']): OrderRelief {
  const priced = decided.map(({ line, offers }): PricedLine => ({
    id: line.id,
    fee: line.fee,
    offers: pledge === 'standing' ? offers.filter(({ needs }) => needs === 'nothing').map(toOffer) : [],
  }))
  const caps = capsOf(question, decided)
  const lawful = combine(priced, caps)
  const combination = question.rooms?.size ? combine(priced, within(caps, question.rooms)) : lawful
  const budgeted = new Set(question.rooms?.keys())
  const bySlug = new Map<string, Fen>()
  const lines = new Map<string, { relief: Fen; record: LineReliefRecord | null; taken: readonly Took[]; queued: readonly Took[] }>()
  for (const [i, { line, offers, others }] of decided.entries()) {
    const { relief, taken } = combination.lines[i]!
    const short = shortfall(lawful.lines[i]!.taken, taken, budgeted)
    // A yearly cap holds room for what waits as well, so that serving it later never goes beyond.
    for (const { slug, amount } of [...taken, ...short.queued]) bySlug.set(slug, fen((bySlug.get(slug) ?? 0n) + amount))
    const record = line.fee === 0n ? null : recordOf(question, { line, offers, others }, taken, pledge, short)
    lines.set(line.id, { relief, record, taken, queued: short.queued })
  }
  return { lines, relief: combination.relief, bySlug, withPledge: combination.relief, proven: combination.proven }
}

/** Caps and the room of budgets bound alike. */
const within = (caps: ReadonlyMap<string, Fen>, rooms: ReadonlyMap<string, Fen>): Map<string, Fen> =>
  new Map([
    ...caps,
    ...[...rooms].map(([slug, room]) => [slug, caps.has(slug) && caps.get(slug)! < room ? caps.get(slug)! : room] as const),
  ])

const toOffer = ({ policy, decision }: DecidedLine['offers'][number]): Offer => ({
  slug: decision.slug,
  rateBp: decision.rateBp,
  ...(policy.content.combinesWith && { combinesWith: policy.content.combinesWith }),
})

/** A cap holds over the order, or over the year of the enterprise, of which a part may be used up. */
function capsOf({ usedThisYear, usedInOrder }: ReliefQuestion, decided: readonly DecidedLine[]): Map<string, Fen> {
  const caps = new Map<string, Fen>()
  for (const { decision } of decided.flatMap(({ offers }) => offers)) {
    const { capFen, capPer = 'year' } = decision.benefit ?? {}
    if (capFen === undefined) continue
    const used = (capPer === 'year' ? usedThisYear : usedInOrder)?.get(decision.slug) ?? zero
    caps.set(decision.slug, fen(BigInt(capFen) > used ? BigInt(capFen) - used : 0n))
  }
  return caps
}

function recordOf(
  { facts, setting, affiliation }: ReliefQuestion,
  { line, offers, others }: DecidedLine,
  taken: readonly { slug: string; amount: Fen }[],
  pledge: ReliefQuestion['pledge'],
  { queued, replaced }: Shortfall,
): LineReliefRecord {
  const took = new Map(taken.map(({ slug, amount }) => [slug, amount]))
  const waits = new Set(queued.map(({ slug }) => slug))
  const codeOf = ({ needs, policy }: DecidedLine['offers'][number]): RefusalCode =>
    waits.has(policy.slug)
      ? 'BUDGET_QUEUED'
      : replaced.includes(policy.slug)
        ? 'BUDGET_OTHER'
        : needs === 'more'
          ? 'GUIDANCE_ONLY'
          : needs === 'application'
            ? 'NOT_APPLIED_FOR'
            : pledge === 'broken'
              ? 'PLEDGE_BROKEN'
              : pledge === 'missing'
                ? 'PLEDGE_MISSING'
                : took.size > 0
                  ? 'LESS_THAN_OTHER'
                  : 'CAP_USED'
  const read = new Set(offers.flatMap(({ decision }) => factsRead(decision.decision.trace)))
  const known: Facts = { ...facts, serviceKind: line.service, acceptedOn: setting.asOf, ...(affiliation && { affiliation }) }
  return {
    decidedOn: setting.asOf,
    taken: offers.flatMap(({ policy, decision }) => {
      const amount = took.get(decision.slug)
      if (amount === undefined) return []
      const { title, docNumber, clauses } = policy.content
      return {
        slug: decision.slug,
        title,
        docNumber,
        article: clauses.find(({ id }) => id === decision.benefit?.src)?.article ?? null,
        versionId: policy.versionId,
        versionNumber: policy.number,
        rateBp: decision.rateBp,
        amountFen: String(amount),
      }
    }),
    refused: [
      ...offers
        .filter(({ decision }) => !took.has(decision.slug) || waits.has(decision.slug))
        .map((offer) => because(offer.policy, codeOf(offer), refusalWords[codeOf(offer)])),
      ...others,
    ],
    facts: Object.fromEntries([...read].flatMap((fact) => (known[fact] === undefined ? [] : [[fact, known[fact]]]))),
  }
}

/** The facts that a decision looked at. */
export const factsRead = (trace: Trace): FactId[] => (isLeafTrace(trace) ? [trace.fact] : trace.of.flatMap(factsRead))
