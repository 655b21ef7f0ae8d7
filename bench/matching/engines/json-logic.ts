/** json-logic-engine, interpreted and compiled, a rule at a time. Two-valued. */
import { LogicEngine } from 'json-logic-engine'
import { kindSets, toLogic, toRow, type Row } from '../../peers.ts'
import type { BenchEngine } from '../engine.ts'

type Judge = (row: Row) => unknown

const logicWith = (name: string, most: BenchEngine['most'], judgesOf: (logics: object[]) => Judge[]): BenchEngine => ({
  name: `json-logic-engine, ${name}`,
  values: 2,
  how: 'Codes split into levels, ledgers summed and days made numbers beforehand, not counted; the place, which decides most, is asked first.',
  package: 'json-logic-engine',
  most,
  prepare({ enterprises, policies, setting }) {
    const held = kindSets(policies)
    const rows: Row[] = []
    for (const { facts } of enterprises()) rows.push(toRow(facts, -1, held))
    const judges = judgesOf(policies.map((rule) => toLogic(rule, setting) as object))
    return {
      reverse(policy) {
        const judge = judges[policy]!
        let eligible = 0
        for (const row of rows) if (judge(row)) eligible++
        return { eligible }
      },
      encode: (facts) => toRow(facts, -1, held),
      forward(row: Row) {
        let eligible = 0
        for (const judge of judges) if (judge(row)) eligible++
        return { eligible }
      },
      numbers: (row: Row) => ({ eligible: judges.flatMap((judge, p) => (judge(row) ? [p] : [])) }),
    }
  },
})

const engine = new LogicEngine()

export const jsonLogicInterpreted = logicWith('interpreted', { rows: 20_000, reverse: 20, forward: 50 }, (logics) =>
  logics.map((logic) => (row) => engine.run(logic, row)),
)
export const jsonLogicCompiled = logicWith('compiled', { rows: 20_000, reverse: 20, forward: 100 }, (logics) =>
  logics.map((logic) => engine.build(logic) as Judge),
)
