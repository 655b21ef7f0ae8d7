/** The sections about what the engines answered and how they were asked. */
import type { Figures } from './measure.ts'
import type { Results } from './results.ts'
import { figure, present, whole, type Section } from './section.ts'

export function truth({ engines, pruningOff }: Results): Section {
  const rows = [
    ...present(engines).map((each) => ({ each, where: each.engine })),
    ...present(pruningOff).map((each) => ({ each, where: `${each.engine}, pruning off` })),
  ]
  return {
    title: 'Are the answers the same?',
    text: [
      'An engine of three values says yes, no or unknown; it must agree with ours on every count, and on every key and number listed. An engine of two values takes a condition on a missing fact as not met. That is safe until a rule says `not`: then people are called eligible of whom nobody knows it. Such an engine must agree exactly on rules without `not`; on the others what it calls eligible must lie between “certainly” and “possibly”, and every pair that is in truth unknown is counted as called eligible wrongly. It never says who may be eligible.',
    ],
    table: {
      head: ['Engine', 'Values', 'answers compared', 'differences', 'called eligible though unknown', 'pairs in truth unknown'],
      rows: rows.map(({ each: { values, verdict }, where }) => [
        where,
        String(values),
        verdict.compared === 0 ? 'the others are compared with it' : whole(verdict.compared),
        verdict.compared === 0 ? '–' : whole(verdict.differences),
        values === 3 ? '–' : whole(verdict.wronglyEligible),
        verdict.compared === 0 ? '–' : whole(verdict.unknown),
      ]),
    },
  }
}

export function how({ engines }: Results): Section {
  const noted = ({ notes, version }: Figures): string =>
    [
      ...(version === undefined ? [] : [`version ${version}`]),
      ...Object.entries(notes).map(([name, value]) => `${name} ${typeof value === 'number' ? figure(value) : value}`),
    ].join('; ')
  return {
    title: 'How each engine was asked',
    text: ['Preparing: loading, indexing and compiling, without generating the world, which was in memory unless said otherwise.'],
    table: {
      head: ['Engine', 'Setting', 'Preparing s', 'bytes an enterprise', 'Notes'],
      rows: Object.values(engines).map((each) => [
        each.engine,
        each.absent ?? each.how,
        each.absent === undefined
          ? `${figure(each.prepareMs / 1000)}${each.generated === 'before' ? '' : ' (generation subtracted)'}`
          : '–',
        figure(each.bytesPerEnterprise),
        noted(each),
      ]),
    },
  }
}
