/**
 * Probabilities of wrong decisions (JCGM 106:2012). Limits and values are in the unit of the measured property; the measurement error is normal.
 * Specific risk: of this item, given its result. Global risk: of an item drawn from a production or a stock, before it is measured.
 */
import { logGamma, normalCdf, normalPdf } from './special.ts'

/** An absent limit is open. */
export interface Limits {
  lower?: number
  upper?: number
}

/** P(lower ≤ N(mean, u) ≤ upper), without cancelling in a tail. u = 0: 1 or 0. */
export function probabilityWithin({ lower = -Infinity, upper = Infinity }: Limits, mean: number, u: number): number {
  if (lower > upper) return 0
  if (u === 0) return mean >= lower && mean <= upper ? 1 : 0
  const [a, b] = [(lower - mean) / u, (upper - mean) / u]
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a)
}

/** The complement, exact when it is small: P(below) + P(above). */
export function probabilityOutside({ lower = -Infinity, upper = Infinity }: Limits, mean: number, u: number): number {
  if (lower > upper) return 1
  if (u === 0) return mean >= lower && mean <= upper ? 0 : 1
  return Math.min(1, normalCdf((lower - mean) / u) + normalCdf((mean - upper) / u))
}

/** Conformance probability p_c of an item with result y and standard uncertainty u (JCGM 106 7.2), prior knowledge being weak. */
export const conformanceProbability = (tolerance: Limits, y: number, u: number): number => probabilityWithin(tolerance, y, u)

/** The largest probability that an accepted item does not conform: at an acceptance limit. 0 when nothing is accepted. */
export function worstFalseAccept(tolerance: Limits, acceptance: Limits, u: number): number {
  const { lower = -Infinity, upper = Infinity } = acceptance
  if (lower > upper) return 0
  return Math.max(0, ...[lower, upper].filter(Number.isFinite).map((y) => probabilityOutside(tolerance, y, u)))
}

/** What is known of the property over all items before measuring. */
export type Prior =
  | { kind: 'normal'; mean: number; u: number }
  /** Not negative, such as a form error: expectation shape × scale (JCGM 106 9.5.4). */
  | { kind: 'gamma'; shape: number; scale: number }

function density(prior: Prior): (eta: number) => number {
  if (prior.kind === 'normal') return (eta) => normalPdf((eta - prior.mean) / prior.u) / prior.u
  const { shape, scale } = prior
  const constant = logGamma(shape) + shape * Math.log(scale)
  return (eta) => (eta <= 0 ? 0 : Math.exp((shape - 1) * Math.log(eta) - eta / scale - constant))
}

/** Where the prior has its mass; beyond, less than 1e−15. */
const support = (prior: Prior): readonly [number, number] => {
  if (prior.kind === 'normal') return [prior.mean - 9 * prior.u, prior.mean + 9 * prior.u]
  return [0, prior.scale * (prior.shape + 10 * Math.sqrt(prior.shape) + 40)]
}

export interface GlobalRisk {
  /** Of all items: conforms not and is accepted (JCGM 106 equation 17). */
  consumer: number
  /** Of all items: conforms and is rejected (equation 19). */
  producer: number
  /** Of all items: accepted. */
  accepted: number
  /** Of all items: does not conform. */
  nonconforming: number
  /** Of the accepted items: does not conform. What a buyer meets. */
  amongAccepted: number
}

/** R_C and R_P for a prior and a measurement with standard uncertainty u > 0, over the prior's density. */
export function globalRisk(prior: Prior, u: number, tolerance: Limits, acceptance: Limits): GlobalRisk {
  const g = density(prior)
  const [from, to] = support(prior)
  const accept = (eta: number) => probabilityWithin(acceptance, eta, u)
  const reject = (eta: number) => probabilityOutside(acceptance, eta, u)
  const { lower = -Infinity, upper = Infinity } = tolerance
  const clip = (x: number) => Math.max(from, Math.min(to, x))
  const [low, high] = [clip(lower), clip(upper)]
  // The integrand turns within some u of the acceptance limits: nodes there.
  const turns = [acceptance.lower, acceptance.upper].flatMap((x) =>
    x === undefined ? [] : [x - 6 * u, x - 2 * u, x, x + 2 * u, x + 6 * u],
  )
  const over = (f: (eta: number) => number, a: number, b: number) => integrate((eta) => g(eta) * f(eta), a, b, turns)
  const outside = (f: (eta: number) => number) => over(f, from, low) + over(f, high, to)
  const consumer = outside(accept)
  const producer = over(reject, low, high)
  const accepted = consumer + over(accept, low, high)
  return { consumer, producer, accepted, nonconforming: outside(() => 1), amongAccepted: accepted > 0 ? consumer / accepted : 0 }
}

/** Gauss and Legendre's nodes and weights of ten points on (−1, 1), by Newton's method on the polynomial. */
const gauss = ((): readonly (readonly [node: number, weight: number])[] => {
  const n = 10
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 20; step++) {
      let [before, now] = [1, x]
      for (let k = 2; k <= n; k++) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k]
      slope = (n * (x * now - before)) / (x * x - 1)
      x -= now / slope
    }
    return [x, 2 / ((1 - x * x) * slope * slope)] as const
  })
})()

function integrate(f: (x: number) => number, a: number, b: number, turns: readonly number[]): number {
  if (!(b > a)) return 0
  const even = Array.from({ length: 33 }, (_, i) => a + ((b - a) * i) / 32)
  const nodes = [...even, ...turns.filter((x) => x > a && x < b)].toSorted((x, y) => x - y)
  return nodes.slice(1).reduce((sum, right, i) => {
    const left = nodes[i]!
    const [half, centre] = [(right - left) / 2, (left + right) / 2]
    return sum + half * gauss.reduce((part, [x, w]) => part + w * f(centre + half * x), 0)
  }, 0)
}
