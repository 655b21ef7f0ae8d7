/** The probability that a true error lies beyond ±limit, with a normal distribution about the result (JCGM 106:2012, 7.2). All in one unit. */
import { normalCdf } from '../../../core/metrology/special.ts'

export const beyondLimit = (error: number, u: number, limit: number): number =>
  normalCdf((error - limit) / u) + normalCdf((-limit - error) / u)
