/** What each business act posts: a pure function from what is to what is booked, or a no. A deferral is not here: it moves a date, never an amount. */
import { add, fen, formatYuan, subtract, zero, type Fen } from '../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { addLines, fault, paidOf, type Balances, type Charge, type Line } from './chart.ts'

export interface Share {
  charge: Charge
  amount: Fen
}

const line = (account: Line['account'], { id, orgId }: Pick<Charge, 'id' | 'orgId'>, amount: bigint): Line => ({
  account,
  orgId,
  chargeId: id,
  amount: fen(amount),
})
const held = (account: 'cash' | 'advance', orgId: string, amount: bigint): Line => ({ account, orgId, chargeId: null, amount: fen(amount) })
/** A line of nothing is not booked. */
const booked = (lines: readonly Line[]): Line[] => lines.filter(({ amount }) => amount !== 0n)

/** A fee falls due, less the relief decided at acceptance. What costs nothing by law (强制检定, 财税〔2017〕20号) is no charge at all. */
export function raise(charge: Pick<Charge, 'id' | 'orgId' | 'fee' | 'relief'>): Line[] | Refusal {
  const { fee, relief } = charge
  if (fee <= 0n) return refuse('invalid', '没有费用的项目不入账：强制检定停征收费，直接受理即可。', { code: 'NOTHING_TO_CHARGE' })
  if (relief < 0n || relief > fee)
    return refuse('invalid', `减免 ${formatYuan(relief)} 不能超过费用 ${formatYuan(fee)}，请核对减免的计算。`, {
      code: 'RELIEF_EXCEEDS_FEE',
    })
  return booked([
    line('receivable', charge, fee),
    line('income', charge, -fee),
    line('relief', charge, relief),
    line('receivable', charge, -relief),
  ])
}

/** Money arrives; what is not laid on a charge stays to the enterprise's good. */
export function receive(orgId: string, amount: Fen, shares: readonly Share[]): Line[] | Refusal {
  if (amount <= 0n) return refuse('invalid', '到账金额须大于 0。', { fields: { amount: '到账金额须大于 0' }, code: 'AMOUNT_NOT_POSITIVE' })
  const laid = layOn(orgId, amount, shares)
  if (isRefusal(laid)) return laid
  return booked([held('cash', orgId, amount), ...laid.lines, held('advance', orgId, -laid.left)])
}

/** What is to the enterprise's good is laid on charges. */
export function useAdvance(orgId: string, advance: Fen, shares: readonly Share[]): Line[] | Refusal {
  const laid = layOn(orgId, advance, shares)
  if (isRefusal(laid)) return laid
  if (laid.lines.length === 0) return refuse('invalid', '请选择要用预收款抵付的费用。', { code: 'NOTHING_CHOSEN' })
  return [...laid.lines, held('advance', orgId, advance - laid.left)]
}

function layOn(orgId: string, amount: Fen, shares: readonly Share[]): { lines: Line[]; left: bigint } | Refusal {
  const seen = new Set<string>()
  let left: bigint = amount
  for (const { charge, amount: part } of shares) {
    if (charge.orgId !== orgId) return refuse('missing', '所选的费用不是这家企业的，请重新选择。')
    if (seen.has(charge.id)) return refuse('invalid', '同一笔费用选了两次，请合并成一行。', { code: 'CHARGE_TWICE' })
    seen.add(charge.id)
    if (part <= 0n) return refuse('invalid', '每笔抵付的金额须大于 0。', { code: 'AMOUNT_NOT_POSITIVE' })
    if (part > charge.outstanding)
      return refuse(
        'conflict',
        `这笔费用只欠 ${formatYuan(charge.outstanding)}，抵付不了 ${formatYuan(part)}；请刷新后按现在的欠额填写。`,
        {
          code: 'EXCEEDS_OUTSTANDING',
        },
      )
    left -= part
  }
  if (left < 0n)
    return refuse('invalid', `抵付合计 ${formatYuan(fen(amount - left))} 超过了 ${formatYuan(amount)}，请减少。`, {
      code: 'EXCEEDS_AMOUNT',
    })
  return { lines: shares.map(({ charge, amount: part }) => line('receivable', charge, -part)), left }
}

