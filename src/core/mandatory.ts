/**
 * Whether an instrument is under mandatory verification 强制检定, and why, in three values.
 * The answer of an incomplete question is the answer that all ways of completing it share, else unknown: so filling in
 * an unknown never turns yes into no. What rests on a 待核实 row is said to, and does not decide by itself.
 */
import { catalogueEntries, findKind, kindsIn, type CatalogueEntry, type InstrumentKind } from './instrument-kinds.ts'
import table from './reference/instrument-kinds.json' with { type: 'json' }

export const verdicts = { yes: '强制检定', no: '非强制检定', unknown: '待判定' } as const
export type Verdict = keyof typeof verdicts

export interface MandatoryAnswer {
  verdict: Verdict
  /** One sentence for the person, in Chinese. */
  reason: string
  /** 《计量法》第九条; the row of the catalogue. */
  citations: readonly string[]
  /** Rests on something 待核实: decides no fee and no right until a person has confirmed it. */
  toVerify: boolean
  /** What to fill in to know more. */
  ask?: 'kind' | 'use'
}

export interface MandatoryQuestion {
  /** Code of the catalogue of kinds; null for a kind of one's own that is filed under none. */
  kind: string | null
  /** `trade`, `safety`, `medical`, `environment`, `top-standard` or `other`; anything else counts as not known. */
  use: string | null
  /** The catalogue as of this day; absent: as it is now. */
  onDate?: string | undefined
  /** What a person settled from a certificate or a filing, with the basis. */
  confirmed?: { verdict: 'yes' | 'no'; basis: string } | null | undefined
}

const law = '《计量法》第九条'
const rules = '《计量法实施细则》第十一条'
const catalogue = '《实施强制管理的计量器具目录》（市场监管总局公告2020年第42号）'

/** The four purposes of 计量法 第九条. */
const purposes = { trade: '贸易结算', safety: '安全防护', medical: '医疗卫生', environment: '环境监测' } as const
type Purpose = keyof typeof purposes
const isPurpose = (use: string | null): use is Purpose => use !== null && Object.hasOwn(purposes, use)

const modes = {
  'first-scrap': '只作首次强制检定，失准报废',
  'first-rotate': '只作首次强制检定，限期使用、到期轮换',
  periodic: '周期检定',
} as const

const answer = (verdict: Verdict, reason: string, citations: readonly string[], more: Partial<MandatoryAnswer> = {}): MandatoryAnswer => ({
  verdict,
  reason,
  citations,
  toVerify: false,
  ...more,
})

/** A finer code that is not in the table is judged by the kind above it. */
function nearestKind(code: string): InstrumentKind | undefined {
  const found = findKind(code)
  const above = code.lastIndexOf('.')
  return found ?? (above > 0 ? nearestKind(code.slice(0, above)) : undefined)
}

/** The answer, with what a person confirmed: it settles what is unknown or 待核实, never what is firm. */
export function mandatoryOf(q: MandatoryQuestion): MandatoryAnswer {
  const found = judge(q)
  const { confirmed } = q
  if (!confirmed || (found.verdict !== 'unknown' && !found.toVerify)) return found
  const what = confirmed.verdict === 'yes' ? '属于强制检定' : '不属于强制检定'
  return answer(confirmed.verdict, `已确认${what}，依据：${confirmed.basis}`, [confirmed.basis, ...found.citations])
}

