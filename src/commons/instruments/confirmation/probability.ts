/** The probability that a true error lies beyond ±limit, with a normal distribution about the result (JCGM 106:2012, 7.2). */
export const beyondLimit = (error: number, u: number, limit: number): number => upper((limit - error) / u) + upper((limit + error) / u)

/** Upper tail of the standard normal distribution. */
function upper(z: number): number {
  if (z < 0) return 1 - upper(-z)
  const t = 1 / (1 + 0.2316419 * z)
  return (
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  )
}
