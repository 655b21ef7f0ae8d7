/**
 * xoshiro128** (Blackman and Vigna): 32-bit operations only, so it is fast in JavaScript; period 2^128 − 1, passes BigCrush; JCGM 101 C.3 asks for ≥ 2^31 trials.
 * Streams: `streamOf(seed, k)` is the generator after k jumps of 2^64 numbers, so that streams never meet.
 * A Monte Carlo run takes stream k for its k-th chunk of trials: its result depends on the seed alone, not on how many workers shared it.
 */

/** A generator's state. The words are kept as int32. */
export class Random {
  a: number
  b: number
  c: number
  d: number

  constructor(a: number, b: number, c: number, d: number) {
    this.a = a
    this.b = b
    this.c = c
    this.d = d
  }

  /** 32 random bits as a signed integer. */
  next(): number {
    const { b } = this
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const c = this.c ^ this.a
    const d = this.d ^ b
    this.b = b ^ c
    this.a ^= d
    this.c = c ^ (b << 9)
    this.d = (d << 11) | (d >>> 21)
    return result
  }

  /** Uniform on the open interval (0, 1), 53 bits: neither end occurs, so that logarithms and quantiles exist. */
  uniform(): number {
    const high = this.next() >>> 5
    const low = this.next() >>> 6
    return (high * 67108864 + low + 0.5) * 1.1102230246251565e-16
  }

  /** Advances by 2^64 numbers. */
  jump(): void {
    let [a, b, c, d] = [0, 0, 0, 0]
    for (const word of [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b])
      for (let bit = 0; bit < 32; bit++) {
        if (word & (1 << bit)) {
          a ^= this.a
          b ^= this.b
          c ^= this.c
          d ^= this.d
        }
        this.next()
      }
    this.a = a
    this.b = b
    this.c = c
    this.d = d
  }

  copy(): Random {
    return new Random(this.a, this.b, this.c, this.d)
  }
}

/** The state from a seed through SplitMix64, as the authors advise; any safe integer is a seed. */
export function seeded(seed: number): Random {
  const mask = BigInt('0xffffffffffffffff')
  let state = BigInt(Math.trunc(seed)) & mask
  const word = (): bigint => {
    state = (state + BigInt('0x9e3779b97f4a7c15')) & mask
    let z = state
    z = ((z ^ (z >> BigInt(30))) * BigInt('0xbf58476d1ce4e5b9')) & mask
    z = ((z ^ (z >> BigInt(27))) * BigInt('0x94d049bb133111eb')) & mask
    return z ^ (z >> BigInt(31))
  }
  const [x, y] = [word(), word()]
  const low = (z: bigint) => Number(BigInt.asIntN(32, z))
  const high = (z: bigint) => Number(BigInt.asIntN(32, z >> BigInt(32)))
  return new Random(low(x), high(x), low(y), high(y))
}

/** Stream number k ≥ 0 of a seed. */
export function streamOf(seed: number, k: number): Random {
  const random = seeded(seed)
  for (let i = 0; i < k; i++) random.jump()
  return random
}
