/** What the page shows of a quote: words and amounts, ready to read. Pure. */
import { serviceKinds } from '../../../commons/orders/index.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import type { Quote } from '../orders.server.ts'

export interface QuoteView {
  lines: {
    key: string
    code: string
    name: string
    service: string
    basis: string
    fee: string
    relief: string
    toPay: string
    taken: { slug: string; text: string }[]
    refused: { slug: string; text: string }[]
    choices: { code: string; label: string; chosen: boolean }[]
    note: string | null
    problem: string | null
  }[]
  extras: { label: string; basis: string; fee: string }[]
  fee: string
  relief: string
  toPay: string
  pledge: 'standing' | 'missing' | 'broken'
  withPledge: string
  workdays: number
  list: string
  problems: number
  /** What would wait for room, if the order were accepted today. */
  queued: string | null
  /** Facts that one more answer about would let a policy be decided. */
  asks: string[]
}

export function quoteView({ prepared, decided, fee, relief, toPay }: Quote, keys: readonly string[]): QuoteView {
  const lines = prepared.lines.map((line, n) => {
    const own = decided.lines.get(String(n))!
    return {
      key: keys[n] ?? String(n),
      code: line.wanted.code,
      name: [line.wanted.name, line.wanted.model].filter(Boolean).join(' '),
      service: serviceKinds[line.service],
      basis: line.basis,
      fee: formatYuan(line.fee),
      relief: formatYuan(own.relief),
      toPay: formatYuan(fen(line.fee - own.relief)),
      taken: (own.record?.taken ?? []).map((each) => ({
        slug: each.slug,
        text: `《${each.title}》${each.article ?? ''}，减 ${each.rateBp / 100}%`,
      })),
      refused: (own.record?.refused ?? []).map((each) => ({ slug: each.slug, text: `《${each.title}》：${each.why}` })),
      choices:
        line.choices.length > 1
          ? line.choices.map(({ code, name, spec, price_fen }) => ({
              code,
              label: `${name} ${spec ?? ''} ${formatYuan(fen(price_fen))}`,
              chosen: code === line.item?.code,
            }))
          : [],
      note: line.toVerify ? '可能是强制检定（目录待核实）：受理时由窗口核定，是就不收费。' : null,
      problem: line.problem ?? null,
    }
  })
  return {
    lines,
    extras: prepared.extras.map(({ kind, fee: amount, basis, said }) => ({
      label: `${kind === 'express' ? '加急' : '上门'}（${said}）`,
      basis,
      fee: formatYuan(amount),
    })),
    fee: formatYuan(fee),
    relief: formatYuan(relief),
    toPay: formatYuan(toPay),
    pledge: decided.pledge,
    withPledge: formatYuan(decided.withPledge),
    workdays: prepared.promiseWorkdays,
    list: `${prepared.list.title}（第 ${prepared.list.number} 版，${prepared.list.effective_from} 起）`,
    queued: sayQueuedOf(decided),
    problems: lines.filter(({ problem }) => problem).length,
    asks: [
      ...new Set(
        [...decided.lines.values()]
          .flatMap(({ record }) => record?.refused ?? [])
          .flatMap(({ code, why }) => (code === 'FACTS_MISSING' ? (why.match(/“[^”]+”/g) ?? []) : [])),
      ),
    ],
  }
}

function sayQueuedOf({ lines }: Quote['decided']): string | null {
  const sum = [...lines.values()].flatMap(({ queued }) => queued).reduce((total, { amount }) => total + amount, 0n)
  return sum > 0n ? formatYuan(fen(sum)) : null
}
