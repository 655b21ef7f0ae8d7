/** The sections about everything but questions. */
import type { Results } from './results.ts'
import { figure, whole, type Section } from './section.ts'

export function operationSections({ manyPolicies, operations, threads, options }: Results): Section[] {
  const sections: Section[] = []
  if (manyPolicies) {
    const row = (name: string, { n, mean, p50, p99, max }: typeof manyPolicies.fresh): string[] => [
      name,
      ...[mean, p50, p99, max].map(figure),
      whole(n),
    ]
    sections.push({
      title: `Forward over ${whole(manyPolicies.policies)} policies`,
      text: [
        `Index built in ${figure(manyPolicies.indexMs)} ms; ${figure(manyPolicies.bytes / 1e6)} MB with the vectors of the values seen. ${manyPolicies.differences} differences from the closures.`,
      ],
      table: {
        head: ['', 'mean ms', 'p50', 'p99', 'max', 'enterprises'],
        rows: [
          row('the first enterprises of a process', manyPolicies.cold),
          row('enterprises not seen before', manyPolicies.fresh),
          row('the same once more', manyPolicies.again),
          row('closures, policy by policy', manyPolicies.closures),
        ],
      },
    })
  }
  if (operations) {
    const { night, snapshot } = operations
    sections.push({
      title: 'Snapshot, changes, and what a night changed',
      text: [
        `${whole(operations.rows)} enterprises, ${whole(operations.policies)} policies. Changes in batches of 1,000 with 32 bytes of remembered conditions an enterprise, which are mended too. A snapshot is read with every checksum verified.`,
      ],
      table: {
        head: ['What', 'Measured'],
        rows: [
          ['Snapshot: save', `${figure(snapshot.saveMs)} ms`],
          ['Snapshot: load', `${figure(snapshot.loadMs)} ms`],
          ['Changes in place', `${whole(operations.inPlacePerSecond)} a second (${whole(operations.changed)})`],
          ['Changes that move to the tail', `${whole(operations.tailPerSecond)} a second (${whole(operations.moved)})`],
          ['All policies matched again, as sets', `${figure(night.matchMs)} ms, ${figure(night.setBytes / 1e6)} MB of sets`],
          [
            'Differences of all policies by key',
            `${figure(night.deltaMs)} ms; ${whole(night.added)} came, ${whole(night.removed)} went, eligible and possible together`,
          ],
          ['Compaction', `${figure(operations.compactMs)} ms`],
        ],
      },
    })
  }
  if (threads && threads.runs.length > 0) {
    const [one] = threads.runs
    sections.push({
      title: 'Over threads',
      text: [
        `${whole(threads.rows)} enterprises, ${whole(options.policies)} policies, all asked in one message, the best of three; each thread has a range of regions.`,
      ],
      table: {
        head: ['Threads', 'bulk ms', 'speed-up', 'build s, generating the world and sending it included'],
        rows: threads.runs.map((run) => [
          String(run.threads),
          figure(run.bulkMs),
          `${figure(one!.bulkMs / run.bulkMs)}×`,
          figure(run.buildMs / 1000),
        ]),
      },
    })
  }
  return sections
}
