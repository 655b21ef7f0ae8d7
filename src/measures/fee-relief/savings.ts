/** The period of the pictures of savings, and what is too little to be told. Pure. */
export interface Period {
  from: string
  to: string
  /** A county of the region. */
  region?: string
}

/** Fewer enterprises than this, and a sum of what they put off would tell who is short of money. */
export const fewestDeferrers = 5

/** `2026-11`, from the first to the last. */
export function monthsOf({ from, to }: Pick<Period, 'from' | 'to'>): string[] {
  const months: string[] = []
  for (let [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))]; ; month === 12 ? (year++, (month = 1)) : month++) {
    const key = `${year}-${String(month).padStart(2, '0')}`
    if (key > to.slice(0, 7)) return months
    months.push(key)
  }
}
