/** How often is enough: per person or address, in this process. */

interface Bucket {
  tokens: number
  at: number
}

/** `take(key)` is true while there are tokens: `capacity` at once, refilled over `seconds`. */
export const limiter = (capacity: number, seconds: number, clock: () => number = Date.now) => {
  const buckets = new Map<string, Bucket>()
  return {
    take(key: string): boolean {
      const now = clock()
      if (buckets.size > 50_000) for (const [k, b] of buckets) if (now - b.at > seconds * 1000) buckets.delete(k)
      const bucket = buckets.get(key) ?? { tokens: capacity, at: now }
      const tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * (capacity / seconds))
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
      return tokens >= 1
    },
    forget(key: string): void {
      buckets.delete(key)
    },
  }
}