/** Relief found after acceptance (a credit note): first it lessens what is owed; what was already paid too much goes to the enterprise's good. */
export function relieve(charge: Charge, extra: Fen): Line[] | Refusal {
  if (extra <= 0n) return refuse('invalid', '补减的金额须大于 0。', { code: 'AMOUNT_NOT_POSITIVE' })
  const room = charge.fee - charge.relief
  if (extra > room)
    return refuse('conflict', `这笔费用已减 ${formatYuan(charge.relief)}，最多还能减 ${formatYuan(fen(room))}。`, {
      code: 'RELIEF_EXCEEDS_FEE',
    })
  const back = extra > charge.outstanding ? extra - charge.outstanding : 0n
  return booked([
    line('relief', charge, extra),
    line('receivable', charge, -extra),
    line('receivable', charge, back),
    held('advance', charge.orgId, -back),
  ])
}

/** Relief that turns out not to be due (an untrue 承诺书) is taken back: it is owed again, never deducted from what certificates cost. */
export function withdraw(charge: Charge, amount: Fen): Line[] | Refusal {
  if (amount <= 0n) return refuse('invalid', '撤回的金额须大于 0。', { code: 'AMOUNT_NOT_POSITIVE' })
  if (amount > charge.relief)
    return refuse('conflict', `这笔费用只减了 ${formatYuan(charge.relief)}，撤回不了 ${formatYuan(amount)}。`, {
      code: 'EXCEEDS_RELIEF',
    })
  return [line('receivable', charge, amount), line('relief', charge, -amount)]
}

/** The order line is cancelled: fee and relief are undone, what was paid goes to the enterprise's good. */
export function cancel(charge: Charge): Line[] | Refusal {
  if (charge.fee === 0n) return refuse('conflict', '这笔费用已经撤销。', { code: 'CANCELLED_ALREADY' })
  const paid = paidOf(charge)
  return booked([
    line('income', charge, charge.fee),
    line('receivable', charge, -charge.fee),
    line('relief', charge, -charge.relief),
    line('receivable', charge, charge.relief),
    line('receivable', charge, paid),
    held('advance', charge.orgId, -paid),
  ])
}

/** Money goes back to the enterprise. */
export function refund(orgId: string, advance: Fen, amount: Fen): Line[] | Refusal {
  if (amount <= 0n) return refuse('invalid', '退款金额须大于 0。', { fields: { amount: '退款金额须大于 0' }, code: 'AMOUNT_NOT_POSITIVE' })
  if (amount > advance)
    return refuse('conflict', `这家企业的预收款只有 ${formatYuan(advance)}，退不了 ${formatYuan(amount)}；费用减少或撤销后才有可退的款。`, {
      code: 'EXCEEDS_ADVANCE',
    })
  return [held('advance', orgId, amount), held('cash', orgId, -amount)]
}

/** An entry made by mistake is undone by its opposite, never altered. Refused where what it brought has been used since. */
export function reverse(lines: readonly Line[], now: Balances): Line[] | Refusal {
  const opposite = lines.map((each) => ({ ...each, amount: subtract(zero, each.amount) }))
  if (fault(addLines(now, opposite)))
    return refuse('conflict', '这笔账之后的款项已经用掉，直接冲销会使账不平；请先冲销后来的那几笔，再冲销这一笔。', {
      code: 'USED_SINCE',
    })
  return opposite
}

/** The oldest debt first: by due date, then by charge, so that two people matching one slip get one answer. */
export function oldestFirst(amount: Fen, charges: readonly (Charge & { dueOn: string })[]): Share[] {
  let left: bigint = amount
  return charges
    .filter(({ outstanding }) => outstanding > 0n)
    .toSorted((a, b) => a.dueOn.localeCompare(b.dueOn) || a.id.localeCompare(b.id))
    .flatMap((charge) => {
      const part = charge.outstanding < left ? charge.outstanding : left
      left -= part
      return part > 0n ? [{ charge, amount: fen(part) }] : []
    })
}

export const owed = (charges: Iterable<Charge>): Fen => add(...[...charges].map(({ outstanding }) => outstanding))
