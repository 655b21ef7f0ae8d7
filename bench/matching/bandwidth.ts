/** What the memory of this machine gives to one core: the limit that a scan can reach. */
import { Arena } from '../../src/matching/arena.ts'

/** Gigabytes a second read by the counting kernel, over 256 MiB (memory) and over 256 KiB (cache). */
export function measureBandwidth(): { memory: number; cache: number } {
  const arena = new Arena()
  const bytes = 1 << 28
  const at = arena.alloc(bytes)
  arena.u8.fill(85, at, at + bytes)
  const rate = (size: number, rounds: number): number => {
    let best = 0
    for (let i = 0; i < 5; i++) {
      const start = performance.now()
      for (let round = 0; round < rounds; round++) arena.kernels.count(at, size / 4)
      best = Math.max(best, (size * rounds) / (performance.now() - start) / 1e6)
    }
    return best
  }
  return { memory: rate(bytes, 1), cache: rate(1 << 18, 400) }
}
