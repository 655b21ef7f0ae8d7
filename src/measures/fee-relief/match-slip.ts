/** Whose payment a line of a bank statement probably is, and why. A suggestion: a person decides. Pure. */
import type { Fen } from '../../core/money.ts'

interface Debt {
  orgId: string
  name: string
  outstanding: Fen
}

const plain = (text: string) => text.normalize('NFKC').replace(/[\s()（）·•.,，。-]/g, '')

/** The likely ones first; `why` is empty where nothing but its debt speaks for it. */
export function likely<D extends Debt>(
  slip: { payer: string; remark: string; amount: Fen },
  debts: readonly D[],
): { debt: D; why: string }[] {
  const [payer, remark] = [plain(slip.payer), plain(slip.remark)]
  return debts
    .map((debt) => {
      const name = plain(debt.name)
      const named = payer === name || (payer.length >= 4 && name.includes(payer)) || remark.includes(name)
      const exact = debt.outstanding === slip.amount
      return { debt, why: [named && '付款人相符', exact && '金额相符'].filter(Boolean).join('，'), rank: (named ? 2 : 0) + (exact ? 1 : 0) }
    })
    .toSorted((a, b) => b.rank - a.rank || a.debt.name.localeCompare(b.debt.name))
    .map(({ debt, why }) => ({ debt, why }))
}
