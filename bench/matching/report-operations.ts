/** The sections about everything but questions. */
import type { Following } from './following.ts'
import type { Threads } from './operations.ts'
import type { Results } from './results.ts'
import { figure, whole, type Section } from './section.ts'

export function operationSections({ manyPolicies, operations, following, threads, nation }: Results): Section[] {
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
  if (following) sections.push(followingSection(following))
  if (threads) sections.push(threadsSection('Over threads', threads, ''))
  if (nation) {
    const [{ threads, bytes, buildMs, firstMs, snapshot }] = nation.runs as [Threads['runs'][number]]
    const millions = nation.rows / 1e6
    sections.push(
      threadsSection(
        `A nation: ${whole(nation.rows)} enterprises on this machine`,
        nation,
        ` One memory holds 4 GB, so there are ${threads} threads. ${figure(bytes / nation.rows)} bytes an enterprise, ${figure(bytes / 1e9)} GB. Load and build: ${figure((snapshot.loadMs + firstMs) / 1000 / millions)} s a million, the snapshot and the whole first round; from enterprises ${figure(buildMs / 1000 / millions)} s a million, generating them included. No other engine was asked at this size.`,
      ),
    )
  }
  return sections
}

function threadsSection(title: string, { rows, policies, runs }: Threads, more: string): Section {
  const [one] = runs
  return {
    title,
    text: [
      `${whole(rows)} enterprises, ${whole(policies)} policies, all asked in one message, warm the best of three; each thread has a range of regions.${more}`,
    ],
    table: {
      head: [
        'Threads',
        'bulk s',
        'speed-up',
        'first time s',
        'ms a policy',
        'eligible pairs found',
        'build s, generating the world and sending it included',
        'snapshot save s',
        'load s',
      ],
      rows: runs.map((run) => [
        String(run.threads),
        figure(run.bulkMs / 1000),
        `${figure(one!.bulkMs / run.bulkMs)}×`,
        figure(run.firstMs / 1000),
        figure(run.bulkMs / policies),
        whole(run.eligible),
        figure(run.buildMs / 1000),
        figure(run.snapshot.saveMs / 1000),
        figure(run.snapshot.loadMs / 1000),
      ]),
    },
  }
}

const followingSection = ({ rows, loadMs, changed, followMs, snapshotMs, restartMs }: Following): Section => ({
  title: 'The platform: from the table to the columns',
  text: [`${whole(rows)} rows of match_rows in PostgreSQL, read by the engine of the platform over one connection.`],
  table: {
    head: ['What', 'Measured'],
    rows: [
      ['Loaded from the rows', `${figure(loadMs / 1000)} s, ${whole(rows / (loadMs / 1000))} a second`],
      ['Followed by their number', `${whole(changed / (followMs / 1000))} changes a second (${whole(changed)})`],
      ['Snapshot saved', `${figure(snapshotMs)} ms`],
      ['Started again from the snapshot', `${figure(restartMs)} ms`],
    ],
  },
})
