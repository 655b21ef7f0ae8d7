/**
 * One enterprise against many policies, pair by pair: our two interpreters and two engines that a user might pick instead,
 * on the same rules and the same facts, in one run, with every answer compared.
 *
 *   node bench/forward.ts [--json] [--policies 1000] [--enterprises 300] [--seed 1]
 *
 * The peers know two values: a missing fact makes a condition false. They get every help that is fair: codes split into levels beforehand,
 * ledgers summed up, missing numbers as values that no comparison accepts, so that no guard is needed. The bench ends with code 1 if any decided pair differs.
 */
import { LogicEngine } from 'json-logic-engine'
import { Engine } from 'json-rules-engine'
import { parseArgs } from 'node:util'
import { compile } from '../src/core/eligibility/compile.ts'
import { evaluate } from '../src/core/eligibility/evaluate.ts'
import { explain } from '../src/core/eligibility/explain.ts'
import type { Setting } from '../src/core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Truth } from '../src/core/eligibility/rule.ts'
import { makeWorld } from './forward-world.ts'
import { kindSets, toLogic, toRow, toRulesEngine, type Row } from './peers.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    policies: { type: 'string', default: '1000' },
    enterprises: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})
const setting: Setting = { asOf: '2024-06-15', events: {} }

interface Result {
  engine: string
  valued: 2 | 3
  pairs: number
  nsPerPair: number
  /** Decided pairs that are answered otherwise than by the oracle. */
  differences: number
  /** Pairs that are unknown in truth, and called eligible or not all the same. */
  unknownCalledEligible: number
  unknownCalledIneligible: number
}

/** The answers of one enterprise to all policies; a promise only where the engine has no other way. */
type Answers = (enterprise: number) => ArrayLike<number> | Promise<ArrayLike<number>>

async function measure(engine: string, valued: 2 | 3, enterprises: number, rounds: number, answer: Answers): Promise<Result> {
  const counts = { differences: 0, unknownCalledEligible: 0, unknownCalledIneligible: 0 }
  for (let e = 0; e < enterprises; e++) compare(await answer(e), truths[e]!, valued, counts)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (let e = 0; e < enterprises; e++) {
      const pending = answer(e)
      if (pending instanceof Promise) await pending
    }
    times.push(performance.now() - start)
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
  const pairs = enterprises * rules.length
  return { engine, valued, pairs, nsPerPair: (median * 1e6) / pairs, ...counts }
}

function compare(
  given: ArrayLike<number>,
  wanted: Uint8Array,
  valued: 2 | 3,
  counts: Pick<Result, 'differences' | 'unknownCalledEligible' | 'unknownCalledIneligible'>,
): void {
  wanted.forEach((truth, p) => {
    if (valued === 3 || truth !== UNKNOWN) counts.differences += given[p] === truth ? 0 : 1
    else if (given[p] === YES) counts.unknownCalledEligible++
    else counts.unknownCalledIneligible++
  })
}

const { rules, firms } = makeWorld(Number(options.seed), Number(options.policies), Number(options.enterprises))
// json-rules-engine passes over NaN; json-logic-engine throws on it, and takes −1 with comparisons that begin at 0.
const held = kindSets(rules)
const nanRows = firms.map((facts) => toRow(facts, NaN, held))
const rows = firms.map((facts) => toRow(facts, -1, held))
const truths = firms.map((facts) => Uint8Array.from(rules, (rule) => evaluate(rule, facts, setting)))

const out = new Uint8Array(rules.length)
const each =
  (judge: (policy: number, enterprise: number) => number): Answers =>
  (e) => {
    for (let p = 0; p < rules.length; p++) out[p] = judge(p, e)
    return out
  }

const started = performance.now()
const closures = rules.map((rule) => compile(rule, setting))
const compileMs = performance.now() - started
const logics = rules.map((rule) => toLogic(rule, setting))
const logic = new LogicEngine()
const built = logics.map((each) => logic.build(each as object) as (row: Row) => unknown)
const rulesEngine = new Engine([], { allowUndefinedFacts: true })
rules.forEach((rule, p) => rulesEngine.addRule({ conditions: toRulesEngine(rule, setting), event: { type: String(p) } }))

// The asynchronous engine is a thousand times slower: fewer enterprises and one round keep the bench under a minute.
const few = Math.min(firms.length, Math.ceil(60_000 / rules.length))
const results = [
  await measure('json-rules-engine 7', 2, few, 1, async (e) => {
    const { events } = await rulesEngine.run(nanRows[e]!)
    const eligible = new Uint8Array(rules.length)
    for (const { type } of events) eligible[Number(type)] = YES
    return eligible
  }),
  await measure(
    'json-logic-engine 5, interpreted',
    2,
    firms.length,
    5,
    each((p, e) => (logic.run(logics[p] as object, rows[e]!) ? YES : NO)),
  ),
  await measure(
    'json-logic-engine 5, compiled',
    2,
    firms.length,
    9,
    each((p, e) => (built[p]!(rows[e]!) ? YES : NO)),
  ),
  await measure(
    'evaluate (the oracle)',
    3,
    firms.length,
    9,
    each((p, e) => evaluate(rules[p]!, firms[e]!, setting)),
  ),
  await measure(
    'compile (closures)',
    3,
    firms.length,
    9,
    each((p, e) => closures[p]!(firms[e]!)),
  ),
  await measure(
    'explain (trace, questions, flips)',
    3,
    Math.min(20, firms.length),
    3,
    each((p, e) => explain(rules[p]!, firms[e]!, setting).truth),
  ),
]

const total = rules.length * firms.length
const share = (truth: Truth): number => truths.reduce((sum, row) => sum + row.filter((each) => each === truth).length, 0) / total
const shares = { eligible: share(YES), unknown: share(UNKNOWN), ineligible: share(NO) }
const differences = results.reduce((sum, result) => sum + result.differences, 0)
const [slowest, , peer] = results

if (options.json) {
  console.log(
    JSON.stringify(
      {
        node: process.version,
        seed: Number(options.seed),
        policies: rules.length,
        enterprises: firms.length,
        shares,
        compileMs,
        differences,
        results,
      },
      null,
      2,
    ),
  )
} else {
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
  console.log(`${rules.length} policies × ${firms.length} enterprises, seed ${options.seed}, Node ${process.version}`)
  console.log(
    `truth: ${percent(shares.eligible)} eligible, ${percent(shares.unknown)} unknown, ${percent(shares.ineligible)} not; compiling all policies took ${compileMs.toFixed(1)} ms\n`,
  )
  console.table(
    Object.fromEntries(
      results.map((result) => [
        result.engine,
        {
          values: result.valued,
          pairs: result.pairs,
          'ns/pair': Number(result.nsPerPair.toPrecision(3)),
          '× json-rules': Number((slowest!.nsPerPair / result.nsPerPair).toPrecision(3)),
          '× json-logic': Number((peer!.nsPerPair / result.nsPerPair).toPrecision(3)),
          differences: result.differences,
          'unknown → yes': result.unknownCalledEligible,
          'unknown → no': result.unknownCalledIneligible,
        },
      ]),
    ),
  )
  console.log(differences === 0 ? 'All decided pairs agree.' : `${differences} decided pairs differ.`)
}
process.exitCode = differences === 0 ? 0 : 1