function judge({ kind: code, use, onDate }: MandatoryQuestion): MandatoryAnswer {
  const kind = code === null ? undefined : nearestKind(code)
  const topKind = kind?.code === 'top-standard'
  if (use === 'top-standard') return answer('yes', '用作企业最高计量标准器具，属于强制检定', [law, rules])
  if (topKind && use === 'other') {
    return answer('unknown', '种类是企业最高计量标准器具，用途却填了其他，两者不一致，请核对用途', [law], { ask: 'use' })
  }
  if (topKind) return answer('yes', '企业最高计量标准器具属于强制检定', [law, rules])
  if (use === 'other') {
    return answer('no', '不用于贸易结算、安全防护、医疗卫生、环境监测，也不是企业最高计量标准，不属于强制检定', [law])
  }
  if (!isPurpose(use)) return answer('unknown', '还没有填写用途，不能判断是否强制检定，请填写用途', [law, catalogue], { ask: 'use' })
  if (!kind) {
    return answer('unknown', `用于${purposes[use]}，还要看种类是否在目录内，请选择器具种类`, [law, catalogue], { ask: 'kind' })
  }
  if (onDate !== undefined && onDate < table.since) {
    return answer('unknown', `现行目录自 ${table.since} 起施行，此前的目录没有载入，不能判断`, [catalogue], {
      toVerify: true,
    })
  }
  return ofKind(kind, use, onDate)
}

/** A kind, with the finer kinds that it may turn out to be. */
function ofKind(kind: InstrumentKind, use: Purpose, onDate: string | undefined): MandatoryAnswer {
  const candidates = possible(kind).map((k) => ofOne(k, use, onDate))
  const own = candidates[0]!
  const differing = candidates.find((c) => c.verdict !== own.verdict)
  if (differing) {
    return answer('unknown', `“${kind.name}”里有的种类用于${purposes[use]}时属于强制检定，有的不属于，请选择更细的种类`, [law, catalogue], {
      toVerify: candidates.some((c) => c.toVerify),
      ask: 'kind',
    })
  }
  return candidates.some((c) => c.toVerify) && !own.toVerify ? { ...own, toVerify: true } : own
}

/** A heading has no entry of its own while kinds below have: it is one of those. Any other kind may be itself or finer. */
function possible(kind: InstrumentKind): readonly InstrumentKind[] {
  const below = kindsIn(kind.code).flatMap(possible)
  const heading = !kind.catalogue && catalogueEntries(kind.code).length > 0
  return heading ? below : [kind, ...below]
}

function ofOne(kind: InstrumentKind, use: Purpose, onDate: string | undefined): MandatoryAnswer {
  const entry = kind.catalogue
  if (!entry) {
    // The table is a partial reconstruction: what is not in it may be missing from it.
    return answer('no', `${kind.name}不在目录内，用于${purposes[use]}也不属于强制检定`, [law, catalogue], { toVerify: true })
  }
  const citations = [law, rules, `${catalogue}：${entry.item}`]
  const { toVerify } = kind
  if (entry.effectiveFrom !== undefined && onDate !== undefined && onDate < entry.effectiveFrom) {
    return answer('no', `${entry.item}自 ${entry.effectiveFrom} 起才列入强制检定`, citations, { toVerify })
  }
  if (!entry.mode.includes('V')) {
    return answer('no', `${entry.item}在目录内只要求型式批准，不要求强制检定`, citations, { toVerify })
  }
  if (!entry.uses.includes(use)) {
    const listed = entry.uses.map((u) => purposes[u as Purpose] ?? u).join('、')
    return answer('no', `${entry.item}只在用于${listed}时属于强制检定，用于${purposes[use]}不属于`, citations, { toVerify })
  }
  return yes(entry, use, citations, toVerify)
}

function yes(entry: CatalogueEntry, use: Purpose, citations: readonly string[], toVerify: boolean): MandatoryAnswer {
  const mode = entry.verificationMode ? `，${modes[entry.verificationMode]}` : ''
  // 水表（DN15～DN50）: the ledger does not know the size, so a person has to look.
  const limited = /（.*DN|（G/.test(entry.item)
  const limit = limited ? '；目录只列括号内的规格，规格以外的不属于，请核对' : ''
  return answer('yes', `${entry.item}用于${purposes[use]}，在目录内，属于强制检定${mode}${limit}`, citations, {
    toVerify: toVerify || limited,
  })
}
