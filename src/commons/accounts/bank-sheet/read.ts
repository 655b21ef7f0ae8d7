/** Reads a bank's statement sheet: whichever of the usual header words it has. Pure; every problem names its row and what to do. */
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { parseYuan, type Fen } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'

/** The header words of the large banks' exports, without spaces and brackets. */
const words = {
  date: ['交易日期', '交易时间', '记账日期', '入账日期', '到账日期', '日期', '交易日'],
  reference: ['交易流水号', '流水号', '银行流水号', '核心流水号', '交易流水', '凭证号', '凭证号码', '交易编号'],
  payer: ['对方户名', '对方名称', '付款人', '付款人名称', '对方单位名称', '对方账户名称', '交易对手', '交易对手名称'],
  credit: ['贷方金额', '收入金额', '贷方发生额', '收入', '转入金额', '贷方', '贷方发生额元'],
  debit: ['借方金额', '支出金额', '借方发生额', '支出', '转出金额', '借方', '借方发生额元'],
  amount: ['交易金额', '金额', '发生额'],
  side: ['借贷标志', '借贷', '收支标志', '收付标志', '借贷方向'],
  remark: ['附言', '摘要', '用途', '备注', '交易附言', '交易摘要'],
} as const
type Column = keyof typeof words

export interface SheetSlip {
  row: number
  reference: string
  paidOn: string
  payer: string
  remark: string
  /** 分, as decimal text: rows are kept as JSON. */
  amountFen: string
}

export interface ReadSlips {
  slips: SheetSlip[]
  problems: { row: number; reason: string }[]
  /** Money that went out: not ours to record. */
  skipped: number
}

export const mostRows = 5_000

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\s():：/\\]/g, '')
    .replace(/(人民币)?元?$/, '')

/** Banks put lines above the header; it is the first row that names date, reference and an amount. */
function columnsIn(cells: readonly string[]): Map<Column, number[]> | undefined {
  const at = new Map<Column, number[]>()
  cells.forEach((cell, i) => {
    const said = plain(cell)
    for (const [column, names] of Object.entries(words) as [Column, readonly string[]][])
      if (names.includes(said)) at.set(column, [...(at.get(column) ?? []), i])
  })
  return at.has('date') && at.has('reference') && (at.has('credit') || at.has('amount')) ? at : undefined
}

/** `20261123`, `2026/1/3 09:00`, `2026年11月23日`, full-width digits → `2026-11-23`. */
export function dayOf(text: string): string | undefined {
  const plainText = text.normalize('NFKC').trim()
  const [, y, m, d] =
    /^(\d{4})(\d{2})(\d{2})(?:\s?[\d:]*)$/.exec(plainText) ??
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[\sT].*)?$/.exec(plainText) ??
    []
  const day = y && `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}`
  return day && isIsoDate(day) ? day : undefined
}

type Money = { in: Fen } | { out: true } | { wrong: string }

function moneyIn(cell: (column: Column) => string): Money {
  const [credit, debit, amount, side] = [cell('credit'), cell('debit'), cell('amount'), cell('side').normalize('NFKC')]
  const nothing = (text: string) => /^[-–—]?$|^0+(\.0+)?$/.test(text.normalize('NFKC').trim())
  if (/借|支|付|D/i.test(side) && !/贷|收|C/i.test(side)) return { out: true }
  const said = nothing(credit) ? amount : credit
  if (nothing(said)) return nothing(debit) ? { wrong: '没有金额' } : { out: true }
  const parsed = parseYuan(said)
  if (isRefusal(parsed)) return { wrong: parsed.reason }
  return parsed < 0n ? { out: true } : { in: parsed }
}

/** Rows that went out are skipped and counted; the same reference twice with another amount is a problem, twice alike is once. */
export function readSlipRows(rows: Iterable<{ row: number; cells: readonly string[] }>, today: string): ReadSlips {
  const read: ReadSlips = { slips: [], problems: [], skipped: 0 }
  const seen = new Map<string, SheetSlip>()
  let at: Map<Column, number[]> | undefined
  for (const { row, cells } of rows) {
    if (!at) {
      at = columnsIn(cells)
      continue
    }
    const cell = (column: Column) =>
      (at!.get(column) ?? [])
        .map((i) => (cells[i] ?? '').trim())
        .filter(Boolean)
        .join(' ')
    if (cells.every((each) => each.trim() === '') || (!cell('date') && /合计|总计|小计/.test(cells.join('')))) continue
    const money = moneyIn(cell)
    if ('out' in money) {
      read.skipped++
      continue
    }
    const reference = cell('reference').normalize('NFKC').split(' ')[0]!
    const paidOn = dayOf(cell('date'))
    const payer = cell('payer')
    const reasons = [
      'wrong' in money ? money.wrong : '',
      !/^\S{1,64}$/.test(reference) ? '没有流水号，或超过 64 个字符' : '',
      /^\d+(\.\d+)?E\+?\d+$/i.test(reference) ? `流水号 ${reference} 被表格软件写成了科学计数，请把那一列设为文本再导出` : '',
      !paidOn ? `日期“${cell('date')}”不认识，请写成 2026-11-23` : paidOn > today ? `日期 ${paidOn} 晚于今天` : '',
      !payer || payer.length > 100 ? '没有付款人，或超过 100 个字' : '',
    ].filter(Boolean)
    if (reasons.length > 0 || !('in' in money)) {
      read.problems.push({ row, reason: reasons.join('；') })
      continue
    }
    const slip = { row, reference, paidOn: paidOn!, payer, remark: cell('remark').slice(0, 200), amountFen: String(money.in) }
    const before = seen.get(reference)
    if (!before) read.slips.push(slip)
    else if (before.amountFen !== slip.amountFen || before.paidOn !== slip.paidOn)
      read.problems.push({ row, reason: `流水号 ${reference} 与第 ${before.row} 行相同，金额或日期不同` })
    seen.set(reference, before ?? slip)
  }
  if (!at) read.problems.push({ row: 1, reason: '没有找到表头：须有交易日期、流水号、贷方金额（或收入金额、交易金额）三列' })
  else if (read.slips.length + read.problems.length + read.skipped === 0) read.problems.push({ row: 1, reason: '表里没有流水' })
  if (read.slips.length > mostRows) read.problems.push({ row: mostRows, reason: `一次最多 ${mostRows} 行，请按月份拆开` })
  return read
}
