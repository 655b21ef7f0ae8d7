/** What was measured of many questions: milliseconds. */
export interface Times {
  n: number
  mean: number
  p50: number
  p99: number
  max: number
}

export function summarise(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { n: sorted.length, mean: mean(sorted), p50: at(0.5), p99: at(0.99), max: at(1) }
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
export const mean = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length)

/** Asks `n` questions one after the other, with the time and the answer of each. */
export async function timed<T>(n: number, ask: (i: number) => T | Promise<T>): Promise<{ times: number[]; answers: T[] }> {
  const times: number[] = []
  const answers: T[] = []
  for (let i = 0; i < n; i++) {
    const start = performance.now()
    const pending = ask(i)
    const answer = pending instanceof Promise ? await pending : pending
    times.push(performance.now() - start)
    answers.push(answer)
  }
  return { times, answers }
}
