/** Each way to take some of the items: what "at least n of" is to an engine that cannot count. */
export function choices<T>(items: readonly T[], n: number): T[][] {
  if (n === 0) return [[]]
  return items.flatMap((item, i) => choices(items.slice(i + 1), n - 1).map((rest) => [item, ...rest]))
}
