/** json-rules-engine: one engine with all policies forward, an engine of one policy in reverse. Two-valued. */
import { Engine } from 'json-rules-engine'
import { kindSets, toRow, toRulesEngine, type Row } from '../../peers.ts'
import type { BenchEngine } from '../engine.ts'

export const jsonRules: BenchEngine = {
  name: 'json-rules-engine',
  values: 2,
  how: 'Codes split into levels, ledgers summed and days made numbers beforehand, not counted; one asynchronous run for each enterprise.',
  package: 'json-rules-engine',
  most: { rows: 2000, reverse: 20, forward: 10 },
  prepare({ enterprises, policies, setting }) {
    const held = kindSets(policies)
    const rows: Row[] = []
    for (const { facts } of enterprises()) rows.push(toRow(facts, NaN, held))
    const engineOf = (numbers: readonly number[]): Engine => {
      const engine = new Engine([], { allowUndefinedFacts: true })
      for (const p of numbers) engine.addRule({ conditions: toRulesEngine(policies[p]!, setting), event: { type: String(p) } })
      return engine
    }
    const every = engineOf([...policies.keys()])
    return {
      async reverse(policy) {
        const engine = engineOf([policy])
        let eligible = 0
        for (const row of rows) eligible += (await engine.run(row)).events.length
        return { eligible }
      },
      encode: (facts) => toRow(facts, NaN, held),
      forward: async (row: Row) => ({ eligible: (await every.run(row)).events.length }),
      numbers: async (row: Row) => ({ eligible: (await every.run(row)).events.map(({ type }) => Number(type)) }),
    }
  },
}
