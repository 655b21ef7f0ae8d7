/** What the report says, in sections; how it looks is decided by the writers of HTML and Markdown. */
import { goalsOf } from './goals.ts'
import type { Figures } from './measure.ts'
import { figure, isOurs, present, whole, type Section } from './section.ts'
import { bulkOf, bySize, differencesIn, pairTimes, project, ratios, type Results } from './results.ts'
import { how, truth } from './report-answers.ts'
import { operationSections } from './report-operations.ts'

export function sectionsOf(results: Results): Section[] {
  const charts = results.engines.columns ? [forward(results), reverse(results), bulk(results)] : []
  return [
    summary(results),
    goals(results),
    ...charts,
    ...(bySize(results).length > 0 ? [sizes(results)] : []),
    ...(Object.keys(results.pruningOff).length > 0 ? [pruningOff(results)] : []),
    ...operationSections(results),
    ...(Object.keys(results.engines).length > 0 ? [truth(results), how(results)] : []),
  ]
}

function summary(results: Results): Section {
  const { machine, options, bandwidth, date, command } = results
  const { rows, policies, national, seed } = options
  const found = differencesIn(results)
  return {
    title: 'What was measured',
    text: [
      `${whole(rows)} invented enterprises and ${whole(policies)} invented policies (seed ${seed}, ${figure(national * 100)} % of the policies for the whole country), the same for every engine, in one run; each engine in a process of its own, one after the other. ${found === 0 ? 'All answers agree.' : `${found} answers differ.`}`,
      `${date} UTC, ${machine.cpu}, ${machine.cores} cores, ${machine.gigabytes} GB, ${machine.system}, Node ${machine.node}; load ${machine.load.toFixed(1)} at the start. One core reads ${bandwidth.memory.toFixed(1)} GB/s from memory and ${bandwidth.cache.toFixed(1)} GB/s from cache with the counting kernel.`,
      `\`${command}\``,
      'A pair is one enterprise and one policy. Logical pairs are all of them; touched pairs are those left once places are settled. Ratios are of times for a logical pair. Warm: asked before; the better of two times for each policy.',
    ],
  }
}

function goals(results: Results): Section {
  const said = (reached: boolean | undefined): string => (reached === undefined ? '○ not shown' : reached ? '● reached' : '▲ missed')
  return {
    title: 'Goals',
    text: ['Set before the run. What a run did not show is not counted as reached.'],
    table: {
      head: ['Goal', 'Measured', 'Result', 'How, or by how much and why'],
      rows: goalsOf(results).map(({ goal, measured, reached, why }) => [goal, measured, said(reached), why]),
    },
  }
}

function forward(results: Results): Section {
  const asked = present(results.engines).filter((figures) => figures.forward)
  const { columns } = results.engines
  return {
    title: 'Forward: one enterprise, all policies',
    text: [
      `${whole(results.options.policies)} policies, enterprises that the engine has not seen before, counts only. The second figure lists the numbers of the policies as well; the third is for enterprises seen before.`,
    ],
    table: {
      head: ['Engine', 'Values', 'ms an enterprise', 'p99', 'with numbers', 'seen before', 'ns a pair', 'as long as ours', 'enterprises'],
      rows: asked.map((figures) => [
        figures.engine,
        String(figures.values),
        figure(figures.forward!.fresh.mean),
        figure(figures.forward!.fresh.p99),
        figure(figures.numbers?.mean),
        figure(figures.forward!.again.mean),
        figure(pairTimes(figures, results.options.policies).forward),
        `${figure(ratios(columns, figures).forward)}×`,
        whole(figures.forward!.fresh.n),
      ]),
    },
    chart: {
      kind: 'bars',
      unit: 'ms',
      bars: asked.map((figures) => ({ label: figures.engine, value: figures.forward!.fresh.mean, ours: isOurs(figures) })),
    },
  }
}

const reverseRows = (results: Results, figures: Results['engines']): string[][] =>
  present(figures).map((each) => [
    each.engine,
    String(each.values),
    figure(each.reverse!.warm.mean),
    figure(each.reverse!.warm.p50),
    figure(each.reverse!.warm.p99),
    figure(each.reverse!.warm.max),
    figure(each.reverse!.cold.mean),
    figure(each.keys?.mean),
    figure(pairTimes(each, 1).reverse),
    `${figure(ratios(figures.columns, each).reverse)}×`,
    `${whole(each.reverse!.warm.n)} × ${whole(each.rows)}`,
  ])

const reverseHead = [
  'Engine',
  'Values',
  'ms a policy, warm',
  'p50',
  'p99',
  'max',
  'first time',
  'with keys',
  'ns a pair',
  'as long as ours',
  'policies × enterprises',
]

const forWorld = (each: Figures, rows: number): number => (each.reverse!.warm.mean / each.rows) * rows

function reverse(results: Results): Section {
  const { rows } = results.options
  return {
    title: 'Reverse: one policy, all enterprises',
    text: [
      `Who is eligible and, from engines of three values, who may be. “As long as ours” is for a logical pair and on the same policies. An engine asked about fewer enterprises than ${whole(rows)} is drawn as if it went on at the same pace. With keys: the keys of all these enterprises listed as well, over at most 30 policies.`,
    ],
    table: { head: reverseHead, rows: reverseRows(results, results.engines) },
    chart: {
      kind: 'bars',
      unit: 'ms',
      bars: present(results.engines).map((each) => ({
        label: each.engine,
        value: forWorld(each, rows),
        ours: isOurs(each),
        projected: each.rows < rows,
      })),
    },
  }
}

