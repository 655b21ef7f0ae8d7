/** Functions of probability to double precision: log Γ, erfc, normal and t distributions with their quantiles. */

const halfLogTwoPi = 0.9189385332046727

/** ln Γ(x) for x > 0: Stirling's series, shifted up to x ≥ 15 where eight terms give 16 digits. */
export function logGamma(x: number): number {
  let shift = 0
  for (; x < 15; x++) shift += Math.log(x)
  const w = 1 / (x * x)
  const tail = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w / 156)))))) / x
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + tail - shift
}

/** Complement of the error function, with full relative precision in the tail. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  if (x > 27.3) return 0
  if (x < 2) {
    // All terms positive, so nothing cancels: erf x = 2/√π · e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  // Laplace's continued fraction, from the far end: 1/(x + (1/2)/(x + (2/2)/(x + …)))
  let fraction = 0
  for (let k = 120; k > 0; k--) fraction = k / 2 / (x + fraction)
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction))
}

/** Φ(z). */
export const normalCdf = (z: number): number => erfc(-z / Math.SQRT2) / 2
export const normalPdf = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** z with Φ(z) = p. −∞ and ∞ at 0 and 1; NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN
  if (p > 0.5) return -normalQuantile(1 - p)
  // Abramowitz and Stegun 26.2.23 to start (|error| < 4.5e−4), then Halley's step, which triples the digits.
  const t = Math.sqrt(-2 * Math.log(p))
  let z = -(t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3))
  for (let i = 0; i < 3; i++) {
    const step = (normalCdf(z) - p) / normalPdf(z)
    z -= step / (1 + (z * step) / 2)
  }
  return z
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) in Lentz's way. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny)
  let result = d
  for (let m = 1; m < 5000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let factor = 1
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d, tiny)
      c = nonZero(1 + term / c, tiny)
      factor = c * d
      result *= factor
    }
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return front * result
}

const nonZero = (x: number, tiny: number): number => (Math.abs(x) < tiny ? tiny : x)

/** Above this the t distribution is reached by its expansion around the normal one; the next term is below 1e−15. */
const manyDegrees = 1e6

/** P(T > t) of Student's t with `dof` degrees of freedom (any positive real, ∞ for the normal), for t ≥ 0. Full relative precision in the tail. */
function upperTail(t: number, dof: number): number {
  const share = dof / (dof + t * t)
  // Near 0 the tail is ½ − something small; further out it is small itself.
  return t * t < dof ? 0.5 - incompleteBeta((t * t) / (dof + t * t), 0.5, dof / 2) / 2 : incompleteBeta(share, dof / 2, 0.5) / 2
}

/** Distribution function of Student's t. */
export function tCdf(t: number, dof: number): number {
  if (dof >= manyDegrees) return normalCdf(t - (t ** 3 + t) / (4 * dof))
  return t < 0 ? upperTail(-t, dof) : 1 - upperTail(t, dof)
}

/** t with P(T ≤ t) = p, to some 14 digits. NaN for dof ≤ 0. */
export function tQuantile(p: number, dof: number): number {
  if (!(dof > 0) || !(p >= 0 && p <= 1)) return NaN
  if (p === 0.5) return 0
  if (p < 0.5) return -tQuantile(1 - p, dof)
  if (p === 1) return Infinity
  const z = normalQuantile(p)
  if (dof >= manyDegrees) return z + (z ** 3 + z) / (4 * dof)
  const target = 1 - p
  let [low, high] = [0, Math.max(1, z)]
  while (upperTail(high, dof) > target) high *= 2
  // Bisection to be safe with few degrees of freedom, Newton to be exact.
  let t = (low + high) / 2
  for (let i = 0; i < 200; i++) {
    const over = upperTail(t, dof) - target
    if (over > 0) low = t
    else high = t
    const newton = t + over / tPdf(t, dof)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) <= 4e-16 * t) return next
    t = next
  }
  return t
}

const tPdf = (t: number, dof: number): number =>
  Math.exp(logGamma((dof + 1) / 2) - logGamma(dof / 2) - ((dof + 1) / 2) * Math.log1p((t * t) / dof)) / Math.sqrt(dof * Math.PI)

/** The coverage factor k = t_p(ν) of a central interval of probability p (JCGM 100 G.3, JJF 1059.1 附录B). */
export const coverageFactor = (p: number, dof: number): number => tQuantile((1 + p) / 2, dof)
