/** GoRules ZEN: expressions of many policies, or of many enterprises, in one call. Two-valued. */
import { kindSets, toRow, toZen, type Row } from '../../peers.ts'
import type { BenchEngine } from '../engine.ts'
import { absent, loadPeer } from '../optional.ts'

const name = '@gorules/zen-engine'
interface Decision {
  evaluate(context: object): Promise<{ result: { found: number[] } }>
}
interface Zen {
  ZenEngine: new () => { createDecision(content: Buffer): Decision }
}

/** Policies whose expressions share one call: more of them make it no faster. */
const together = 500

/** A decision with a single expression. */
function content(expression: string): Buffer {
  const node = (id: string, type: string, more = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, ...more })
  const nodes = [
    node('in', 'inputNode'),
    node('say', 'expressionNode', { content: { expressions: [{ id: 'found', key: 'found', value: expression }] } }),
    node('out', 'outputNode'),
  ]
  const edge = (sourceId: string, targetId: string) => ({ id: sourceId, sourceId, targetId, type: 'edge' })
  return Buffer.from(JSON.stringify({ nodes, edges: [edge('in', 'say'), edge('say', 'out')] }))
}

export const zen: BenchEngine = {
  name: 'ZEN',
  values: 2,
  how: `Decisions of one compiled list expression for ${together} policies, which took half the time of one expression each; in reverse all enterprises in one call, with only the fields that the policy asks about. Rows encoded beforehand, not counted.`,
  package: name,
  most: { rows: 2000, reverse: 20, forward: 20 },
  async prepare({ enterprises, policies, setting }) {
    const peer = await loadPeer<Zen>(name)
    if (!peer) return absent(name)
    const engine = new peer.ZenEngine()
    const held = kindSets(policies)
    const rows: Row[] = []
    for (const { key, facts } of enterprises()) rows.push({ ...toRow(facts, -1, held), key })
    const chunks: Decision[] = []
    for (let from = 0; from < policies.length; from += together) {
      const list = policies.slice(from, from + together).map((rule, i) => `${toZen(rule, setting)} ? ${from + i} : -1`)
      chunks.push(engine.createDecision(content(`filter([${list.join(', ')}], # >= 0)`)))
    }
    const numbers = async (row: Row) => {
      const found: number[] = []
      for (const chunk of chunks) found.push(...(await chunk.evaluate(row)).result.found)
      return { eligible: found }
    }
    const reverse = new Map<number, { decision: Decision; rows: object[] }>()
    const keys = async (policy: number) => {
      let asked = reverse.get(policy)
      if (!asked) {
        const expression = toZen(policies[policy]!, setting, '#.')
        // Only the fields that are asked about: carrying the others over would be most of the time.
        const fields = ['key', ...new Set(Array.from(expression.matchAll(/#\.(\w+)/g), ([, field]) => field!))]
        asked = {
          decision: engine.createDecision(content(`map(filter(rows, ${expression}), #.key)`)),
          rows: rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]]))),
        }
        reverse.set(policy, asked)
      }
      return { eligible: (await asked.decision.evaluate({ rows: asked.rows })).result.found }
    }
    return {
      keys,
      reverse: async (policy) => ({ eligible: (await keys(policy)).eligible.length }),
      encode: (facts) => toRow(facts, -1, held),
      numbers,
      forward: async (row: Row) => ({ eligible: (await numbers(row)).eligible.length }),
    }
  },
}