function bulk(results: Results): Section {
  const rows = present(results.engines).map((each) => ({ each, bulk: bulkOf(each, results.options)! }))
  const ours = bulkOf(results.engines.columns!, results.options)!
  return {
    title: 'Bulk: all policies, all enterprises',
    text: [
      'One policy after the other. Only an engine that was asked about every policy and every enterprise has a measured time; the others are projected from their time for a pair.',
    ],
    table: {
      head: ['Engine', 'seconds', 'how', 'as long as ours'],
      rows: rows.map(({ each, bulk: { seconds, projected } }) => [
        each.engine,
        figure(seconds),
        projected ? 'projected' : 'measured',
        `${figure(seconds / ours.seconds)}×`,
      ]),
    },
    chart: {
      kind: 'bars',
      unit: 's',
      bars: rows.map(({ each, bulk: { seconds, projected } }) => ({ label: each.engine, value: seconds, ours: isOurs(each), projected })),
    },
  }
}

function sizes(results: Results): Section {
  const all = bySize(results)
  const far = results.nation ? undefined : project(results, 60_000_000)
  const series = (name: string, of: (figures: Figures) => number | undefined) => ({
    name,
    points: all.flatMap((figures): [number, number][] => (of(figures) === undefined ? [] : [[figures.rows, of(figures)!]])),
  })
  return {
    title: 'Ours against the size of the world and the memory',
    text: [
      'The memory bound: once places are settled, each condition left has two bits for each row; all these bits at the speed at which one core reads memory. Bits that stay in the cache, and leaving off when nobody is left, can beat it. The bound is for policies asked one by one.',
      ...(far
        ? [
            `Projection, not measured: ${whole(far.rows)} enterprises in proportion to ${whole(far.from)}: ${figure(far.bulkSeconds)} s for all policies, ${figure(far.policyMs)} ms a policy, ${figure(far.bytes / 1e9)} GB, which needs shards, as one memory holds 4 GB.`,
          ]
        : []),
    ],
    table: {
      head: [
        'Enterprises',
        'bulk s',
        'first time s',
        'ms a policy',
        'p99',
        'max',
        'logical pairs/s',
        'touched',
        'memory bound s',
        'times the bound',
        'times the cache',
        'bytes each',
        'build s a million',
      ],
      rows: all.map((each) => [
        whole(each.rows),
        figure(each.bulkMs && each.bulkMs.warm / 1000),
        figure(each.bulkMs && each.bulkMs.cold / 1000),
        figure(each.reverse!.warm.mean),
        figure(each.reverse!.warm.p99),
        figure(each.reverse!.warm.max),
        each.bound && each.bulkMs ? `${figure(each.bound.logicalPairs / each.bulkMs.warm / 1e6)} G` : '–',
        each.bound ? `${figure((each.bound.touchedPairs / each.bound.logicalPairs) * 100)} %` : '–',
        figure(each.bound && each.bound.memoryMs / 1000),
        each.bound && each.bulkMs ? `${figure(each.bulkMs.warm / each.bound.memoryMs)}×` : '–',
        each.bound && each.bulkMs ? `${figure(each.bulkMs.warm / each.bound.cacheMs)}×` : '–',
        figure(each.bytesPerEnterprise),
        figure(each.prepareMs / 1000 / (each.rows / 1e6)),
      ]),
    },
    chart: {
      kind: 'lines',
      x: 'enterprises',
      y: 's',
      series: [
        series('all policies, warm', ({ bulkMs }) => bulkMs && bulkMs.warm / 1000),
        series('all policies, first time', ({ bulkMs }) => bulkMs && bulkMs.cold / 1000),
        series('memory bound', ({ bound }) => bound && bound.memoryMs / 1000),
      ],
    },
  }
}

function pruningOff(results: Results): Section {
  const { columns } = results.pruningOff
  const bound = columns?.bound
  return {
    title: 'Pruning off: policies for the whole country',
    text: [
      `Every policy is for the whole country, so nothing is settled by places and every row has to be looked at.${
        bound && columns.bulkMs
          ? ` Ours: ${figure(bound.bytes / 1e9)} GB of bits, memory bound ${figure(bound.memoryMs)} ms, measured ${figure(columns.bulkMs.warm)} ms for ${whole(columns.reverse!.warm.n)} policies: ${figure(columns.bulkMs.warm / bound.memoryMs)} times the bound of the memory, ${figure(columns.bulkMs.warm / bound.cacheMs)} times that of the cache.`
          : ''
      }`,
    ],
    table: { head: reverseHead, rows: reverseRows(results, results.pruningOff) },
    chart: {
      kind: 'bars',
      unit: 'ms',
      bars: present(results.pruningOff).map((each) => ({ label: each.engine, value: each.reverse!.warm.mean, ours: isOurs(each) })),
    },
  }
}
